"""Starts the app: `streamlit run lib/screen/serving.py`. What it does by itself begins and ends with its process."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from lib.followup import Sender
from lib.importing.keeping import Keeper
from lib.screen import export_files, person, session
from lib.screen.export_files import exports
from lib.screen.query_editor import editor_routes
from lib.screen.uploads import forget_left_browsers, keep_uploads_on_disk
from lib.screen.whole_clicks import let_callbacks_end
from lib.settings import ROOT, SettingError

LOG = logging.getLogger(__name__)


@asynccontextmanager
async def keeping(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Keeps the inbox folder and the rules of missed chats, and sends what is queued, while the app runs."""
    threads = _threads()
    for thread in threads:
        thread.start()
    forgetting = asyncio.create_task(forget_left_browsers())
    yield {}
    forgetting.cancel()
    # The server ends by a signal, at which Python does not tidy up.
    exports().close()
    for thread in threads:
        thread.stop()
    session.close_store()


def _threads() -> list[Keeper | Sender]:
    try:
        settings = session.settings()
    except SettingError as error:
        # The pages say so too; there is nothing to keep until it is mended.
        LOG.error("%s", error)
        return []
    keeper = Keeper(session.store, settings.inbox, settings.zone)
    return [keeper, Sender(session.store, settings.smtp)] if settings.smtp else [keeper]


let_callbacks_end()
keep_uploads_on_disk()
app = st.App(ROOT / "app.py", lifespan=keeping, routes=[*export_files.routes(), *person.routes(), *editor_routes()])
