"""Undoing an import as a whole: what it added goes, and what it replaced comes back as it was."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from lib.chats.holds import write_held
from lib.chats.stale import free_shared, mark_persons
from lib.commands import command
from lib.importing.merge.names import OF_RENEWED
from lib.importing.merge.writes import CHAT_COLUMNS, KEY
from lib.store import Cursor, Row, Store, changed, now, record_event, rows, take_turn

KEPT_FOR = timedelta(days=30)
# Of larger ones, keeping what they replace would cost as much again as the import itself.
MOST_REPLACED = 200_000

Obstacle = Literal["unknown", "undone", "not_kept", "newer", "worked", "held"]
REPLACED = ("replaced_chats", "replaced_messages", "replaced_visitors", "replaced_waiting", "replaced_names")

# Of an import that is being written, before it writes.
KEEP_UPDATED = (
    """
    INSERT INTO replaced_chats BY NAME
    SELECT $import_id::UUID AS by_import, c.*
    FROM chats AS c JOIN (SELECT id, ordinal FROM changes WHERE state = 'updated') AS n
        ON n.ordinal = c.ordinal AND n.id = c.id
    """,
    """
    INSERT INTO replaced_messages BY NAME
    SELECT $import_id::UUID AS by_import, m.*
    FROM messages AS m JOIN (SELECT id, ordinal FROM changes WHERE state = 'updated' AND entries_differ) AS n
        ON n.ordinal = m.ordinal AND n.id = m.chat_id
    """,
)
KEEP_BESIDE = (
    """
    INSERT INTO replaced_visitors BY NAME
    SELECT $import_id::UUID AS by_import, v.visitor_id IS NOT NULL AS was_there,
        v.* EXCLUDE (system, account, visitor_id), n.system, n.account, n.visitor_id
    FROM known_visitors AS n LEFT JOIN visitors AS v
        ON v.system = n.system AND v.account IS NOT DISTINCT FROM n.account AND v.visitor_id = n.visitor_id
    WHERE n.staged
    """,
    """
    INSERT INTO replaced_waiting BY NAME
    SELECT $import_id::UUID AS by_import, w.* FROM waiting_messages AS w
    WHERE w.chat_id IN (SELECT waited FROM claimed UNION SELECT chat_id FROM unclaimed)
    """,
    f"""
    INSERT INTO replaced_names BY NAME
    SELECT $import_id::UUID AS by_import, known_names.* FROM known_names JOIN renewed AS n ON {OF_RENEWED}
    """,
)
# Of one that is undone: what it brought goes, and what it replaced comes back.
BRING_BACK_BESIDE = (
    """
    DELETE FROM visitors USING (SELECT * FROM replaced_visitors WHERE by_import = $import_id) AS n
    WHERE visitors.system = n.system AND visitors.account IS NOT DISTINCT FROM n.account
        AND visitors.visitor_id = n.visitor_id
    """,
    """
    INSERT INTO visitors BY NAME SELECT * EXCLUDE (by_import, was_there) FROM replaced_visitors
    WHERE by_import = $import_id AND was_there
    """,
    "DELETE FROM waiting_messages WHERE import_id = $import_id",
    """
    DELETE FROM waiting_messages USING (SELECT * FROM replaced_waiting WHERE by_import = $import_id) AS n
    WHERE waiting_messages.chat_id = n.chat_id AND waiting_messages.import_id = n.import_id
    """,
    """
    INSERT INTO waiting_messages BY NAME SELECT * EXCLUDE by_import FROM replaced_waiting
    WHERE by_import = $import_id
    """,
    "DELETE FROM known_names WHERE import_id = $import_id",
    f"""
    INSERT INTO known_names BY NAME SELECT * EXCLUDE by_import FROM replaced_names AS n
    WHERE by_import = $import_id AND NOT EXISTS (SELECT 1 FROM known_names WHERE {OF_RENEWED})
    """,
)

_TOUCHED = """
SELECT c.id, c.ordinal, r.id IS NULL AS is_new
FROM chats AS c LEFT JOIN replaced_chats AS r ON r.by_import = c.import_id AND r.id = c.id
WHERE c.import_id = $import_id
"""
# What a later import found there and replaced.
_BUILT_ON = """
SELECT count(*) AS n FROM replaced_visitors AS x JOIN replaced_visitors AS later
    ON later.system = x.system AND later.account IS NOT DISTINCT FROM x.account AND later.visitor_id = x.visitor_id
