"""Reads files, checks their records, and hands them on in batches."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple, dataclass, field
from functools import partial
from typing import BinaryIO

from lib.chats.accounts import Account
from lib.importing import limits
from lib.importing.columns.mapping import ColumnMapping
from lib.importing.formats.archives import expanded, is_nothing
from lib.importing.formats.feed import Known
from lib.importing.formats.own_exports import taken_together
from lib.importing.formats.parquet_file import asked_together
from lib.importing.formats.recognising import opened
from lib.importing.formats.unfit_answers import UNFIT
from lib.importing.formats.workbook_file import read_together
from lib.importing.intake import Intake
from lib.importing.problems import ImportRefused
from lib.importing.records.accounts import Accounts
from lib.importing.records.batches import Batches, Emit
from lib.importing.records.times import Counted, TimeReader
from lib.importing.report import COUNTED, FileReport, Place
from lib.importing.sources import Source

# What a zip may hold beside its chats.
STRANGE = {"empty", "not_chats", "not_text", "cut_off", "unknown_columns", "several_lists", *UNFIT}
# Why nothing of a zip could be read, sooner than that none of it is chats.
TELLING = {"unknown_columns", "several_lists", *UNFIT}


@dataclass(frozen=True)
class Reading:
    """What was read, and how: counts of records by kind (chat, message, visitor), and of fields by path.

    `accounts` are those that are new, `several` the systems that have more than one.
    """

    files: tuple[FileReport, ...]
    read: dict[str, int]
    rejected: dict[str, int]
    entries: int
    rows: int
    unknown_fields: dict[str, int]
    left_out: dict[str, int]
    skipped: tuple[str, ...]
    skipped_more: int
    zone_used: bool
    cut: int
    cut_places: tuple[Place, ...]
    not_kept: int
    unread_times: Counted
    times_twice: Counted
    times_skipped: Counted
    no_records: Counted
    odd_values: Counted
    rounded_ids: Counted
    accounts: tuple[Account, ...]
    several: tuple[str, ...]

    def to_json(self) -> str:
        """The reading as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Reading":
        """The reading that `to_json` wrote."""
        told = json.loads(text)
        files = tuple(FileReport(**file) for file in told["files"])
        places = tuple(Place(*place) for place in told["cut_places"])
        counted = {name: Counted(**told[name]) for name in COUNTED}
        lists = {name: tuple(told[name]) for name in ("skipped", "several")}
        accounts = tuple(Account(**account) for account in told["accounts"])
        return cls(**told | counted | lists | {"files": files, "cut_places": places, "accounts": accounts})


@dataclass(frozen=True)
class Manner:
    """How files are to be read: the zone of bare times, the system of records that name none, and what is known.

    `account` is that of records that name none, and `accounts` are those of the store.
    """

    zone: str
    system: str | None = None
    known: Known = field(default_factory=Known)
    account: str | None = None
    accounts: tuple[Account, ...] = ()

    def to_json(self) -> str:
        """The manner as JSON."""
        mappings = [(name, columns, mapping.to_json()) for name, columns, mapping in self.known.mappings]
        accounts = [astuple(account) for account in self.accounts]
        known = [self.known.choice, self.known.mapping, self.known.encoding, mappings]
        return json.dumps([self.zone, self.system, *known, self.account, accounts])

    @classmethod
    def from_json(cls, text: str) -> "Manner":
        """The manner that `to_json` wrote."""
        zone, system, choice, mapping, encoding, mappings, account, accounts = json.loads(text)
        known = tuple((name, tuple(columns), ColumnMapping.from_json(value)) for name, columns, value in mappings)
        stored = tuple(Account(*each) for each in accounts)
        return cls(zone, system, Known(choice, mapping, encoding, known), account, stored)


@asked_together()
@read_together()
def read_here(sources: Sequence[Source], manner: Manner, emit: Emit, watch: Callable[[int, int, int], None]) -> Reading:
    """Reads all files in this process; `watch` is told the bytes read, all bytes, and the messages so far."""
    times, batches = TimeReader(manner.zone), Batches(emit, manner.zone)
    accounts = Accounts(manner.accounts, manner.account)
    intake, skipped, told, done = Intake(batches, times, accounts, manner.system), list[str](), list[ImportRefused](), 0
    files = [file for source in sources for file in taken_together(source, expanded(source))]
    total = sum(file.size for file in files)
    for file in files:
        if is_nothing(file):
            skipped.append(file.name)
            continue
        try:
            with file.open() as stream, opened(file, stream, manner.known) as feed, times.said(feed.zone):
                place = stream if file.member is None else None
                intake.take(feed, partial(_watch, watch, done, place, total), of_archive=file.is_inside)
        except ImportRefused as refusal:
            if not file.is_inside or refusal.reason not in STRANGE:
                raise
            skipped.append(file.name)
            told += [refusal] if refusal.reason in TELLING else []
        done += file.size
    if files and len(skipped) == len(files):
        raise told[0] if told else ImportRefused("not_chats", sources[0].name)
    return reading_of(intake, batches, times, accounts, skipped)


def reading_of(
    intake: Intake, batches: Batches, times: TimeReader, accounts: Accounts, skipped: Sequence[str] = ()
) -> Reading:
    """What was read by these, which hand on the rest of it."""
    batches.flush()
    return Reading(
        files=tuple(intake.files),
        read=dict(intake.read),
        rejected=dict(intake.rejected),
        entries=batches.entries,
        rows=batches.rows,
        unknown_fields=dict(sorted(intake.unknown_fields.items())),
        left_out=dict(sorted(intake.left_out.items())),
        skipped=tuple(skipped[: limits.MOST_NAMED]),
        skipped_more=max(0, len(skipped) - limits.MOST_NAMED),
        zone_used=times.bare_seen,
        cut=intake.cut,
        cut_places=tuple(intake.cut_places),
        not_kept=batches.not_kept,
        unread_times=times.unread,
        times_twice=times.twice,
        times_skipped=times.skipped,
        no_records=intake.no_records,
        odd_values=intake.odd.counted,
        rounded_ids=intake.odd.rounded_ids,
        accounts=accounts.added,
        several=accounts.several,
    )


def _watch(
    watch: Callable[[int, int, int], None], before: int, stream: BinaryIO | None, total: int, messages: int
) -> None:
    watch(before + (stream.tell() if stream else 0), total, messages)
