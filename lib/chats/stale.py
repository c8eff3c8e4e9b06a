"""Which chats are out of date in the ledger, or in what is known of persons; they are derived anew by the next `derive`
(see lib/missed/derive.py, lib/visitors/persons.py)."""

from collections.abc import Sequence
from uuid import UUID

from lib.chats.same_visitor import MOST_NAMES, SIGNS, chats_of, names_beside, newly_shared
from lib.store import Cursor, Params


def mark_due(cursor: Cursor, chat_ids: Sequence[UUID]) -> None:
    """Marks chats in the transaction of `cursor`, because what is known of them has changed."""
    cursor.execute("INSERT INTO ledger_due SELECT unnest($ids::UUID[])", {"ids": [str(each) for each in chat_ids]})


def mark_imported(cursor: Cursor, import_id: UUID) -> None:
    """Marks the chats that an import has written."""
    cursor.execute("INSERT INTO ledger_due SELECT id FROM chats WHERE import_id = $id", {"id": import_id})
    mark_persons(cursor, "SELECT ordinal FROM chats WHERE import_id = $id", {"id": import_id})


def mark_persons(cursor: Cursor, ordinals: str, params: Params | None = None) -> None:
    """Marks the chats whose `ordinal` a query finds: whose they are is looked at anew."""
    cursor.execute(f"INSERT INTO persons_due {ordinals}", params)


def mark_all_missed(cursor: Cursor) -> None:
    """Marks every missed chat, because the rules have changed."""
    cursor.execute("INSERT INTO ledger_due SELECT id FROM chats WHERE status = 'missed'")


def find_shared(cursor: Cursor, import_id: UUID) -> None:
    """Keeps which addresses and numbers of an import too many names share by now, and marks the chats that have them,
    because they are nobody's from now on."""
    found = newly_shared("import_id = $id")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE newly_shared AS {found}", {"id": import_id})
    if cursor.execute("FROM newly_shared LIMIT 1").fetchone():
        _mark_sharing(cursor, "newly_shared")
        cursor.execute(
            "INSERT INTO shared_signs (digest, by_import) SELECT DISTINCT digest, $id::UUID FROM newly_shared",
            {"id": import_id},
        )
    cursor.execute("DROP TABLE newly_shared")


def free_shared(cursor: Cursor, import_id: UUID) -> None:
    """Forgets which addresses and numbers too many names shared because of an import whose chats are gone, or of a
    later one, unless too many still share them, and marks the chats that have them: they are somebody's again.
    """
    doubtful = """SELECT digest FROM shared_signs WHERE by_import IN (
        SELECT id FROM imports
        WHERE undone_at IS NOT NULL OR finished_at >= (SELECT finished_at FROM imports WHERE id = $id)
    )"""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE doubtful AS {doubtful}", {"id": import_id})
    if cursor.execute("FROM doubtful LIMIT 1").fetchone():
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE freed AS {names_beside('doubtful')}")
        cursor.execute(f"DELETE FROM doubtful WHERE digest IN (SELECT digest FROM freed WHERE names > {MOST_NAMES})")
        cursor.execute("DELETE FROM freed WHERE digest NOT IN (FROM doubtful)")
        cursor.execute("DELETE FROM shared_signs WHERE digest IN (FROM doubtful)")
        _mark_sharing(cursor, "freed")
        cursor.execute("DROP TABLE freed")
    cursor.execute("DROP TABLE doubtful")


def _mark_sharing(cursor: Cursor, signs: str) -> None:
    mark_persons(cursor, f"SELECT ordinal FROM ({chats_of(signs, 'ordinal', 'TRUE', SIGNS[:2])})")