JOIN imports AS i ON i.id = later.by_import
WHERE x.by_import = $import_id AND i.finished_at > $finished_at
UNION ALL
SELECT count(*) FROM replaced_waiting WHERE import_id = $import_id
UNION ALL
SELECT count(*) FROM replaced_names WHERE import_id = $import_id
"""
_RESTORED = [column for column in CHAT_COLUMNS if column not in KEY]


@dataclass(frozen=True)
class Undone:
    """How many chats went, and how many are as they were before."""

    removed: int
    restored: int


@dataclass(frozen=True)
class CannotUndo:
    """Why an import cannot be undone: the chats that stand against it, where these are a reason."""

    reason: Obstacle
    chats: int = 0


@command("import.undo", "import", "undo_import")
def undo_import(store: Store, import_id: UUID, actor: str) -> Undone | CannotUndo:
    """What was undone in one transaction, or why nothing was. Raises StoreError.

    It is refused where a later import, or people, have changed what it added: nothing of theirs is lost.
    """

    def work(cursor: Cursor) -> Undone | CannotUndo:
        take_turn(cursor, "import")
        against = _obstacle(cursor, import_id)
        return against or _undo(cursor, import_id, actor, now())

    return store.write(work)


def obstacle(store: Store, import_id: UUID) -> CannotUndo | None:
    """Why an import cannot be undone as things stand."""
    with store.reading() as cursor:
        return _obstacle(cursor, import_id)


def is_kept(updated: int) -> bool:
    """Whether what an import replaces is kept that updates so many chats."""
    return updated <= MOST_REPLACED


def forget_replaced(cursor: Cursor, moment: datetime) -> None:
    """Forgets what imports replaced that are too old to be undone at `moment` (naive UTC)."""
    old = "SELECT id FROM imports WHERE finished_at < $latest AND is_kept"
    latest = {"latest": moment - KEPT_FOR}
    if cursor.execute(f"{old} LIMIT 1", latest).fetchone():
        for table in REPLACED:
            cursor.execute(f"DELETE FROM {table} WHERE by_import IN ({old})", latest)
        cursor.execute("UPDATE imports SET is_kept = FALSE WHERE finished_at < $latest AND is_kept", latest)


def _obstacle(cursor: Cursor, import_id: UUID) -> CannotUndo | None:
    found = _rows(cursor, "SELECT finished_at, is_kept, undone_at FROM imports WHERE id = $import_id", import_id)
    if not found:
        return CannotUndo("unknown")
    if found[0]["undone_at"]:
        return CannotUndo("undone")
    if not found[0]["is_kept"]:
        return CannotUndo("not_kept")
    touched = f"({_TOUCHED})"
    (here,) = _rows(
        cursor,
        f"""SELECT count(*) AS n, (SELECT (report->>'new')::BIGINT + (report->>'updated')::BIGINT FROM imports
                WHERE id = $import_id) AS written,
            count(*) FILTER (is_new AND id IN (SELECT chat_id FROM events)) AS worked
            FROM {touched}""",
        import_id,
    )
    built_on = _rows(cursor, _BUILT_ON, import_id, finished_at=found[0]["finished_at"])
    if newer := max(here["written"] - here["n"], *(row["n"] for row in built_on)):
        return CannotUndo("newer", newer)
    if here["worked"]:
        return CannotUndo("worked", here["worked"])
    write_held(cursor)
    held = f"SELECT count(*) AS n FROM {touched} WHERE is_new AND id IN (SELECT chat_id FROM held_chats)"
    (kept,) = _rows(cursor, held, import_id)
    return CannotUndo("held", kept["n"]) if kept["n"] else None


def _undo(cursor: Cursor, import_id: UUID, actor: str, moment: datetime) -> Undone:
    of_import = {"import_id": import_id}
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE undone AS {_TOUCHED}", of_import)
    of_it = "messages.ordinal = n.ordinal AND messages.chat_id = n.id"
    cursor.execute(f"DELETE FROM messages USING (SELECT * FROM undone WHERE is_new) AS n WHERE {of_it}")
    replaced = "SELECT DISTINCT ordinal, chat_id AS id FROM replaced_messages WHERE by_import = $import_id"
    # A chat without messages had none to be kept.
    emptied = "SELECT ordinal, id FROM replaced_chats WHERE by_import = $import_id AND message_count = 0"
    cursor.execute(f"DELETE FROM messages USING ({replaced} UNION {emptied}) AS n WHERE {of_it}", of_import)
    cursor.execute(
        "INSERT INTO messages BY NAME SELECT * EXCLUDE by_import FROM replaced_messages WHERE by_import = $import_id",
        of_import,
    )
    gone = "DELETE FROM chats USING (SELECT * FROM undone WHERE is_new) AS n"
    removed = changed(cursor, f"{gone} WHERE chats.ordinal = n.ordinal AND chats.id = n.id", {})
    restored = changed(
        cursor,
        f"""UPDATE chats SET {", ".join(f"{column} = n.{column}" for column in _RESTORED)}
            FROM (SELECT * FROM replaced_chats WHERE by_import = $import_id) AS n
            WHERE chats.ordinal = n.ordinal AND chats.id = n.id""",
        of_import,
    )
    for sql in BRING_BACK_BESIDE:
        cursor.execute(sql, of_import)
    cursor.execute("INSERT INTO ledger_due SELECT id FROM undone WHERE NOT is_new")
    mark_persons(cursor, "SELECT ordinal FROM undone")
    free_shared(cursor, import_id)
    for table in REPLACED:
        cursor.execute(f"DELETE FROM {table} WHERE by_import = $import_id", of_import)
    # The same file may come again, corrected or not.
    cursor.execute("DELETE FROM inbox_files WHERE import_id = $import_id", of_import)
    cursor.execute(
        "UPDATE imports SET undone_at = $moment, undone_by = $actor, is_kept = FALSE WHERE id = $import_id",
        of_import | {"moment": moment, "actor": actor},
    )
    record_event(
        cursor, "undo_import", actor, None, moment, import_id=str(import_id), removed=removed, restored=restored
    )
    cursor.execute("DROP TABLE undone")
    return Undone(removed, restored)


def _rows(cursor: Cursor, sql: str, import_id: UUID, **more: Any) -> list[Row]:
    return rows(cursor.execute(sql, {"import_id": import_id, **more}))
