"""What stands in place of a list: why there are no chats, or what of a link cannot be read."""

import streamlit as st

from lib.chats.counts import category_counts, loosened
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.filter.link import PRIVATE_NAME
from lib.language import _, plural
from lib.screen.chats.sidebar import reset_button
from lib.screen.chats.view import show_without
from lib.screen.frame import labels
from lib.screen.frame.answers import answer
from lib.screen.frame.page import IMPORT, link

MOST_TOLD = 5
LONGEST_TOLD = 80


def no_chats_yet() -> bool:
    """Says how to bring chats in; returns False, and draws nothing, where there are chats."""
    if answer(category_counts, EMPTY)["all"]:
        return False
    st.info(_("There are no chats yet. Import an export of your chat system to begin."), icon=":material/upload_file:")
    link(IMPORT)
    return True


def empty_list(chosen: ChatFilter) -> None:
    """Says which filter to loosen, or how to bring chats in."""
    if no_chats_yet():
        return
    if chosen.is_empty:
        st.info(_("There is no chat of this category."), icon=":material/inbox:")
        return
    helping = {field: count for field, count in answer(loosened, chosen).items() if count}
    if not helping:
        st.info(_("No chat matches these filters, nor without any one of them."), icon=":material/filter_alt:")
        reset_button("reset_all")
        return
    st.info(_("No chat matches all filters. Remove one of them:"), icon=":material/filter_alt:")
    for field, count in helping.items():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                _("Without “{field}”", field=_(labels.FIELDS[field])),
                key=f"loosen_{field}",
                icon=":material/filter_alt_off:",
                on_click=show_without,
                args=(field,),
            )
            st.caption(plural("{n} chat", "{n} chats", count), width="content")


def unreadable_link(chosen: ChatFilter) -> None:
    """Says what of a link cannot be read, and offers to show the chats without it."""
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
    st.button(
        _("Show without it"),
        key="without_unreadable",
        icon=":material/filter_alt_off:",
        on_click=show_without,
        args=("unreadable",),
    )
