"""Runs a query that was checked: in a process of its own, for a limited time, and so that it can be stopped."""

import json
import logging
import multiprocessing
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa

from lib.commands import command
from lib.explore.cells import Cells, Column
from lib.explore.checking import Checked
from lib.explore.values import AT_ONCE, LIMITS, NICE, Limits, Value
from lib.explore.worker import Answer, Question
from lib.settings import ROOT
from lib.store import Store
from lib.store.lockless import can_read_without_lock

Stop = Literal["time", "stopped", "memory", "busy", "engine", "system"]
WATCHED_EVERY_S = 0.05
LOG = logging.getLogger(__name__)

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
    """A query under way, with a thread that waits for it."""

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
        return self._outcome or Failure("system")

    def _run(self, store: Store, query: Checked, values: dict[str, Value], zone: str) -> None:
        try:
            if not can_read_without_lock():
                self._outcome = Failure("system")
            elif not _turns.acquire(timeout=self._limits.seconds):
                self._outcome = Failure("busy", elapsed_s=self.elapsed_s)
            else:
                try:
                    spills = tempfile.TemporaryDirectory(dir=store.scratch.folder, ignore_cleanup_errors=True)
                    with store.kept_in_place(), spills as spill:
                        question = Question(
                            store.location, store.confinement, query, values, zone, self._limits, Path(spill)
                        )
                        self._outcome = self._answer(question)
                finally:
                    _turns.release()
        except OSError:  # No room for what it spills, or no process to be had.
            LOG.exception("A query could not be run")
        finally:
            self._ended.set()

    def _answer(self, question: Question) -> Result | Failure:
        while True:
            worker, is_new = _worker()
            try:
                answer, rows = worker.ask(question, self._is_over)
            except (EOFError, OSError):
                status = worker.end()
                if self._is_over():
                    return Failure("stopped" if self._stopped.is_set() else "time", elapsed_s=self.elapsed_s)
                if status < 0:
                    return Failure("memory", elapsed_s=self.elapsed_s)
                if is_new:
                    LOG.error("The process of a query ended with status %s before it had answered", status)
                    return Failure("system", elapsed_s=self.elapsed_s)
                continue  # It went because nobody had asked for a while.
            _idle.append(worker)
            if rows is None:
                reason: Stop = "memory" if answer.is_memory else "engine"
                return Failure(reason, answer.message or "", self.elapsed_s)
            columns = tuple(Column(**each) for each in answer.columns)
            return Result(Cells(columns, rows), answer.cut, self.elapsed_s)

    def _is_over(self) -> bool:
        return self._stopped.is_set() or self.elapsed_s > self._limits.seconds


class _Worker:
    """A process that answers one question after the other."""

    def __init__(self) -> None:
        self._asked, theirs = multiprocessing.Pipe()
        with theirs:
            command = [sys.executable, "-m", "lib.explore.worker", str(theirs.fileno()), str(NICE)]
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )

    def ask(self, question: Question, is_over: Callable[[], bool]) -> tuple[Answer, pa.Table | None]:
        """What it answers; raises EOFError or OSError where it ends before, as it is made to when the time is over."""
        self._asked.send(question)
        while not self._asked.poll(WATCHED_EVERY_S):
            if is_over():
                raise EOFError
        answer = Answer(**json.loads(self._asked.recv_bytes()))
        if not answer.columns:
            return answer, None
        return answer, pa.ipc.open_stream(self._asked.recv_bytes()).read_all()

    def is_there(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process.poll() is None

    def end(self) -> int:
        """Ends it; its exit status, below 0 the signal that ended it."""
        self._asked.close()
        self._process.kill()
        return self._process.wait()


_idle: deque[_Worker] = deque()


def _worker() -> tuple[_Worker, bool]:
    """One that has nothing to do, or a new one; whether it is new."""
    while True:
        try:
            worker = _idle.pop()
        except IndexError:
            return _Worker(), True
        if worker.is_there():
            return worker, False


@command("rows.query", "explore")
def start(
    store: Store,
    query: Checked,
    values: dict[str, Value],
    zone: str,
    limits: Limits | None = None,
    *,
    actor: str = "",
) -> Running:
    """The query under way, within LIMITS or others; `zone` is that of the local times in the views."""
    return Running(store, query, values, zone, limits or LIMITS)


def run(
    store: Store, query: Checked, values: dict[str, Value], zone: str, limits: Limits | None = None
) -> Result | Failure:
    """What came of the query, after at most the time that the limits allow."""
    return start(store, query, values, zone, limits).outcome()
