"""Erasing in some days: it stands in a list until then, can be cancelled, and is carried out by the app itself."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from lib.chats.holds import Held, held_of
from lib.chats.persons import Kind, Wanted
from lib.commands import command
from lib.erasure.erasing import Erased, carry_out, reason_of_erasing
from lib.erasure.erasing import Refusal as NotErased
from lib.erasure.finding import find, forget, gather
from lib.store import Cursor, Row, Store, changed, insert, now, record_event, rows, take_turn

# In so many days.
Delay = Literal[1, 7, 30]
DELAYS: Final[tuple[Delay, ...]] = (1, 7, 30)
Refusal = NotErased | Literal["already"]
# Of what was due while a legal hold was on it.
AGAIN_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """What is to be erased, when, why, and by whose wish (naive UTC)."""

    id: UUID
    asked_at: datetime
    asked_by: str
    due_at: datetime
    wanted: Wanted
    reason: str
    keeps_chats: bool


@command("erasure.schedule", "erase", "erasure_scheduled")
def erase_later(
    store: Store, wanted: Wanted, reason: str, days: Delay, actor: str, *, keeps_chats: bool = False
) -> Due | Refusal | Held:
    """Has it erased in so many days: all that there is then; not, where a legal hold is on it. Raises StoreError.

    Nothing is hidden until then, but chats that are deleted.
    """
    why, wanted = reason_of_erasing(reason), replace(wanted, value=wanted.value.strip())
    if not why:
        return "no_reason"
    if not wanted.is_somebody:
        return "nobody"
    if find(store, wanted).is_nothing:
        return "nothing"
    moment = now()
    due = Due(uuid4(), moment, actor, moment + timedelta(days=days), wanted, why, keeps_chats)
    row = {name: getattr(due, name) for name in ("id", "asked_at", "asked_by", "due_at", "reason", "keeps_chats")}
    named = {"kind": wanted.kind, "wanted": _as_text(wanted)}

    def work(cursor: Cursor) -> Due | Refusal | Held:
        take_turn(cursor, "erasing")
        gather(cursor, wanted)
        held = held_of(cursor, "erasing", wanted)
        forget(cursor)
        if held:
            return held
        same = "FROM erasures_due WHERE kind = $kind AND lower(wanted) = lower($wanted)"
        if cursor.execute(same, named).fetchone():
            return "already"
        insert(cursor, "erasures_due", row | named)
        record_event(cursor, "erasure_scheduled", actor, None, moment, kind=wanted.kind, days=days)
        return due

    return store.write(work)


@command("erasure.cancel", "erase", "erasure_cancelled")
def cancel(store: Store, due_id: UUID, actor: str) -> bool:
    """Whether it is not erased any more; not, where it has been, or somebody else has cancelled it."""

    def work(cursor: Cursor) -> bool:
        row = _taken(cursor, due_id)
        if row:
            record_event(cursor, "erasure_cancelled", actor, None, now(), kind=row["kind"])
        return bool(row)

    return store.write(work)


def to_be_erased(store: Store) -> list[Due]:
    """All that waits to be erased, what is due first."""
    return [_due(row) for row in store.read("FROM erasures_due ORDER BY due_at, id")]


def erase_due(store: Store) -> list[Erased]:
    """What was erased since it was due, each in a transaction of its own, by the app itself. Raises StoreError."""
    due = "SELECT id FROM erasures_due WHERE due_at <= $moment ORDER BY due_at, id"
    found = [_erase(store, row["id"]) for row in store.read(due, {"moment": now()})]
    return [each for each in found if each]


def _erase(store: Store, due_id: UUID) -> Erased | None:
    def work(cursor: Cursor) -> Erased | None:
        take_turn(cursor, "import")
        row = _taken(cursor, due_id)
        if row is None:
            return None
        due = _due(row)
        # Where nothing is left of it, that is told as well: with counts of nothing.
        done = carry_out(
            cursor, due.wanted, due.reason, due.asked_by, keeps_chats=due.keeps_chats, asked_at=due.asked_at
        )
        if isinstance(done, Held):
            # It waits until the hold is lifted, and is looked at again each day.
            insert(cursor, "erasures_due", row | {"due_at": now() + AGAIN_AFTER})
            return None
        return done

    return store.write(work)


def _taken(cursor: Cursor, due_id: UUID) -> Row | None:
    """The row, which is not there any more; of two who take it, one finds it."""
    found = rows(cursor.execute("FROM erasures_due WHERE id = $id", {"id": due_id}))
    changed(cursor, "DELETE FROM erasures_due WHERE id = $id", {"id": due_id})
    return found[0] if found else None


def _as_text(wanted: Wanted) -> str:
    told: dict[str, Any] = asdict(wanted) | {"chats": sorted(map(str, wanted.chats))}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _due(row: Row) -> Due:
    told = json.loads(row["wanted"])
    kind: Kind = told["kind"]
    chats = tuple(UUID(each) for each in told["chats"])
    wanted = Wanted(kind, chats, told["value"], told["system"], told["account"])
    return Due(
        row["id"], row["asked_at"], row["asked_by"], row["due_at"], wanted, row["reason"], bool(row["keeps_chats"])
    )
