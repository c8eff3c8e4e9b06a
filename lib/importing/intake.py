"""Checks the records of feeds, counts them, and hands them on."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

from lib.importing import limits
from lib.importing.formats.feed import Feed, kind_of
from lib.importing.formats.json_values import Rest, Slice
from lib.importing.problems import FieldError, ImportRefused
from lib.importing.records.accounts import Accounts
from lib.importing.records.batches import Batches
from lib.importing.records.reader import RecordReader
from lib.importing.records.set_aside import OddValues
from lib.importing.records.times import Counted, TimeReader
from lib.importing.report import FileReport, Place
from lib.importing.sources import NoRecord, record_text, value_text
from lib.importing.vendors.vendor import FoundKind, RecordKind, Vendor

# Stands in a report for the fields that are too many to be named.
OTHERS = "…"
OF_FEED: dict[str | None, RecordKind | None] = {"chats": "chat", "messages": "message", None: None}


class Given(NamedTuple):
    """A record of a file, or why there is none; `kind` is None where nothing tells."""

    row_number: int
    kind: FoundKind | None
    record: Any
    raw: Any
    size: int


class Intake:
    """Checks the records of one import and counts what it was given."""

    def __init__(self, batches: Batches, times: TimeReader, accounts: Accounts, system: str | None) -> None:
        """`system` is the name of the system for records without one."""
        self._batches = batches
        self._times = times
        self._accounts = accounts
        self._system = system
        self.unknown_fields: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self._of_slices: Counter[str] = Counter()
        self.read: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.files: list[FileReport] = []
        self.no_records = Counted()
        self.odd = OddValues()
        self.cut = 0
        self.cut_places: list[Place] = []

    def take(self, feed: Feed, watch: Callable[[int], None], *, of_archive: bool = False) -> None:
        """Hands all records of a feed on and tells `watch` the number of messages after each.

        Raises ImportRefused where none is of a chat, unless the file is one of several of an archive.
        """
        reader = RecordReader(
            self._times,
            accounts=self._accounts,
            written=feed.written,
            system=feed.vendor.name if feed.vendor else self._system,
            # Of our own format; a table has nothing else for what it does not know.
            empties=feed.vendor is None and feed.format in ("json", "json_lines") and not feed.written,
            of_vendor=feed.vendor is not None,
            odd=self.odd,
        )
        read, rejected, reasons = Counter[str](), Counter[str](), set[str]()
        is_known = feed.kind is not None or feed.vendor is not None or of_archive
        for given in self._given(feed):
            is_known = is_known or given.kind is not None
            kind = given.kind or "chat"
            read[kind] += 1
            try:
                self._take(feed, given, reader)
            except FieldError as error:
                # To write a record down costs more than to count it.
                keeps = self._batches.keeps_more
                value, record = (value_text(error.value), record_text(given.raw)) if keeps else (None, "")
                self._batches.reject(
                    feed.name, given.row_number, field=error.field, value=value, reason=error.reason, record=record
                )
                reasons.add(error.reason)
                rejected[kind] += 1
            self._batches.hold(given.size)
            watch(self._batches.entries + self._batches.rows)
        if not is_known or (read and read == rejected and reasons == {"not_text"} and not of_archive):
            raise ImportRefused("not_text" if reasons == {"not_text"} else "not_chats", feed.name)
        self._report(feed, read, rejected)

    def _given(self, feed: Feed) -> Iterator[Given]:
        if feed.vendor:
            yield from self._vendors(feed, feed.vendor)
            return
        kind = OF_FEED[feed.kind]
        for number, record, raw, size, cut in feed.items:
            if isinstance(record, NoRecord):
                self.no_records.add(record.text)
                continue
            self._count_cut(feed, number, cut)
            if isinstance(record, dict) and (kind is None or feed.mapping or feed.joined):
                kind = OF_FEED[kind_of(record)]
            yield Given(number, kind, record, raw, size)

    def _vendors(self, feed: Feed, vendor: Vendor) -> Iterator[Given]:
        numbers = count(1)
        self._of_slices.clear()
        for item in feed.items:
            self._count_cut(feed, item.row_number, item.cut)
            if not isinstance(item.record, dict):
                yield Given(next(numbers), None, item.record, item.raw, item.size)
                continue
            left_out = self._of_slices if isinstance(item.record, Slice) else self.left_out
            size = item.size
            for kind, record, raw in vendor.read(item.record, left_out):
                # Without its lists, what remains of an answer need not be right.
                if not (isinstance(item.record, Rest) and isinstance(record, FieldError)):
                    yield Given(next(numbers), kind, record, raw, size)
                    size = 0
        # What stands beside a list is counted once for all its slices, with what follows the last of them.
        self.left_out.update({path: n for path, n in self._of_slices.items() if "[]" in path})

    def _take(self, feed: Feed, given: Given, reader: RecordReader) -> None:
        if isinstance(given.record, FieldError):
            raise given.record
        if given.kind is None:
            raise FieldError("id", None, "missing")
        if given.kind == "visitor":
            visitor = reader.visitor(given.record)
            self._batches.add_visitor(visitor)
            # A visitor's own record has no place for them.
            self.left_out.update(visitor.unknown_paths)
        elif given.kind == "name":
            self._batches.add_name(reader.name(given.record))
        elif given.kind == "message":
            row = reader.row(given.record)
            self._batches.add_row(feed.name, given.row_number, row)
            self._count(row.unknown_paths)
        else:
            rows = reader.rows_of(given.record) if feed.vendor else []
            chat = reader.chat({**given.record, "messages": None} if rows else given.record)
            combined = feed.vendor is not None
            repeats = self._batches.may_repeat(chat) and not combined
            written = self._batches.keep_text(given.raw) if repeats else None
            self._batches.add_chat(feed.name, given.row_number, chat, written, combined=combined)
            if chat.visitor:
                self._batches.add_visitor(chat.visitor)
            self._count(chat.unknown_paths)
            for row in rows:
                self._batches.add_row(feed.name, given.row_number, row)
                self._count(row.unknown_paths)

    def _count(self, paths: Collection[str]) -> None:
        for path in paths:
            name = path[: limits.LONGEST_PATH]
            is_named = name in self.unknown_fields or len(self.unknown_fields) < limits.MOST_NAMED
            self.unknown_fields[name if is_named else OTHERS] += 1

    def _count_cut(self, feed: Feed, row_number: int, paths: Sequence[str]) -> None:
        self.cut += len(paths)
        for path in paths[: limits.EXAMPLES - len(self.cut_places)]:
            self.cut_places.append(Place(feed.name, row_number, path[: limits.LONGEST_PATH]))

    def _report(self, feed: Feed, read: Counter[str], rejected: Counter[str]) -> None:
        self.read.update(read)
        self.rejected.update(rejected)
        kinds = {"chat": "chats", "message": "messages", "visitor": "visitors", "name": "names"}
        self.files.append(
            FileReport(
                name=feed.name,
                format=feed.format,
                gzipped=feed.gzipped,
                kind="mixed" if len(read) > 1 else feed.kind or kinds[next(iter(read), "chat")],
                records=read.total(),
                rejected=rejected.total(),
                system=feed.vendor.name if feed.vendor else None,
                evidence=feed.evidence,
                encoding=feed.encoding,
                mapping=feed.mapping,
                header_row=feed.header_row,
                made_ids=feed.makes_ids,
                unsplit=feed.unsplit.count,
                zone=feed.zone,
                unread=feed.unread,
            )
        )
