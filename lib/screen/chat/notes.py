"""The internal notes on a chat, ours and those that came with the export; and what was done about it."""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat, vendor_notes
from lib.chats.notes import LONGEST, add_note, notes
from lib.chats.states import REASON_NAMES
from lib.language import _, mark, moment
from lib.mail import Problem, mail_sentence
from lib.missed.changes import ChangeCode
from lib.missed.history import Deed, HistoryEntry, history
from lib.screen.frame import session
from lib.screen.frame.storing import stores

BLANK_KEY = "blank_note"

# The changes of missed chats, other deeds, and what an event tells in another way.
Told = Literal[ChangeCode, Deed, "reset_due", "mail", "undo"]
DEEDS: dict[Told, str] = {
    "take": mark("Took the chat"),
    "assign": mark("Assigned it to {name}"),
    "release": mark("Gave it back to the queue"),
    "set_due": mark("Set the due time to {moment}"),
    "reset_due": mark("Set the due time by the working hours"),
    "contacted": mark("Marked it as contacted"),
    "mail": mark("Contacted by e-mail"),
    "not_needed": mark("Marked it as not needed: {reason}"),
    "reopen": mark("Put it back to do"),
    "take_in": mark("Took it back in"),
    "undo": mark("Took the last change back"),
    "mail_queued": mark("Wrote an e-mail"),
    "mail_sent": mark("Sent the e-mail"),
    "mail_failed": mark("Could not send the e-mail"),
    "mail_deferred": mark("Could not send the e-mail yet"),
    "mail_unknown": mark("May have sent the e-mail"),
    "mail_cancelled": mark("Cancelled the e-mail"),
    "mail_restored": mark("Let the e-mail wait again"),
    "mail_retried": mark("Tried the e-mail again"),
    "mail_resolved_sent": mark("Found that the e-mail was sent"),
    "mail_resolved_queued": mark("Sent the e-mail again"),
    "delete": mark("Deleted the chat"),
    "restore": mark("Restored the chat"),
}


def chat_notes(chat: Chat) -> None:
    """Draws all notes, a form to add one, and what was done about the chat, newest first."""
    store, zone = session.store(), session.settings().zone
    ours = [(session.shown_actor(n.author), moment(n.written_at, zone), n.text) for n in notes(store, chat.id)]
    theirs = [(n.name or "–", moment(n.sent_at, zone), n.text or "") for n in vendor_notes(store, chat)]
    if not ours and not theirs:
        st.caption(_("No notes yet. Notes are internal: visitors never see them, and no e-mail contains them."))
    for author, written_at, text in theirs:
        _note(author, written_at, text, from_export=True)
    for author, written_at, text in ours:
        _note(author, written_at, text, from_export=False)
    if session.may("note") and not chat.anonymised_at:
        key = f"note_text_{chat.id}"
        with st.container(key="note_text"):
            st.text_area(_("New note"), max_chars=LONGEST, height=90, key=key, persist_state="session")
        st.button(_("Add note"), key="add_note", icon=":material/add_comment:", on_click=_add, args=(chat.id, key))
        if st.session_state.pop(BLANK_KEY, False):
            st.warning(_("Write something first."))
    done = history(store, chat.id)
    if done:
        st.markdown(_("**What was done**"))
        lines = [[moment(each.happened_at, zone), session.shown_actor(each.actor), deed(each)] for each in done]
        st.text("\n".join(" · ".join(line) for line in lines))


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


def deed(entry: HistoryEntry) -> str:
    """What was done, in words; holds names of people, so it is no Markdown."""
    values: dict[str, Any] = entry.detail.get("set", {})
    code = str(entry.detail.get("change", "")) if entry.action == "follow_up" else entry.action
    due, reason = values.get("due_set_at"), values.get("not_needed")
    problem = entry.detail.get("problem")
    why = f" {mail_sentence(Problem(problem, ''))}" if problem else ""
    if code == "set_due" and due is None:
        code = "reset_due"
    done = _(
        DEEDS[cast(Told, code)],
        name=values.get("assignee"),
        reason=" · ".join(filter(None, [_(REASON_NAMES[reason]) if reason else "", values.get("not_needed_text")])),
        moment=moment(datetime.fromisoformat(due), session.settings().zone) if due else "",
    )
    return f"{done}.{why}" if why else done
