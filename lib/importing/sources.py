"""The files of an import, and one record of them."""

import csv
import errno
import gzip
import io
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast
from zipfile import ZipInfo

from lib.importing import limits
from lib.importing.problems import FieldError, ImportRefused, Unfit

GZIP_MAGIC = b"\x1f\x8b"
SHOWN_OF_VALUE = 500
SHOWN_OF_RECORD = 100_000


@dataclass(frozen=True)
class Export:
    """What the manifest says of an export of ours: whether its cells are made safe for spreadsheets, its messages."""

    neutralised: bool = False
    messages: "Source | None" = None


@dataclass(frozen=True)
class Source:
    """A file on the server (`path`), or what somebody uploaded (`data`); `name` is how reports call it.

    `member` is a file inside it, where it is a zip; `sheet` the number of a sheet, where it is a workbook; `export` is
    known of the chats of an export of ours. A link in the place of the file is only followed where `follows_links` says
    so.
    """

    name: str
    path: Path | None = None
    data: bytes | BinaryIO | None = None
    member: ZipInfo | None = None
    export: Export | None = None
    follows_links: bool = True
    sheet: int | None = None

    def __post_init__(self) -> None:
        # On a disk, a name may have bytes that are no text; no report could hold them.
        object.__setattr__(self, "name", clean(self.name))

    @property
    def is_inside(self) -> bool:
        """Whether it is a file of a zip or a sheet of a workbook, which may have others beside it."""
        return self.member is not None or self.sheet is not None

    @property
    def size(self) -> int:
        """Its bytes, as they are stored; raises ImportRefused."""
        if self.member is not None:
            return self.member.file_size
        if self.path is not None:
            with self.open() as stream:
                return stream.seek(0, io.SEEK_END)
        if self.data is None or isinstance(self.data, bytes | bytearray | memoryview):
            return len(self.data or b"")
        # Somebody may be reading it.
        place = self.data.tell()
        try:
            return self.data.seek(0, io.SEEK_END)
        finally:
            self.data.seek(place)

    @property
    def most_unpacked(self) -> int:
        """The most bytes that it may unpack to; raises ImportRefused."""
        if self.member is not None:
            return limits.most_unpacked(self.member.compress_size, is_inside=True)
        return limits.most_unpacked(self.size)

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """A stream from the beginning of the whole file; raises ImportRefused where it cannot be read."""
        if self.path is not None:
            with self._opened(self.path) as stream:
                yield stream
        elif isinstance(self.data, bytes | bytearray | memoryview):
            yield io.BytesIO(self.data)
        elif self.data is None:
            raise ImportRefused("unreadable", self.name)
        else:
            self.data.seek(0)
            yield self.data

    def _opened(self, path: Path) -> BinaryIO:
        # What is no file could keep whoever opens it waiting for ever; and it is looked at once it is open, for until
        # then something else can be put into its place.
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | (0 if self.follows_links else os.O_NOFOLLOW))
        except OSError as error:
            reason = {errno.ELOOP: "link", errno.ENXIO: "no_file"}.get(error.errno or 0, "unreadable")
            raise ImportRefused(reason, self.name) from error
        except ValueError as error:  # A null character.
            raise ImportRefused("unreadable", self.name) from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ImportRefused("no_file", self.name)
        return os.fdopen(descriptor, "rb")


class Item(NamedTuple):
    """What stands in one row of a file: a record, or why there is none; `raw` is how it was written there.

    `size` is about its bytes; `cut` tells the paths of its texts that were longer than what is kept.
    """

    row_number: int
    record: Any
    raw: Any
    size: int
    cut: tuple[str, ...] = ()


class NoRecord(NamedTuple):
    """What stands in a row that tells of nothing, such as a sum; the cells as they were written."""

    text: str


def unpacked(stream: BinaryIO) -> tuple[BinaryIO, bool]:
    """The stream without gzip, and whether it was gzipped."""
    magic = stream.read(len(GZIP_MAGIC))
    stream.seek(0)
    if magic != GZIP_MAGIC:
        return stream, False
    return cast(BinaryIO, io.BufferedReader(cast(Any, gzip.GzipFile(fileobj=stream, mode="rb")), 1 << 18)), True


def limited(content: BinaryIO, most: int) -> BinaryIO:
    """The content, which raises Unfit once more than `most` bytes of it were read."""
    return cast(BinaryIO, io.BufferedReader(cast(Any, _Limited(content, most)), 1 << 18))


class _Limited(io.RawIOBase):
    """Counts what is read; it is read once, from its beginning."""

    def __init__(self, content: BinaryIO, most: int) -> None:
        self._content = content
        self._left = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._content.read(len(buffer))
        self._left -= len(found)
        if self._left < 0:
            raise Unfit("too_large")
        buffer[: len(found)] = found
        return len(found)


def value_text(value: Any) -> str | None:
    """A value as text for a report, cut to 500 characters."""
    return None if value is None else _written(value, SHOWN_OF_VALUE)


def record_text(raw: Any) -> str:
    """A record as it was written, or as JSON where that was no text; cut to 100,000 characters."""
    if isinstance(raw, list):
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(raw)
        raw = line.getvalue()
    return _written(raw, SHOWN_OF_RECORD)


def clean(value: Any) -> Any:
    """The value with U+FFFD for each half of a broken character, which neither Arrow nor DuckDB can hold."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {clean(name): clean(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def failed(row_number: int, raw: Any, reason: str, field: str | None = None, value: Any = None) -> Item:
    """An item without a record."""
    return Item(row_number, FieldError(field, value, reason), raw, len(raw))


def _written(value: Any, longest: int) -> str:
    if isinstance(value, bytes):
        return value[: 4 * longest].decode("utf-8", "replace")[:longest].rstrip("\r\n")
    if isinstance(value, str):
        return str(clean(value[:longest]))
    try:
        return str(clean(json.dumps(value, ensure_ascii=False, default=str)[:longest]))
    except (ValueError, TypeError, RecursionError):
        return type(value).__name__
