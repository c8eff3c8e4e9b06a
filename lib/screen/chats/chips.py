"""Filters that have no place in the sidebar or among the tabs, as of a link or a figure: each can be taken away."""

import streamlit as st

from lib.chats.filter.filter import LIST_FIELDS, QUEUE_FIELDS, ChatFilter
from lib.chats.filter.sentence import phrases
from lib.language import _
from lib.missed.queue import tab_of
from lib.screen.chats.view import in_queue, read_view, show_chosen
from lib.screen.frame import session

# What cannot be read is told in place of the list.
EVERYWHERE = frozenset(
    [*LIST_FIELDS, "period", "words", "conditions", "waited_longer_than_s", "email", "reply", "unreadable"]
)
IN_QUEUE = frozenset([*QUEUE_FIELDS, "repeated"])


def filter_chips(chosen: ChatFilter) -> None:
    """Draws one for each such filter, in words, with a way to take away it alone."""
    placed = EVERYWHERE
    if in_queue():
        placed |= IN_QUEUE | ({"queue"} if tab_of(chosen, session.actor()) else set())
    found = {name: words for name, words in phrases(chosen, session.clock()).items() if name not in placed}
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for name, words in found.items():
            with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
                st.text(words, width="content")
                st.button(
                    "",
                    key=f"chip_{name}",
                    icon=":material/close:",
                    type="tertiary",
                    help=_("Remove this filter"),
                    on_click=_remove,
                    args=(name,),
                )


def _remove(field: str) -> None:
    show_chosen(read_view().chosen.without(field))
