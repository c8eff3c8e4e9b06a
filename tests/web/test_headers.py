"""The policy lets the page's own scripts run, and nothing that is put into it."""

from starlette.responses import PlainTextResponse

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
