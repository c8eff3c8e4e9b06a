"""Whom the app answers: its own names, and its own pages.

Whoever owns a name can let it point to this machine, and a page of that name would then read, delete and write e-mails
as the person who looks at it. So only the app's own names are answered. An address in digits points nowhere else.
"""

import json
import logging
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.language import _, in_language, preferred
from lib.settings import HOSTS

LOG = logging.getLogger(__name__)

DEFAULT_PORTS = {"http": 80, "https": 443}
SOCKET = "/_stcore/stream"
# Refusals are logged once each, and no more of them than somebody would read.
MOST_LOGGED, LONGEST_NAME = 100, 253


class OwnHosts:
    """ASGI middleware: lets through what its own pages ask of the app's own `names`, or of an address in digits."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = {"localhost", *names}
        self._logged: set[tuple[str, str]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 421 to another name, and 403 to another page, each with what to do; sockets are not opened then."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        host = hosts[0] if len(hosts) == 1 else ""
        # A page that is opened says nothing of where it is; the programs that it then loads do.
        is_program = scope["path"].endswith(".js")
        page = headers.get("origin")
        if page is None and is_program and (referer := headers.get("referer")):
            page = "/".join(referer.split("/")[:3])
        with in_language(preferred(headers.get("accept-language"))):
            refusal = self._refusal(host, page, is_program=is_program)
            if refusal is None and scope["type"] == "http" and scope["path"].endswith(SOCKET):
                told = _("The proxy has to pass on the websocket; see “Behind a proxy” in the README.")
                refusal = PlainTextResponse(told, 426)
        if refusal is None:
            await self._app(scope, receive, send)
            return
        self._log(refusal.status_code, host, page or "")
        await refusal(scope, receive, send)

    def _refusal(self, host: str, page: str | None, *, is_program: bool) -> Response | None:
        name, _port = _split(host)
        if name not in self._names and not _is_in_digits(name):
            told = _(
                "Chat History does not answer to the name “{host}”. If it should, whoever runs it adds the name to the "
                "setting {setting}, and starts it again. A proxy has to pass on the name that was asked for (Host).",
                host=_tidy(host),
                setting=HOSTS,
            )
            return PlainTextResponse(told, 421)
        if page is None or is_same_place(page, host):
            return None
        told = _(
            "A page of {origin} may not ask Chat History at “{host}”. If that page is Chat History, the proxy before "
            "it has to pass on the name that was asked for (Host); see “Behind a proxy” in the README.",
            origin=_tidy(page),
            host=_tidy(host),
        )
        if is_program:
            # The page's socket would be refused and the page stay empty, so it is told there.
            telling = f"document.body.textContent = {json.dumps(told)}"
            return Response(telling, media_type="text/javascript", headers={"Cache-Control": "no-store"})
        return PlainTextResponse(told, 403)

    def _log(self, status: int, host: str, page: str) -> None:
        refused = (_tidy(host), _tidy(page))
        if refused in self._logged or len(self._logged) >= MOST_LOGGED:
            return
        self._logged.add(refused)
        LOG.warning(
            "Refused (%s): asked as host %r by a page of %r. If that is this app's own name, add it to %s; a proxy "
            "has to pass on Host as it was asked for, and the websocket (README, Behind a proxy).",
            status,
            *refused,
            HOSTS,
        )


def is_same_place(url: str, host: str) -> bool:
    """Whether a page's URL or origin has the name and port of a Host header; a proxy may have taken TLS away."""
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError:
        return False
    default = DEFAULT_PORTS.get(split.scheme)
    if default is None or not split.hostname:
        return False
    name, host_port = _split(host)
    return (split.hostname.rstrip("."), port or default) == (name, host_port or default)


def _split(host: str) -> tuple[str, int | None]:
    """Name (in small letters, without brackets) and port of a Host header; ("", None): it is none."""
    try:
        split = urlsplit(f"//{host}")
        is_whole = split.netloc == host and "@" not in host
        return ((split.hostname or "").rstrip("."), split.port) if is_whole else ("", None)
    except ValueError:
        return "", None


def _is_in_digits(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _tidy(name: str) -> str:
    return "".join(each for each in name if each.isprintable())[:LONGEST_NAME]
