"""Takes the records of feeds into the staging tables, and counts them."""

from collections import Counter
from collections.abc import Callable, Collection

from lib.importing.problems import FieldError, ImportRefused
from lib.importing.recognising import Feed, Kind, kind_of
from lib.importing.records import RecordReader
from lib.importing.report import FileReport
from lib.importing.sources import Item, record_text, value_text
from lib.importing.staging import Staging
from lib.importing.times import TimeReader

# So many bytes of records, or the staging's own number of rows, are held in memory.
HELD_BYTES = 32 * 1024 * 1024


class Intake:
    """Checks and stages the records of one import."""

    def __init__(self, staging: Staging, times: TimeReader, system: str | None) -> None:
        """`system` is the name of the system for records without one."""
        self._staging = staging
        self._times = times
        self._system = system
        self._held = 0
        self.unknown_fields: Counter[str] = Counter()
        self.files: list[FileReport] = []

    def take(self, feed: Feed, watch: Callable[[int], None]) -> None:
        """Stages all records of a feed and tells `watch` the number of messages after each; raises ImportRefused."""
        reader = RecordReader(self._times, written=feed.format == "csv", system=self._system)
        records, rejected, kind, reasons = 0, 0, feed.kind, set[str]()
        for item in feed.items:
            records += 1
            try:
                kind = kind or kind_of(_object(item))
                self._stage(feed.name, item, kind, reader)
            except FieldError as error:
                self._reject(feed.name, item, error)
                reasons.add(error.reason)
                rejected += 1
            self._hold(item.size)
            watch(self._staging.entries + self._staging.rows)
        self._staging.flush()
        if kind is None or (records == rejected and reasons == {"not_text"}):
            raise ImportRefused("not_text" if reasons == {"not_text"} else "not_chats", feed.name)
        self.files.append(FileReport(feed.name, feed.format, feed.gzipped, kind, records, rejected))

    def _stage(self, file: str, item: Item, kind: Kind | None, reader: RecordReader) -> None:
        record = _object(item)
        if kind is None:
            raise FieldError("id", None, "missing")
        if kind == "messages":
            row = reader.row(record)
            self._staging.add_row(file, item.row_number, row)
            self._count(row.unknown_paths)
            return
        chat = reader.chat(record)
        written = record_text(item.raw) if self._staging.may_repeat(chat) else None
        self._staging.add_chat(file, item.row_number, chat, written)
        self._count(chat.unknown_paths)

    def _count(self, paths: Collection[str]) -> None:
        if paths:
            self.unknown_fields.update(paths)

    def _reject(self, file: str, item: Item, error: FieldError) -> None:
        value, record = value_text(error.value), record_text(item.raw)
        self._staging.reject(file, item.row_number, field=error.field, value=value, reason=error.reason, record=record)

    def _hold(self, size: int) -> None:
        self._held += size
        if self._held > HELD_BYTES:
            self._staging.flush()
            self._held = 0


def _object(item: Item) -> dict[str, object]:
    if isinstance(item.record, FieldError):
        raise item.record
    record: dict[str, object] = item.record
    return record
