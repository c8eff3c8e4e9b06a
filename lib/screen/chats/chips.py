"""Filters that have no place in the sidebar or among the tabs, as of a link or a figure: each can be taken away."""

import streamlit as st

from lib.chats.facets import LIST_FIELDS, QUEUE_FIELDS
from lib.chats.filter.conditions import active
from lib.chats.filter.filter import ChatFilter
from lib.language import _
from lib.missed.queue import tab_of
from lib.screen.chats.view import in_queue, read_view, show_chosen
from lib.screen.frame import session

# What cannot be read is told in place of the list.
EVERYWHERE = frozenset(
    [*LIST_FIELDS, "period", "words", "rules", "waited_longer_than_s", "email", "reply", "unreadable"]
)
IN_QUEUE = frozenset([*QUEUE_FIELDS, "repeated"])


def filter_chips(chosen: ChatFilter) -> None:
    """Draws one for each such filter, in words, with a way to take away it alone."""
    placed = EVERYWHERE
    if in_queue():
        placed |= IN_QUEUE | ({"queue"} if tab_of(chosen, session.actor()) else set())
    found = [each for each in active(chosen, session.clock()) if each.field not in placed]
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for each in found:
            with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
                st.text(each.phrase(chosen, session.clock()), width="content")
                st.button(
                    "",
                    key=f"chip_{each.field}",
                    icon=":material/close:",
                    type="tertiary",
                    help=_("Remove this filter"),
                    on_click=_remove,
                    args=(each.field,),
                )


def _remove(field: str) -> None:
    show_chosen(read_view().chosen.without(field))
