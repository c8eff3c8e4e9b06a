"""The address of this browser tab. It is the truth about a page, and the session knows it before the browser does.

A change of the address goes to the browser with the answer to a click, and comes back with the next one. A click that
is quicker than that still tells the address from before, and the answer to the run that it cuts short never arrives: to
believe it would undo what was done last. But only this session, Back and Forward and links change the address of a
page, and the latter can be told. So whatever else differs from what the session wrote is merely older.

What links must not show stands in it as an id.
"""

from collections.abc import Mapping, Sequence
from typing import NoReturn
from uuid import UUID, uuid4

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.screen.frame import session
from lib.store import StoreError
from lib.views import kept as contents

KEY = "address"
# Marks the menu's link to the page on which it stands: the browser keeps its own address, and tells none with it.
ANEW = {"_": "1"}
LONGEST_PAGE_DIGITS = 7
# What ids stand for.
KEPT_FOR_S = 3600
ONLY_HERE_KEY = "contents_kept_only_here"

Query = dict[str, list[str]]
Written = Mapping[str, str | Sequence[str]]


def read_address() -> Query:
    """The parameters of the address, each with its values; the browser hears of what it does not know yet."""
    told = {name: st.query_params.get_all(name) for name in st.query_params}
    page = st.session_state.get(session.PAGE_KEY)
    known: Query
    known_page, known = st.session_state.get(KEY, (None, {}))
    is_link = bool(ANEW.keys() & told.keys()) or page != known_page or KEY not in st.session_state
    context = get_script_run_ctx()
    is_back_or_forward = bool(context and context.is_history_navigation)
    if is_link or is_back_or_forward:
        known = {name: values for name, values in told.items() if name not in ANEW}
        st.session_state[KEY] = page, known
    if told != known:
        st.query_params.from_dict(known)
    return known


def write_address(query: Written) -> None:
    """Makes the address have these parameters, and no others."""
    before = read_address()
    after = _lists(query)
    st.session_state[KEY] = st.session_state.get(session.PAGE_KEY), after
    # All at once: the browser's Back button steps through every change of the address.
    if after != before:
        st.query_params.from_dict(after)


def open_address(page: str, query: Written) -> NoReturn:
    """Opens a page, which may be the one that is shown, with these parameters."""
    st.session_state[KEY] = page, _lists(query)
    st.switch_page(page, query_params=query)


def _lists(query: Written) -> Query:
    return {name: [values] if isinstance(values, str) else list(values) for name, values in query.items()}


def page_number(text: str) -> int:
    """The page of a list that a parameter means; the first one where it means none."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_PAGE_DIGITS else 1


def uuid_of(text: str) -> UUID | None:
    """The id that a parameter means, if any."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


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
