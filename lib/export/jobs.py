"""Exports in threads of their own: each tells how far it is, can be stopped, and leaves its file for an hour.

Each is recorded as an event: who took what out of the history, and when.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

import duckdb

from lib.chats.counts import category_counts
from lib.commands import command
from lib.export.asking import agreed, is_same_person, rows_of_day, spend
from lib.export.choice import Request
from lib.export.manifest import columns_of
from lib.export.writing import Exported, Progress, Tell, write_export
from lib.store import Confinement, Cursor, Reason, Store, StoreError, now, reason_of, record_event, rows

LOG = logging.getLogger(__name__)
MOST_AT_ONCE = 2
KEPT_FOR = timedelta(hours=1)
CLEARED_EVERY_S = 300.0
State = Literal["running", "done", "stopped", "failed"]
Problem = Reason | Literal["no_place", "failed"]
# The last three are of an installation with a limit of rows a day: it is above it, more than was agreed to, or nobody
# agrees any more.
Refusal = Literal["running", "too_many", "above_limit", "grown", "not_agreed"]
Write = Callable[[Store, Request, Path, Tell], Exported]


def record_export(store: Store, request: Request, exported: Exported) -> None:
    """Records a finished export."""
    choice = request.choice
    detail = {
        "filter": exported.sentence,
        "link": request.link,
        **({"reason": request.reason} if request.reason else {}),
        "chats": exported.chats,
        "messages": exported.messages,
        "deleted_chats_left_out": exported.deleted_left_out,
        "format": choice.format,
        "content": "chats and messages" if choice.with_messages else "chats",
        "columns": columns_of(choice),
        "masked": sorted(choice.masks),
        "encrypted": exported.encrypted,
        "bytes": exported.bytes,
        "sha256": exported.sha256,
    }

    def work(cursor: Cursor) -> None:
        agreement = {"agreed_by": by} if (by := _spent(cursor, request)) else {}
        record_event(cursor, "export", request.person, None, now(), **detail | agreement)

    # No answer to a question about chats is stale because of it.
    store.write(work, counts=False)


def _spent(cursor: Cursor, request: Request) -> str | None:
    """Who agreed to the export, which is not needed any more."""
    if request.agreed is None:
        return None
    found = rows(cursor.execute("SELECT decided_by FROM export_requests WHERE id = $id", {"id": request.agreed}))
    spend(cursor, request.agreed)
    return str(found[0]["decided_by"]) if found else None


@command("transcript.save", "export", "export_transcript", person="person", chats="chat_id")
def record_transcript(store: Store, chat_id: UUID, format: str, person: str) -> None:
    """Records that somebody saved the transcript of one chat."""
    store.write(
        lambda cursor: record_event(cursor, "export_transcript", person, chat_id, now(), format=format), counts=False
    )


class _Stopped(Exception):  # noqa: N818 - somebody stopped it
    """The export was stopped."""


@dataclass
class Job:
    """An export of a person; its thread changes it. `token` names the file in a link, and `until` when it goes.

    `seen` is what the person saw as it was made.
    """

    request: Request
    path: Path
    token: str
    seen: Confinement | None = None
    state: State = "running"
    progress: Progress = field(default_factory=lambda: Progress(0, 0, 0))
    exported: Exported | None = None
    problem: Problem | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        self._stop = threading.Event()

    @property
    def file_name(self) -> str:
        """The name of the file for people: with the day and time of the workspace."""
        made_at = self.request.clock.local(self.request.clock.now)
        return f"chats-{made_at:%Y%m%d-%H%M%S}.zip"

    def stop(self) -> None:
        """Asks it to stop; its file goes."""
        self._stop.set()

    def tell(self, progress: Progress) -> None:
        """Takes down how far it is; raises what ends it where somebody stopped it."""
        if self._stop.is_set():
            raise _Stopped
        self.progress = progress


class Exports:
    """The exports of this process: one a person and browser, few at once. Their files lie beside the store."""

    def __init__(self, write: Write = write_export) -> None:
        self._write = write
        self._jobs: dict[tuple[str, str], Job] = {}
        self._lock = threading.Lock()
        self._clearing: threading.Timer | None = None

    @command("chats.export", "export", "export", person="request.person")
    def start(self, store: Store, request: Request, limit: int | None = None) -> Job | Refusal:
        """A new export, which replaces the person's last one; or why there is none now.

        With a `limit` of rows a day, more is exported only under an agreement.
        """
        self.clear(now())
        count = 0 if limit is None else category_counts(store, request.chosen, request.clock)[request.chosen.category]
        whose = request.person, request.browser
        with self._lock:
            before = self._jobs.get(whose)
            if before and before.state == "running":
                return "running"
            # In another browser, whose rows are not counted yet.
            if limit is not None and any(
                job.state == "running" and is_same_person(job.request.person, request.person)
                for job in self._jobs.values()
            ):
                return "running"
            if limit is not None and (refusal := _above(store, request, limit, count)):
                return refusal
            if sum(job.state == "running" for job in self._jobs.values()) >= MOST_AT_ONCE:
                return "too_many"
            self._forget(whose)
            token = secrets.token_urlsafe(32)
            try:
                job = Job(request, store.scratch.folder / f"{secrets.token_hex(8)}.zip", token, store.confinement)
            except OSError as error:
                job = Job(request, Path(token), token, state="failed", problem=_problem(error))
            self._jobs[whose] = job
            self._clear_later()
        if job.state == "running":
            threading.Thread(target=self._run, args=(store, job), name="export", daemon=True).start()
        return job

    def of(self, person: str, browser: str = "") -> Job | None:
        """The last export of a person in that browser, running or not."""
        self.clear(now())
        return self._jobs.get((person, browser))

    def forget(self, person: str, browser: str = "") -> None:
        """Removes a person's finished export in that browser and its file."""
        with self._lock:
            job = self._jobs.get((person, browser))
            if job and job.state != "running":
                self._forget((person, browser))

    def file(self, token: str) -> Job | None:
        """The finished export that a link means; None where there is none (any more)."""
        self.clear(now())
        for job in list(self._jobs.values()):
            if job.state == "done" and secrets.compare_digest(job.token.encode(), token.encode("utf-8", "replace")):
                return job
        return None

    def clear(self, moment: datetime) -> None:
        """Removes what was kept long enough at `moment` (naive UTC)."""
        with self._lock:
            for whose in [whose for whose, job in self._jobs.items() if job.until and job.until <= moment]:
                self._forget(whose)

    def end_all(self) -> None:
        """Stops those that run, and removes the files of the others."""
        for job in list(self._jobs.values()):
            job.stop()
        self.clear(now() + KEPT_FOR)

    def close(self) -> None:
        """Stops all, and removes their files."""
        with self._lock:
            for whose, job in list(self._jobs.items()):
                job.stop()
                self._forget(whose)
            if self._clearing:
                self._clearing.cancel()
            self._clearing = None

    def _forget(self, whose: tuple[str, str]) -> None:
        job = self._jobs.pop(whose, None)
        if job:
            job.path.unlink(missing_ok=True)

    def _clear_later(self) -> None:
        if self._jobs and self._clearing is None:
            self._clearing = threading.Timer(CLEARED_EVERY_S, self._clear_again)
            self._clearing.daemon = True
            self._clearing.start()

    def _clear_again(self) -> None:
        self.clear(now())
        with self._lock:
            self._clearing = None
            self._clear_later()

    def _run(self, store: Store, job: Job) -> None:
        try:
            job.exported = self._write(store, job.request, job.path, job.tell)
            job.tell(job.progress)  # somebody may have stopped it meanwhile
            record_export(store, job.request, job.exported)
            job.until, job.state = now() + KEPT_FOR, "done"
        except _Stopped:
            job.path.unlink(missing_ok=True)
            job.until, job.state = now() + KEPT_FOR, "stopped"
        except Exception as error:
            # Whatever it was, the person is told that there is no export.
            self._fail(job, _problem(error))
        finally:
            job.request = replace(job.request, password="")

    @staticmethod
    def _fail(job: Job, problem: Problem) -> None:
        job.path.unlink(missing_ok=True)
        job.problem, job.until, job.state = problem, now() + KEPT_FOR, "failed"


def _above(store: Store, request: Request, limit: int, count: int) -> Refusal | None:
    """Why so many rows are too many today; None where they are not."""
    if request.agreed is None:
        return "above_limit" if rows_of_day(store, request.person, request.clock) + count > limit else None
    found = agreed(store, request)
    if found is None:
        return "not_agreed"
    return "grown" if count > found.chats else None


def _problem(error: Exception) -> Problem:
    """What is told of an error; the log has it, and where nobody foresaw it, whence it came."""
    reason: Problem | None = error.reason if isinstance(error, StoreError) else None
    if isinstance(error, OSError | duckdb.Error):
        reason = reason_of(error)
    # What the system itself refuses is the file of the export, not the store.
    if isinstance(error, OSError) and error.errno and reason in (None, "unwritable"):
        reason = "no_place"
    LOG.error("export: %s", error, exc_info=reason is None)
    return reason or "failed"
