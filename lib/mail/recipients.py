"""What to know of chats before their visitors are written to: how old they are, and which a colleague looks after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lib.missed.settings import rules_of
from lib.store import Store


@dataclass(frozen=True)
class AgeAndCare:
    """When each of the chats began, which of them are older than `limit_d` days, and who has those of colleagues."""

    started_at: Mapping[UUID, datetime]
    old: Sequence[UUID]
    limit_d: float
    held_by: Mapping[UUID, str]

    @property
    def oldest(self) -> datetime | None:
        """When the oldest of them began; None where no start is known."""
        return min(self.started_at.values(), default=None)


def age_and_care(store: Store, chat_ids: Sequence[UUID], person: str, moment: datetime) -> AgeAndCare:
    """What to know of these chats before `person` writes; old is what would be past if it first came in now."""
    sql = """SELECT id, started_at, CASE WHEN lower(assignee) <> lower($person) THEN assignee END AS held_by
             FROM chats WHERE id IN (SELECT unnest($ids::UUID[])) ORDER BY started_at, id"""
    found = store.read(sql, {"ids": [str(each) for each in chat_ids], "person": person})
    started = {row["id"]: row["started_at"] for row in found if row["started_at"]}
    limit_d = rules_of(store).past_after_d
    limit = moment - timedelta(days=limit_d)
    held = {row["id"]: row["held_by"] for row in found if row["held_by"]}
    return AgeAndCare(started, [each for each, began in started.items() if began < limit], limit_d, held)
