"""The inbox folder: files that arrive there are imported, each once, by its content.

A folder in it is one account: its files, also those in folders inside it, are of that account where they do not say of
which. Files that arrive together are one import, unless one of them has to be taken alone.
"""

import hashlib
import logging
from collections.abc import Sequence
from contextlib import closing
from io import BufferedReader
from pathlib import Path
from typing import cast

import duckdb
import pyarrow as pa

from lib.importing.columns import remembered
from lib.importing.formats.feed import Known
from lib.importing.inbox.done import ACTOR, UNMAPPED, done_row, note_refused
from lib.importing.inbox.folder import BROKEN_STILL_S, Folder, Seen, seen_now
from lib.importing.loading import prepare
from lib.importing.problems import ImportRefused
from lib.importing.reading import Manner, read_here
from lib.importing.sources import Source
from lib.store import Cursor, Store, insert

LOG = logging.getLogger(__name__)

# What may be wrong with a file because it is not whole yet.
BROKEN = {"broken_gzip", "broken_zip", "cut_off", "broken_parquet", "empty", "not_chats", "unreadable", "workbook"}
# What may be wrong with this moment rather than with the file, which counts as refused when it failed so often.
OF_THE_MOMENT = {"memory", "engine", "reader_died", "accounts"}
MOST_FAILURES = 3


class Inbox:
    """Looks after one folder; `zone` is the zone of times that name no offset."""

    def __init__(self, store: Store, folder: Path, zone: str) -> None:
        self.store = store
        self._folder = Folder(folder)
        self._zone = zone
        self._seen: dict[Path, Seen] = {}
        self._recalled_at = -1

    def look(self) -> int:
        """Number of files that were imported or refused now."""
        self._recall()
        due: dict[str | None, list[Path]] = {}
        arriving = set[str | None]()
        for path in self._folder.files():
            seen, account = seen_now(path, self._seen.get(path)), self._folder.account_of(path)
            if seen is None:
                continue
            self._seen[path] = seen
            if seen.done:
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
        done += len(together)
        for path in [path for path in new.values() if path not in together]:
            seen = self._seen[path]
            try:
                seen.done = self._import(path, seen.digest, seen.quiet_s >= BROKEN_STILL_S)
                seen.broken = not seen.done
                done += seen.done
            except Exception as error:
                done += self._failed(path, error)
        return done

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
            prepared = prepare(self.store, [self._folder.source(path) for path in paths], manner)
        except ImportRefused as refusal:
            if refusal.reason in OF_THE_MOMENT:
                raise
            return False
        with closing(prepared):
            if prepared.cut_off or prepared.repeats:
                return False
            done = [done_row(self._seen[path].digest, self._folder.name_of(path), prepared.id) for path in paths]

            def note(cursor: Cursor) -> None:
                for row in done:
                    insert(cursor, "inbox_files", row)

            prepared.store(ACTOR, also=note)
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
            read_here([self._folder.source(path)], self._manner(path), emit, lambda *_: None)
        except ImportRefused:
            return False
        return "cut_off" not in reasons

    def _manner(self, path: Path) -> Manner:
        return Manner(self._zone, known=Known(mappings=remembered(self.store)), account=self._folder.account_of(path))

    def _failed(self, path: Path, error: Exception) -> bool:
        """Whether the file is given up: it has failed in the same way too often."""
        # Those behind it are not to wait for it, and it may have better luck later.
        LOG.error("inbox: a file could not be imported; the page Import says which", exc_info=error)
        seen, problem = self._seen[path], error.reason if isinstance(error, ImportRefused) else "failed"
        if seen.fail(f"{type(error).__name__} {problem}") < MOST_FAILURES:
            return False
        try:
            note_refused(self.store, self._folder.name_of(path), seen.digest, problem)
            seen.done = True
        except duckdb.Error:
            # A store that cannot even write this down is what is wrong.
            LOG.exception("inbox: that a file was given up could not be noted")
            return False
        return True

    def _is_new(self, path: Path) -> bool:
        """Whether what the file holds was not seen before."""
        seen = self._seen[path]
        # What was imported and put aside since, into a folder, stays done with.
        digests = [seen.digest]
        if seen.is_file:
            digest = _digest(Source(path.name, path, follows_links=False))
            # The same content may be of two accounts.
            account = self._folder.account_of(path)
            seen.digest = hashlib.sha256(f"{digest}/{account}".encode()).hexdigest() if account else digest
            digests = [seen.digest, digest]
        sql = "SELECT digest FROM inbox_files WHERE list_contains($digests, digest) LIMIT 1"
        if known := self.store.read(sql, {"digests": digests}):
            seen.digest, seen.done = known[0]["digest"], True
        return not seen.done

    def _import(self, path: Path, digest: str, give_up: bool) -> bool:
        """Whether the file is done with; one that seems to be half-written is not, until it is time to give up."""
        name = self._folder.name_of(path)
        try:
            prepared = prepare(self.store, [self._folder.source(path)], self._manner(path))
        except ImportRefused as refusal:
            if refusal.reason in OF_THE_MOMENT:
                raise
            if refusal.reason in BROKEN and not give_up:
                return False
            note_refused(self.store, name, digest, refusal.reason)
            return True
        try:
            if prepared.cut_off and not give_up:
                return False
            import_id = prepared.id
            prepared.store(ACTOR, also=lambda cursor: insert(cursor, "inbox_files", done_row(digest, name, import_id)))
        finally:
            prepared.close()
        return True


def _digest(source: Source) -> str:
    with source.open() as file:
        return hashlib.file_digest(cast(BufferedReader, file), "sha256").hexdigest()
