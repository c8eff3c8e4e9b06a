"""The queries of an export: the chats that are meant, and slices of them as lines of text or as Arrow rows.

All of one export is read in one transaction, so that what is written meanwhile changes nothing in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from lib.chats.filter.matching import Matching
from lib.chats.listing import Sort
from lib.export import csv_sql, json_sql, parquet_sql
from lib.export.choice import Choice
from lib.export.columns import VENDOR_NOTES
from lib.export.masking import NAME_PATTERNS, masked_text
from lib.store import Cursor

# A slice is about so many messages, so that neither long chats nor many short ones fill the memory.
SLICE_ENTRIES = 100_000
BATCH_ROWS = 2_000
# How often the messages may be read, over all slices, before it is faster to put the lines in order afterwards.
MOST_READ = 4

_TABLE = "exported"


@dataclass(frozen=True)
class Slice:
    """Some of the chats, in the order of the export: number, how many, and between which ordinals they lie."""

    number: int
    chats: int
    first: int
    last: int


@dataclass(frozen=True)
class Parts:
    """The slices of an export; `scattered` ones are not in its order, but so that each lies together in the store."""

    slices: tuple[Slice, ...]
    scattered: bool

    @property
    def chats(self) -> int:
        """How many chats there are in all."""
        return sum(part.chats for part in self.slices)


def choose(cursor: Cursor, found: Matching, sort: Sort, *, may_scatter: bool = True) -> Parts:
    """Fixes the chats of the export and their order, for this cursor."""
    for name, table in found.tables.items():
        cursor.register(name, table)
    picked = found.select(f"id, ordinal, message_count + 1 AS entries, row_number() OVER ({sort.sql}) AS place")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS {_sliced(picked, 'place')}", found.params)
    parts = Parts(_slices(cursor), scattered=False)
    span = max((part.last for part in parts.slices), default=0) - min((part.first for part in parts.slices), default=0)
    if not may_scatter or sum(part.last - part.first for part in parts.slices) <= MOST_READ * (span + 1):
        return parts
    # Each slice would read nearly all messages again.
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {_TABLE} AS {_sliced(f'SELECT * FROM {_TABLE}', 'ordinal, place')}")
    return Parts(_slices(cursor), scattered=True)


def _sliced(picked: str, order: str) -> str:
    before = f"sum(entries) OVER (ORDER BY {order} ROWS UNBOUNDED PRECEDING)"
    return f"SELECT place, id, ordinal, entries, (({before} - 1) // {SLICE_ENTRIES})::INTEGER AS slice FROM ({picked})"


def _slices(cursor: Cursor) -> tuple[Slice, ...]:
    sql = f"SELECT slice, count(*), min(ordinal), max(ordinal) FROM {_TABLE} GROUP BY slice ORDER BY slice"
    return tuple(Slice(*row) for row in cursor.execute(sql).fetchall())


def forget(cursor: Cursor) -> None:
    """Drops what `choose` made."""
    cursor.execute(f"DROP TABLE IF EXISTS temp.{_TABLE}")


def chat_lines(cursor: Cursor, choice: Choice, part: Slice) -> Iterator[pa.RecordBatch]:
    """Batches with `line` (a chat), `entries` (of its transcript) and `place` (in the order of the export)."""
    if choice.format == "csv":
        return _batches(cursor, choice, part, csv_sql.chat_line(choice), said=None)
    said = json_sql.message_object(choice) if choice.with_messages else None
    return _batches(cursor, choice, part, json_sql.chat_line(choice), f"string_agg({said}, ',' ORDER BY m.position)")


def message_lines(cursor: Cursor, choice: Choice, part: Slice) -> Iterator[pa.RecordBatch]:
    """Batches of the same columns for CSV, where `line` holds the lines of all messages of a chat."""
    said = f"string_agg({csv_sql.message_line(choice)}, '' ORDER BY m.position)"
    return _batches(cursor, choice, part, "s.said", said)


def chat_rows(cursor: Cursor, choice: Choice, part: Slice) -> pa.Table:
    """The chats of a slice as rows with their messages inside, for Parquet; the last two are `entries` and `place`."""
    said = f"list({parquet_sql.message_struct(choice)} ORDER BY m.position)" if choice.with_messages else None
    sql = _query(choice, parquet_sql.chat_columns(choice), said)
    return cursor.execute(sql, _bound(part)).to_arrow_table()


def _batches(cursor: Cursor, choice: Choice, part: Slice, line: str, said: str | None) -> Iterator[pa.RecordBatch]:
    said = said if choice.with_messages else None
    sql = _query(choice, f"{line} AS line", said)
    yield from cursor.execute(sql, _bound(part)).to_arrow_reader(BATCH_ROWS)


def _bound(part: Slice) -> dict[str, Any]:
    return {"slice": part.number, "first": part.first, "last": part.last}


def _query(choice: Choice, columns: str, said: str | None) -> str:
    """A query of a slice; `columns` may name those of the chat (c) and what was said (s)."""
    steps = [
        f"part AS (SELECT * FROM {_TABLE} WHERE slice = $slice)",
        "picked AS (SELECT c.*, p.place, a.told AS account_told, coalesce(a.name, a.told, c.account) AS account_name"
        " FROM chats AS c JOIN part AS p ON p.ordinal = c.ordinal AND p.id = c.id"
        " LEFT JOIN accounts AS a ON a.system = c.system AND a.account = coalesce(c.account, '')"
        " WHERE c.ordinal BETWEEN $first AND $last)",
    ]
    if "names" in choice.masks:
        names = "LEFT JOIN name_patterns AS n ON n.id = picked.id"
        steps += [NAME_PATTERNS, f"known AS (SELECT picked.*, n.name_pattern, n.plain_names FROM picked {names})"]
    else:
        steps.append("known AS (SELECT * FROM picked)")
    steps.append(_own_notes(choice))
    if said:
        # What is masked in a message is known of its chat, and in CSV each message names its chat.
        of_chat = "known" if choice.masks or choice.format == "csv" else "part"
        notes = "" if choice.has(VENDOR_NOTES) else " AND m.kind <> 'note'"
        steps.append(
            f"said AS (SELECT m.chat_id AS id, {said} AS said, count(*) AS entries"
            f" FROM messages AS m JOIN {of_chat} AS c ON c.ordinal = m.ordinal AND c.id = m.chat_id"
            f" WHERE m.ordinal BETWEEN $first AND $last{notes} GROUP BY m.chat_id)"
        )
    entries = "coalesce(s.entries, 0)" if said else "0"
    join = " LEFT JOIN said AS s ON s.id = c.id" if said else ""
    chosen = f"SELECT {columns}, {entries} AS entries, c.place FROM noted AS c{join}"
    return f"WITH {', '.join(steps)} {chosen} ORDER BY c.place"


def _own_notes(choice: Choice) -> str:
    """The chats with our own notes as JSON, of which what people wrote is masked first."""
    text = "json_extract_string(e.detail, '$.text')"
    return f"""
    own_notes AS (
        SELECT c.id, to_json(list({{
            'at': replace(e.happened_at::VARCHAR, ' ', 'T') || 'Z', 'author': e.actor,
            'text': {masked_text(text, choice.masks) if choice.masks else text}
        }} ORDER BY e.happened_at, e.id))::VARCHAR AS own_notes
        FROM events AS e JOIN known AS c ON c.id = e.chat_id
        WHERE e.action = 'note' GROUP BY c.id
    ),
    noted AS (SELECT known.*, o.own_notes FROM known LEFT JOIN own_notes AS o ON o.id = known.id)
    """
