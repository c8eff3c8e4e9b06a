"""Where one missed chat stands in the ledger, and what was done about it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

from lib.chats.states import DUE_SQL, STATE_SQL, FollowUpState, Reason
from lib.store import Store

# Events that tell what people, and the app, did about a chat, besides the changes of missed chats.
Deed = Literal[
    "mail_queued", "mail_sent", "mail_failed", "mail_deferred", "mail_unknown", "mail_cancelled", "mail_retried",
    "mail_resolved_sent", "mail_resolved_queued", "mail_restored", "delete", "restore",
]  # fmt: skip
ACTIONS = ("follow_up", *get_args(Deed))


@dataclass(frozen=True)
class FollowUp:
    """State and work of a missed chat; times are naive UTC."""

    chat_id: UUID
    state: FollowUpState
    version: int
    due_at: datetime | None
    assignee: str | None
    contacted_at: datetime | None
    contacted_by: str | None
    not_needed: Reason | None
    not_needed_text: str | None
    came_back_at: datetime | None
    came_back_chat: UUID | None
    recovered_at: datetime | None
    recovered_chat: UUID | None
    reply_channel: str | None
    reply_until: datetime | None
    reply_closed_at: datetime | None
    repeats: int

    @property
    def is_open(self) -> bool:
        """Whether somebody should write to the visitor, or could if there were contact data or it were not past."""
        return self.state in ("to_do", "assigned", "past", "no_contact")

    def is_overdue(self, now: datetime) -> bool:
        """Whether the due time is over and nobody has written."""
        return self.state in ("to_do", "assigned") and self.due_at is not None and self.due_at < now


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that somebody did: the event's action and its detail; `happened_at` is naive UTC."""

    happened_at: datetime
    actor: str
    action: str
    detail: dict[str, Any]


# A chat in which the visitor was served may be one that is not there for everybody.
_STANDING = "(SELECT any_value(served.id) FROM chats AS served WHERE served.id = chats.{0}) AS {0}"


def follow_up_of(store: Store, chat_id: UUID) -> FollowUp | None:
    """Where a missed chat stands; None for any other chat, and where there is nobody any more to follow up."""
    found = store.read(
        f"""SELECT id AS chat_id, {STATE_SQL} AS state, coalesce(follow_up_version, 0) AS version, {DUE_SQL} AS due_at,
                assignee, contacted_at, contacted_by, not_needed, not_needed_text, came_back_at, recovered_at,
                {_STANDING.format("came_back_chat")}, {_STANDING.format("recovered_chat")},
                reply_channel, reply_until, reply_closed_at, coalesce(missed_repeats, 1) AS repeats
            FROM chats WHERE id = $id AND status = 'missed' AND deleted_at IS NULL
                AND anonymised_at IS NULL""",
        {"id": chat_id},
    )
    return FollowUp(**found[0]) if found else None


def history(store: Store, chat_id: UUID) -> list[HistoryEntry]:
    """What was done about a chat, newest first; notes are left out, they stand by themselves."""
    actions = ", ".join(f"'{action}'" for action in ACTIONS)
    found = store.read(
        f"""SELECT happened_at, actor, action, detail FROM events WHERE chat_id = $id AND action IN ({actions})
            ORDER BY happened_at DESC, coalesce(json_extract(detail, '$.version')::INTEGER, 0) DESC""",
        {"id": chat_id},
    )
    return [HistoryEntry(**row | {"detail": json.loads(row["detail"])}) for row in found]
