"""The parts of a view that links must not show, as ids."""

from uuid import uuid4

import streamlit as st

from lib.screen.frame import session
from lib.store import StoreError
from lib.views import kept as contents

KEPT_FOR_S = 3600
ONLY_HERE_KEY = "contents_kept_only_here"


def key_of(content: str) -> str:
    """The id that stands for a content in a link."""
    try:
        return _key_of(session.store().location, content, session.actor())
    except StoreError:
        # Nobody is kept from searching because the link to it cannot be stored; it works here alone, then.
        here: dict[str, str] = st.session_state.setdefault(ONLY_HERE_KEY, {})
        return here.setdefault(content, uuid4().hex[:16])


def content_of(key: str) -> str | None:
    """What an id of a link stands for; None where that is not known (any more)."""
    here: dict[str, str] = st.session_state.get(ONLY_HERE_KEY, {})
    found = next((content for content, own in here.items() if own == key), None)
    return found or _content_of(session.store().location, key)


@st.cache_data(ttl=KEPT_FOR_S, max_entries=1000, show_spinner=False)
def _key_of(location: str, content: str, _person: str) -> str:
    return contents.keep(session.store(), content, _person)


@st.cache_data(ttl=60, max_entries=1000, show_spinner=False)
def _content_of(location: str, key: str) -> str | None:
    return contents.kept(session.store(), key)
