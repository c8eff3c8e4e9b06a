"""Finds out from its content what a file is."""

import csv
import gzip
import io
import tempfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, BinaryIO, Literal, NamedTuple, cast

from lib.importing.columns import ColumnMapping, Dialect, find_header, header_names, mapped, sniff, zone_above
from lib.importing.formats.archives import opened_member
from lib.importing.formats.csv_file import csv_fields, read_csv, read_rows
from lib.importing.formats.csv_rows import Damaged
from lib.importing.formats.cutting import cut
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
from lib.importing.formats.head import LONG_HEAD_BYTES, LOOKED_AT, beginning, is_json, is_lines, pieces, text_of
from lib.importing.formats.json_lines import BOM, read_json_lines
from lib.importing.formats.json_values import NO_LISTS, Lists, read_json
from lib.importing.formats.nested_rows import Place, are_alike, likeliest, places_in, rows_inside
from lib.importing.formats.own_exports import Joined
from lib.importing.formats.parquet_file import parquet_fields, read_parquet
from lib.importing.formats.unfit_answers import is_older_intercom, reason_of
from lib.importing.formats.workbook_file import sheet_rows
from lib.importing.problems import FieldError, ImportRefused, Unfit
from lib.importing.records.fields import CHAT_COLUMNS, CHAT_FIELDS, ROW_COLUMNS, ROW_FIELDS
from lib.importing.records.times import Counted
from lib.importing.sources import Export, Item, Source, limited, unpacked
from lib.importing.vendors import VENDORS, Vendor

Format = Literal["json_lines", "json", "csv", "parquet", "workbook"]
Kind = Literal["chats", "messages"]

PARQUET_MAGIC = b"PAR1"
COPY_BYTES = 1 << 20
UTF_8 = CODECS["UTF-8"]
OWN, RAW = "own", "raw"
# Fewer are no table of chats.
LEAST_COLUMNS = 2


@dataclass(frozen=True)
class Known:
    """What is known of files before they are read: the choice of their format, and the column mappings by name.

    `choice` is the code of a vendor, "own", or None to find out from the content; `mapping` the name of the one to use;
    `encoding` that of texts, of `encoding.CODECS`, or None to find it out; `rows` the list of a file of JSON with
    several, or None for the likeliest.
    """

    choice: str | None = None
    mapping: str | None = None
    encoding: str | None = None
    mappings: tuple[tuple[str, tuple[str, ...], ColumnMapping], ...] = ()
    rows: str | None = None

    def mapping_for(self, columns: Sequence[str]) -> tuple[str, ColumnMapping] | None:
        """The chosen mapping if its columns are there, else the newest one for exactly these columns."""
        for name, _columns, mapping in self.mappings:
            if name == self.mapping and {column for column, _field in mapping.fields} <= set(columns):
                return name, mapping
        return next(((name, mapping) for name, own, mapping in self.mappings if set(own) == set(columns)), None)


