"""Merges staged records into the store, inside a transaction of its caller."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lib.chats.stale import find_shared, mark_imported
from lib.importing import limits
from lib.importing.merge import affected, entries, names, owners, writes
from lib.importing.merge.facts import NONE_UNITED, SEVERAL, UNITED
from lib.importing.merge.held_back import hold_back
from lib.importing.merge.rows import MERGED
from lib.importing.merge.turns import turns
from lib.importing.merge.undoing import KEEP_BESIDE, KEEP_UPDATED, forget_replaced, is_kept
from lib.importing.merge.verdict import decide_anew
from lib.importing.records.times import Counted
from lib.importing.report import REMARKS, Unnamed
from lib.store import Cursor, changed, rows
from lib.store.phone_numbers import write_phone_forms

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Merged:
    """What a merge does, as counts of chats, messages and rejected rows; `status_changes` as `ongoing>completed`."""

    new: int
    updated: int
    unchanged: int
    deleted_kept: int
    messages_only: int
    repeated: int
    twice: int
    twice_entries: int
    waiting: int
    joined: int
    status_changes: dict[str, int]
    deleted_there: int
    messages_missing: Counted
    others: Counted
    emptied: Counted
    unnamed: tuple[Unnamed, ...]
    held_back: int
    messages_stored: int = 0


COMPARING = (
    names.CALLED, names.NAME_STAGED,
    owners.PLACES, owners.PLACE_ROWS, owners.OWNERS, affected.FIRSTS, SEVERAL, UNITED,
    entries.CLAIMED, entries.RECALL_WAITING, entries.NAMED, owners.KNOWN_VISITORS, owners.TOUCHED, affected.AFFECTED,
    entries.MIXTURES, entries.UNKNOWNS, entries.TALLIES, affected.CHANGES, affected.ORDINALS,
    turns(entries.ENTRIES), entries.openings(entries.ENTRIES), entries.SPEAKERS, MERGED,
    writes.SAME, writes.FORGET_SAME, writes.LEAVE_SAME, writes.UNCLAIMED,
)  # fmt: skip
# What takes the engine long to understand is done only where there is something for it; else what stands in its place.
_ONLY_FOR: Mapping[str, tuple[str, str | None]] = {
    names.CALLED: (names.ARE_KNOWN, names.NONE_CALLED),
    names.NAME_STAGED: ("FROM called", None),
    UNITED: ("FROM several", NONE_UNITED),
    **dict.fromkeys((writes.SAME, writes.FORGET_SAME, writes.LEAVE_SAME), (writes.MAY_BE_SAME, None)),
}
_OF_SEVERAL = (owners.PLACES, owners.PLACE_ROWS, owners.OWNERS)
WRITING_CHATS = (
    writes.INSERT_CHATS, writes.HOLD_CHATS, writes.UPDATE_CHATS, writes.DELETE_MESSAGES, writes.INSERT_MESSAGES,
)  # fmt: skip
STEPS = len(COMPARING) + len(WRITING_CHATS)


def compare(
    cursor: Cursor, import_id: UUID, moment: datetime, zone: str, step: Step, *, several: Sequence[str] = ()
) -> Merged:
    """What a merge would do at `moment` (naive UTC) in a zone, where the systems `several` have more than one account.

    `step` is told the steps done, and all steps.
    """
    params: dict[str, dict[str, Any]] = {
        MERGED: {"import_id": import_id, "moment": moment, "zone": zone},
        owners.PLACES: {"several": [*several]},
        owners.OWNERS: {"several": [*several]},
    }
    joined, held_back = 0, hold_back(cursor)
    if not several:
        cursor.execute(owners.NO_PLACES)
    for number, statement in enumerate(COMPARING):
        step(number, STEPS)
        if statement in _OF_SEVERAL and not several:
            continue
        anything, instead = _ONLY_FOR.get(statement, (None, None))
        if anything and not rows(cursor.execute(f"SELECT EXISTS ({anything}) AS found"))[0]["found"]:
            if instead:
                cursor.execute(instead)
            continue
        found = cursor.execute(statement, params.get(statement))
        if statement is MERGED:
            write_phone_forms(cursor, "merged", zone, known="staged_phones")
        if statement is entries.RECALL_WAITING:
            row = found.fetchone()
            joined = int(row[0]) if row else 0
    unnamed = cursor.execute(owners.UNNAMED, {"several": [*several]}).fetchall() if several else []
    return Merged(
        **_counts(cursor),
        joined=joined,
        status_changes=dict(cursor.execute(writes.STATUS_CHANGES).fetchall()),
        unnamed=tuple(Unnamed(*row) for row in unnamed),
        held_back=held_back,
    )


def write(cursor: Cursor, import_id: UUID, moment: datetime, compared: Merged, step: Step) -> int:
    """Writes what `compare` found, and returns the number of messages written."""
    stored = 0
    forget_replaced(cursor, moment)
    cursor.execute(names.RENEWED)
    if is_kept(compared.updated):
        for keep in (*(KEEP_UPDATED if compared.updated else ()), *KEEP_BESIDE):
            cursor.execute(keep, {"import_id": import_id})
    for number, statement in enumerate(WRITING_CHATS, len(COMPARING)):
        step(number, STEPS)
        if compared.updated or statement in (writes.INSERT_CHATS, writes.INSERT_MESSAGES):
            stored = changed(cursor, statement, {})
    cursor.execute(writes.FORGET_VISITORS)
    cursor.execute(writes.STORE_VISITORS)
    cursor.execute(names.FORGET_NAMES)
    changed(cursor, names.STORE_NAMES, {"import_id": import_id})
    cursor.execute(writes.FORGET_CLAIMED)
    cursor.execute(writes.FORGET_REPLACED)
    changed(cursor, writes.KEEP_WAITING, {"import_id": import_id})
    changed(cursor, writes.REJECT_REPEATED, {"most": limits.MOST_REJECTED})
    changed(cursor, writes.INSERT_REJECTED, {"import_id": import_id})
    decide_anew(cursor, moment)
    mark_imported(cursor, import_id)
    find_shared(cursor, import_id)
    step(STEPS, STEPS)
    return stored


def forget(cursor: Cursor) -> None:
    """Drops what `compare` left in the cursor."""
    for name in writes.DERIVED_TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _counts(cursor: Cursor) -> dict[str, Any]:
    cursor.execute("""
        SELECT *, (SELECT count(*) FROM unclaimed) AS waiting
        FROM (
            SELECT
                count(*) FILTER (state = 'new') AS new,
                count(*) FILTER (state = 'updated') AS updated,
                count(*) FILTER (state = 'unchanged') AS unchanged,
                count(*) FILTER (deleted) AS deleted_kept,
                count(*) FILTER (NOT staged) AS messages_only
            FROM changes
        ), (
            SELECT
                count(*) FILTER (NOT combined) AS repeated,
                count(*) FILTER (combined) AS twice,
                coalesce(sum(entries), 0)::BIGINT AS twice_entries
            FROM staged_chats AS s ANTI JOIN firsts AS f ON f.number = s.number
        )
    """)
    names = [column[0] for column in cursor.description or []]
    counts = dict(zip(names, cursor.fetchone() or (), strict=True))
    (remarks,) = rows(cursor.execute(writes.REMARKS))
    counted = {name: Counted(remarks[name]["count"], remarks[name]["examples"] or []) for name in REMARKS}
    return counts | remarks | counted
