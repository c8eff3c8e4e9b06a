"""Which chats are out of date in the ledger; they are derived anew by the next `derive` (see lib/missed/derive.py)."""

from collections.abc import Sequence
from uuid import UUID

from lib.chats.same_visitor import SIGNS, chats_of, newly_shared, signs_of
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
        cursor.execute("INSERT INTO shared_signs SELECT DISTINCT digest FROM newly_shared")
    cursor.execute("DROP TABLE newly_shared")
