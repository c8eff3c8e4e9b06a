"""What was done about a chat, by whom and when."""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

import streamlit as st

from lib.chats.states import REASON_NAMES
from lib.language import _, mark, moment
from lib.mail import Problem, mail_sentence
from lib.missed.changes import ChangeCode
from lib.missed.history import Deed, HistoryEntry, history
from lib.screen.frame import session

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


def follow_up_history(chat_id: UUID) -> None:
    """Draws the history of a chat, newest first; nothing where nobody has done anything."""
    done = history(session.store(), chat_id)
    if not done:
        return
    st.markdown(_("**What was done**"))
    zone = session.settings().zone
    lines = [[moment(each.happened_at, zone), session.shown_actor(each.actor), _deed(each)] for each in done]
    st.text("\n".join(" · ".join(line) for line in lines))


def _deed(entry: HistoryEntry) -> str:
    """What was done, in words; holds names of people, so it is no Markdown."""
    values: dict[str, Any] = entry.detail.get("set", {})
    code = str(entry.detail.get("change", "")) if entry.action == "follow_up" else entry.action
    due = values.get("due_set_at")
    problem = entry.detail.get("problem")
    why = f" {mail_sentence(Problem(problem, ''))}" if problem else ""
    if code == "set_due" and due is None:
        code = "reset_due"
    done = _(
        DEEDS[cast(Told, code)],
        name=values.get("assignee"),
        reason=_reason(values),
        moment=moment(datetime.fromisoformat(due), session.settings().zone) if due else "",
    )
    return f"{done}.{why}" if why else done


def _reason(values: dict[str, Any]) -> str:
    code = values.get("not_needed")
    return " · ".join(filter(None, [_(REASON_NAMES[code]) if code else "", values.get("not_needed_text")]))
