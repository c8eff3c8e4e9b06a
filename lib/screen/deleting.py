"""Deleting a chat: the question before it, and the undo after it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat
from lib.chats.removal import AlreadyDeleted, Deleted, delete_chat, restore_chats
from lib.language import _, mark, moment, plural
from lib.screen import session
from lib.screen.chat_view import show_chat
from lib.store import now

ASKING_KEY = "asking_to_delete"
OUTCOME_KEY = "deletion_outcome"
# Long enough to change one's mind; after it the chat can be restored from the page Deleted chats.
TOLD_FOR = timedelta(minutes=2)


@dataclass(frozen=True)
class Outcome:
    """What came of a deletion; `undo` is the chat that can come back, `actor` who was faster."""

    message: str
    undo: UUID | None = None
    actor: str | None = None
    told_at: datetime = field(default_factory=now)


def ask_to_delete(chat_id: UUID) -> None:
    """Opens the question with the next run."""
    st.session_state[ASKING_KEY] = chat_id


def is_asking(chat_id: UUID) -> bool:
    """Whether the question about this chat is open."""
    return st.session_state.get(ASKING_KEY) == chat_id


def stop_asking_unless(chat_id: UUID | None) -> None:
    """Forgets a question about another chat than the open one, which the browser's Back button can leave behind."""
    if st.session_state.get(ASKING_KEY) != chat_id:
        _stop_asking()


def deletion_dialog(chat: Chat) -> None:
    """Draws the question, if it is open; cancelling is the safe default."""
    if is_asking(chat.id):
        st.dialog(_("Delete this chat?"), icon=":material/delete:", on_dismiss=_stop_asking)(_question)(chat)


def _question(chat: Chat) -> None:
    zone = session.settings().zone
    st.text(chat.visitor_name or chat.visitor_email or _("Unnamed visitor"))
    st.caption(f"{moment(chat.started_at, zone)} · {plural('{n} message', '{n} messages', chat.message_count)}")
    st.text(
        _(
            "The chat will be in no list, count, search or chart, and the next import will not bring it back. "
            "It can be restored under Manage, Deleted chats."
        )
    )
    reason = st.text_input(_("Reason (optional)"), max_chars=500, key="deletion_reason")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(_("Cancel"), type="primary", key="cancel_deletion"):
            _stop_asking()
            st.rerun()
        if st.button(_("Delete"), key="confirm_deletion", icon=":material/delete:"):
            _delete(chat.id, reason or "")
            st.rerun()


def _stop_asking() -> None:
    st.session_state.pop(ASKING_KEY, None)


def _delete(chat_id: UUID, reason: str) -> None:
    _stop_asking()
    result = delete_chat(session.store(), chat_id, session.actor(), reason)
    if isinstance(result, Deleted):
        st.session_state[OUTCOME_KEY] = Outcome(mark("The chat is deleted."), undo=chat_id)
    elif isinstance(result, AlreadyDeleted):
        st.session_state[OUTCOME_KEY] = Outcome(mark("This chat was deleted before, by {actor}."), actor=result.actor)
    else:
        st.session_state[OUTCOME_KEY] = Outcome(mark("There is no such chat any more."))
    show_chat(None)


def deletion_outcome() -> bool:
    """Draws what came of the last deletion, with Undo; returns False where there is nothing to tell."""
    outcome = st.session_state.get(OUTCOME_KEY)
    if not isinstance(outcome, Outcome) or now() - outcome.told_at > TOLD_FOR:
        return False
    st.text(_(outcome.message, actor=outcome.actor))
    if outcome.undo:
        st.button(
            _("Undo"), key="undo_deletion", type="primary", icon=":material/undo:", on_click=_undo, args=(outcome.undo,)
        )
    st.button("", key="dismiss_outcome", icon=":material/close:", type="tertiary", help=_("Close"), on_click=_dismiss)
    return True


def _undo(chat_id: UUID) -> None:
    restore_chats(session.store(), [chat_id], session.actor())
    _dismiss()
    show_chat(chat_id)


def _dismiss() -> None:
    st.session_state.pop(OUTCOME_KEY, None)
