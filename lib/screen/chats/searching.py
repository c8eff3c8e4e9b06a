"""A search for words that is still going on: what there is of it so far, and the way to stop it."""

import time
from dataclasses import replace
from datetime import date

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import so_far
from lib.chats.search.query import parse
from lib.chats.search.search import stop_searching, word_search
from lib.language import _, calendar_day, plural
from lib.screen.chats.table import chat_list
from lib.screen.chats.view import ChatView, closings, read_view, show_chosen
from lib.screen.frame import session
from lib.screen.frame.accesses import note_access
from lib.screen.frame.watcher import rerun_by_itself

# A search that ends within this time is not noticed.
UNNOTICED_S = 0.25
REFRESH_S = 0.5
STOPPED_KEY = "stopped_search"
# The words that were searched for last: each run of the page asks for them again.
SEARCHED_KEY = "searched_words"


def is_searching(chosen: ChatFilter) -> bool:
    """Whether the words of the filter are still being searched for: then no number is known yet."""
    if not parse(chosen.words).terms:
        st.session_state.pop(SEARCHED_KEY, None)
        return False
    if st.session_state.get(SEARCHED_KEY) != chosen.words:
        st.session_state[SEARCHED_KEY] = chosen.words
        note_access("search")
    search = word_search(session.store(), chosen, session.clock())
    return not search.wait(max(0.0, search.began + UNNOTICED_S - time.monotonic()))


@st.fragment(run_every=REFRESH_S)
def search_progress(view: ChatView) -> None:
    """Draws how far the search has come and the newest hits so far, until it ends or something else is asked for."""
    if read_view() != view or not is_searching(view.chosen):
        rerun_by_itself()
    found = so_far(session.store(), view.chosen, session.clock())
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="search_progress"):
        told = _("Searching…")
        if found.searched_back_to:
            day = calendar_day(found.searched_back_to)
            told = plural(
                "Searched back to {day}, {n} chat so far",
                "Searched back to {day}, {n} chats so far",
                found.count,
                day=day,
            )
        st.caption(f":material/search: {told}", width="content")
        if found.searched_back_to:
            st.button(_("Stop"), key="stop_search", icon=":material/stop_circle:", on_click=_stop)
    if not found.chats.empty:
        chat_list(found.chats, view.chat, f"chats_so_far_{hash((view.chosen, closings()))}", view.chosen.words)


def _stop() -> None:
    chosen = read_view().chosen
    stopped = stop_searching(session.store(), chosen, session.clock())
    if stopped != chosen:
        st.session_state[STOPPED_KEY] = (_mark(stopped), (chosen.period, chosen.first_day, chosen.last_day))
    show_chosen(stopped)


def _mark(chosen: ChatFilter) -> tuple[str, date | None]:
    return chosen.words, chosen.first_day


def stopped_search(chosen: ChatFilter) -> None:
    """Where the filter is what a stopped search came to read: says so, and offers to go on."""
    mark, _before = st.session_state.get(STOPPED_KEY, (None, None))
    if mark != _mark(chosen) or chosen.period != "custom" or chosen.first_day is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="stopped_search"):
        told = _("The search was stopped: only chats since {day} are searched.", day=calendar_day(chosen.first_day))
        st.caption(told, width="content")
        st.button(_("Search further back"), key="search_on", icon=":material/history:", on_click=_go_on)


def _go_on() -> None:
    _mark_of_stopped, (period, first_day, last_day) = st.session_state[STOPPED_KEY]
    show_chosen(replace(read_view().chosen, period=period, first_day=first_day, last_day=last_day))
