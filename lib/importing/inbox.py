"""The inbox folder: files that arrive there are imported, each once, by its content.

A folder in it is one account: its files, also those in folders inside it, are of that account where they do not say of
which. Files that arrive together are one import, unless one of them has to be taken alone.
"""

import hashlib
import logging
import os
import stat
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import cast
from uuid import UUID

import duckdb
import pyarrow as pa

from lib.importing.columns import remembered
from lib.importing.formats.feed import Known
from lib.importing.loading import prepare
from lib.importing.problems import ImportRefused
from lib.importing.reading import Manner, read_here
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
# Larger files are imports of their own, so that a fault in another one does not cost to read them again.
SMALL_BYTES = 8 << 20
# What waits for somebody to say which column is which.
UNMAPPED = ("unknown_columns", "several_lists")
# A folder of another name is somebody's way to put files aside.
ENDINGS = (".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt", ".parquet", ".zip", ".gz", ".xlsx",
           ".xlsm", ".xlsb", ".xls", ".ods")  # fmt: skip


@dataclass(frozen=True)
class InboxFile:
    """A file that is done with: when (naive UTC), what its import did, or why it was refused (a code of `problems`).

    `together` is the number of files of that import.
    """

    name: str
    done_at: datetime
    report: Report | None
    problem: str | None
    together: int = 1

    @property
    def rows(self) -> tuple[int, int]:
        """The number of its own rows, and of those that were rejected."""
        if self.report is None:
            return 0, 0
        name = self.name.removeprefix(f"{self.report.account}/") if self.report.account else self.name
        own = [file for file in self.report.files if file.name == name or file.name.startswith(f"{name}/")]
        return sum(file.records for file in own), sum(file.rejected for file in own)


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
    def is_small(self) -> bool:
        """Whether it may be taken together with others: it has not failed alone."""
        return self.is_file and self.state[0] <= SMALL_BYTES and not self.broken and not self.failures

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
        due: dict[str | None, list[Path]] = {}
        arriving = set[str | None]()
        for path in self._files():
            seen, account = self._seen_as_now(path), self._account_of(path)
            if seen is None or seen.done:
                continue
            if seen.is_due:
                due.setdefault(account, []).append(path)
            elif not seen.broken:
                arriving.add(account)
        # The first of many that are being copied wait for the last, though not for ever.
        return sum(
            self._look_at(paths)
            for account, paths in due.items()
            if account not in arriving or any(self._seen[path].quiet_s >= BROKEN_STILL_S for path in paths)
        )

    def _recall(self) -> None:
        """Takes up again the files that `try_again` made forgotten, and those for which a mapping was saved."""
        done = {seen.digest: path for path, seen in self._seen.items() if seen.done}
        if not done or self._recalled_at == self.store.generation:
            return
        rows = self.store.read(
            """SELECT digest, coalesce(bool_or(list_contains($unmapped, problem)
                   AND done_at < (SELECT max(saved_at) FROM column_mappings)), FALSE) AS may_be_mapped
               FROM inbox_files GROUP BY digest""",
            {"unmapped": [*UNMAPPED]},
        )
        mapped = [row["digest"] for row in rows if row["may_be_mapped"] and row["digest"] in done]
        if mapped:
            sql = "DELETE FROM inbox_files WHERE list_contains($unmapped, problem) AND list_contains($mapped, digest)"
            self.store.write(lambda cursor: cursor.execute(sql, {"unmapped": [*UNMAPPED], "mapped": mapped}))
        self._recalled_at = self.store.generation
        known = {row["digest"] for row in rows} - set(mapped)
        for path in [path for path, seen in self._seen.items() if seen.done and seen.digest not in known]:
            del self._seen[path]

    def _look_at(self, paths: Sequence[Path]) -> int:
        """Number of these files, of one account, that are done with now."""
        done, new = 0, dict[str, Path]()
        for path in paths:
            try:
                if self._is_new(path):
                    new.setdefault(self._seen[path].digest, path)
            except Exception as error:
                done += self._failed(path, error)
        together = self._taken_together([path for path in new.values() if self._seen[path].is_small])
        return done + len(together) + sum(self._taken(path) for path in new.values() if path not in together)

    def _taken(self, path: Path) -> bool:
        """Whether the file, taken alone, is done with."""
        seen = self._seen[path]
        try:
            seen.done = self._import(path, seen.digest, seen.quiet_s >= BROKEN_STILL_S)
        except Exception as error:
            return self._failed(path, error)
        seen.broken = not seen.done
        return seen.done

    def _taken_together(self, paths: Sequence[Path]) -> set[Path]:
        """Those of the files that are done with by one import; the others have to be taken alone."""
        if len(paths) < 2:
            return set()
        try:
            if self._import_together(paths):
                return set(paths)
            sound = [path for path in paths if self._is_sound(path)]
            return set(sound) if 1 < len(sound) < len(paths) and self._import_together(sound) else set()
        except Exception:
            # From which file it comes shows when each is taken alone.
            return set()

    def _import_together(self, paths: Sequence[Path]) -> bool:
        """Whether the files are imported now, each of them whole, and none in the way of another."""
        manner = self._manner(paths[0])
        try:
            prepared = prepare(self.store, [self._source(path) for path in paths], manner)
        except ImportRefused as refusal:
            if refusal.reason in OF_THE_MOMENT:
                raise
            return False
        with closing(prepared):
            if prepared.cut_off or prepared.repeats:
                return False
            done = [_done(self._seen[path].digest, self._name_of(path), prepared.id) for path in paths]
            prepared.store(ACTOR, also=lambda cursor: _insert_all(cursor, done))
        for path in paths:
            self._seen[path].done = True
        return True

    def _is_sound(self, path: Path) -> bool:
        """Whether nothing is wrong with the file that would keep those beside it waiting."""
        reasons = set[str]()

        def emit(name: str, rows: pa.Table) -> None:
            if name == "staged_rejects":
                reasons.update(rows["reason"].to_pylist())

        try:
            read_here([self._source(path)], self._manner(path), emit, lambda *_: None)
        except ImportRefused:
            return False
        return "cut_off" not in reasons

    def _manner(self, path: Path) -> Manner:
        return Manner(self._zone, known=Known(mappings=remembered(self.store)), account=self._account_of(path))

    def _source(self, path: Path) -> Source:
        """The file, called by its place in the folder of its account."""
        inside = path.relative_to(self._folder).parts
        return Source("/".join(inside[1:] or inside), path, follows_links=False)

    def _failed(self, path: Path, error: Exception) -> bool:
        """Whether the file is given up: it has failed in the same way too often."""
        # Those behind it are not to wait for it, and it may have better luck later.
        LOG.error("inbox: %s", path.name, exc_info=error)
        seen, problem = self._seen[path], error.reason if isinstance(error, ImportRefused) else "failed"
        failure = f"{type(error).__name__} {problem}"
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
        found, folders = list[Path](), [self._folder]
        for folder in folders:
            inside = _entries(folder)
            found += filter(_is_meant, inside)
            folders += filter(_is_looked_into, inside)
        return found

    def _account_of(self, path: Path) -> str | None:
        inside = path.relative_to(self._folder).parts
        return Source(inside[0]).name if len(inside) > 1 else None

    def _name_of(self, path: Path) -> str:
        return Source("/".join(path.relative_to(self._folder).parts)).name

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

    def _is_new(self, path: Path) -> bool:
        """Whether what the file holds was not seen before."""
        seen = self._seen[path]
        # What was imported and put aside since, into a folder, stays done with.
        digests = [seen.digest]
        if seen.is_file:
            digest = _digest(Source(path.name, path, follows_links=False))
            seen.digest = _digest_of_account(digest, self._account_of(path))
            digests = [seen.digest, digest]
        sql = "SELECT digest FROM inbox_files WHERE list_contains($digests, digest) LIMIT 1"
        if known := self.store.read(sql, {"digests": digests}):
            seen.digest, seen.done = known[0]["digest"], True
        return not seen.done

    def _import(self, path: Path, digest: str, give_up: bool) -> bool:
        """Whether the file is done with; one that seems to be half-written is not, until it is time to give up."""
        name = self._name_of(path)
        try:
            prepared = prepare(self.store, [self._source(path)], self._manner(path))
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
        """SELECT f.name, f.done_at, f.import_id, f.problem,
               CASE WHEN f.import_id IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY f.import_id) END AS together
           FROM inbox_files AS f WHERE f.done_at >= coalesce($since, f.done_at)
           ORDER BY f.done_at DESC, f.name LIMIT $limit""",
        {"since": since, "limit": limit},
    )
    ids = list({str(row["import_id"]) for row in found if row["import_id"]})
    told = store.read("SELECT id, report FROM imports WHERE list_contains($ids, id::VARCHAR)", {"ids": ids})
    reports = {row["id"]: Report.from_json(row["report"]) for row in told}
    return [InboxFile(**row, report=reports.get(import_id)) for row in found for import_id in [row.pop("import_id")]]


def _insert_all(cursor: Cursor, rows: Iterable[dict[str, object]]) -> None:
    for row in rows:
        insert(cursor, "inbox_files", row)


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


def _is_looked_into(path: Path) -> bool:
    """Whether it is a folder with files to import: that of an account, or one inside it."""
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
