"""What people do with missed chats: each kind of change as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from lib.chats.states import FollowUpState, Reason

ChangeCode = Literal["take", "assign", "release", "set_due", "contacted", "not_needed", "reopen", "take_in"]
Columns = Mapping[str, Any]

# The columns of a chat that changes set; its history is a fold over them (see tests/missed/replaying.py).
OWN_COLUMNS = (
    "assignee", "due_set_at", "contacted_at", "contacted_by", "contacted_how", "not_needed", "not_needed_text",
    "taken_in_at",
)  # fmt: skip
LONGEST_REASON = 500

_OPEN: tuple[FollowUpState, ...] = ("to_do", "assigned", "past", "no_contact")
_WAITING: tuple[FollowUpState, ...] = (*_OPEN, "came_back")


@dataclass(frozen=True)
class Change:
    """Sets the columns of `values`, where the chat is in one of the `allowed` states; the first change of a chat also
    sets `taken_in_at`.

    `spares_others` says that a chat which somebody else has is left alone, whoever has seen it.
    """

    code: ChangeCode
    values: Columns
    allowed: tuple[FollowUpState, ...] = _OPEN
    spares_others: bool = field(default=False)


def take(person: str) -> Change:
    """`person` looks after the chat from now on, if nobody else does."""
    return Change("take", {"assignee": person}, spares_others=True)


def assign(person: str) -> Change:
    """`person` looks after the chat from now on."""
    return Change("assign", {"assignee": person})


def release() -> Change:
    """Nobody looks after the chat from now on."""
    return Change("release", {"assignee": None})


def set_due(moment: datetime | None) -> Change:
    """The chat is due at a naive UTC moment; None: as the working hours say."""
    return Change("set_due", {"due_set_at": moment})


def contacted(person: str, moment: datetime) -> Change:
    """`person` has written or called, outside of the app, at a naive UTC moment."""
    values = {"contacted_at": moment, "contacted_by": person, "contacted_how": "by_hand"}
    return Change("contacted", values, _WAITING)


def not_needed(reason: Reason, text: str = "") -> Change:
    """Nobody needs to write back."""
    values = {"not_needed": reason, "not_needed_text": text.strip()[:LONGEST_REASON] or None}
    return Change("not_needed", values, _WAITING)


def reopen() -> Change:
    """The chat is to do again: it was contacted, or not needed, by mistake."""
    values = dict.fromkeys(("contacted_at", "contacted_by", "contacted_how", "not_needed", "not_needed_text"))
    return Change("reopen", values, ("contacted", "recovered", "not_needed"))


def take_in() -> Change:
    """The chat is past no longer, but to do."""
    return Change("take_in", {}, ("past",))
