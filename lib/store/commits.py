"""Counts the commits of a process so that a number stands for exactly one state of the store."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


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
