"""The queue beside the open chat: its tabs with their counts above it, and what can be done with several chats."""

import streamlit as st

from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.language import _, number
from lib.missed.queue import QUEUE_TABS, QueueTab, chosen_by, queue_counts, queue_page, tab_of
from lib.screen.chats.empty import no_chats_yet
from lib.screen.chats.searching import is_searching
from lib.screen.chats.sidebar import reset_button
from lib.screen.chats.view import ChatView, closings, last_page, read_view, show_chosen
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.missed.bar import queue_bar
from lib.screen.missed.looks import TABS
from lib.screen.missed.mail_several import mail_many
from lib.screen.missed.table import queue_list
from lib.screen.parts.review import review, review_part

TAB_KEY = "w_queue"


def queue_tabs(chosen: ChatFilter) -> None:
    """Draws one tab a part of the queue, with the number of its chats under the filters."""
    person = session.actor()
    # No number is known until a search has come to its end.
    counts = {} if is_searching(chosen) else answer(queue_counts, chosen, person)

    def name(tab: QueueTab) -> str:
        shown = f"{_(TABS[tab])} **{number(counts[tab])}**" if tab in counts else _(TABS[tab])
        return f":red[{shown}]" if tab == "overdue" and counts.get(tab) else shown

    st.session_state[TAB_KEY] = tab_of(chosen, person)
    st.segmented_control(
        _("Part of the queue"),
        QUEUE_TABS,
        format_func=name,
        key=TAB_KEY,
        wrap=True,
        label_visibility="collapsed",
        on_change=_tab_changed,
    )


def _tab_changed() -> None:
    # A click on the open tab deselects it; it stays what is shown.
    tab = st.session_state[TAB_KEY] or tab_of(read_view().chosen, session.actor()) or "open"
    show_chosen(chosen_by(tab, read_view().chosen, session.actor()))


def queue_review() -> None:
    """Draws the page of the queue and the open chat."""
    review_part(_review)


def _review(view: ChatView) -> None:
    # While a chat is open all height is for it: what is ticked is then handled at the foot of the window.
    bar = st.bottom if view.chat else st.container()

    def draw_list() -> None:
        count = answer(category_counts, view.chosen)["missed"]
        page = min(view.page, last_page(count))
        chats = answer(queue_page, view.chosen, view.sort, page)
        if chats.empty:
            _nothing(view)
            return
        ticks = queue_list(chats, view.chat, key=f"queue_{hash((view.chosen, view.sort, page, closings()))}")
        with bar:
            queue_bar(view, ticks, count)

    review(view, draw_list)
    mail_many()


def _nothing(view: ChatView) -> None:
    if no_chats_yet():
        return
    everything = chosen_by("any", view.chosen, session.actor())
    if everything == view.chosen and everything.without("queue", "category").is_empty:
        st.success(_("No chat was missed. A missed chat stays here until it is done."), icon=":material/task_alt:")
        return
    st.info(_("Nothing here under these filters."), icon=":material/filter_alt:")
    with st.container(horizontal=True):
        st.button(_("Show all missed chats"), key="show_every_part", on_click=_show_all)
        if not everything.without("queue").is_empty:
            reset_button("reset_all")


def _show_all() -> None:
    show_chosen(chosen_by("any", read_view().chosen, session.actor()))
