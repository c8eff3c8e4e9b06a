"""Finds out from its content what a file is."""

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import islice
from typing import BinaryIO, cast

from lib.importing.formats.archives import opened_member
from lib.importing.formats.csv_file import read_csv
from lib.importing.formats.encoding import (
    CODECS,
    NAMES,
    UTF_16,
    codec_of,
    encoding_in,
    encoding_of,
    recoded,
    unreadable_line,
)
from lib.importing.formats.feed import RAW, Feed, Known, Table, cut
from lib.importing.formats.head import LOOKED_AT, beginning, is_json, text_of
from lib.importing.formats.json_feed import json_feed, late_json_feed
from lib.importing.formats.json_lines import BOM, read_json_lines
from lib.importing.formats.own_exports import Joined
from lib.importing.formats.parquet_file import read_parquet
from lib.importing.formats.table_feed import begun_csv, csv_feed, parquet_feed, sheet_feed
from lib.importing.formats.workbook_file import sheet_rows
from lib.importing.problems import ImportRefused, Unfit
from lib.importing.sources import Export, Item, Source, limited, unpacked

PARQUET_MAGIC = b"PAR1"
COPY_BYTES = 1 << 20
UTF_8 = CODECS["UTF-8"]


@contextmanager
def opened(source: Source, stream: BinaryIO, known: Known | None = None) -> Iterator[Feed]:
    """What `stream`, the content of `source`, gives; raises ImportRefused, also while its items are read."""
    known = known or Known()
    with ExitStack() as open_files:
        with _refusing(source.name):
            if source.member is not None:
                stream = open_files.enter_context(opened_member(stream, source))
            if source.export:
                feed = open_files.enter_context(_export_feed(source, source.export, stream))
                yield replace(feed, items=_refusing_items(feed))
                return
            if source.sheet is not None:
                rows = open_files.enter_context(sheet_rows(stream, source.sheet))
                feed = sheet_feed(source.name, rows, known)
                yield replace(feed, items=_refusing_items(feed))
                return
            head = beginning(stream)
            codec = None if head.startswith(PARQUET_MAGIC) else _encoding(source, stream, head, known)
            content, gzipped = unpacked(stream)
            if gzipped:
                content = limited(content, source.most_unpacked)
            if codec:
                content, head = recoded(content, codec), head.decode(codec, "replace").removeprefix("\ufeff").encode()
            packed = gzipped or source.member is not None
            feed = open_files.enter_context(_feed(source, content, head, packed, known))
        encoding = NAMES[codec] if codec else None
        yield replace(feed, gzipped=gzipped, encoding=encoding, items=_refusing_items(feed))


@contextmanager
def _export_feed(source: Source, export: Export, content: BinaryIO) -> Iterator[Feed]:
    """The chats of an export of ours; what it is does not have to be found out."""
    if source.name.endswith(".jsonl"):
        yield Feed(source.name, "json_lines", False, "chats", read_json_lines(content))
    elif source.name.endswith(".parquet"):
        with _seekable(content, packed=True) as file:
            yield Feed(source.name, "parquet", False, "chats", read_parquet(file, source.most_unpacked))
    elif export.messages is None:
        rows = read_csv(content, neutralised=export.neutralised)
        yield Feed(source.name, "csv", False, "chats", rows, written=True)
    else:
        with export.messages.open() as stream, opened_member(stream, export.messages) as said:
            messages = read_csv(said, neutralised=export.neutralised)
            chats = Joined(messages).chats(read_csv(content, neutralised=export.neutralised))
            yield Feed(source.name, "csv", False, None, chats, written=True, joined=True)


def table_of(source: Source, encoding: str | None = None, rows: str | None = None) -> Table:
    """The beginning of a table, with the encoding and the list of it that are chosen, if any.

    Raises ImportRefused where the file is none.
    """
    known = Known(RAW, encoding=encoding, rows=rows)
    with source.open() as stream, opened(source, stream, known) as feed:
        items = list(islice(feed.items, LOOKED_AT))
    samples = [item.record for item in items if isinstance(item.record, dict)]
    return Table(tuple(dict.fromkeys(name for sample in samples for name in sample)), tuple(samples), feed.lists)


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ImportRefused("broken_gzip", name) from error
    except Unfit as error:
        raise ImportRefused(error.reason, name) from error
    except OSError as error:
        raise ImportRefused("unreadable", name) from error


def _refusing_items(feed: Feed) -> Iterator[Item]:
    with _refusing(feed.name):
        yield from map(cut, feed.items)


def _encoding(source: Source, stream: BinaryIO, head: bytes, known: Known) -> str | None:
    """The codec of the text, None for UTF-8; raises ImportRefused where it is not in the chosen encoding."""

    def unreadable(codec: str) -> int | None:
        return unreadable_line(_from_the_beginning(source, stream), codec)

    codec: str | None
    if known.encoding is None or not head:
        found = (each for each in _remembered_codecs(head, known) if unreadable(UTF_8) and not unreadable(each))
        codec = next(found, None) or encoding_in(_from_the_beginning(source, stream), head)
    else:
        # What is no text at all may lie in a zip beside one.
        if b"\0" in head and encoding_of(head) not in UTF_16.values():
            raise ImportRefused("not_text", source.name)
        codec = codec_of(known.encoding, head)
        if line := unreadable(codec) if codec else 1:
            raise ImportRefused("not_encoding", source.name, encoding=known.encoding, line=str(line))
    stream.seek(0)
    return None if codec == UTF_8 else codec


def _from_the_beginning(source: Source, stream: BinaryIO) -> BinaryIO:
    """The content of the file without gzip."""
    stream.seek(0)
    content, gzipped = unpacked(stream)
    return limited(content, source.most_unpacked) if gzipped else content


def _remembered_codecs(head: bytes, known: Known) -> Iterator[str]:
    """The codecs that were chosen for tables with the columns that the file has when it is read with them."""
    chosen = [(mapping.encoding, set(columns)) for _, columns, mapping in known.mappings if mapping.encoding in CODECS]
    for name, columns in chosen:
        codec = codec_of(name, head)
        if codec and (begun := begun_csv(head.decode(codec, "replace"))) and set(begun.header) == columns:
            yield codec


@contextmanager
def _feed(source: Source, content: BinaryIO, head: bytes, packed: bool, known: Known) -> Iterator[Feed]:
    name = source.name
    if not head.removeprefix(BOM).strip(b"\0 \t\r\n"):
        raise ImportRefused("not_text" if b"\0" in head else "empty", name)
    if head.startswith(PARQUET_MAGIC):
        with _seekable(content, packed) as file:
            yield parquet_feed(name, file, source.most_unpacked, known)
    elif is_json(head):
        yield json_feed(name, content, head, known)
    else:
        text = text_of(head, name)
        feed = csv_feed(name, content, text, known) or late_json_feed(name, content, text)
        if feed is None:
            raise ImportRefused("not_chats", name)
        yield feed


@contextmanager
def _seekable(content: BinaryIO, packed: bool) -> Iterator[BinaryIO]:
    # Of what is packed, each step back would mean to unpack it again from the beginning.
    if not packed:
        yield content
        return
    with tempfile.TemporaryFile() as file:
        while block := content.read(COPY_BYTES):
            file.write(block)
        file.seek(0)
        yield cast(BinaryIO, file)
