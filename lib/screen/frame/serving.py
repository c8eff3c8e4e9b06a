"""What the app does beside its pages: its routes, and what it does by itself as long as its process runs.

What is not needed any more is given back to the system. A session whose browser has gone is kept for a while, in case
it comes back; Streamlit forgets it only when the next browser comes.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from streamlit.file_util import get_static_dir
from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from lib.access.accesses import access_keeper, flush
from lib.access.seals import seal_keeper
from lib.background import Loop
from lib.erasure.leaving import nights
from lib.erasure.running import retention
from lib.importing.keeping import keeper
from lib.mail import mail_sender
from lib.memory import give_back, keep_few_heaps
from lib.screen.explore.editor import FOLDER as EDITOR_FOLDER
from lib.screen.explore.editor import editor_routes
from lib.screen.export import files as export_files
from lib.screen.export.files import base_path, exports
from lib.screen.frame import person, session
from lib.screen.frame.answers import forget_answers
from lib.screen.frame.whole_clicks import let_callbacks_end
from lib.settings import OPEN, SettingError, load_hosts
from lib.store import StoreError
from lib.store.nightly import LOOK_EVERY_S as NIGHTLY_EVERY_S
from lib.store.nightly import Nightly
from lib.web.headers import SafeAnswers
from lib.web.hosts import OwnHosts
from lib.web.signed_in import KnownBrowser
from lib.web.waiting_page import WaitingPage

LOOK_EVERY_S = 20


LOG = logging.getLogger(__name__)


async def tidy_up() -> None:
    """Forgets, again and again, the sessions whose browsers have not come back in time, and what no run needs.

    When the last one has gone, the store is opened anew: the engine gives what it has gathered back only then.
    """
    was_used = False
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if not forget_left():
            was_used = True
        elif was_used:
            # Whoever asks for something next is told why it cannot be opened.
            with suppress(StoreError):
                was_used = not session.whole_store().open_anew()
            give_back()


def forget_left() -> bool:
    """Forgets them now, with their uploads, and gives their memory back to the system; whether nobody is left.

    Streamlit would have all objects looked through after each run of a page, which takes longer than most runs: see
    .streamlit/config.toml.
    """
    if not Runtime.exists():
        return True
    sessions = Runtime.instance()._session_mgr
    storage = getattr(sessions, "_session_storage", None)
    expire = getattr(storage._cache, "expire", None) if isinstance(storage, MemorySessionStorage) else None
    has_left, is_there = bool(expire and expire()), sessions.num_active_sessions() > 0
    if has_left and not is_there:
        # Old ones go otherwise only as new ones come.
        st.cache_data.clear()
        forget_answers()
    if has_left or is_there:
        gc.collect()
        give_back()
    return sessions.num_sessions() == 0


def routes() -> list[Any]:
    """The routes of the app beside Streamlit's: exports, the names of persons, the editor's file."""
    return [*export_files.routes(), *person.routes(), *editor_routes()]


def middleware() -> list[Middleware]:
    """What every request passes before Streamlit has it."""
    page = Path(get_static_dir(), "index.html").read_text(encoding="utf-8")
    kept = [f"{base_path()}/static/", f"{base_path()}/{EDITOR_FOLDER}/"]
    names = {str(st.get_option("server.address") or "").lower()}
    try:
        names |= load_hosts()
    except SettingError as error:
        LOG.error("%s", error)
    return [
        Middleware(SafeAnswers, page=page, kept=kept),
        Middleware(OwnHosts, names=names),
        Middleware(KnownBrowser),
        Middleware(WaitingPage),
    ]


def require_sign_in_or_own_machine() -> None:
    """Ends the program where others could reach it and nobody would have to sign in, unless that is meant."""
    address = str(st.get_option("server.address") or "")
    try:
        is_own = address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        is_own = False
    try:
        found = session.settings()
    except SettingError:
        # Told on every page, and nothing else is shown.
        return
    if not (is_own or found.has_sign_in or found.is_open):
        sys.exit(
            f"Chat History would listen on {address or 'all addresses'}, where anybody who reaches it could read every "
            f"chat. Have people sign in (README.md, Settings), let it listen on 127.0.0.1, or set {OPEN}=yes where "
            "everybody who reaches it may."
        )


@asynccontextmanager
async def keeping(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Does what the app does by itself while it runs: keeps, seals, sends what is queued, and backs up."""
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
    # What was seen while they ended; a store that cannot be written to has told so before.
    with suppress(SettingError, StoreError):
        flush(session.whole_store(), session.settings().accesses_kept_days)
    session.close_store()


def _threads() -> list[Loop]:
    try:
        settings = session.settings()
    except SettingError as error:
        # The pages say so too; there is nothing to keep until it is mended.
        LOG.error("%s", error)
        return []
    loops = [
        keeper(session.whole_store, settings.inbox, settings.zone),
        access_keeper(session.whole_store, settings.accesses_kept_days),
        seal_keeper(session.whole_store, settings.seal_key),
    ]
    loops.append(nights(session.whole_store, settings.zone, exports().end_all))
    # Finished exports may hold what is gone.
    loops.append(retention(session.whole_store, settings.zone, lambda: exports().end_all()))
    if settings.smtp:
        loops.append(mail_sender(session.whole_store, settings.smtp))
    if settings.backup_folder:
        nightly = Nightly(settings.backup_folder, settings.backups_kept, settings.zone)
        loops.append(Loop("nightly", session.whole_store, nightly.look, NIGHTLY_EVERY_S))
    return loops
