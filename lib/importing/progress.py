"""Tells how far an import is."""

import time
from collections.abc import Callable
from dataclasses import dataclass

LEAST_PAUSE_S = 0.1


@dataclass(frozen=True)
class Progress:
    """How far: `stage` is reading (`done` of `total` are bytes) or storing (steps); `messages` were read so far."""

    stage: str
    done: int
    total: int
    messages: int


class Meter:
    """Calls `tell` at most ten times a second while reading, and at each step of storing; what it raises, ends it."""

    def __init__(self, tell: Callable[[Progress], None] | None, messages: int = 0) -> None:
        """`messages` is the number of messages read before."""
        self._tell = tell
        self._next = 0.0
        self._messages = messages

    def reading(self, done: int, total: int, messages: int) -> None:
        """Tells the bytes read of all, and the messages so far."""
        self._messages = messages
        if self._tell and time.monotonic() >= self._next:
            self._next = time.monotonic() + LEAST_PAUSE_S
            self._tell(Progress("reading", min(done, total), total, messages))

    def storing(self, done: int, total: int) -> None:
        """Tells the steps done of all."""
        if self._tell:
            self._tell(Progress("storing", done, total, self._messages))
