"""What the running app answers, as it is started for people."""

import http.client
import re
from collections.abc import Iterator
from unittest.mock import MagicMock

import pytest
from starlette.datastructures import Headers
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

from lib.screen.frame.serving import routes
from lib.web.signed_in import BROWSER_COOKIE
from tests.browser.server import App, running
from tests.web.asking import Answer


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("served"), HOSTS="chats.example.com") as app:
        yield app


def ask(app: App, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(app.url.removeprefix("http://"), timeout=60)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    headers_read = Headers(raw=[(name.lower().encode(), value.encode()) for name, value in answer.getheaders()])
    read = Answer(answer.status, headers_read, answer.read())
    connection.close()
    return read


SOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
}


@pytest.mark.parametrize(
    "path", ["/", "/chats", "/_stcore/health", "/_stcore/upload_file/a/b", "/exports/x", "/nowhere"]
)
def test_a_name_that_is_not_the_apps_is_not_answered(app: App, path: str):
    assert ask(app, path, Host="evil.example").status == 421
    assert ask(app, path, Host="chats.example.com").status != 421


def test_a_socket_is_opened_by_its_own_page_only(app: App):
    def opened(host: str, origin: str) -> int:
        return ask(app, "/_stcore/stream", Host=host, Origin=origin, **SOCKET).status

    port = app.url.rpartition(":")[2]
    assert opened(f"localhost:{port}", f"http://localhost:{port}") == 101
    assert opened("chats.example.com", "https://chats.example.com") == 101
    assert opened(f"localhost:{port}", "http://localhost:3000") == 403
    assert opened("evil.example", "http://evil.example") == 421
    assert "evil.example" in app.output


def test_nothing_is_uploaded_by_another_page(app: App):
    sent = ask(app, "/_stcore/upload_file/a/b", "PUT", Host="chats.example.com", Origin="https://evil.example")
    assert sent.status == 403


PAGES = ["/", "/chats", "/chats/", "/nowhere", "//", "/static/js/none.js", "/media/none.zip", "/app/static/none.txt"]
ROUTES = {
    re.sub(r"\{(\w+)(:path)?\}", r"\1", route.path)
    for route in [*routes(), *create_streamlit_routes(MagicMock())]
    if route.path
}
ON_ALL = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", sorted({*PAGES, *ROUTES}))
def test_every_answer_says_who_may_show_and_keep_it(app: App, path: str):
    for method in ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD"):
        answer = ask(app, path, method)
        expected = ON_ALL
        if "immutable" in answer.headers["cache-control"]:
            assert path.startswith("/query-editor/")
            expected = {name: value for name, value in ON_ALL.items() if name != "cache-control"}
        assert {name: answer.headers[name] for name in expected} == expected
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "connect-src 'self'"} <= {*policy}
        assert "microphone=()" in answer.headers["permissions-policy"]


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_a_refusal_says_so_too(app: App, headers: dict[str, str]):
    answer = ask(app, "/", **headers)
    assert answer.status in (421, 403)
    assert ON_ALL.items() <= dict(answer.headers).items()


def test_programs_are_kept_by_the_browser(app: App):
    (program, *_others) = re.findall(r'src="\.(/static/js/[^"]+)"', ask(app, "/").text)
    answer = ask(app, program)
    assert answer.status == 200
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/metrics/", "/chats/_stcore/metrics"])
def test_nobody_is_told_what_happens_inside(app: App, path: str):
    assert ask(app, path).status == 404
    assert "cache_memory" not in ask(app, path).text


def test_whether_it_is_well_is_told(app: App):
    assert ask(app, "/_stcore/health").text == "ok"


def test_a_browser_is_known_again_by_a_cookie_that_no_program_reads(app: App):
    given = ask(app, "/chats").headers["set-cookie"]
    assert re.fullmatch(rf"{BROWSER_COOKIE}=[\w-]{{43}}; Path=/; HttpOnly; SameSite=Lax", given)
    assert given != ask(app, "/chats").headers["set-cookie"]
    assert "set-cookie" not in ask(app, "/chats", Cookie=given.split(";")[0]).headers
    assert BROWSER_COOKIE not in str(ask(app, "/_stcore/health").headers)
    assert "; Secure" in ask(app, "/", X_Forwarded_Proto="https").headers["set-cookie"]
