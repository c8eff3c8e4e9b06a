"""What a page says as long as the app has drawn nothing in it, as where a proxy does not pass on the websocket."""

from html import escape

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.language import _, in_language, preferred

# The app draws in it.
ROOT = b'<div id="root">'
# In styles alone, which need no leave of the content policy. Streamlit says in the page how far its script is.
TOLD = """<style>
#waiting { position: fixed; inset: auto 0 10vh; padding: 1rem; text-align: center; font-family: sans-serif;
  color-scheme: light dark; color: CanvasText; background: Canvas;
  visibility: hidden; animation: waiting 0s 8s forwards }
@keyframes waiting { to { visibility: visible } }
body:has([data-test-script-state]:not([data-test-script-state="initial"])) #waiting { display: none }
</style><p id="waiting">%s</p>"""


class WaitingPage:
    """ASGI middleware: a page that stays empty for some seconds says what to do."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the app does, with that sentence in its page."""
        is_page = False

        async def send_telling(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                if is_page:
                    del headers["Content-Length"]
            elif is_page and ROOT in message.get("body", b""):
                with in_language(preferred(Headers(scope=scope).get("accept-language"))):
                    told = _(
                        "Chat History is still loading. If this stays, tell whoever runs it: the proxy before it has "
                        "to pass on the websocket; see “Behind a proxy” in the README."
                    )
                waiting = (TOLD % escape(told)).encode()
                message = {**message, "body": message["body"].replace(ROOT, waiting + ROOT)}
            await send(message)

        await self._app(scope, receive, send_telling)
