"""The store: one connection a process, one cursor a call, one way to write."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

from lib.store.migrating import migrate
from lib.store.opening import LAKE_CATALOG, LAKE_PREFIX, open_file, open_lake
from lib.store.search_form import teach_search_form

T = TypeVar("T")
Cursor = duckdb.DuckDBPyConnection
Params = Mapping[str, Any]
Row = dict[str, Any]

# About ten seconds in all: longer than any writer but an import, which takes its turn differently.
ATTEMPTS = 30
LONGEST_PAUSE_S = 0.6


class Store:
    """A chat history in a DuckDB file or a DuckLake; safe to share between threads."""

    def __init__(self, location: str) -> None:
        """Opens, makes or migrates the store at `location` (a path, or `ducklake:` and a path); raises StoreError."""
        self.location = location
        self.is_lake = location.startswith(LAKE_PREFIX)
        path = Path(location.removeprefix(LAKE_PREFIX)).expanduser().resolve()
        self._connection = open_lake(path) if self.is_lake else open_file(path)
        teach_search_form(self._connection)
        self._lock = threading.Lock()
        self._generation = 0
        try:
            with self.cursor() as cursor:
                migrate(cursor, str(path), is_lake=self.is_lake)
        except BaseException:
            self.close()
            raise

    @property
    def generation(self) -> int:
        """Number of writes of this process so far; a result read before the last one may be stale."""
        return self._generation

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A cursor of its own for one call, closed after it."""
        with self._connection.cursor() as cursor:
            if self.is_lake:
                cursor.execute(f"USE {LAKE_CATALOG}")
            yield cursor

    def read(self, sql: str, params: Params | None = None, tables: Mapping[str, pa.Table] | None = None) -> list[Row]:
        """Rows of a query as dictionaries; `tables` are Arrow tables that the query may name."""
        with self.cursor() as cursor:
            return rows(_execute(cursor, sql, params, tables))

    def frame(
        self, sql: str, params: Params | None = None, tables: Mapping[str, pa.Table] | None = None
    ) -> pd.DataFrame:
        """Rows of a query as a pandas frame."""
        with self.cursor() as cursor:
            return _execute(cursor, sql, params, tables).df()

    def write(
        self,
        work: Callable[[Cursor], T],
        *,
        attempts: int = ATTEMPTS,
        cursor: Cursor | None = None,
        counts: bool = True,
    ) -> T:
        """Result of `work`, which runs whole in one transaction, and again where another writer was faster.

        It runs on a cursor of its own, or on `cursor` where it needs the temporary tables of that one. A write that
        makes no answer stale does not count towards `generation`.
        """
        for attempt in range(1, attempts + 1):
            try:
                with nullcontext(cursor) if cursor else self.cursor() as own:
                    return self._transaction(own, work, counts)
            except duckdb.TransactionException:
                if attempt == attempts:
                    raise
                time.sleep(random.uniform(0.2, 1) * min(LONGEST_PAUSE_S, 0.01 * 2**attempt))
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Closes the store; later calls fail."""
        self._connection.close()

    def _transaction(self, cursor: Cursor, work: Callable[[Cursor], T], counts: bool) -> T:
        cursor.execute("BEGIN")
        try:
            result = work(cursor)
            cursor.execute("COMMIT")
        except BaseException:
            self._roll_back(cursor)
            raise
        with self._lock:
            self._generation += counts
        return result

    @staticmethod
    def _roll_back(cursor: Cursor) -> None:
        try:
            cursor.execute("ROLLBACK")
        except duckdb.TransactionException:
            # A failed COMMIT has rolled back already.
            return


def rows(cursor: Cursor) -> list[Row]:
    """All rows of an executed query as dictionaries."""
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changed(cursor: Cursor, sql: str, params: Params) -> int:
    """Number of rows that an UPDATE, DELETE or INSERT touched."""
    row = cursor.execute(sql, dict(params)).fetchone()
    return int(row[0]) if row else 0


def _execute(cursor: Cursor, sql: str, params: Params | None, tables: Mapping[str, pa.Table] | None) -> Cursor:
    for name, table in (tables or {}).items():
        cursor.register(name, table)
    return cursor.execute(sql, dict(params) if params else None)
