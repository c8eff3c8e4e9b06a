"""The inbox folder: files that arrive there are imported, each once, by its content.

A folder in it is one account: its files are of that account where they do not say of which.
"""

import hashlib
import logging
import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import cast
from uuid import UUID

import duckdb

from lib.importing.columns import remembered
from lib.importing.loading import prepare
from lib.importing.problems import ImportRefused
from lib.importing.reading import Manner
from lib.importing.recognising import Known
from lib.importing.report import Report
from lib.importing.sources import Source
from lib.store import Cursor, Store, insert, now, record_event

LOG = logging.getLogger(__name__)

ACTOR = "Inbox"
# A file counts as whole once it has not grown for so long, and one that ends in the middle only after a longer time.
STILL_S, BROKEN_STILL_S = 3.0, 60.0
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")
# What may be wrong with a file because it is not whole yet.
BROKEN = {"broken_gzip", "broken_zip", "cut_off", "broken_parquet", "empty", "not_chats", "unreadable", "workbook"}
# What may be wrong with this moment rather than with the file, which counts as refused when it failed so often.
OF_THE_MOMENT = {"memory", "engine", "reader_died", "accounts"}
MOST_FAILURES = 3
# A folder of another name is somebody's way to put files aside.
ENDINGS = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".parquet", ".zip", ".gz", ".xlsx",
           ".xlsm", ".xlsb", ".xls", ".ods")  # fmt: skip


@dataclass(frozen=True)
class InboxFile:
    """A file that is done with: when (naive UTC), what its import did, or why it was refused (a code of `problems`)."""

    name: str
    done_at: datetime
    report: Report | None
    problem: str | None


@dataclass
class _Seen:
    """How a file was found, since when, whether it was broken, or is done with, and how often it failed and why."""

    state: tuple[int, ...]
    since: float
    broken: bool = False
    done: bool = False
    digest: str = ""
    failure: str = ""
    failures: int = 0

    @property
    def is_file(self) -> bool:
        """Whether it is a file, and no link."""
        return stat.S_ISREG(self.state[-1])

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
        self._recalled_at = -1

    def look(self) -> int:
        """Number of files that were imported or refused now."""
        self._recall()
        return sum(self._look_at(path) for path in self._files())

    def _recall(self) -> None:
        """Takes up again the files that `try_again` made forgotten."""
        done = [path for path, seen in self._seen.items() if seen.done]
        if not done or self._recalled_at == self.store.generation:
            return
        self._recalled_at = self.store.generation
        known = {row["digest"] for row in self.store.read("SELECT DISTINCT digest FROM inbox_files")}
        for path in done:
            if self._seen[path].digest not in known:
                del self._seen[path]

    def _look_at(self, path: Path) -> bool:
        seen = self._seen_as_now(path)
        if seen is None or not seen.is_due:
            return False
        try:
            return self._take(path, seen)
        except Exception as error:
            # Those behind it are not to wait for it, and it may have better luck later.
            LOG.exception("inbox: %s", path.name)
            problem = error.reason if isinstance(error, ImportRefused) else "failed"
            return self._failed(path, seen, problem, f"{type(error).__name__} {problem}")

    def _failed(self, path: Path, seen: _Seen, problem: str, failure: str) -> bool:
        """Whether the file is given up: it has failed in the same way too often."""
        seen.failures = seen.failures + 1 if seen.failure == failure else 1
        seen.since, seen.broken, seen.failure = time.monotonic(), True, failure
        if seen.failures < MOST_FAILURES:
            return False
        try:
            self._refuse(path, seen, problem)
        except duckdb.Error:
            # A store that cannot even write this down is what is wrong.
            LOG.exception("inbox: %s", path.name)
            return False
        return True

    def _files(self) -> list[Path]:
        found = _entries(self._folder)
        inside = [path for folder in found if _is_account(folder) for path in _entries(folder)]
        return [path for path in (*found, *inside) if _is_meant(path)]

    def _account_of(self, path: Path) -> str | None:
        return None if path.parent == self._folder else Source(path.parent.name).name

    def _name_of(self, path: Path) -> str:
        return "/".join(filter(None, [self._account_of(path), Source(path.name).name]))

    def _seen_as_now(self, path: Path) -> _Seen | None:
        try:
            found = path.lstat()
        except OSError:
            return None
        seen, state = self._seen.get(path), _state(found)
        if seen is None or seen.state != state:
            # What has lain there unchanged before the app looked need not wait again.
            age = max(0.0, time.time() - found.st_mtime) if seen is None else 0.0
            # By this it is known until its content is.
            digest = hashlib.sha256(repr((path.name, state)).encode()).hexdigest()
            seen = self._seen[path] = _Seen(state, time.monotonic() - age, digest=digest)
        return seen

    def _take(self, path: Path, seen: _Seen) -> bool:
        source = Source(path.name, path, follows_links=False)
        # What was imported and put aside since, into a folder, stays done with.
        digests = [seen.digest]
        if seen.is_file:
            digest = _digest(source)
            seen.digest = _digest_of_account(digest, self._account_of(path))
            digests = [seen.digest, digest]
        sql = "SELECT digest FROM inbox_files WHERE list_contains($digests, digest) LIMIT 1"
        if known := self.store.read(sql, {"digests": digests}):
            seen.digest, seen.done = known[0]["digest"], True
            return False
        seen.done = self._import(source, path, seen.digest, seen.quiet_s >= BROKEN_STILL_S)
        seen.broken = not seen.done
        return seen.done

    def _import(self, source: Source, path: Path, digest: str, give_up: bool) -> bool:
        """Whether the file is done with; one that seems to be half-written is not, until it is time to give up."""
        manner = Manner(self._zone, known=Known(mappings=remembered(self.store)), account=self._account_of(path))
        name = self._name_of(path)
        try:
            prepared = prepare(self.store, [source], manner)
        except ImportRefused as refusal:
            if refusal.reason in OF_THE_MOMENT:
                raise
            if refusal.reason in BROKEN and not give_up:
                return False
            self._note(name, digest, refusal.reason)
            return True
        try:
            if prepared.cut_off and not give_up:
                return False
            import_id = prepared.id
            prepared.store(ACTOR, also=lambda cursor: insert(cursor, "inbox_files", _done(digest, name, import_id)))
        finally:
            prepared.close()
        return True

    def _refuse(self, path: Path, seen: _Seen, problem: str) -> None:
        self._note(self._name_of(path), seen.digest, problem)
        seen.done = True

    def _note(self, name: str, digest: str, problem: str) -> None:
        LOG.warning("inbox: %s was refused: %s", name, problem)

        def work(cursor: Cursor) -> None:
            insert(cursor, "inbox_files", _done(digest, name, problem=problem))
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


