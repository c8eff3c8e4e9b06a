"""Brings the tables of a store up to date; each migration is a file and runs once."""

from pathlib import Path

import duckdb

from lib.store.errors import StoreError, reason_of
from lib.store.statements import insert

MIGRATIONS = sorted((Path(__file__).parent / "migrations").glob("[0-9]*.sql"))
NEWEST = int(MIGRATIONS[-1].name.split("_")[0])


def migrate(cursor: duckdb.DuckDBPyConnection, path: str, *, is_lake: bool = False) -> None:
    """Runs what the store lacks, each in its own transaction; raises StoreError if it is newer than the program."""
    try:
        version = current_version(cursor)
    except duckdb.Error as error:
        raise StoreError(reason_of(error) or "damaged", path) from error
    if version > NEWEST:
        raise StoreError("newer", path)
    for file in MIGRATIONS[version:]:
        _run(cursor, file)
        # Keeps changes of tables and of rows apart in the log of a file; in a lake it would be a merge of its files.
        if not is_lake:
            cursor.execute("CHECKPOINT")


def current_version(cursor: duckdb.DuckDBPyConnection) -> int:
    """Number of the newest migration that ran; 0 in an empty store."""
    cursor.execute("CREATE TABLE IF NOT EXISTS migrations (version INTEGER NOT NULL, name VARCHAR NOT NULL)")
    row = cursor.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone()
    return int(row[0]) if row else 0


def _run(cursor: duckdb.DuckDBPyConnection, file: Path) -> None:
    cursor.execute("BEGIN")
    try:
        cursor.execute(file.read_text(encoding="utf-8"))
        insert(cursor, "migrations", {"version": int(file.name.split("_")[0]), "name": file.stem})
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
