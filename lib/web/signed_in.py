"""Who is signed in, and for how long, by what the identity provider says of the user; and the browser itself, known
again by a cookie that no program can read, and that ends with the browser.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Literal

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.settings import EVERYBODY, GROUP

Refusal = Literal["nobody_allowed", "unverified", "not_allowed"]
BROWSER_COOKIE = "chat_history_browser"
# What tells two sign-ins of a person apart.
OF_A_SIGN_IN = ("iat", "exp", "auth_time", "nonce", "jti")
SignIn = tuple[str, ...]


def name_of(user: Mapping[str, Any]) -> str | None:
    """What a signed-in user is called here: the e-mail address, where there is one; None: nobody is signed in.

    Without one it is the name with the id that the provider knows the person by, since others may have the same name.
    None of them is taken for an address: whoever may choose it could pass for somebody else.
    """
    if not user.get("is_logged_in"):
        return None
    if user.get("email"):
        return str(user["email"])
    name, id = (str(user.get(claim) or "").replace("@", " at ") for claim in ("name", "sub"))
    return f"{name} ({id})" if name and id else name or id or "?"


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


class SignIns:
    """The sign-ins of this process that are used: each ends some time after it began, and when nobody has used it for a
    while. Streamlit's cookie would be good for a month, and also after somebody has signed out.

    One is told from another by what whoever signed the user in says of the time. It begins then, or when it is first
    seen here, whichever is sooner.
    """

    def __init__(self) -> None:
        self._began_at: dict[SignIn, datetime] = {}
        self._used_at: dict[SignIn, datetime] = {}
        self._ended: dict[SignIn, datetime] = {}

    def is_over(self, user: Mapping[str, Any], moment: datetime, longest: timedelta, idle: timedelta) -> bool:
        """Whether the user has to sign in again at `moment` (naive UTC)."""
        key = _sign_in_of(user)
        if key is None:
            return False
        if key in self._ended:
            return True
        began = min(self._began_at.get(key, moment), _issued(user) or moment)
        return moment - began > longest or moment - self._used_at.get(key, moment) > idle

    def use(self, user: Mapping[str, Any], moment: datetime) -> bool:
        """Takes down that the user does something; whether this is the first that is seen of the sign-in."""
        key = _sign_in_of(user)
        if key is None:
            return False
        is_new = key not in self._began_at
        self._began_at.setdefault(key, moment)
        self._used_at[key] = moment
        return is_new

    def end(self, user: Mapping[str, Any], moment: datetime, longest: timedelta) -> None:
        """Ends the sign-in of a user, and forgets those that are over by themselves."""
        if key := _sign_in_of(user):
            self._ended[key] = moment
        for kept in (self._ended, self._used_at, self._began_at):
            for old in [each for each, at in kept.items() if moment - at > 2 * longest]:
                del kept[old]


def _sign_in_of(user: Mapping[str, Any]) -> SignIn | None:
    name = name_of(user)
    return (name, *(str(user.get(claim)) for claim in OF_A_SIGN_IN)) if name else None


def _issued(user: Mapping[str, Any]) -> datetime | None:
    """When the sign-in was, in naive UTC; None where that cannot be read."""
    try:
        seconds = float(str(user.get("iat")))
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError):
        return None


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