def _done(digest: str, name: str, import_id: UUID | None = None, problem: str | None = None) -> dict[str, object]:
    """The row of a file that is done with now."""
    return {"digest": digest, "name": name, "done_at": now(), "import_id": import_id, "problem": problem}


def try_again(store: Store, names: Sequence[str], actor: str) -> None:
    """Forgets that files of these names were refused, so that those which still lie in the folder are taken again."""

    def work(cursor: Cursor) -> None:
        cursor.execute(
            "DELETE FROM inbox_files WHERE problem IS NOT NULL AND list_contains($names, name)", {"names": [*names]}
        )
        record_event(cursor, "inbox_again", actor, None, now(), files=[*names])

    store.write(work)


def _state(found: os.stat_result) -> tuple[int, ...]:
    """What differs where a file has changed; of what is no file, its kind."""
    is_file = stat.S_ISREG(found.st_mode)
    return (found.st_size, found.st_mtime_ns, found.st_mode) if is_file else (found.st_mode,)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _is_account(path: Path) -> bool:
    """Whether it is a folder of an account, which is called as the account."""
    return not path.name.startswith((".", "~")) and not path.is_symlink() and path.is_dir() and not _has_ending(path)


def _has_ending(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS


def _is_meant(path: Path) -> bool:
    """Whether somebody put it there to be imported."""
    if path.name.startswith((".", "~")) or path.suffix.lower() in UNFINISHED:
        return False
    return _has_ending(path) or path.is_symlink() or not path.is_dir()


def _digest(source: Source) -> str:
    with source.open() as file:
        return hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest()


def _digest_of_account(digest: str, account: str | None) -> str:
    """What a file with this digest is known by: the same content may be of two accounts."""
    return hashlib.sha256(f"{digest}/{account}".encode()).hexdigest() if account else digest
