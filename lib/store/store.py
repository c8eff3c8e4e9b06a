"""The store: one connection a process, one way to write, and snapshots in which all is read of one moment."""

import copy
import itertools
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from lib.store.confining import Confinement
from lib.store.engine import Commits, Engine
from lib.store.errors import StoreError, explained, is_stored, reason_of
from lib.store.opening import LAKE_CATALOG, LAKE_PREFIX, migrate, resolved
from lib.store.precedence import Precedence
from lib.store.rewriting import rewrite
from lib.store.scratch import Scratch
from lib.store.soundness import log_of
from lib.store.statements import Cursor, Params, Row, rows

if TYPE_CHECKING:  # They take most of a second to load, which who only reads a file need not wait for.
    import pandas as pd
    import pyarrow as pa

T = TypeVar("T")
# Raises where the person may not do what needs the right; the name of the command comes last. The result is what they
# see: None for all.
Guard = Callable[[str, Any, str], Confinement | None]

# About ten seconds in all: longer than any writer but an import, which takes its turn differently.
ATTEMPTS = 30
LONGEST_PAUSE_S = 0.6
# After so many, the others of this process wait for one that is slow: an import of some seconds would never get through
# beside somebody who writes every second.
ATTEMPTS_BESIDE_OTHERS = 5
# Of a store that is closed with who writes in it.
PATIENCE_S = 5
# Each query of another process reads it: so much takes it a third of a second in a store of a million chats.
LARGE_LOG_BYTES = 8 << 20
# What is written back needs room beside what it replaces.
ROOM_BYTES, ROOM_FOR_LOG = 16 << 20, 4
# So often a snapshot is taken anew where a commit came in between, before it gets a number that nobody else has.
LOOKS = 3

# The engine takes its snapshot at the first look at the data, not at BEGIN.
LOOK = "SELECT 0 FROM turns LIMIT 0"
LOOK_AT_LAKE = f"SELECT id FROM {LAKE_CATALOG}.current_snapshot()"


@dataclass
class _Snapshot:
    """A transaction that is only read in, and the number of the moment that it shows."""

    cursor: Cursor
    moment: int = 0


class _Own(threading.local):
    """What belongs to a thread."""

    snapshot: _Snapshot | None = None


