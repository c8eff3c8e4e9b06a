"""Merges staged records into the store, inside a transaction of its caller."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from lib.importing import merge_steps as sql
from lib.store import Cursor, changed

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Merged:
    """What a merge did, as counts of chats and messages."""

    new: int
    updated: int
    unchanged: int
    deleted_kept: int
    messages_only: int
    repeated: int
    repeated_entries: int
    unknown_rows: int
    messages_stored: int


COMPARING = (
    sql.FIRSTS, sql.NAMED, sql.AFFECTED, sql.MIXTURES, sql.UNKNOWNS, sql.TALLIES, sql.CHANGES, sql.ORDINALS,
    sql.OPENINGS, sql.SPEAKERS, sql.MERGED,
)  # fmt: skip
WRITING = (sql.INSERT_CHATS, sql.HOLD_CHATS, sql.UPDATE_CHATS, sql.DELETE_MESSAGES, sql.INSERT_MESSAGES)
STEPS = len(COMPARING) + len(WRITING)


def merge(cursor: Cursor, import_id: UUID, step: Step) -> Merged:
    """Counts of what was written; `step` is told the steps done, and all steps."""
    for number, statement in enumerate(COMPARING):
        step(number, STEPS)
        cursor.execute(statement, {"import_id": import_id} if statement is sql.MERGED else None)
    counts = _counts(cursor)
    stored = 0
    for number, statement in enumerate(WRITING, len(COMPARING)):
        step(number, STEPS)
        if counts["updated"] or statement in (sql.INSERT_CHATS, sql.INSERT_MESSAGES):
            stored = changed(cursor, statement, {})
    repeated = changed(cursor, sql.REJECT_REPEATED, {})
    unknown = changed(cursor, sql.REJECT_UNKNOWN, {})
    changed(cursor, sql.INSERT_REJECTED, {"import_id": import_id})
    _drop(cursor)
    step(STEPS, STEPS)
    return Merged(**counts, repeated=repeated, unknown_rows=unknown, messages_stored=stored)


def take_turn(cursor: Cursor) -> None:
    """Makes a second import that runs at the same time conflict with this one; the slower one then starts again."""
    cursor.execute("UPDATE turns SET taken = taken + 1 WHERE name = 'import'")


def _counts(cursor: Cursor) -> dict[str, int]:
    cursor.execute("""
        SELECT
            count(*) FILTER (state = 'new') AS new,
            count(*) FILTER (state = 'updated') AS updated,
            count(*) FILTER (state = 'unchanged') AS unchanged,
            count(*) FILTER (deleted) AS deleted_kept,
            count(*) FILTER (NOT staged) AS messages_only,
            (
                SELECT coalesce(sum(s.entries), 0)::BIGINT
                FROM staged_chats AS s ANTI JOIN firsts AS f ON f.number = s.number
            ) AS repeated_entries
        FROM changes
    """)
    names = [column[0] for column in cursor.description or []]
    return dict(zip(names, cursor.fetchone() or (), strict=True))


def _drop(cursor: Cursor) -> None:
    for name in sql.DERIVED_TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")
