"""Keeps mappings by name, for the next table with the same columns."""

import json
from collections.abc import Collection, Sequence
from typing import NamedTuple

from lib.commands import command
from lib.importing.columns.mapping import ColumnMapping
from lib.store import Cursor, Row, Store, changed, insert, now, record_event


class Remembered(NamedTuple):
    """A mapping that somebody saved under a name for a table with these columns."""

    name: str
    columns: tuple[str, ...]
    mapping: ColumnMapping


def remembered(store: Store) -> tuple[Remembered, ...]:
    """All mappings that were saved, the newest first."""
    # Two who save a new name at the same time leave two rows.
    rows = store.read(
        """SELECT name, "columns", mapping FROM column_mappings
           QUALIFY row_number() OVER (PARTITION BY name ORDER BY saved_at DESC) = 1
           ORDER BY saved_at DESC, name"""
    )
    return tuple(filter(None, map(_read, rows)))


@command("columns.remember", "import", "save_mapping", undone_by="columns.forget")
def remember(store: Store, name: str, columns: Sequence[str], mapping: ColumnMapping, actor: str) -> None:
    """Saves a mapping under a name, in place of the one that had it."""
    moment = now()
    kept = {"columns": json.dumps(list(columns)), "mapping": mapping.to_json()}
    values = {"name": name, **kept, "saved_at": moment, "saved_by": actor}

    def work(cursor: Cursor) -> None:
        if not changed(cursor, _REPLACE, values):
            insert(cursor, "column_mappings", values)
        record_event(cursor, "save_mapping", actor, None, moment, name=name)

    store.write(work)


@command("columns.forget", "import", "forget_mapping", undone_by="columns.remember")
def forget(store: Store, name: str, actor: str) -> bool:
    """Whether there was a mapping of this name; now there is none."""

    def work(cursor: Cursor) -> bool:
        found = changed(cursor, "DELETE FROM column_mappings WHERE name = $name", {"name": name}) > 0
        if found:
            record_event(cursor, "forget_mapping", actor, None, now(), name=name)
        return found

    return store.write(work)


def matching(store: Store, columns: Collection[str]) -> tuple[str, ColumnMapping] | None:
    """Name and mapping of the newest one that was saved for a table with exactly these columns, in any order."""
    wanted = set(columns)
    return next(((name, mapping) for name, own, mapping in remembered(store) if set(own) == wanted), None)


_REPLACE = """
    UPDATE column_mappings SET "columns" = $columns, mapping = $mapping, saved_at = $saved_at, saved_by = $saved_by
    WHERE name = $name
"""


def _read(row: Row) -> Remembered | None:
    try:
        columns = tuple(map(str, json.loads(row["columns"])))
        return Remembered(row["name"], columns, ColumnMapping.from_json(row["mapping"]))
    except (ValueError, TypeError):
        # Saved by another version of the program; it would read the table in another way than it was meant.
        return None
