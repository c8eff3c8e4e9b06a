"""Finds out from its content what a file is."""

import csv
import gzip
import re
import tempfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import IO, BinaryIO, Literal, cast

import pyarrow as pa

from lib.importing.csv_file import csv_fields, read_csv
from lib.importing.fields import CHAT_COLUMNS, CHAT_FIELDS, ROW_COLUMNS, ROW_FIELDS
from lib.importing.json_lines import BOM, read_json_lines
from lib.importing.parquet_file import parquet_fields, read_parquet
from lib.importing.problems import ImportRefused
from lib.importing.sources import Item, Source, unpacked

Format = Literal["json_lines", "csv", "parquet"]
Kind = Literal["chats", "messages"]

PARQUET_MAGIC = b"PAR1"
HEAD_BYTES = 1 << 18
COPY_BYTES = 1 << 20


@dataclass(frozen=True)
class Feed:
    """The items of one file; `kind` is None where only the records can tell (JSON Lines)."""

    name: str
    format: Format
    gzipped: bool
    kind: Kind | None
    items: Iterator[Item]


@contextmanager
def opened(source: Source, stream: BinaryIO) -> Iterator[Feed]:
    """What `stream`, the content of `source`, gives; raises ImportRefused, also while its items are read."""
    with ExitStack() as open_files:
        with _refusing(source.name):
            head = _head(unpacked(stream)[0])
            # Of gzip one cannot go back, so begin again.
            stream.seek(0)
            content, gzipped = unpacked(stream)
            feed = open_files.enter_context(_feed(source.name, content, head, gzipped))
        yield replace(feed, items=_refusing_items(feed))


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ImportRefused("broken_gzip", name) from error
    except (OSError, pa.ArrowException) as error:
        raise ImportRefused("unreadable", name) from error


def _refusing_items(feed: Feed) -> Iterator[Item]:
    with _refusing(feed.name):
        yield from feed.items


def kind_of(fields: Collection[str]) -> Kind | None:
    """What a record with these fields is; None if neither a chat nor a message."""
    if "chat_id" in fields and ("id" not in fields or "sender_type" in fields):
        return "messages"
    return "chats" if "id" in fields else None


@contextmanager
def _feed(name: str, content: BinaryIO, head: bytes, gzipped: bool) -> Iterator[Feed]:
    if not head.removeprefix(BOM).strip(b"\0 \t\r\n"):
        raise ImportRefused("not_text" if b"\0" in head else "empty", name)
    if head.startswith(PARQUET_MAGIC):
        with _seekable(content, gzipped) as file:
            table_kind = _table_kind(parquet_fields(file), CHAT_FIELDS, ROW_FIELDS, name)
            file.seek(0)
            yield Feed(name, "parquet", gzipped, table_kind, read_parquet(file))
        return
    if head.removeprefix(BOM).lstrip().startswith(b"{"):
        yield Feed(name, "json_lines", gzipped, None, read_json_lines(content))
        return
    text = _text(head, name)
    if re.match(r"\[\s*(\{|$)", text):
        raise ImportRefused("json_list", name)
    kind = _csv_kind(text, name)
    if kind:
        yield Feed(name, "csv", gzipped, kind, read_csv(content))
    elif any(line.lstrip().startswith("{") for line in text.splitlines()):
        yield Feed(name, "json_lines", gzipped, None, read_json_lines(content))
    else:
        raise ImportRefused("not_chats", name)


def _head(content: BinaryIO) -> bytes:
    head = content.read(HEAD_BYTES)
    # A whole line, so that no character is cut.
    return head.lstrip() if len(head) < HEAD_BYTES else head.lstrip().rpartition(b"\n")[0] or head.lstrip()


def _text(head: bytes, name: str) -> str:
    first = head.removeprefix(BOM).lstrip().partition(b"\n")[0]
    try:
        # The end of a very long line may be cut inside a character.
        getincrementaldecoder("utf-8")().decode(first)
    except UnicodeDecodeError as error:
        raise ImportRefused("not_text", name) from error
    if b"\0" in first:
        raise ImportRefused("not_text", name)
    return head.removeprefix(BOM).decode("utf-8", "replace").lstrip()


def _csv_kind(text: str, name: str) -> Kind | None:
    try:
        header = next(csv.reader(text.splitlines(keepends=True)), [])
        return _table_kind(csv_fields(header), CHAT_COLUMNS, ROW_COLUMNS, name)
    except (csv.Error, ImportRefused):
        return None


def _table_kind(fields: list[str], chat: frozenset[str], row: frozenset[str], name: str) -> Kind:
    kind = kind_of(fields)
    known = {"chats": chat - {"id"}, "messages": row - {"chat_id", "system"}}.get(kind or "", frozenset())
    # An id alone could be anything, unless it is all there is.
    if kind and (known.intersection(fields) or fields == ["id"]):
        return kind
    raise ImportRefused("not_chats", name)


@contextmanager
def _seekable(content: BinaryIO, gzipped: bool) -> Iterator[BinaryIO]:
    if not gzipped:
        yield content
        return
    with tempfile.TemporaryFile() as file:
        _copy(content, file)
        file.seek(0)
        yield cast(BinaryIO, file)


def _copy(content: BinaryIO, file: IO[bytes]) -> None:
    while block := content.read(COPY_BYTES):
        file.write(block)
