"""The chats in SQLite: a file with a log written ahead, indexes in whose order all is counted, and statistics."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pyarrow as pa

from benchmarks.peers.answer import LISTED, SEVERAL, Wanted
from benchmarks.peers.chats import Chats, microsecond
from benchmarks.peers.sql_peer import INDEXES, OPERATORS, Rows, SqlPeer, chat_table, columns_sql, rows_of

EPOCH = datetime(1970, 1, 1)
# Moments are microseconds since 1970; lists are written as JSON.
TYPES = {
    "bool": "INTEGER NOT NULL", "int8": "INTEGER", "int32": "INTEGER", "int64": "INTEGER", "double": "REAL",
    "string": "TEXT",
}  # fmt: skip
SETTINGS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -524288;
PRAGMA mmap_size = 4294967296;
PRAGMA temp_store = MEMORY;
"""


class SqlitePeer(SqlPeer):
    """A file in a folder of its own; its table `served` has a row for each operator of a chat."""

    name = "SQLite"
    version = sqlite3.sqlite_version
    _served = ("JOIN served ON served.chat = chats.chat", "served.name = :operator")

    def __init__(self, chats: Chats) -> None:
        """Makes the file."""
        with ExitStack() as made:
            folder = made.enter_context(TemporaryDirectory(prefix="peer-"))
            self._connection = sqlite3.connect(Path(folder) / "chats.sqlite", isolation_level=None)
            made.callback(self._connection.close)
            self._connection.executescript(SETTINGS)
            self._calendar = chats.calendar
            self._fill(chats)
            self._made = made.pop_all()

    def close(self) -> None:
        """Closes and removes the file."""
        self._made.close()

    def _fill(self, chats: Chats) -> None:
        run, run_many = self._connection.execute, self._connection.executemany
        table = _storable(chat_table(chats.table))
        run("BEGIN")
        run(f"CREATE TABLE chats ({columns_sql(table, TYPES)}, PRIMARY KEY (chat))")
        run_many(f"INSERT INTO chats VALUES ({', '.join('?' * table.num_columns)})", rows_of(table))
        run("CREATE TABLE served (name TEXT, chat INTEGER, PRIMARY KEY (name, chat)) WITHOUT ROWID")
        run(f"INSERT INTO served SELECT value, chat FROM chats, json_each({OPERATORS}) ORDER BY value, chat")
        run("CREATE INDEX by_chat ON served (chat)")
        run("CREATE TABLE days (day INTEGER PRIMARY KEY, begins INTEGER NOT NULL, ends INTEGER NOT NULL)")
        spans = ((day, microsecond(begins), microsecond(ends)) for day, begins, ends in chats.calendar.spans)
        run_many("INSERT INTO days VALUES (?, ?, ?)", spans)
        for name, columns in INDEXES.items():
            run(f"CREATE INDEX {name} ON chats ({columns.format(last='')})")
        run("COMMIT")
        run("ANALYZE")
        run("PRAGMA wal_checkpoint (TRUNCATE)")

    def _rows(self, sql: str, values: dict[str, Any]) -> Rows:
        known = {name: microsecond(value) if isinstance(value, datetime) else value for name, value in values.items()}
        return self._connection.execute(sql, known).fetchall()

    def _values_in(self, stored: Any) -> Sequence[str]:
        return cast(list[str], json.loads(stored))

    def _page(self, wanted: Wanted) -> Rows:
        place = LISTED.index("started_at")
        return [(*row[:place], _moment(row[place]), *row[place + 1 :]) for row in super()._page(wanted)]


def _storable(table: pa.Table) -> pa.Table:
    """The same with numbers for moments and texts for lists."""
    columns = {name: table[name] for name in table.column_names}
    columns["started_at"] = table["started_at"].cast(pa.int64())
    for name in SEVERAL.values():
        columns[name] = pa.array([json.dumps(values, ensure_ascii=False) for values in table[name].to_pylist()])
    return pa.table(columns)


def _moment(number: int | None) -> datetime | None:
    return None if number is None else EPOCH + timedelta(microseconds=number)