class Store:
    """A chat history in a DuckDB file or a DuckLake; safe to share between threads."""

    def __init__(self, location: str) -> None:
        """Opens, makes or migrates the store at `location` (a path, or `ducklake:` and a path); raises StoreError."""
        self.location = location
        # Of all views of this store.
        self._guards: list[Guard] = []
        self.confinement: Confinement | None = None
        self._confined: dict[Confinement, Store] = {}
        self.is_lake = location.startswith(LAKE_PREFIX)
        self.path = path = resolved(location)
        self._log = log_of(path)
        self.scratch = Scratch(path)
        self._commits = Commits()
        try:
            self._engine = Engine(location, path, self.scratch, self._commits)
        except BaseException:
            self.scratch.close()
            raise
        self._in_place = threading.Lock()
        self._readers_beside: set[object] = set()
        self._precedence = Precedence()
        self._own = _Own()
        self._unshared = itertools.count(1)
        try:
            with explained(path), self.cursor() as cursor:
                migrate(cursor, str(path), is_lake=self.is_lake)
            self.scratch.clear_left()
        except BaseException:
            self.close()
            raise

    @property
    def guard(self) -> Guard | None:
        """What is asked before somebody does something; None where everybody may do everything."""
        return self._guards[0] if self._guards else None

    @guard.setter
    def guard(self, guard: Guard | None) -> None:
        self._guards[:] = [guard] if guard else []

    @property
    def shown(self) -> str:
        """Names what of the store is read: at the same moment, the same question has the same answer."""
        return f"{self.location} {self.confinement.sql if self.confinement else ''}"

    @property
    def generation(self) -> int:
        """Number of writes of this process so far; a result read before the last one may be stale."""
        return self._commits.ended

    @property
    def moment(self) -> int:
        """Number of what this thread reads now: who reads at the same number reads the same.

        Below 0 it is the number of this snapshot alone. A lake, to which others write too, numbers its moments itself.
        """
        with self.snapshot() as own:
            return own.moment

    @property
    def newest(self) -> int:
        """Number of the newest moment, for which only a lake is asked; whoever reads now may get one just before it."""
        return self.moment if self.is_lake else self.generation

    def confined_to(self, confinement: Confinement | None) -> "Store":
        """The same store for somebody who sees only some chats: all that is read of it is of these, writing is as here.

        Whoever writes by it says which chats are meant, and the command sees to it that they are seen (`commands.py`).
        """
        if confinement is None:
            return self
        with self._in_place:
            if confinement not in self._confined:
                own = copy.copy(self)
                own.confinement, own._own = confinement, _Own()
                self._confined[confinement] = own
            return self._confined[confinement]

    @contextmanager
    def snapshot(self) -> Iterator[_Snapshot]:
        """Whatever this thread reads inside is of one moment: that of the beginning, or of its own last write.

        Inside of another it is a part of that one. It ends with the block, however that is left.
        """
        if self._own.snapshot:
            yield self._own.snapshot
            return
        with self._engine.cursor(self.confinement) as cursor:
            own = _Snapshot(cursor)
            self._take(own)
            self._own.snapshot = own
            try:
                yield own
            finally:
                self._own.snapshot = None
                self._roll_back(cursor)

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A cursor of its own for one call, closed after it; what is confined is not so by it."""
        with self._engine.cursor() as cursor:
            yield cursor

    @contextmanager
    def reading(self) -> Iterator[Cursor]:
        """A cursor to read with for one call: that of the snapshot, or one of its own."""
        own = self._own.snapshot
        if own is None:
            with self._engine.cursor(self.confinement) as cursor:
                yield cursor
            return
        try:
            yield own.cursor
        except duckdb.Error:
            # An error ends the transaction for the engine.
            self._take(own)
            raise

    def read(self, sql: str, params: Params | None = None, tables: "Mapping[str, pa.Table] | None" = None) -> list[Row]:
        """Rows of a query as dictionaries; `tables` are Arrow tables that the query may name. Raises StoreError."""
        with explained(self.path), self.reading() as cursor, _named(cursor, tables):
            return rows(_execute(cursor, sql, params))

    def frame(
        self, sql: str, params: Params | None = None, tables: "Mapping[str, pa.Table] | None" = None
    ) -> "pd.DataFrame":
        """Rows of a query as a pandas frame; raises StoreError."""
        with explained(self.path), self.reading() as cursor, _named(cursor, tables):
            return _execute(cursor, sql, params).df()

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
        makes no answer stale does not count towards `generation`. Raises StoreError, and what `work` raises.
        """
        goes_alone = False
        try:
            for attempt in range(1, attempts + 1):
                self._precedence.stand_back()
                try:
                    with nullcontext(cursor) if cursor else self.cursor() as own:
                        result = self._transaction(own, work, counts)
                    break
                except duckdb.Error as error:
                    reason = reason_of(error)
                    if reason is None:
                        raise
                    if reason != "busy" or attempt == attempts:
                        raise StoreError(reason, str(self.path)) from error
                    goes_alone = goes_alone or (attempt >= ATTEMPTS_BESIDE_OTHERS and self._precedence.take())
                    time.sleep(random.uniform(0.2, 1) * min(LONGEST_PAUSE_S, 0.01 * 2**attempt))
        finally:
            if goes_alone:
                self._precedence.give_back()
        # Outside of the attempts: what is written is not written again because it could not be read at once.
        if counts and self._own.snapshot:
            self._take(self._own.snapshot)
        return result

    @contextmanager
    def kept_in_place(self) -> Iterator[None]:
        """Meanwhile another process may read the file and its log: what lies there stays where it is.

        What was written before the block begins is in them; a log that would take long to read is written back first.
        """
        if self.log_bytes > LARGE_LOG_BYTES:
            self.write_back()
        reader = object()
        with self._in_place:
            self._readers_beside.add(reader)
        try:
            yield
        finally:
            with self._in_place:
                self._readers_beside.remove(reader)

    @property
    def log_bytes(self) -> int:
        """Size of the log beside a file, which is not yet in the file; 0 where there is none."""
        try:
            return self._log.stat().st_size if not self.is_lake else 0
        except FileNotFoundError:
            return 0

    def write_back(self, quiet_for_s: float = 0) -> bool:
        """Writes what the log beside a file holds into the file; whether it did.

        It does not where there is no log, where it was written within the last `quiet_for_s` seconds, where somebody
        writes at this moment, or another process reads, nor where the disk has no room, at which the engine would stop.
        Who writes meanwhile waits for it; who reads does not. Raises StoreError.
        """
        if not self._has_log() or time.time() - self._log.stat().st_mtime < quiet_for_s:
            return False
        if shutil.disk_usage(self.path.parent).free < ROOM_BYTES + ROOM_FOR_LOG * self.log_bytes:
            return False
        with self._in_place:
            if self._readers_beside:
                return False
            try:
                with explained(self.path), self.cursor() as cursor:
                    cursor.execute("CHECKPOINT")
            except StoreError as error:
                if error.reason != "busy":
                    raise
                return False
            return True

    def open_anew(self) -> bool:
        """Closes the file and opens it again, so that the engine gives back what it holds in memory; whether it did.

        It does not where somebody uses it, another process reads it, or its log is not yet written back. Whoever asks
        meanwhile waits for it. Raises StoreError.
        """
        with self._in_place:
            if self.is_lake or self._readers_beside or self.log_bytes:
                return self.is_lake
            with explained(self.path):
                return self._engine.open_anew()

    def rewrite(self) -> bool:
        """Writes the file anew, so that nothing of what was removed is left in it; whether it did.

        It does not where `open_anew` would not. Whoever asks meanwhile waits, a minute for some million chats. The
        disk needs room for a second file. Raises StoreError; then the file is as before.
        """
        with self._in_place:
            if self.is_lake or self._readers_beside or self.log_bytes:
                return False
            with explained(self.path):
                return self._engine.open_anew(lambda: rewrite(self.path, self.scratch))

    def close(self) -> None:
        """Closes the store when it is written back, for which it waits a while; later calls fail."""
        latest = time.monotonic() + PATIENCE_S
        try:
            while self._has_log() and not self.write_back() and time.monotonic() < latest:
                time.sleep(0.05)
        except StoreError:
            # It is closed already, or can write no more: then the log stays, and is read when the store is opened.
            pass
        self._engine.close()
        self.scratch.close()

    def _has_log(self) -> bool:
        # That of a lake is its catalogue's, which is written back as it is closed.
        return not self.is_lake and self._log.exists()

    def _transaction(self, cursor: Cursor, work: Callable[[Cursor], T], counts: bool) -> T:
        cursor.execute("BEGIN")
        try:
            result = work(cursor)
            with self._commits.one() if counts else nullcontext():
                self._commit(cursor)
        except BaseException:
            self._roll_back(cursor)
            raise
        return result

    def _commit(self, cursor: Cursor) -> None:
        try:
            cursor.execute("COMMIT")
        except duckdb.FatalException as error:
            if is_stored(error):
                self._engine.stopped()
                return
            # The engine stopped amid it: the log may hold it or not.
            reason = reason_of(error)
            raise StoreError("stopped" if reason == "stopped" else "unclear", str(self.path)) from error

    def _take(self, own: _Snapshot) -> None:
        """Takes the snapshot, anew where there was one."""
        for _ in range(LOOKS):
            self._roll_back(own.cursor)
            before = self._commits.settled
            own.cursor.execute("BEGIN")
            found = own.cursor.execute(LOOK_AT_LAKE if self.is_lake else LOOK).fetchone()
            if found:
                own.moment = int(found[0])
                return
            if before is not None and before == self._commits.settled:
                own.moment = before
                return
        own.moment = -next(self._unshared)

    @staticmethod
    def _roll_back(cursor: Cursor) -> None:
        try:
            cursor.execute("ROLLBACK")
        except duckdb.Error:
            # Nothing to roll back: it was never begun, a failed COMMIT has done so already, or the store is closed.
            return


def _execute(cursor: Cursor, sql: str, params: Params | None) -> Cursor:
    return cursor.execute(sql, dict(params) if params else None)


@contextmanager
def _named(cursor: Cursor, tables: "Mapping[str, pa.Table] | None") -> Iterator[None]:
    """The query inside may name the tables; the next one with this cursor may not."""
    for name, table in (tables or {}).items():
        cursor.register(name, table)
    yield
    for name in tables or {}:
        cursor.unregister(name)
