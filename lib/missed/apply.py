"""Changes missed chats, one or many, in one transaction, never over what others did unseen; and takes changes back.

A mail that was sent is such a change: the contact with the visitor.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import pyarrow as pa

from lib.chats.stale import mark_due
from lib.chats.states import STATE_SQL, FollowUpState
from lib.commands import command
from lib.missed.changes import OWN_COLUMNS, Change, Columns
from lib.missed.team import note_colleague
from lib.store import Cursor, Row, Store, changed, now, record_event, rows

# What the person has seen: the version of each chat, or None for chats of which no version was on the screen.
Seen = Mapping[UUID, int | None]
Tell = Callable[[int, int], None]
RefusalReason = Literal["gone", "not_missed", "taken", "changed", "state", "same"]

# Rows written at a time, so that progress can be told.
CHUNK = 2000
EVENT = "follow_up"
MOMENTS = ("due_set_at", "contacted_at", "taken_in_at")


@dataclass(frozen=True)
class Refusal:
    """Why a chat was left alone.

    `gone`: deleted or unknown; `not_missed`: no missed chat any more; `taken`: `by` has it; `changed`: `by` changed it
    since it was seen; `state`: it is in a state in which this makes no sense; `same`: it is so already.
    """

    chat_id: UUID
    reason: RefusalReason
    by: str | None = None
    state: FollowUpState | None = None


@dataclass(frozen=True)
class Applied:
    """What a change did; `batch` and `moment` (naive UTC) name it for `undo`."""

    batch: UUID
    moment: datetime
    changed: tuple[UUID, ...]
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class _Step:
    """One chat's change: the columns as they will be and as they were, and the version after it."""

    chat_id: UUID
    ordinal: int
    version: int
    after: Columns
    before: Columns


@command("follow_up.change", "follow_up", "follow_up", "add_colleague", undone_by="follow_up.undo", chats="seen")
def apply(store: Store, change: Change, seen: Seen, actor: str, tell: Tell = lambda _done, _all: None) -> Applied:
    """What became of a change to some chats; `tell` hears how many of how many are done, and may raise to stop all."""
    batch = uuid4()

    def work(cursor: Cursor) -> Applied:
        # After the first reading: then no change that is seen here is of a later moment.
        found, moment = _read(cursor, seen), now()
        steps, refused = _sorted(change, found, seen, actor, moment)
        note_colleague(cursor, actor, moment)
        detail = {"change": change.code, "batch": str(batch)}
        _write(cursor, steps, actor=actor, moment=moment, detail=detail, tell=tell)
        _mark_past(cursor, found)
        return Applied(batch, moment, tuple(step.chat_id for step in steps), refused)

    return store.write(work)


@command("follow_up.undo", "follow_up", "follow_up", chats="applied.changed")
def undo(store: Store, applied: Applied, actor: str, tell: Tell = lambda _done, _all: None) -> Applied:
    """Takes a change back, wherever nobody has changed the chat since."""
    batch = uuid4()

    def work(cursor: Cursor) -> Applied:
        sql = f"SELECT chat_id, detail FROM events WHERE happened_at = $moment AND action = '{EVENT}'"
        told = rows(cursor.execute(sql, {"moment": applied.moment}))
        details = {row["chat_id"]: json.loads(row["detail"]) for row in told}
        events = {chat: event for chat, event in details.items() if event["batch"] == str(applied.batch)}
        moment = now()
        found = {row["id"]: row for row in _read(cursor, dict.fromkeys(events))}
        steps, refused = [], []
        for chat, event in events.items():
            row = found.get(chat)
            if row is None or row["deleted_at"]:
                refused.append(Refusal(chat, "gone"))
            elif row["version"] != event["version"]:
                refused.append(Refusal(chat, "changed", row["follow_up_by"], row["state"]))
            else:
                after = read_columns(event["before"])
                before = {name: row[name] for name in after}
                steps.append(_Step(chat, row["ordinal"], row["version"] + 1, after, before))
        detail = {"change": "undo", "batch": str(batch), "undoes": str(applied.batch)}
        _write(cursor, steps, actor=actor, moment=moment, detail=detail, tell=tell)
        _mark_past(cursor, found.values())
        return Applied(batch, moment, tuple(step.chat_id for step in steps), tuple(refused))

    return store.write(work)


def _read(cursor: Cursor, wanted: Iterable[UUID]) -> list[Row]:
    cursor.register("wanted", pa.table({"id": pa.array([str(each) for each in wanted], pa.string())}))
    return rows(
        cursor.execute(
            f"""SELECT id, ordinal, status, coalesce(deleted_at, anonymised_at) AS deleted_at, {STATE_SQL} AS state,
                    coalesce(follow_up_version, 0) AS version, follow_up_by, missed_past, {", ".join(OWN_COLUMNS)}
                FROM chats WHERE id IN (SELECT id::UUID FROM wanted)"""
        )
    )


def _sorted(
    change: Change, found: Sequence[Row], seen: Seen, actor: str, moment: datetime
) -> tuple[list[_Step], tuple[Refusal, ...]]:
    steps = []
    refused = [Refusal(chat, "gone") for chat in seen.keys() - {row["id"] for row in found}]
    for row in found:
        refusal = _refusal(change, row, seen[row["id"]], actor)
        if refusal:
            refused.append(refusal)
        else:
            after = {**change.values, "taken_in_at": row["taken_in_at"] or moment}
            before = {name: row[name] for name in after}
            steps.append(_Step(row["id"], row["ordinal"], row["version"] + 1, after, before))
    return steps, tuple(refused)


