"""Writes a database file anew, so that nothing is left in it of what was removed.

Blocks that nothing refers to any more keep what they held until something else is written there.
"""

import os
from pathlib import Path

import duckdb

from lib.store.opening import file_config
from lib.store.scratch import Scratch
from lib.store.soundness import Content, read_all
from lib.store.statements import literal


def rewrite(path: Path, scratch: Scratch) -> None:
    """Puts a copy of what the file at `path` holds in its place; nobody may have it open. Raises duckdb.Error, OSError.

    Whoever is interrupted has the old file or the new one, each of them whole.
    """
    with scratch.unfinished(path.with_name(path.name + ".anew")) as unfinished:
        with duckdb.connect(":memory:", config=file_config(scratch.folder)) as connection:
            connection.execute(f"ATTACH {literal(path)} AS before (READ_ONLY)")
            connection.execute(f"ATTACH {literal(unfinished)} AS anew")
            connection.execute("COPY FROM DATABASE before TO anew")
            connection.execute("DETACH before")
            connection.execute("CHECKPOINT anew")
        config = file_config(scratch.folder)
        counts = []
        for file in (path, unfinished):
            with duckdb.connect(str(file), read_only=True, config=config) as connection:
                counts.append(_content(connection))
        if counts[0] != counts[1]:
            raise OSError(f"{path}: the copy is not as the file")
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        unfinished.rename(path)
        # The name of the file is not on the disk before its folder is.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _content(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, Content], list[tuple[object, ...]]]:
    """Rows of each table, each of which was read, and how the tables are made."""
    made = connection.execute(
        """SELECT table_name, column_name, data_type, is_nullable, column_default FROM duckdb_columns()
           WHERE NOT internal ORDER BY table_name, column_index"""
    ).fetchall()
    return read_all(connection), made
