"""Runs a query that was checked: beside everything else, for a limited time, and so that it can be stopped."""

import logging
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import duckdb
import pyarrow as pa

from lib.explore.cells import Cells, Column, column, selected
from lib.explore.checking import Checked
from lib.explore.limits import AT_ONCE, LIMITS, Limits
from lib.explore.values import Value
from lib.explore.views import make_views
from lib.store import Cursor, Store

Stop = Literal["time", "stopped", "memory", "busy", "engine"]
BATCH_ROWS = 2048
# The engine forgets an interruption that comes before the query, so it is repeated until the query has ended.
WATCHED_EVERY_S = 0.05
LOG = logging.getLogger(__name__)
# Of the two lines that stand around a query, one comes before it.
_PLACE = re.compile(r"^LINE (\d+): ", re.MULTILINE)

_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Result:
    """The rows of a query, at most as many as the limits allow; `cut` says that there are more."""

    cells: Cells
    cut: bool
    elapsed_s: float

    @property
    def rows(self) -> int:
        """Number of rows that were read."""
        return int(self.cells.table.num_rows)


@dataclass(frozen=True)
class Failure:
    """Why there is no result; `message` is what the engine said, where it says something of the query."""

    reason: Stop
    message: str = ""
    elapsed_s: float = 0


class Running:
    """A query under way on a thread and a cursor of its own."""

    def __init__(self, store: Store, query: Checked, values: dict[str, Value], zone: str, limits: Limits) -> None:
        """Starts the query; local times are in `zone`."""
        self._limits = limits
        self._began = time.monotonic()
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self._outcome: Result | Failure | None = None
        work = threading.Thread(target=self._run, args=(store, query, values, zone), daemon=True)
        work.start()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def wait(self, seconds: float) -> bool:
        """Whether the query has ended, within so many seconds."""
        return self._ended.wait(seconds)

    def stop(self) -> None:
        """Stops the query, if it has not ended; nothing else is touched."""
        self._stopped.set()

    def outcome(self) -> Result | Failure:
        """What came of it; waits for the end."""
        self._ended.wait()
        return self._outcome or Failure("engine")

    def _run(self, store: Store, query: Checked, values: dict[str, Value], zone: str) -> None:
        try:
            if not _turns.acquire(timeout=self._limits.seconds):
                self._outcome = Failure("busy", elapsed_s=self.elapsed_s)
                return
            try:
                self._outcome = self._on_own_cursor(store, query, values, zone)
            finally:
                _turns.release()
        except Exception as error:  # Whatever it is that a query brought about, it is told, and ends nothing else.
            if not isinstance(error, duckdb.Error):
                LOG.exception("A query brought about what is no error of the engine")
            self._outcome = Failure(*self._explained(error), self.elapsed_s)
        finally:
            self._ended.set()

    def _on_own_cursor(self, store: Store, query: Checked, values: dict[str, Value], zone: str) -> Result:
        with store.cursor() as cursor:
            make_views(cursor, query.views, zone)
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            with _Watch(cursor, self._is_over):
                sql, params = _without_end(query.sql), dict(values) or None
                found = cursor.execute(f"DESCRIBE\n{sql}", params).fetchall()
                columns = tuple(column(name, cursor.sqltype(type_)) for name, type_, *_rest in found)
                names = ", ".join(f"c{place}" for place in range(len(columns)))
                wrapped = f"SELECT {selected(columns)} FROM (\n{sql}\n) AS found({names})"
                return self._read(cursor.execute(wrapped, params), columns)

    def _read(self, cursor: Cursor, columns: tuple[Column, ...]) -> Result:
        """Reads as much as the limits allow; the engine makes no more rows than are read."""
        reader = cursor.to_arrow_reader(BATCH_ROWS)
        batches: list[pa.RecordBatch] = []
        rows = size = 0
        while rows <= self._limits.rows and size <= self._limits.size:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                break
            batches.append(batch)
            rows, size = rows + batch.num_rows, size + batch.nbytes
        else:
            rows = self._limits.rows + 1
        table = pa.Table.from_batches(batches, reader.schema).slice(0, self._limits.rows)
        return Result(Cells(columns, table), rows > self._limits.rows, self.elapsed_s)

    def _is_over(self) -> bool:
        return self._stopped.is_set() or self.elapsed_s > self._limits.seconds

    def _explained(self, error: Exception) -> tuple[Stop, str]:
        text = str(error)
        if self._is_over() and "nterrupt" in text:
            return ("stopped" if self._stopped.is_set() else "time"), ""
        if isinstance(error, duckdb.OutOfMemoryException) or "Out of Memory" in text:
            return "memory", ""
        return "engine", _PLACE.sub(_line_before, text.partition("\n\nPossible solutions")[0])


def _line_before(found: re.Match[str]) -> str:
    """The place as it is in the query alone, as wide as it was so that the mark below stays where it points."""
    return f"LINE {int(found[1]) - 1}: ".ljust(len(found[0]))


def _without_end(sql: str) -> str:
    """The query without the semicolons, and what is no part of it, at its end."""
    text = sql.encode()
    for start, _kind in reversed(duckdb.tokenize(sql)):
        if text[start : start + 1] != b";":
            break
        text = text[:start]
    return text.decode()


class _Watch:
    """Interrupts a cursor, and that one alone, from when `is_over` until its work has ended."""

    def __init__(self, cursor: Cursor, is_over: Callable[[], bool]) -> None:
        self._cursor, self._is_over = cursor, is_over
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()
        # Nothing to take back where the engine ended the transaction by itself.
        with suppress(duckdb.Error):
            self._cursor.execute("ROLLBACK")

    def _watch(self) -> None:
        while not self._ended.wait(WATCHED_EVERY_S):
            if self._is_over():
                self._cursor.interrupt()


def start(store: Store, query: Checked, values: dict[str, Value], zone: str, limits: Limits = LIMITS) -> Running:
    """The query under way; `zone` is that of the local times in the views."""
    return Running(store, query, values, zone, limits)


def run(store: Store, query: Checked, values: dict[str, Value], zone: str, limits: Limits = LIMITS) -> Result | Failure:
    """What came of the query, after at most the time that the limits allow."""
    return start(store, query, values, zone, limits).outcome()