def _refusal(change: Change, row: Row, seen: int | None, actor: str) -> Refusal | None:
    """The first reason to leave the chat of `row` alone."""
    is_same = bool(change.values) and all(row[name] == value for name, value in change.values.items())
    is_taken = "assignee" in change.values and row["state"] == "assigned" and row["assignee"] != actor
    tests: tuple[tuple[bool, RefusalReason, str | None], ...] = (
        (row["deleted_at"] is not None, "gone", None),
        (row["status"] != "missed", "not_missed", None),
        (is_same, "same", row["follow_up_by"]),
        (is_taken and (change.spares_others or seen is None), "taken", row["assignee"]),
        (seen not in (None, row["version"]) and row["follow_up_by"] != actor, "changed", row["follow_up_by"]),
        (row["state"] not in change.allowed, "state", row["follow_up_by"]),
    )
    return next((Refusal(row["id"], reason, by, row["state"]) for holds, reason, by in tests if holds), None)


def _write(
    cursor: Cursor, steps: Sequence[_Step], *, actor: str, moment: datetime, detail: Mapping[str, str], tell: Tell
) -> None:
    for start in range(0, len(steps), CHUNK):
        tell(start, len(steps))
        chunk = steps[start : start + CHUNK]
        columns = list(chunk[0].after)
        cursor.register("steps", _table(cursor, chunk, columns))
        sets = ", ".join(f"{name} = s.{name}" for name in columns)
        cursor.execute(
            f"""UPDATE chats SET {sets}, follow_up_version = s.version, follow_up_by = $actor, follow_up_at = $moment
                FROM steps AS s WHERE chats.ordinal = s.ordinal AND chats.id = s.id::UUID""",
            {"actor": actor, "moment": moment},
        )
        if "contacted_at" in columns:
            mark_due(cursor, [step.chat_id for step in chunk])
        cursor.register("told", _told(chunk, detail))
        cursor.execute(
            f"""INSERT INTO events (id, happened_at, actor, action, chat_id, detail)
                SELECT id::UUID, $moment, $actor, '{EVENT}', chat_id::UUID, detail FROM told""",
            {"actor": actor, "moment": moment},
        )
    tell(len(steps), len(steps))


def _table(cursor: Cursor, steps: Sequence[_Step], columns: Sequence[str]) -> pa.Table:
    types = cursor.execute(f"SELECT {', '.join(columns)} FROM chats LIMIT 0").to_arrow_table().schema
    return pa.table(
        {
            "id": pa.array([str(step.chat_id) for step in steps]),
            "ordinal": pa.array([step.ordinal for step in steps], pa.int64()),
            "version": pa.array([step.version for step in steps], pa.int32()),
            **{name: pa.array([step.after[name] for step in steps], types.field(name).type) for name in columns},
        }
    )


def _told(steps: Sequence[_Step], detail: Mapping[str, str]) -> pa.Table:
    details = [
        json.dumps(
            {**detail, "set": step.after, "before": step.before, "version": step.version},
            ensure_ascii=False,
            sort_keys=True,
            default=datetime.isoformat,
        )
        for step in steps
    ]
    return pa.table(
        {
            "id": [str(uuid4()) for _ in steps],
            "chat_id": [str(step.chat_id) for step in steps],
            "detail": pa.array(details, pa.string()),
        }
    )


def _mark_past(cursor: Cursor, found: Iterable[Row]) -> None:
    """Marks chats that were past when they came in: they are due from when somebody first did something about them."""
    past = [row["id"] for row in found if row["missed_past"]]
    if past:
        mark_due(cursor, past)


def read_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as an event keeps them, with moments (naive UTC) as such again."""
    return {
        name: datetime.fromisoformat(value) if value is not None and name in MOMENTS else value
        for name, value in values.items()
    }


def contacted_by_mail(cursor: Cursor, chat_id: UUID, actor: str, moment: datetime, *, sent_at: datetime) -> bool:
    """Whether a mail is the first contact, which the chat's row then tells.

    It was sent at `sent_at` and is known as sent since `moment` (both naive UTC).
    """
    sql = """
        UPDATE chats SET contacted_at = $sent_at, contacted_by = $actor, contacted_how = 'mail',
            taken_in_at = coalesce(taken_in_at, $moment),
            follow_up_version = coalesce(follow_up_version, 0) + 1, follow_up_by = $actor, follow_up_at = $moment
        WHERE id = $id AND contacted_at IS NULL
    """
    if not changed(cursor, sql, {"id": chat_id, "actor": actor, "moment": moment, "sent_at": sent_at}):
        return False
    mark_due(cursor, [chat_id])
    version = rows(cursor.execute("SELECT follow_up_version FROM chats WHERE id = $id", {"id": chat_id}))[0]
    columns = {"contacted_at": sent_at.isoformat(), "contacted_by": actor, "contacted_how": "mail"}
    detail = {
        "change": "mail",
        "set": columns,
        "before": dict.fromkeys(columns),
        "version": version["follow_up_version"],
    }
    record_event(cursor, "follow_up", actor, chat_id, moment, **detail)
    return True
