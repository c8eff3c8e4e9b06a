"""The policy lets the page's own scripts run, and nothing that is put into it."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from lib.web.headers import SafeAnswers, content_policy
from tests.web.asking import asked

PAGE = "<html><script>\n  window.ready = false\n</script><script src='./a.js'></script></html>"


def test_the_scripts_of_the_page_itself_are_named_by_their_content():
    scripts = next(part for part in content_policy(PAGE).split("; ") if part.startswith("script-src"))
    # sha256 of the text between the tags, by which alone a browser lets it run.
    assert scripts == "script-src 'self' blob: 'sha256-0nSpW5SkE4murUxEnFcGPHuYC5ALStip0XtAlaDFUEM='"
    assert content_policy("<html></html>").count("sha256") == 0


def kept(path: str, cache_control: str) -> bool:
    inner = PlainTextResponse("file", headers={"Cache-Control": cache_control})
    answer = asked(SafeAnswers(inner, PAGE, ["/base/static/"]), path)
    return answer.headers["cache-control"] != "no-store"


def test_only_files_named_by_their_content_are_kept():
    forever = "public, immutable, max-age=31536000"
    assert kept("/base/static/js/a.js", forever)
    assert not kept("/base/static/js/a.js", "public")
    assert not kept("/base/media/a.zip", forever)
    assert not kept("/static/a.js", forever)


def fail(_request):
    raise ValueError("akiko@example.com")


def begin(_request):
    def content():
        yield b"begun"
        raise ValueError("akiko@example.com")

    return StreamingResponse(content())


FAILING = Starlette(
    routes=[Route("/fails", fail), Route("/begins", begin)],
    middleware=[Middleware(SafeAnswers, page=PAGE, kept=["/static/"])],
)


@pytest.mark.parametrize(("language", "told"), [("en", "This did not work."), ("ja", "処理できませんでした。")])
def test_what_fails_is_answered_in_a_sentence_as_safely_as_all_else(caplog, language, told):
    answer = asked(FAILING, "/fails", [("accept-language", language)])
    assert answer.status == 500
    assert answer.text.startswith(told)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src" in answer.headers["content-security-policy"]
    assert "akiko" not in answer.text and "ValueError" in caplog.text


def test_an_answer_that_fails_when_it_has_begun_is_not_ended_as_if_it_were_whole():
    with pytest.raises(ValueError, match="akiko"):
        asked(FAILING, "/begins")
