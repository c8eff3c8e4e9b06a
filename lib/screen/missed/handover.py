"""The hand-over: a text for the next shift, to copy or to take as a file."""

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _
from lib.missed.handover import hand_over
from lib.missed.news import news
from lib.missed.queue import without_tab
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import with_failure

ICON = ":material/assignment_turned_in:"
TEXT_HEIGHT = 420


def hand_over_button(chosen: ChatFilter) -> None:
    """Draws the button; a click opens the text for the missed chats of the filter."""
    if st.button(_("Hand over"), key="hand_over", icon=ICON, type="tertiary", help=_("A text for the next shift.")):
        store, person = session.store(), session.actor()
        whole = without_tab(chosen, person)
        text = hand_over(store, whole, answer(news, person).since, session.clock(), session.page_address())
        st.dialog(_("Hand over"), width="large", icon=ICON)(_shown)(text)


@with_failure
def _shown(text: str) -> None:
    st.caption(_("Made from the chats that match the filters. Copy the text, or download it."))
    st.code(text, language=None, wrap_lines=True, height=TEXT_HEIGHT)
    st.download_button(
        _("Download"),
        data=text.encode(),
        file_name=f"hand-over-{session.clock().today.isoformat()}.txt",
        mime="text/plain",
        key="download_hand_over",
        icon=":material/download:",
        on_click="ignore",
    )
