"""Starts the app: `streamlit run lib/screen/serving.py`. What it does by itself begins and ends with its process."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from lib.importing.keeping import Keeper
from lib.screen import session
from lib.settings import ROOT, SettingError

LOG = logging.getLogger(__name__)


@asynccontextmanager
async def keeping(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Keeps the inbox folder and the rules of missed chats while the app runs."""
    keeper = _keeper()
    if keeper:
        keeper.start()
    yield {}
    if keeper:
        keeper.stop()


def _keeper() -> Keeper | None:
    try:
        settings = session.settings()
    except SettingError as error:
        # The pages say so too; there is nothing to keep until it is mended.
        LOG.error("%s", error)
        return None
    return Keeper(session.store, settings.inbox, settings.zone)


app = st.App(ROOT / "app.py", lifespan=keeping)
