"""What every answer says of itself: where its page may load from, who may show it, and who may keep it."""

import logging
import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.language import _, in_language, preferred

LOG = logging.getLogger(__name__)

# Everything comes from the app itself. Streamlit writes styles into the page, has some pictures and letters in its
# programs (data:), and makes programs of its components as it goes (blob:).
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
    # Addresses name chats; other sites do not learn them.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
METRICS = "/_stcore/metrics"
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class SafeAnswers:
    """ASGI middleware: sets the headers of every answer, and has nobody told what happens in the program.

    `page` is the HTML of the app's page, whose own inline scripts may run; below `kept` (paths) lie files that are
    named by their content, and hold nothing of anybody: they may be kept, and nothing else may.
    """

    def __init__(self, app: ASGIApp, page: str, kept: Iterable[str]) -> None:
        self._app = app
        self._kept = tuple(kept)
        self._headers = ALWAYS | {"Content-Security-Policy": content_policy(page)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the app does, with these headers; nothing is at METRICS, and what fails is told in a sentence."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        begun = False

        async def send_safely(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                is_kept = scope["path"].startswith(self._kept) and "immutable" in headers.get("cache-control", "")
                if not is_kept:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        app = PlainTextResponse("Not found.", 404) if scope["path"].rstrip("/").endswith(METRICS) else self._app
        try:
            await app(scope, receive, send_safely)
        except Exception:
            # The server's own answer would have none of the headers; what has begun only the server can break off.
            if begun or scope["type"] != "http":
                raise
            LOG.exception("an answer failed")
            with in_language(preferred(Headers(scope=scope).get("accept-language"))):
                told = _("This did not work. Try again; if it fails again, the program's log says why.")
            await PlainTextResponse(told, 500)(scope, receive, send_safely)


def content_policy(page: str) -> str:
    """The content security policy under which this HTML, and nothing that was put into it, runs."""
    hashes = [b64encode(sha256(script.encode()).digest()).decode() for script in INLINE_SCRIPT.findall(page)]
    scripts = " ".join([POLICY["script-src"], *(f"'sha256-{each}'" for each in hashes)])
    return "; ".join(f"{what} {where}" for what, where in (POLICY | {"script-src": scripts}).items())
