"""What the app does beside its pages: its routes, and what it does by itself as long as its process runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.file_util import get_static_dir

from lib.background import Loop
from lib.importing.keeping import keeper
from lib.mail import mail_sender
from lib.memory import keep_few_heaps
from lib.screen.explore.editor import FOLDER as EDITOR_FOLDER
from lib.screen.explore.editor import editor_routes
from lib.screen.export import files as export_files
from lib.screen.export.files import base_path, exports
from lib.screen.frame import person, session
from lib.screen.frame.memory import tidy_up
from lib.screen.frame.whole_clicks import let_callbacks_end
from lib.settings import SettingError, load_hosts
from lib.web.headers import SafeAnswers
from lib.web.hosts import OwnHosts
from lib.web.known_browser import KnownBrowser
from lib.web.waiting_page import WaitingPage

LOG = logging.getLogger(__name__)


def routes() -> list[Any]:
    """The routes of the app beside Streamlit's: exports, the names of persons, the editor's file."""
    return [*export_files.routes(), *person.routes(), *editor_routes()]


def middleware() -> list[Middleware]:
    """What every request passes before Streamlit has it."""
    page = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    kept = [f"{base_path()}/static/", f"{base_path()}/{EDITOR_FOLDER}/"]
    return [
        Middleware(SafeAnswers, page=page, kept=kept),
        Middleware(OwnHosts, names=_names()),
        Middleware(KnownBrowser),
        Middleware(WaitingPage),
    ]


def _names() -> set[str]:
    address = str(st.get_option("server.address") or "")
    try:
        return {address.lower(), *load_hosts()}
    except SettingError as error:
        LOG.error("%s", error)
        return {address.lower()}


@asynccontextmanager
async def keeping(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Keeps the inbox folder and the rules of missed chats, and sends what is queued, while the app runs."""
    let_callbacks_end()
    keep_few_heaps()
    threads = _threads()
    for thread in threads:
        thread.start()
    tidying = asyncio.create_task(tidy_up())
    yield {}
    tidying.cancel()
    # The server ends by a signal, at which Python does not tidy up.
    exports().close()
    for thread in threads:
        thread.stop()
    session.close_store()


def _threads() -> list[Loop]:
    try:
        settings = session.settings()
    except SettingError as error:
        # The pages say so too; there is nothing to keep until it is mended.
        LOG.error("%s", error)
        return []
    kept = keeper(session.store, settings.inbox, settings.zone)
    return [kept, mail_sender(session.store, settings.smtp)] if settings.smtp else [kept]
