"""What came of a change of missed chats, and the way back."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.language import _, plural
from lib.ledger.changes import ChangeCode
from lib.ledger.changing import Applied, Refusal, undo
from lib.screen import session
from lib.screen.follow_up_looks import STATES
from lib.store import now

KEY = "follow_up_outcome"
TOLD_FOR = timedelta(minutes=10)
MOST_REASONS = 6
# Stands for any chat where refusals are counted by their reasons.
NO_CHAT = UUID(int=0)

Code = ChangeCode | Literal["undo"]


@dataclass(frozen=True)
class Outcome:
    """What was tried, by which name (of the new assignee), and what it did."""

    code: Code
    applied: Applied
    name: str = ""
    told_at: datetime = field(default_factory=now)


def tell(code: Code, applied: Applied, name: str = "") -> None:
    """Keeps an outcome to be drawn with the next run."""
    st.session_state[KEY] = Outcome(code, applied, name)


def follow_up_outcome() -> bool:
    """Draws what came of the last change, with Undo; returns False where there is nothing to tell."""
    outcome = st.session_state.get(KEY)
    if not isinstance(outcome, Outcome) or now() - outcome.told_at > TOLD_FOR:
        return False
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="follow_up_outcome"):
        st.text(" ".join(_sentences(outcome)), width="content")
        if outcome.applied.changed:
            st.button(
                _("Redo") if outcome.code == "undo" else _("Undo"),
                key="undo_follow_up",
                icon=":material/redo:" if outcome.code == "undo" else ":material/undo:",
                on_click=_undo,
                args=(outcome.applied,),
            )
        st.button(
            "", key="dismiss_follow_up", icon=":material/close:", type="tertiary", help=_("Close"), on_click=_dismiss
        )
    return True


def _undo(applied: Applied) -> None:
    store, actor = session.store(), session.actor()
    tell("undo", undo(store, applied, actor))


def _dismiss() -> None:
    st.session_state.pop(KEY, None)


def _sentences(outcome: Outcome) -> list[str]:
    """What was done, and for how many chats not, and why; holds names of people, so it is no Markdown."""
    changed = len(outcome.applied.changed)
    done = [_done(outcome.code, changed, outcome.name)] if changed or not outcome.applied.refused else []
    groups = Counter(replace(each, chat_id=NO_CHAT) for each in outcome.applied.refused)
    return [*done, *(_refused(why, count) for why, count in groups.most_common(MOST_REASONS))]


def _done(code: Code, n: int, name: str) -> str:
    sentences = {
        "take": lambda: plural("You have taken {n} chat.", "You have taken {n} chats.", n),
        "assign": lambda: plural("{n} chat is assigned to {name}.", "{n} chats are assigned to {name}.", n, name=name),
        "release": lambda: plural("{n} chat is with nobody now.", "{n} chats are with nobody now.", n),
        "set_due": lambda: plural("{n} chat has a new due time.", "{n} chats have a new due time.", n),
        "contacted": lambda: plural("{n} chat is marked as contacted.", "{n} chats are marked as contacted.", n),
        "not_needed": lambda: plural("{n} chat is marked as not needed.", "{n} chats are marked as not needed.", n),
        "reopen": lambda: plural("{n} chat is to do again.", "{n} chats are to do again.", n),
        "undo": lambda: plural("{n} chat is as it was before.", "{n} chats are as they were before.", n),
    }
    return sentences[code]()


def _refused(why: Refusal, n: int) -> str:
    state = _(STATES[why.state].name) if why.state else ""
    sentences = {
        "gone": lambda: plural("{n} chat was deleted meanwhile.", "{n} chats were deleted meanwhile.", n),
        "not_missed": lambda: plural("{n} chat is not missed any more.", "{n} chats are not missed any more.", n),
        "taken": lambda: plural(
            "{n} chat was left alone, because {name} has it.", "{n} chats were left alone, because {name} has them.", n,
            name=why.by,
        ),
        "changed": lambda: plural(
            "{n} chat was left alone, because {name} has changed it meanwhile.",
            "{n} chats were left alone, because {name} has changed them meanwhile.", n, name=why.by,
        ),
        "state": lambda: plural(
            "{n} chat was left alone: its state is “{state}”.",
            "{n} chats were left alone: their state is “{state}”.", n, state=state,
        ),
        "same": lambda: plural("{n} chat was like that already.", "{n} chats were like that already.", n),
    }  # fmt: skip
    return sentences[why.reason]()
