"""By what the app knows a browser again: a cookie that no program can read, and that ends with the browser."""

from secrets import token_urlsafe

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BROWSER_COOKIE = "chat_history_browser"


class KnownBrowser:
    """ASGI middleware: a page that is given to a browser without the cookie takes one along."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the app does."""
        if scope["type"] != "http" or HTTPConnection(scope).cookies.get(BROWSER_COOKIE):
            await self._app(scope, receive, send)
            return

        async def send_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    # Lax: a link from elsewhere opens the page in a browser that stays the same.
                    secure = "; Secure" if scope["scheme"] == "https" else ""
                    cookie = f"{BROWSER_COOKIE}={token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    headers.append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_cookie)
