"""Single statements, in whose transaction ever they run, and the record of what our users did."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import duckdb

Cursor = duckdb.DuckDBPyConnection
Params = Mapping[str, Any]
Row = dict[str, Any]


def rows(cursor: Cursor) -> list[Row]:
    """All rows of an executed query as dictionaries."""
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changed(cursor: Cursor, sql: str, params: Params) -> int:
    """Number of rows that an UPDATE, DELETE or INSERT touched."""
    row = cursor.execute(sql, dict(params)).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def transaction(cursor: Cursor) -> Iterator[None]:
    """A transaction of its own: all that is done in it, or nothing."""
    cursor.execute("BEGIN")
    try:
        yield
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def insert(cursor: Cursor, table: str, values: Params) -> None:
    """Adds a row with these values, by the names of their columns."""
    places = ", ".join(f"${name}" for name in values)
    cursor.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", dict(values))


def take_turn(cursor: Cursor, name: str) -> None:
    """Makes whoever takes the same turn at the same time conflict with this writer; the slower one starts again.

    Two who find a name free, or no row, would both add one: an update of the same row lets only one of them through.
    """
    cursor.execute("UPDATE turns SET taken = taken + 1 WHERE name = $name", {"name": name})


def literal(text: object) -> str:
    """SQL of a text, for where no value can be bound."""
    return "'" + str(text).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """SQL of a name that may have any sign."""
    return '"' + name.replace('"', '""') + '"'


def looked_up(values: Mapping[str, str], key: str) -> str:
    """SQL of what has the key (SQL) among these values; NULL where nothing has.

    A CASE would say the key once for each of them, and the engine would take long to understand it.
    """
    pairs = ", ".join(f"{literal(name)}: {literal(value)}" for name, value in values.items())
    return f"MAP {{{pairs}}}[{key}]"


def now() -> datetime:
    """The present moment as naive UTC, the form in which the store keeps times."""
    return datetime.now(UTC).replace(tzinfo=None)


def record_event(
    cursor: Cursor, action: str, actor: str, chat_id: UUID | None, happened_at: datetime, **detail: object
) -> None:
    """Adds an event to the transaction of `cursor`."""
    insert(cursor, "events", event_row(action, actor, chat_id, happened_at, **detail))


def event_row(
    action: str, actor: str, chat_id: UUID | None, happened_at: datetime, **detail: object
) -> dict[str, object]:
    """The row of an event; `detail` is kept as JSON."""
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    row = {"happened_at": happened_at, "actor": actor, "action": action, "chat_id": chat_id, "detail": told}
    return {"id": uuid4()} | row


def remove_events(
    cursor: Cursor,
    table: Literal["events", "accesses"],
    condition: str,
    params: Params,
    *,
    reason: str,
    moment: datetime,
) -> int:
    """Number of rows for which the condition held, and which are gone; each leaves word that it was rightly removed.

    Whoever removes them records an event of the same moment (naive UTC) that says how many they were: see
    lib/access/verifying.py.
    """
    leaving = {"reason": reason, "moment": moment}
    cursor.execute(
        f"INSERT INTO removed_events SELECT id, $reason, $moment FROM {table} WHERE {condition}", dict(params) | leaving
    )
    return changed(cursor, f"DELETE FROM {table} WHERE {condition}", params)
