"""The parts of a view that links must not show, as ids."""

import streamlit as st

from lib.screen import session
from lib.views import kept as contents

KEPT_FOR_S = 3600


def key_of(content: str) -> str:
    """The id that stands for a content in a link."""
    return _key_of(session.store().location, content, session.actor())


def content_of(key: str) -> str | None:
    """What an id of a link stands for; None where that is not known (any more)."""
    return _content_of(session.store().location, key)


@st.cache_data(ttl=KEPT_FOR_S, max_entries=1000, show_spinner=False)
def _key_of(location: str, content: str, _person: str) -> str:
    return contents.keep(session.store(), content, _person)


@st.cache_data(ttl=60, max_entries=1000, show_spinner=False)
def _content_of(location: str, key: str) -> str | None:
    return contents.kept(session.store(), key)
