"""Which chats are out of date in the ledger; they are derived anew by the next `derive` (see lib/missed/derive.py)."""

from collections.abc import Sequence
from uuid import UUID

from lib.chats.same_visitor import MOST_NAMES, SIGNS, chats_of, names_beside, newly_shared, signs_of
from lib.store import Cursor


def mark_due(cursor: Cursor, chat_ids: Sequence[UUID]) -> None:
    """Marks chats in the transaction of `cursor`, because what is known of them has changed."""
    cursor.execute("INSERT INTO ledger_due SELECT unnest($ids::UUID[])", {"ids": [str(each) for each in chat_ids]})


def mark_imported(cursor: Cursor, import_id: UUID) -> None:
    """Marks the chats that an import has written."""
    cursor.execute("INSERT INTO ledger_due SELECT id FROM chats WHERE import_id = $id", {"id": import_id})


def mark_all_missed(cursor: Cursor) -> None:
    """Marks every missed chat, because the rules have changed."""
    cursor.execute("INSERT INTO ledger_due SELECT id FROM chats WHERE status = 'missed'")


def mark_visitors(cursor: Cursor, table: str) -> None:
    """Marks the missed chats of the visitors of some chats, named by `ordinal` in a table, because those chats are
    going to be others' chats."""
    leaving = f"(SELECT * FROM chats WHERE ordinal IN (SELECT ordinal FROM {table}))"
    missed = chats_of("left_signs", "id", "status = 'missed'")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE left_signs AS {signs_of(leaving, 'ordinal')}")
    cursor.execute(f"INSERT INTO ledger_due SELECT id FROM ({missed})")


def find_shared(cursor: Cursor, import_id: UUID) -> None:
    """Keeps which addresses and numbers of an import too many names share by now, and marks the missed chats that have
    them, because they are nobody's from now on."""
    found = newly_shared("import_id = $id")
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE newly_shared AS {found}", {"id": import_id})
    if cursor.execute("FROM newly_shared LIMIT 1").fetchone():
        missed = chats_of("newly_shared", "id", "status = 'missed'", SIGNS[:2])
        cursor.execute(f"INSERT INTO ledger_due SELECT id FROM ({missed})")
        cursor.execute(
            "INSERT INTO shared_signs (digest, by_import) SELECT DISTINCT digest, $id::UUID FROM newly_shared",
            {"id": import_id},
        )
    cursor.execute("DROP TABLE newly_shared")


def free_shared(cursor: Cursor, import_id: UUID) -> None:
    """Forgets which addresses and numbers too many names shared because of an import whose chats are gone, or of a
    later one, unless too many still share them, and marks the missed chats that have them: they are somebody's again.
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
        missed = chats_of("freed", "id", "status = 'missed'", SIGNS[:2])
        cursor.execute(f"INSERT INTO ledger_due SELECT id FROM ({missed})")
        cursor.execute("DROP TABLE freed")
    cursor.execute("DROP TABLE doubtful")
