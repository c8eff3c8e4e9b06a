"""Only the app's own names are answered, and only its own pages."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket

from lib.web.hosts import OwnHosts
from tests.web.asking import Answer, asked

PUBLIC = "chats.example.com"


async def answering(scope, receive, send):
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).accept()
    else:
        await PlainTextResponse("the chats")(scope, receive, send)


def ask(host: str | None, origin: str | None = None, *, kind: str = "http", method: str = "GET", **more: str) -> Answer:
    headers = [("host", host), ("origin", origin), *((name.replace("_", "-"), value) for name, value in more.items())]
    given = [(name, value) for name, value in headers if value is not None]
    return asked(OwnHosts(answering, [PUBLIC]), headers=given, kind=kind, method=method)


OWN = [
    "localhost",
    "localhost:8501",
    "LOCALHOST.",
    "127.0.0.1:8501",
    "[::1]:8501",
    "192.168.1.7",
    PUBLIC,
    f"{PUBLIC}:8443",
]
FOREIGN = [
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    f"{PUBLIC}.evil.example",
    f"evil.{PUBLIC}",
    "localhost@evil.example",
    "evil.example/localhost",
    "127.0.0.1.nip.io",
    "",
    ":8501",
    "local host",
    "[::1",
    "localhost:port",
    None,
]


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", OWN)
def test_its_own_names_are_answered(host, kind):
    assert ask(host, kind=kind).status in (200, 101)


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("host", FOREIGN)
def test_no_other_name_is_answered(host, kind):
    answer = ask(host, kind=kind)
    assert answer.status == 421
    assert "CHAT_HISTORY_HOSTS" in answer.text


def test_of_two_names_none_counts():
    both = [("host", "localhost"), ("host", "evil.example")]
    assert asked(OwnHosts(answering, []), headers=both).status == 421


SAME = [
    ("localhost:8501", "http://localhost:8501"),
    ("127.0.0.1:8501", "http://127.0.0.1:8501"),
    ("[::1]:8501", "http://[::1]:8501"),
    (PUBLIC, f"https://{PUBLIC}"),
    (f"{PUBLIC}:443", f"https://{PUBLIC}"),
    (f"{PUBLIC}:8443", f"https://{PUBLIC}:8443"),
    ("localhost", "http://localhost"),
]
OTHER = [
    ("localhost:8501", "http://localhost:8502"),
    ("localhost:8501", "http://localhost"),
    ("localhost:8501", "http://127.0.0.1:8501"),
    ("127.0.0.1:8501", f"https://{PUBLIC}"),
    (PUBLIC, f"https://{PUBLIC}:8443"),
    (PUBLIC, f"https://evil.{PUBLIC}"),
    (PUBLIC, "null"),
    (PUBLIC, ""),
    (PUBLIC, f"chrome-extension://{PUBLIC}"),
    (PUBLIC, f"https://{PUBLIC}:port"),
    (PUBLIC, "https://["),
]


@pytest.mark.parametrize(
    ("kind", "method"), [("websocket", "GET"), ("http", "PUT"), ("http", "DELETE"), ("http", "GET")]
)
@pytest.mark.parametrize(("host", "origin"), SAME)
def test_its_own_pages_are_answered(host, origin, kind, method):
    assert ask(host, origin, kind=kind, method=method).status in (200, 101)


@pytest.mark.parametrize(
    ("kind", "method"), [("websocket", "GET"), ("http", "PUT"), ("http", "DELETE"), ("http", "GET")]
)
@pytest.mark.parametrize(("host", "origin"), OTHER)
def test_no_other_page_is_answered(host, origin, kind, method):
    answer = ask(host, origin, kind=kind, method=method)
    assert answer.status == 403
    assert "proxy" in answer.text


@pytest.mark.parametrize(
    "at",
    [
        {"host": "127.0.0.1:8501", "referer": f"https://{PUBLIC}/chats?chat=7"},
        {"host": "127.0.0.1:8501", "origin": f"https://{PUBLIC}"},
    ],
)
def test_an_empty_page_behind_a_proxy_that_hides_the_name_says_so(at):
    answer = asked(OwnHosts(answering, []), "/static/js/index.js", at.items())
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text.startswith("document.body.textContent")
    assert f"https://{PUBLIC} " in answer.text and "Host" in answer.text and "chat=7" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_proxy_that_does_not_pass_on_the_socket_is_told_of_in_the_log(caplog):
    answer = asked(OwnHosts(answering, [PUBLIC]), "/_stcore/stream", [("host", PUBLIC)])
    assert answer.status == 426 and "websocket" in answer.text
    assert "websocket" in caplog.messages[0]


def test_a_program_is_loaded_by_its_own_page_and_a_link_from_elsewhere_is_followed():
    own = {"host": PUBLIC, "referer": f"https://{PUBLIC}/chats"}
    link = {"host": PUBLIC, "referer": "https://wiki.example.com/"}
    assert asked(OwnHosts(answering, [PUBLIC]), "/static/js/index.js", own.items()).text == "the chats"
    assert asked(OwnHosts(answering, [PUBLIC]), "/chats", link.items()).text == "the chats"


def test_a_refusal_speaks_the_language_of_the_browser():
    assert "設定" in ask("evil.example", accept_language="ja,en;q=0.5").text


def test_a_refusal_is_logged_once_with_what_to_do(caplog):
    app = OwnHosts(answering, [])
    for host in ("evil.example", "evil.example", "other.example\x07"):
        asked(app, headers=[("host", host)])
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "'evil.example'" in caplog.messages[0] and "CHAT_HISTORY_HOSTS" in caplog.messages[0]
    assert "\x07" not in caplog.text


def test_a_stranger_does_not_fill_the_log(caplog):
    app = OwnHosts(answering, [])
    for number in range(150):
        asked(app, headers=[("host", f"{number}.example")])
    assert len(caplog.records) == 100
