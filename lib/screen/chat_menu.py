"""The three-dot menu of an open chat."""

from functools import partial
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat, messages
from lib.followup import transcript_of, transcript_text
from lib.language import _, current
from lib.screen import session
from lib.screen.chat_view import ChatView
from lib.screen.deleting import ask_to_delete

ROUND_KEY = "chat_menu_round"


def chat_menu(view: ChatView, chat: Chat) -> None:
    """Draws the menu: delete, download the transcript, copy the link."""
    # A new key closes the menu, which would otherwise stay open over the question that it opens.
    key = f"chat_menu_{st.session_state.get(ROUND_KEY, 0)}"
    with (
        st.container(key="chat_menu", width="content"),
        st.popover("", icon=":material/more_vert:", type="tertiary", help=_("More"), key=key),
    ):
        st.download_button(
            _("Download transcript"),
            data=partial(_transcript_file, chat, current()),
            file_name=f"chat-{chat.id}.txt",
            mime="text/plain",
            icon=":material/download:",
            on_click="ignore",
            type="tertiary",
            key="download_transcript",
        )
        st.button(
            _("Delete…"),
            key="delete_chat",
            icon=":material/delete:",
            type="tertiary",
            on_click=_ask_to_delete,
            args=(chat.id,),
        )
        st.caption(_("Link to this chat"))
        st.code(
            f"{session.page_address()}?{urlencode({'chat': str(chat.id)})}", language=None, wrap_lines=True, width=320
        )


def _ask_to_delete(chat_id: UUID) -> None:
    st.session_state[ROUND_KEY] = st.session_state.get(ROUND_KEY, 0) + 1
    ask_to_delete(chat_id)


def _transcript_file(chat: Chat, language: str) -> bytes:
    """The transcript as UTF-8 text; runs outside the session, so everything it needs is bound."""
    said = messages(session.store(), chat)
    text = transcript_text(transcript_of(said, language, session.settings().zone, with_system=True))
    return (text + "\n").encode()
