"""Imports files: reads and checks them, then stores them in one transaction."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TypeVar
from uuid import uuid4

import duckdb

from lib.chats.accounts import named_accounts
from lib.commands import command
from lib.importing import limits
from lib.importing.columns.remembering import remembered
from lib.importing.formats.feed import Known
from lib.importing.merge.merging import Merged, compare, forget, write
from lib.importing.merge.undoing import is_kept
from lib.importing.problems import ImportRefused
from lib.importing.progress import Meter, Progress
from lib.importing.reader_process import read
from lib.importing.reading import Manner, Reading
from lib.importing.records.accounts import keep_accounts
from lib.importing.records.batches import Emit
from lib.importing.records.staging import Staging
from lib.importing.report import COUNTED, REMARKS, Report
from lib.importing.sources import Source
from lib.store import Cursor, Store, StoreError, explained, insert, now, record_event, take_turn

# Merges of one process queue up here; of two processes the later one conflicts over its turn, and repeats its merge.
ONE_AT_A_TIME = threading.Lock()

# What a report takes over by the same names.
_OF_READING = (
    *COUNTED, "files", "zone_used", "unknown_fields", "left_out", "skipped", "skipped_more", "cut", "cut_places",
)  # fmt: skip
_OF_MERGE = (
    *REMARKS, "new", "updated", "unchanged", "messages_only", "deleted_kept", "twice", "status_changes", "unnamed",
    "held_back",
    "deleted_there",
)  # fmt: skip

# A refusal of several files names so many.
MOST_NAMES = 3

T = TypeVar("T")
Tell = Callable[[Progress], None]


def import_files(
    store: Store,
    files: Sequence[Source],
    *,
    zone: str,
    actor: str,
    system: str | None = None,
    progress: Tell | None = None,
    choice: str | None = None,
    mapping: str | None = None,
    account: str | None = None,
    encoding: str | None = None,
) -> Report:
    """What was done; stores all or nothing.

    Raises ImportRefused, ZoneInfoNotFoundError, StoreError and what `progress` raises.

    `zone` is the time zone of times that name no offset, `system` the system's name for records without one.
    `choice` is the format, where it is not to be recognised: the code of a vendor, or "own"; `mapping` the name of a
    column mapping, `account` the account of the system for records without one; `encoding` that of texts, where it
    is not to be found out (a name of `encoding.CODECS`).
    """
    manner = Manner(zone, system, Known(choice, mapping, encoding, remembered(store)), account)
    with closing(prepare(store, files, manner, progress)) as prepared:
        return prepared.store(actor, progress)


def prepare(store: Store, files: Sequence[Source], manner: Manner, progress: Tell | None = None) -> "Prepared":
    """The files, read and checked.

    Raises ImportRefused, ZoneInfoNotFoundError, StoreError and what `progress` raises.
    """
    names = [file.name for file in files]
    shown = ", ".join(names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], "…"])
    manner = replace(manner, accounts=tuple(named_accounts(store)))
    fill = lambda emit: read(files, manner, emit, Meter(progress))  # noqa: E731
    return Prepared(store, manner.zone, fill, shown, account=manner.account)


class Prepared:
    """Files that were read and checked, and wait to be stored; closing it forgets them."""

    def __init__(
        self, store: Store, zone: str, fill: Callable[[Emit], Reading], name: str, *, account: str | None = None
    ) -> None:
        """`fill` reads the records and hands them on; what it raises is raised here. `account` is what was said.

        `name` is what a refusal calls the files. It is raised by each method that has the engine read or write, where
        the engine fails.
        """
        self._name = name
        self.id = uuid4()
        self.zone = zone
        self.account = account
        self.started_at = now()
        self._store = store
        self._opened = store.cursor()
        self._cursor = self._opened.__enter__()
        try:
            with self._refusing():
                self._staging = Staging(self._cursor)
                self.reading = fill(self._staging.insert)
        except BaseException:
            self.close()
            raise
        self._reading_took = now() - self.started_at

    @property
    def cut_off(self) -> bool:
        """Whether a file ends in the middle of a record."""
        found = self._cursor.execute("SELECT count(*) FROM staged_rejects WHERE reason = 'cut_off'").fetchone()
        return found != (0,)

    @property
    def repeats(self) -> bool:
        """Whether a chat comes in several files, of which only the first would count."""
        found = self._cursor.execute(
            """SELECT count(*) FROM (SELECT id FROM staged_chats GROUP BY id
               HAVING count(DISTINCT file) > 1 AND NOT bool_and(combined))"""
        ).fetchone()
        return found != (0,)

    @command("import.store", "import", "import", undone_by="import.undo", store="self._store")
    def store(
        self, actor: str, progress: Tell | None = None, also: Callable[[Cursor], None] = lambda _: None
    ) -> Report:
        """Stores all in one transaction, with what `also` writes, and returns what was done.

        Raises ImportRefused, StoreError and what `progress` raises.
        """

        def work(turn: Cursor) -> Report:
            take_turn(turn, "import")
            report = self.merged(turn, Meter(progress, self.reading.entries + self.reading.rows))
            record_import(turn, report, actor)
            also(turn)
            return report

        return self.stored_by(work)

    def stored_by(self, work: Callable[[Cursor], T]) -> T:
        """The result of `work`, which stores what was read in a transaction of its own."""
        with ONE_AT_A_TIME, self._refusing():
            # The time that somebody looked at the preview is no part of the import.
            self.started_at = now() - self._reading_took
            return self._store.write(work, cursor=self._cursor)

    def merged(self, turn: Cursor, meter: Meter) -> Report:
        """Merges what was read in the transaction of `turn`, the cursor of this object."""
        compared = compare(turn, self.id, self.started_at, self.zone, meter.storing, several=self.reading.several)
        keep_accounts(turn, self.reading.accounts, self._name)
        stored = write(turn, self.id, self.started_at, compared, meter.storing)
        forget(turn)
        return self._report(compared, stored)

    @contextmanager
    def tried(self) -> Iterator[tuple[Report, Cursor]]:
        """The report as it would be, and the cursor in which the compared chats can be looked at; stores nothing."""
        with self._refusing():
            self._cursor.execute("BEGIN")
            try:
                step, several = Meter(None).storing, self.reading.several
                compared = compare(self._cursor, self.id, self.started_at, self.zone, step, several=several)
                yield self._report(compared, 0), self._cursor
            finally:
                self._cursor.execute("ROLLBACK")

    def close(self) -> None:
        """Forgets what was read."""
        self._opened.__exit__(None, None, None)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """What the files ask too much of is a refusal of them, and what the store cannot do a StoreError."""
        try:
            with explained(self._store.path):
                yield
        except MemoryError as error:
            raise ImportRefused("memory", self._name) from error
        except StoreError as error:
            if error.reason != "memory":
                raise
            raise ImportRefused("memory", self._name) from error
        except duckdb.Error as error:
            raise ImportRefused("engine", self._name) from error

    @property
    def _room(self) -> int:
        """How many rejected rows can still be kept beside those of the reading."""
        return max(0, limits.MOST_REJECTED - (sum(self.reading.rejected.values()) - self.reading.not_kept))

    def _report(self, merged: Merged, stored: int) -> Report:
        reading = self.reading
        return Report(
            **{name: getattr(reading, name) for name in _OF_READING},
            **{name: getattr(merged, name) for name in _OF_MERGE},
            import_id=self.id,
            account=self.account,
            zone=self.zone,
            started_at=self.started_at,
            finished_at=now(),
            read=reading.read.get("chat", 0),
            rejected=reading.rejected.get("chat", 0) + merged.repeated,
            messages_read=reading.entries - merged.twice_entries + reading.rows + reading.rejected.get("message", 0),
            messages_rejected=reading.rejected.get("message", 0),
            messages_stored=stored,
            messages_waiting=merged.waiting,
            messages_joined=merged.joined,
            visitors_read=reading.read.get("visitor", 0),
            visitors_rejected=reading.rejected.get("visitor", 0),
            names_read=reading.read.get("name", 0),
            names_rejected=reading.rejected.get("name", 0),
            not_kept=reading.not_kept + max(0, merged.repeated - self._room),
        )


def record_import(cursor: Cursor, report: Report, actor: str) -> None:
    """Adds the import to the history, and to what our users did."""
    done = {"id": report.import_id, "started_at": report.started_at, "finished_at": report.finished_at, "actor": actor}
    insert(cursor, "imports", done | {"report": report.to_json(), "is_kept": is_kept(report.updated)})
    counts = {"new": report.new, "updated": report.updated, "rejected": report.rows_rejected}
    files = [file.name for file in report.files]
    record_event(
        cursor, "import", actor, None, report.finished_at, import_id=str(report.import_id), files=files, **counts
    )
