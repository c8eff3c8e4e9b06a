"""The internal notes on a chat: ours, and those that came with the export."""

from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat, vendor_notes
from lib.chats.notes import LONGEST, add_note, notes
from lib.language import _, moment
from lib.screen.chat.history import follow_up_history
from lib.screen.frame import session
from lib.screen.frame.storing import stores

BLANK_KEY = "blank_note"


def chat_notes(chat: Chat) -> None:
    """Draws all notes, and a form to add one."""
    store, zone = session.store(), session.settings().zone
    ours = [(session.shown_actor(n.author), moment(n.written_at, zone), n.text) for n in notes(store, chat.id)]
    theirs = [(n.name or "–", moment(n.sent_at, zone), n.text or "") for n in vendor_notes(store, chat)]
    if not ours and not theirs:
        st.caption(_("No notes yet. Notes are internal: visitors never see them, and no e-mail contains them."))
    for author, written_at, text in theirs:
        _note(author, written_at, text, from_export=True)
    for author, written_at, text in ours:
        _note(author, written_at, text, from_export=False)
    key = f"note_text_{chat.id}"
    with st.container(key="note_text"):
        st.text_area(_("New note"), max_chars=LONGEST, height=90, key=key, persist_state="session")
    st.button(_("Add note"), key="add_note", icon=":material/add_comment:", on_click=_add, args=(chat.id, key))
    if st.session_state.pop(BLANK_KEY, False):
        st.warning(_("Write something first."))
    follow_up_history(chat.id)


def _note(author: str, written_at: str, text: str, *, from_export: bool) -> None:
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
            st.badge(_("Note"), icon=":material/sticky_note_2:", color="yellow")
            st.text(author)
            st.caption(written_at, width="content")
            if from_export:
                st.caption(_("from the export"), width="content")
        st.text(text)


@stores
def _add(chat_id: UUID, key: str) -> None:
    if add_note(session.store(), chat_id, st.session_state[key] or "", session.actor()):
        st.session_state[key] = ""
    else:
        st.session_state[BLANK_KEY] = True
