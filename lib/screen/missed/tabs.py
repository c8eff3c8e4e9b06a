"""The tabs of the queue with their counts."""

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, number
from lib.missed.queue import QUEUE_TABS, QueueTab, chosen_by, queue_counts, tab_of
from lib.screen.chats.searching import is_searching
from lib.screen.chats.view import read_view, show_chosen
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.missed.looks import TABS

KEY = "w_queue"


def queue_tabs(chosen: ChatFilter) -> None:
    """Draws one tab a part of the queue, with the number of its chats under the filters."""
    person = session.actor()
    # No number is known until a search has come to its end.
    counts = {} if is_searching(chosen) else answer(queue_counts, chosen, person)
    st.session_state[KEY] = tab_of(chosen, person)
    st.segmented_control(
        _("Part of the queue"),
        QUEUE_TABS,
        format_func=lambda tab: _name(tab, counts.get(tab)),
        key=KEY,
        wrap=True,
        label_visibility="collapsed",
        on_change=_changed,
    )


def _name(tab: QueueTab, count: int | None) -> str:
    name = _(TABS[tab]) if count is None else f"{_(TABS[tab])} **{number(count)}**"
    return f":red[{name}]" if tab == "overdue" and count else name


def _changed() -> None:
    # A click on the open tab deselects it; it stays what is shown.
    tab = st.session_state[KEY] or tab_of(read_view().chosen, session.actor()) or "open"
    show_chosen(chosen_by(tab, read_view().chosen, session.actor()))
