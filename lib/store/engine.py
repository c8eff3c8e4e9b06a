"""The database that this process has open: hands out cursors, and opens itself again after a fault that stopped it.

The commits of a process are counted, so that a number stands for exactly one state of the store.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from lib.store.confining import Confinement, confine
from lib.store.errors import StoreError, reason_of
from lib.store.opening import LAKE_CATALOG, LAKE_PREFIX, open_file, open_lake
from lib.store.scratch import Scratch
from lib.store.spellings import teach_search_form, teach_spellings
from lib.store.statements import Cursor

LOG = logging.getLogger(__name__)
# Of who still has a cursor of a database that has stopped, and gets nothing more from it.
PATIENCE_S = 1


class Commits:
    """The commits so far; safe to share between threads."""

    def __init__(self) -> None:
        """Begins at 0."""
        self._lock = threading.Lock()
        self._ended = self._under_way = 0

    @property
    def ended(self) -> int:
        """Number of commits that have ended."""
        return self._ended

    @property
    def settled(self) -> int | None:
        """The same number, where no commit is under way.

        What is read between two looks that give the same number is of the state that the number stands for: a commit
        is visible to others somewhere between its beginning and its end.
        """
        with self._lock:
            return None if self._under_way else self._ended

    @contextmanager
    def one(self) -> Iterator[None]:
        """A commit; it counts even where it fails, for who is interrupted may have succeeded."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._ended += 1


class Engine:
    """The engine with a file or a lake open; safe to share between threads."""

    def __init__(self, location: str, path: Path, scratch: Scratch, commits: Commits) -> None:
        """Opens or makes it; raises StoreError. An opening after a fault counts as one of `commits`."""
        self._path, self._scratch, self._commits = path, scratch, commits
        self._is_lake = location.startswith(LAKE_PREFIX)
        self._lock = threading.RLock()
        self._cursors: set[Cursor] = set()
        self._has_stopped = False
        # The schemas of views in the open database.
        self._confined: dict[Confinement, str] = {}
        self._connection = self._opened()

    @contextmanager
    def cursor(self, confinement: Confinement | None = None) -> Iterator[Cursor]:
        """A cursor of its own, closed with the block; raises StoreError where a stopped database cannot be opened.

        With a confinement it can only be read with, and all that is read is what that lets see.
        """
        with self._lock:
            if self._has_stopped:
                self._open_again()
            cursor, connection = self._connection.cursor(), self._connection
            self._cursors.add(cursor)
        try:
            with cursor:
                if self._is_lake:
                    cursor.execute(f"USE {LAKE_CATALOG}")
                if confinement:
                    with self._lock:
                        confine(cursor, confinement, self._confined)
                yield cursor
        except (duckdb.Error, StoreError) as error:
            reason = error.reason if isinstance(error, StoreError) else reason_of(error)
            is_stop = reason in ("stopped", "unclear") or isinstance(error, duckdb.FatalException)
            if connection is self._connection and is_stop:
                self.stopped()
            raise
        finally:
            self._cursors.discard(cursor)

    def stopped(self) -> None:
        """Takes down that the database answers nothing more: the next cursor is one of a database opened anew."""
        self._has_stopped = True

    def open_anew(self, meanwhile: Callable[[], None] = lambda: None) -> bool:
        """Closes the database and opens it again, unless somebody has a cursor; whether it did.

        Between the two, the file is nobody's. Raises StoreError, and what is raised `meanwhile`.
        """
        with self._lock:
            if self._cursors or self._has_stopped:
                return False
            # Where it cannot be opened now, the next cursor tries again.
            self._has_stopped = True
            self._connection.close()
            try:
                meanwhile()
            finally:
                self._connection = self._opened()
                self._has_stopped = False
            return True

    def close(self) -> None:
        """Closes it; later calls fail."""
        self._connection.close()

    def _opened(self) -> Cursor:
        connection = (open_lake if self._is_lake else open_file)(self._path, self._scratch)
        self._confined.clear()
        teach_search_form(connection)
        teach_spellings(connection)
        return connection

    def _open_again(self) -> None:
        LOG.warning("%s has stopped after a fault, and is opened again", self._path)
        # The engine lets go of its file with the last cursor.
        end = time.monotonic() + PATIENCE_S
        while self._cursors and time.monotonic() < end:
            for cursor in list(self._cursors):
                with suppress(duckdb.Error):
                    cursor.interrupt()
            time.sleep(0.02)
        for cursor in list(self._cursors):
            cursor.close()
        self._connection.close()
        # Whether the last commit is there is known only now.
        with self._commits.one():
            self._connection = self._opened()
        self._has_stopped = False
