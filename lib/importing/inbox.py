"""The inbox folder: files that arrive there are imported, each once, by its content."""

import hashlib
import logging
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from lib.importing.columns import remembered
from lib.importing.loading import prepare
from lib.importing.problems import ImportRefused
from lib.importing.reading import Manner
from lib.importing.recognising import Known
from lib.importing.report import Report
from lib.importing.sources import Source
from lib.store import Cursor, Store, now, record_event

LOG = logging.getLogger(__name__)

ACTOR = "Inbox"
# A file counts as whole once it has not grown for so long, and one that ends in the middle only after a longer time.
STILL_S, BROKEN_STILL_S = 3.0, 60.0
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
# What may be wrong with a file because it is not whole yet.
BROKEN = {"broken_gzip", "broken_zip", "cut_off", "empty", "not_chats", "unreadable"}


@dataclass(frozen=True)
class InboxFile:
    """A file that is done with: when (naive UTC), what its import did, or why it was refused (a code of `problems`)."""

    name: str
    done_at: datetime
    report: Report | None
    problem: str | None


@dataclass
class _Seen:
    """How a file was found: its size and time of change, since when, whether it was broken, or is done with."""

    state: tuple[int, int]
    since: float
    broken: bool = False
    done: bool = False

    @property
    def quiet_s(self) -> float:
        """For how long it has not changed."""
        return time.monotonic() - self.since

    @property
    def is_due(self) -> bool:
        """Whether it has to be taken now."""
        return not self.done and self.quiet_s >= (BROKEN_STILL_S if self.broken else STILL_S)


class Inbox:
    """Looks after one folder; `zone` is the zone of times that name no offset."""

    def __init__(self, store: Store, folder: Path, zone: str) -> None:
        self.store = store
        self._folder = folder
        self._zone = zone
        self._seen: dict[Path, _Seen] = {}

    def look(self) -> int:
        """Number of files that were imported or refused now."""
        return sum(self._look_at(path) for path in self._files())

    def _look_at(self, path: Path) -> bool:
        seen = self._seen_as_now(path)
        if seen is None or not seen.is_due:
            return False
        try:
            return self._take(path, seen)
        except Exception:
            # Those behind it are not to wait for it, and it may have better luck later.
            LOG.exception("inbox: %s", path.name)
            seen.since, seen.broken = time.monotonic(), True
            return False

    def _files(self) -> list[Path]:
        try:
            found = sorted(self._folder.iterdir())
        except OSError:
            return []
        return [
            path
            for path in found
            if path.is_file() and not path.name.startswith((".", "~")) and path.suffix.lower() not in UNFINISHED
        ]

    def _seen_as_now(self, path: Path) -> _Seen | None:
        try:
            stat = path.stat()
        except OSError:
            return None
        seen = self._seen.get(path)
        if seen is None or seen.state != (stat.st_size, stat.st_mtime_ns):
            # What has lain there unchanged before the app looked need not wait again.
            age = max(0.0, time.time() - stat.st_mtime) if seen is None else 0.0
            seen = self._seen[path] = _Seen((stat.st_size, stat.st_mtime_ns), time.monotonic() - age)
        return seen

    def _take(self, path: Path, seen: _Seen) -> bool:
        try:
            digest = _digest(path)
        except OSError:
            return False
        if self.store.read("SELECT 1 AS n FROM inbox_files WHERE digest = $digest LIMIT 1", {"digest": digest}):
            seen.done = True
            return False
        seen.done = self._import(Source(path.name, path), digest, seen.quiet_s >= BROKEN_STILL_S)
        seen.broken = not seen.done
        return seen.done

    def _import(self, source: Source, digest: str, give_up: bool) -> bool:
        """Whether the file is done with; one that seems to be half-written is not, until it is time to give up."""
        manner = Manner(self._zone, known=Known(mappings=remembered(self.store)))
        try:
            prepared = prepare(self.store, [source], manner)
        except ImportRefused as refusal:
            if refusal.reason in BROKEN and not give_up:
                return False
            self._note(source.name, digest, refusal.reason)
            return True
        try:
            if prepared.cut_off and not give_up:
                return False
            import_id = prepared.id
            prepared.store(ACTOR, also=lambda cursor: _insert(cursor, digest, source.name, import_id, None))
        finally:
            prepared.close()
        return True

    def _note(self, name: str, digest: str, problem: str) -> None:
        LOG.warning("inbox: %s was refused: %s", name, problem)

        def work(cursor: Cursor) -> None:
            _insert(cursor, digest, name, None, problem)
            record_event(cursor, "inbox_refused", ACTOR, None, now(), file=name, problem=problem)

        self.store.write(work)


def inbox_files(store: Store, since: datetime | None = None, limit: int = 50) -> list[InboxFile]:
    """Files that are done with, newest first, all or those since a moment (naive UTC)."""
    found = store.read(
        """SELECT f.name, f.done_at, i.report, f.problem
           FROM inbox_files AS f LEFT JOIN imports AS i ON i.id = f.import_id
           WHERE f.done_at >= coalesce($since, f.done_at) ORDER BY f.done_at DESC, f.name LIMIT $limit""",
        {"since": since, "limit": limit},
    )
    return [InboxFile(**row | {"report": row["report"] and Report.from_json(row["report"])}) for row in found]


def _insert(cursor: Cursor, digest: str, name: str, import_id: UUID | None, problem: str | None) -> None:
    cursor.execute(
        "INSERT INTO inbox_files VALUES ($digest, $name, $done_at, $import_id, $problem)",
        {"digest": digest, "name": name, "done_at": now(), "import_id": import_id, "problem": problem},
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