@dataclass(frozen=True)
class Feed:
    """The items of one file; `kind` is None where only the records can tell; `written`: all its values are texts.

    `joined` says that among the chats there may be rows of messages; `header_row` is the row of a table's header,
    and `zone` the time zone of its times, where the lines above the header say one;
    `makes_ids` says that the chats of a table have ids that were made of its rows, `unsplit` counts the
    conversations in one cell that did not follow the pattern of the mapping, as far as the items were read;
    `lists` are those in which rows may stand inside an object of JSON, and `unread` counts the rows of those that
    were left out, as far as the items were read.
    """

    name: str
    format: Format
    gzipped: bool
    kind: Kind | None
    items: Iterator[Item]
    vendor: Vendor | None = None
    evidence: str | None = None
    encoding: str | None = None
    mapping: str | None = None
    written: bool = False
    joined: bool = False
    header_row: int = 1
    zone: str | None = None
    makes_ids: bool = False
    unsplit: Counted = field(default_factory=Counted)
    lists: tuple[str, ...] = ()
    unread: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The beginning of a table whose columns are not known: some of its rows, each a value a column.

    `lists` are the lists of a file of JSON that may be one; the table is the likeliest, if none was named.
    """

    columns: tuple[str, ...]
    samples: tuple[dict[str, Any], ...]
    lists: tuple[str, ...] = ()


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
                feed = _sheet_feed(source.name, rows, known)
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


def kind_of(fields: Collection[str]) -> Kind | None:
    """What a record with these fields is; None if neither a chat nor a message."""
    if "chat_id" in fields and ("id" not in fields or "sender_type" in fields):
        return "messages"
    return "chats" if "id" in fields else None


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
        if codec and (begun := _begun_csv(head.decode(codec, "replace"))) and set(begun.header) == columns:
            yield codec


@contextmanager
def _feed(source: Source, content: BinaryIO, head: bytes, packed: bool, known: Known) -> Iterator[Feed]:
    name = source.name
    if not head.removeprefix(BOM).strip(b"\0 \t\r\n"):
        raise ImportRefused("not_text" if b"\0" in head else "empty", name)
    if head.startswith(PARQUET_MAGIC):
        with _seekable(content, packed) as file:
            fields = parquet_fields(file)
            kind = _kind_of_table(fields, CHAT_FIELDS, ROW_FIELDS, known)
            file.seek(0)
            feed = Feed(name, "parquet", False, kind, read_parquet(file, source.most_unpacked))
            if kind is None and len(fields) < LEAST_COLUMNS:
                raise ImportRefused("not_chats", name)
            yield feed if kind or known.choice == RAW else _with_mapping(feed, fields, known)
        return
    found = _json_feed(name, content, head, known) if is_json(head) else _other_feed(name, content, head, known)
    if found is None:
        raise ImportRefused("not_chats", name)
    yield found


def _json_feed(name: str, content: BinaryIO, head: bytes, known: Known) -> Feed:
    found = pieces(head)
    if not found:
        text_of(head, name)
        # A file that ends inside its first record is told as such; of a longer one this is only the beginning.
        first = next(read_json(io.BytesIO(head)), None) if len(head) < LONG_HEAD_BYTES // 2 else None
        if first is not None and isinstance(first.record, FieldError) and first.record.reason == "cut_off":
            raise ImportRefused("cut_off", name)
    if known.choice != RAW and any(map(is_older_intercom, found)):
        raise ImportRefused("intercom_1", name)
    vendor, evidence = _vendor(found, known.choice)
    unfit = None if vendor or known.choice else reason_of(found)
    is_row = vendor or len(found) != 1 or _is_own(found[0])
    places = () if is_row else places_in(found[0])
    form: Format = "json"
    unread = dict[str, int]()
    if places:
        chosen = _chosen_places(name, found[0], places, known)
        nested = Lists(frozenset(".".join(place.path) for place in chosen if not place.by_id))
        items, evidence = rows_inside(read_json(content, nested), chosen, unread), ", ".join(map(str, chosen))
        found = [row for place in chosen for row in place.records(found[0])]
    else:
        items, form = _json_items(content, head, vendor)
    columns = tuple(dict.fromkeys(field for piece in found for field in piece))
    if unfit and known.mapping_for(columns) is None:
        raise ImportRefused(unfit, name)
    lists = tuple(map(str, places))
    # Of our own format, one list may hold chats and another one messages.
    feed = Feed(name, form, False, None, items, vendor, evidence, joined=bool(places), lists=lists, unread=unread)
    if vendor or known.choice == RAW or not found or (known.mapping is None and any(map(_is_own, found))):
        return feed
    return _with_mapping(feed, columns, known)


def _chosen_places(name: str, record: dict[str, Any], places: Sequence[Place], known: Known) -> Sequence[Place]:
    """Where the rows to read stand; raises ImportRefused where that cannot be told."""
    mapped = {place: known_as[0] for place in places if (known_as := known.mapping_for(place.columns(record)))}
    if known.choice == RAW:
        return [next((place for place in places if str(place) == known.rows), places[0])]
    if chosen := [place for place in mapped if mapped[place] == known.mapping]:
        return chosen
    if own := [place for place in places if any(map(_is_own, place.records(record)))]:
        return own
    found = likeliest(record, places)
    if are_alike(record, found):
        return found
    # Of mappings that were made for several of them, the newest one counts.
    newest = next((name for name, *_ in known.mappings if name in mapped.values()), None)
    if newest is None:
        raise ImportRefused("several_lists", name, lists=", ".join(map(str, found)))
    return [place for place in mapped if mapped[place] == newest]


def _json_items(content: BinaryIO, head: bytes, vendor: Vendor | None) -> tuple[Iterator[Item], Format]:
    # An answer of a vendor on a single line is no list of lines.
    if is_lines(head, fewest=2 if vendor else 1):
        return read_json_lines(content), "json_lines"
    return read_json(content, Lists(vendor.lists, vendor.maps) if vendor else NO_LISTS), "json"


def _other_feed(name: str, content: BinaryIO, head: bytes, known: Known) -> Feed | None:
    text = text_of(head, name)
    return _csv_feed(name, content, text, known) or _late_json_feed(name, content, text)


class _Begun(NamedTuple):
    """How a CSV begins: its dialect, its header, the time zone above that, and whether rows stand below it."""

    dialect: Dialect
    header: list[str]
    zone: str | None
    has_rows: bool


def _begun_csv(text: str) -> _Begun | None:
    dialect = sniff(text)
    lines = list(io.StringIO(text, newline=""))
    try:
        zone = zone_above(csv.reader(lines[: dialect.skipped], delimiter=dialect.delimiter))
        rows = list(islice(csv.reader(lines[dialect.skipped :], delimiter=dialect.delimiter), dialect.rows))
    except csv.Error:
        return None
    return _Begun(dialect, csv_fields(header_names(rows)), zone, len(lines) > dialect.skipped + dialect.rows)


def _csv_feed(name: str, content: BinaryIO, text: str, known: Known) -> Feed | None:
    begun = _begun_csv(text)
    if begun is None:
        return None
    kind, row = _kind_of_table(begun.header, CHAT_COLUMNS, ROW_COLUMNS, known), begun.dialect.skipped + 1
    items = read_csv(content, begun.dialect, nested=kind is not None)
    feed = Feed(name, "csv", False, kind, items, written=True, header_row=row, zone=begun.zone)
    return _table_feed(feed, begun.header, known, has_rows=begun.has_rows)


def _sheet_feed(name: str, rows: Iterator[list[str] | Damaged], known: Known) -> Feed:
    first = list(islice(rows, LOOKED_AT))
    if not any(first):
        raise ImportRefused("empty", name)
    head = [[] if isinstance(row, Damaged) else row for row in first]
    found_header = find_header(head)
    begin = found_header.above + found_header.rows
    header = header_names(head[found_header.above : begin])
    fields, kind = csv_fields(header), _kind_of_table(csv_fields(header), CHAT_COLUMNS, ROW_COLUMNS, known)
    items = read_rows(chain(first[begin:], rows), header, begin + 1, nested=kind is not None)
    zone, row = zone_above(head[: found_header.above]), found_header.above + 1
    feed = Feed(name, "workbook", False, kind, items, written=True, header_row=row, zone=zone)
    found = _table_feed(feed, fields, known, has_rows=len(first) > begin)
    if found is None:
        raise ImportRefused("not_chats", name)
    return found


def _table_feed(feed: Feed, header: Sequence[str], known: Known, *, has_rows: bool) -> Feed | None:
    """The feed of a table with this header, by a mapping where it is not our own; None where it is no table."""
    if feed.kind:
        return feed
    if len(header) < LEAST_COLUMNS or not (has_rows or known.choice == RAW):
        return None
    return feed if known.choice == RAW else _with_mapping(feed, header, known)


def _late_json_feed(name: str, content: BinaryIO, text: str) -> Feed | None:
    """JSON Lines whose first lines are no JSON."""
    if any(line.lstrip().startswith("{") for line in text.splitlines()):
        return Feed(name, "json_lines", False, None, read_json_lines(content))
    return None


def _with_mapping(feed: Feed, columns: Sequence[str], known: Known) -> Feed:
    found = known.mapping_for(columns)
    if found is None:
        raise ImportRefused("unknown_columns", feed.name)
    name, mapping = found
    unsplit = Counted()
    items = mapped(map(cut, feed.items), mapping, unsplit)
    return replace(feed, items=items, mapping=name, written=True, makes_ids=mapping.makes_ids, unsplit=unsplit)


def _vendor(pieces: Sequence[dict[str, Any]], choice: str | None) -> tuple[Vendor | None, str | None]:
    if choice in VENDORS:
        return VENDORS[choice], next(filter(None, map(VENDORS[choice].recognise, pieces)), None)
    if choice is not None:
        return None, None
    seen = {code: list(filter(None, map(vendor.recognise, pieces))) for code, vendor in VENDORS.items()}
    code = max(seen, key=lambda code: len(seen[code]), default=None)
    return (VENDORS[code], seen[code][0]) if code and seen[code] else (None, None)


def _is_own(record: dict[str, Any]) -> bool:
    kind = kind_of(record)
    known = (CHAT_FIELDS if kind == "chats" else ROW_FIELDS) - {"id", "chat_id"}
    # An id alone could be anything, unless it is all there is.
    return kind is not None and (bool(record.keys() & known) or len(record) == 1)


def _kind_of_table(header: list[str], chat: frozenset[str], row: frozenset[str], known: Known) -> Kind | None:
    """What a row of a table is whose columns are called as our fields; None where they are called otherwise."""
    # A mapping that was chosen is for the tables that have its columns.
    if known.choice == RAW or (known.mapping is not None and known.mapping_for(header)):
        return None
    kind = kind_of(header)
    fields = {"chats": chat - {"id"}, "messages": row - {"chat_id", "system"}}.get(kind or "", frozenset())
    # An id alone could be anything, unless it is all there is.
    return kind if fields.intersection(header) or header == ["id"] else None


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
