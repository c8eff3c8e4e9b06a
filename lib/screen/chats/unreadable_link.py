"""What a link asked for and nobody can read, in place of the list: all chats would look like the right ones."""

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.link import PRIVATE_NAME
from lib.language import _
from lib.screen.chats.view import read_view, show_chosen

MOST_TOLD = 5
LONGEST_TOLD = 80


def unreadable_link(chosen: ChatFilter) -> None:
    """Says what cannot be read, and offers to show the chats without it."""
    st.warning(
        _(
            "This link or view asks for something that cannot be read: it is damaged, too old, or of another version. "
            "Nothing is shown, so that it does not look like everything."
        ),
        icon=":material/link_off:",
    )
    for name, values in chosen.unreadable[:MOST_TOLD]:
        if name == PRIVATE_NAME:
            st.text(_("Words or conditions that are not kept here (any more)"))
        else:
            told = f"{name}={', '.join(values)}"[:LONGEST_TOLD]
            st.text("".join(sign if sign.isprintable() else " " for sign in told))
    if len(chosen.unreadable) > MOST_TOLD:
        st.text("…")
    st.button(_("Show without it"), key="without_unreadable", icon=":material/filter_alt_off:", on_click=_without)


def _without() -> None:
    show_chosen(read_view().chosen.without("unreadable"))
