"""Asks an ASGI app as a server does, without a network."""

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp


class Answer(NamedTuple):
    """What came back; status 101 is a socket that was opened."""

    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def asked(
    app: ASGIApp, path: str = "/", headers: Iterable[tuple[str, str]] = (), method: str = "GET", kind: str = "http"
) -> Answer:
    """The answer to a request, or (kind "websocket") to the wish to open a socket, to which nothing is then said."""
    sent: list[dict[str, Any]] = []
    gone = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if kind == "websocket":
            return {"type": "websocket.connect"} if not sent else {"type": "websocket.disconnect", "code": 1001}
        if not gone.is_set():
            gone.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": method,
        "scheme": "ws" if kind == "websocket" else "http",
        "path": path,
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8501),
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    if sent[0]["type"] == "websocket.accept":
        return Answer(101, Headers(), b"")
    return Answer(
        sent[0]["status"], Headers(raw=sent[0]["headers"]), b"".join(message.get("body", b"") for message in sent[1:])
    )
