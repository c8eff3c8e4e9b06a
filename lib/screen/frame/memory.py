"""What is not needed any more is given back to the system.

A session whose browser has gone is kept for a while, in case it comes back; Streamlit forgets it only when the next
browser comes.
"""

import asyncio
import gc

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from lib.memory import give_back

LOOK_EVERY_S = 20


async def tidy_up() -> None:
    """Forgets, again and again, the sessions whose browsers have not come back in time, and what no run needs."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        forget_left()


def forget_left() -> None:
    """Forgets them now, with their uploads, and gives their memory back to the system.

    Streamlit would have all objects looked through after each run of a page, which takes longer than most runs: see
    .streamlit/config.toml.
    """
    if not Runtime.exists():
        return
    sessions = Runtime.instance()._session_mgr
    storage = getattr(sessions, "_session_storage", None)
    expire = getattr(storage._cache, "expire", None) if isinstance(storage, MemorySessionStorage) else None
    has_left, is_there = bool(expire and expire()), sessions.num_active_sessions() > 0
    if has_left and not is_there:
        # Old ones go otherwise only as new ones come.
        st.cache_data.clear()
    if has_left or is_there:
        gc.collect()
        give_back()
