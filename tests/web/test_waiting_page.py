"""A page says what it waits for, until the app has drawn something."""

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse

from lib.web.waiting_page import WaitingPage
from tests.web.asking import asked

PAGE = '<html><body><noscript></noscript><div id="root"></div></body></html>'


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Chat History is still loading."), ("ja", "Chat Historyを読み込んでいます。")]
)
def test_a_page_says_in_the_readers_language_what_is_wrong_where_nothing_comes(language, told):
    answer = asked(WaitingPage(HTMLResponse(PAGE)), headers=[("accept-language", language)])
    assert told in answer.text and "README" in answer.text
    before, after = PAGE.split('<div id="root">')
    assert answer.text.startswith(before) and answer.text.endswith(f'<div id="root">{after}')
    assert "<script" not in answer.text
    # It is longer than was thought.
    assert "content-length" not in answer.headers


@pytest.mark.parametrize("inner", [PlainTextResponse(PAGE), HTMLResponse("<html>Not found</html>", 404)])
def test_all_else_stays_as_it_is(inner):
    assert asked(WaitingPage(inner)).body == inner.body
    socket = asked(WaitingPage(PlainTextResponse("no")), kind="websocket")
    assert (socket.status, socket.body) == (200, b"no")
