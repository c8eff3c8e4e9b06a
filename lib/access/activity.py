"""Who did and saw what, as one list of events and accesses, newest first; and who has read a chat."""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from lib.access.accesses import READ
from lib.access.actions import GROUPS, actions_of
from lib.chats.clock import Clock
from lib.chats.own_files import for_spreadsheets
from lib.commands import command
from lib.store import Row, Store, now, record_event

PAGE_SIZE: Final = 100
# Of a file; a spreadsheet opens no more rows than a million.
MOST_ROWS: Final = 200_000
BOM: Final = "\ufeff"


@dataclass(frozen=True)
class Chosen:
    """Which entries are meant: all that fit whatever is set.

    `what` is a group or an action of the register; the days are those of the workspace, both included.
    """

    person: str | None = None
    what: str | None = None
    chat: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class Entry:
    """Something that somebody did or saw (naive UTC); `visitor` is of its chat, where that is still there."""

    id: UUID
    happened_at: datetime
    actor: str
    action: str
    address: str | None
    chat_id: UUID | None
    visitor: str | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class Activity:
    """A page of the list, from 1 to `pages`, and how many entries there are in all of them."""

    entries: tuple[Entry, ...]
    count: int
    page: int
    pages: int


# One relation, so that count, rows and files cannot disagree. The order is whole: two of one moment keep theirs.
_ALL: Final = """
    SELECT id, happened_at, actor, action, NULL::VARCHAR AS address, chat_id, detail FROM events
    UNION ALL SELECT id, happened_at, actor, action, address, chat_id, detail FROM accesses
"""
_FITS: Final = """
    ($person IS NULL OR actor = $person) AND ($chat IS NULL OR chat_id = $chat)
    AND (len($actions) = 0 OR list_contains($actions, action))
    AND ($since IS NULL OR happened_at >= $since) AND ($until IS NULL OR happened_at < $until)
"""
_PAGE: Final = f"""
    WITH fitting AS (SELECT id, happened_at FROM ({_ALL}) WHERE {_FITS}),
    shown AS (SELECT id FROM fitting ORDER BY happened_at DESC, id LIMIT $size OFFSET $start)
    SELECT counted.n, told.*, c.visitor_name AS visitor, c.id IS NOT NULL AS is_there
    FROM (SELECT count(*) AS n FROM fitting) AS counted
    LEFT JOIN (FROM ({_ALL}) WHERE id IN (FROM shown)) AS told ON TRUE
    LEFT JOIN chats AS c ON c.id = told.chat_id
    ORDER BY happened_at DESC, told.id
"""


def activity(store: Store, chosen: Chosen, clock: Clock, page: int = 1) -> Activity:
    """The page (the last one where there are fewer) of the entries that are meant."""
    found = store.read(_PAGE, _values(chosen, clock) | {"size": PAGE_SIZE, "start": (page - 1) * PAGE_SIZE})
    count = int(found[0]["n"])
    pages = max(1, math.ceil(count / PAGE_SIZE))
    if page > pages:
        return activity(store, chosen, clock, pages)
    return Activity(tuple(_entry(row) for row in found if row["id"]), count, page, pages)


def _values(chosen: Chosen, clock: Clock) -> dict[str, Any]:
    what = chosen.what
    return {
        "person": chosen.person,
        "chat": chosen.chat,
        # Of an action that is not known here there are no entries, and not all.
        "actions": [] if what is None else actions_of(what) if what in GROUPS else [what],
        "since": clock.start_of(chosen.first_day) if chosen.first_day else None,
        "until": clock.end_of(chosen.last_day) if chosen.last_day else None,
    }


def _entry(row: Row) -> Entry:
    visitor = row["visitor"] or "" if row["is_there"] else None
    own = {name: row[name] for name in ("id", "happened_at", "actor", "action", "address", "chat_id")}
    return Entry(**own, visitor=visitor, detail=json.loads(row["detail"]))


def people(store: Store) -> list[str]:
    """Everybody who has done or seen something, by name."""
    sql = f"SELECT DISTINCT actor FROM ({_ALL}) ORDER BY lower(actor), actor"
    return [row["actor"] for row in store.read(sql)]


@dataclass(frozen=True)
class Reader:
    """Somebody who has read a chat, and when they last began to on a day (naive UTC)."""

    person: str
    last_at: datetime


def who_read(store: Store, chat_id: UUID) -> list[Reader]:
    """Who has read a chat, the last first, as far as readings are kept."""
    sql = """
        SELECT actor AS person, max(happened_at) AS last_at FROM accesses WHERE chat_id = $id AND action = $read
        GROUP BY actor ORDER BY last_at DESC, person
    """
    return [Reader(**row) for row in store.read(sql, {"id": chat_id, "read": READ})]


@command("activity.export", "activity", "activity_export")
def export(
    store: Store, chosen: Chosen, clock: Clock, columns: Mapping[str, Callable[[Entry], str]], actor: str
) -> bytes:
    """A CSV of the newest MOST_ROWS entries that are meant, by the headings of its columns and what stands in them.

    No spreadsheet takes a cell of it for a formula. It is recorded who took it along; raises StoreError.
    """
    sql = _PAGE.replace("LIMIT $size OFFSET $start", "LIMIT $size")
    found = store.read(sql, _values(chosen, clock) | {"size": MOST_ROWS})
    entries = [_entry(row) for row in found if row["id"]]
    told = io.StringIO(newline="")
    writer = csv.writer(told)
    writer.writerow(columns)
    writer.writerows([for_spreadsheets(cell_of(entry)) for cell_of in columns.values()] for entry in entries)
    store.write(
        lambda cursor: record_event(cursor, "activity_export", actor, None, now(), rows=len(entries)), counts=False
    )
    return (BOM + told.getvalue()).encode("utf-8", "replace")
