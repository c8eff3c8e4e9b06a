"""Deleting a chat: the question before it, and the undo after it."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat, find_chat
from lib.chats.holds import Held
from lib.chats.removal import (
    CHAT_DELETED,
    AlreadyDeleted,
    NoSuchChat,
    delete_chat,
    deletion_of,
    restore_chats,
)
from lib.language import _, moment, plural
from lib.mail import mails_of, waiting_count
from lib.screen.chats.view import ChatView, show_chat, shows_chats, to_address
from lib.screen.frame import session
from lib.screen.frame.page import CHATS, go
from lib.screen.frame.storing import stores, with_failure
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.held import held_words, hold_words
from lib.screen.parts.outcome import Telling, Way, forget_outcome, tell, undo_way

DELETING = Dialog("asking_to_delete", UUID)


def stop_asking_unless(chat_id: UUID | None) -> None:
    """Forgets a question about another chat than the open one, which the browser's Back button can leave behind."""
    if DELETING.about != chat_id:
        DELETING.close()


def deletion_dialog(chat: Chat) -> None:
    """Draws the question, if it is open; cancelling is the safe default."""
    if DELETING.about == chat.id:
        DELETING.draw(_("Delete this chat?"), _question, chat, icon=":material/delete:")


@with_failure
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
    # What a deletion does with the mails of the chat that have not left yet.
    states = Counter(each.state for each in mails_of(session.store(), chat.id))
    if waiting := states["queued"]:
        st.text(plural("{n} e-mail that waits will not be sent.", "{n} e-mails that wait will not be sent.", waiting))
    if leaving := states["sending"]:
        st.text(plural("{n} e-mail is just being sent and cannot be stopped.",
                       "{n} e-mails are just being sent and cannot be stopped.", leaving))  # fmt: skip
    reason = st.text_input(_("Reason (optional)"), max_chars=500, key="deletion_reason")
    with st.container(horizontal=True, horizontal_alignment="right"):
        DELETING.cancel_button("cancel_deletion", is_usual=True)
        if st.button(_("Delete"), key="confirm_deletion", icon=":material/delete:"):
            _delete(chat.id, reason or "")
            st.rerun()


@stores
def _delete(chat_id: UUID, reason: str) -> None:
    store, actor = session.store(), session.actor()
    result = delete_chat(store, chat_id, actor, reason)
    DELETING.close()
    own = deletion_of(store, chat_id)

    def told() -> Telling:
        if isinstance(result, Held):
            return Telling(f"{held_words(result)} {hold_words(result.holds[0])}")
        if isinstance(result, AlreadyDeleted):
            return Telling(_("This chat was deleted before, by {actor}.", actor=session.shown_actor(result.actor)))
        if isinstance(result, NoSuchChat):
            return Telling(_("There is no such chat any more."))
        chat = find_chat(session.store(), chat_id)
        if chat and chat.deleted_at is None:
            return came_back([chat_id])
        # Somebody may have brought it back and deleted it anew: that is theirs.
        ways = [undo_way(lambda: _undo(chat_id))] if deletion_of(session.store(), chat_id) == own else []
        # What the deletion did with the chat's mails.
        stopped = sum(
            bool(each.problem and each.problem.code == CHAT_DELETED and own and each.state_since == own.deleted_at)
            for each in mails_of(session.store(), chat_id)
        )
        mails = plural("{n} e-mail that waited will not be sent.", "{n} e-mails that waited will not be sent.", stopped)
        return Telling(" ".join([_("The chat is deleted."), *([mails] if stopped else [])]), ways)

    tell(told)
    if not isinstance(result, Held):
        show_chat(None)


@stores
def _undo(chat_id: UUID) -> None:
    restore_chats(session.store(), [chat_id], session.actor())
    if shows_chats():
        forget_outcome()
        show_chat(chat_id)


def came_back(chat_ids: Sequence[UUID], before: int = 0) -> Telling:
    """What is told of restored chats (`before` were there already) and of their mails, with a way to the first."""
    told = [plural("{n} chat is back.", "{n} chats are back.", len(chat_ids) - before)]
    if before:
        told.append(plural("{n} was restored before.", "{n} were restored before.", before))
    if waiting := waiting_count(session.store(), chat_ids):
        told.append(plural("{n} e-mail waits to be sent.", "{n} e-mails wait to be sent.", waiting))

    def open_first() -> None:
        forget_outcome()
        go(CHATS, to_address(ChatView(chat=chat_ids[0])))

    label = _("Open the chat") if len(chat_ids) == 1 else _("Open the first")
    return Telling(" ".join(told), [Way("open", label, "arrow_forward", open_first)])
