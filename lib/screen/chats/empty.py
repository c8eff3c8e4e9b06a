"""What stands in place of a list without chats."""

import streamlit as st

from lib.chats.counts import category_counts, loosened
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.language import _, plural
from lib.screen.chats.sidebar import reset_button
from lib.screen.chats.view import read_view, show_chosen
from lib.screen.frame import labels
from lib.screen.frame.answers import answer
from lib.screen.frame.page import IMPORT, link


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
                on_click=_without,
                args=(field,),
            )
            st.caption(plural("{n} chat", "{n} chats", count), width="content")


def _without(field: str) -> None:
    show_chosen(read_view().chosen.without(field))
