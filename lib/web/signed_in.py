"""Who is signed in, by what the identity provider says of the user; and the browser itself, known again by a cookie
that no program can read, and that ends with the browser.
"""

from collections.abc import Collection, Mapping
from secrets import token_urlsafe
from typing import Any, Literal

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.settings import EVERYBODY, GROUP

Refusal = Literal["nobody_allowed", "unverified", "not_allowed"]
BROWSER_COOKIE = "chat_history_browser"


def name_of(user: Mapping[str, Any]) -> str | None:
    """What a signed-in user is called here: the e-mail address, where there is one; None: nobody is signed in."""
    if not user.get("is_logged_in"):
        return None
    return str(user.get("email") or user.get("name") or user.get("sub"))


def refusal(user: Mapping[str, Any], allowed: Collection[str]) -> Refusal | None:
    """Why a signed-in user may not come in; None: they may, or nobody is signed in.

    `allowed` has addresses, domains ("@example.com") and groups ("group:support"), or EVERYBODY.
    """
    if not user.get("is_logged_in"):
        return None
    if not allowed:
        return "nobody_allowed"
    if str(user.get("email_verified", True)).lower() == "false":
        return "unverified"
    return None if EVERYBODY in allowed or _is_named(user, allowed) else "not_allowed"


def _is_named(user: Mapping[str, Any], allowed: Collection[str]) -> bool:
    name, at, domain = str(user.get("email") or "").lower().rpartition("@")
    groups = user.get("groups")
    named = [groups] if isinstance(groups, str) else groups or []
    # What the provider calls an address is never taken for a group.
    is_address = bool(name and at) and not name.startswith(GROUP)
    return (is_address and not {f"{name}@{domain}", f"@{domain}"}.isdisjoint(allowed)) or any(
        f"{GROUP}{each}" in allowed for each in named
    )


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
