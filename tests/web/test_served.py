"""What the running app answers, as it is started for people."""

import http.client
from collections.abc import Iterator

import pytest

from tests.browser.server import App, running
from tests.web.asking import Answer, Headers


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
