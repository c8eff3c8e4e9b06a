"""Finds out from its columns what a table is: CSV, a sheet or a file of Parquet."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from lib.importing.columns import Dialect, find_header, header_names, sniff, zone_above
from lib.importing.formats.csv_file import csv_fields, read_csv, read_rows
from lib.importing.formats.csv_rows import Damaged
from lib.importing.formats.feed import LEAST_COLUMNS, RAW, Feed, Kind, Known, kind_of, with_mapping
from lib.importing.formats.head import LOOKED_AT
from lib.importing.formats.parquet_file import parquet_fields, read_parquet
from lib.importing.problems import ImportRefused
from lib.importing.records.fields import CHAT_COLUMNS, CHAT_FIELDS, ROW_COLUMNS, ROW_FIELDS


class BegunCsv(NamedTuple):
    """How a CSV begins: its dialect, its header, the time zone above that, and whether rows stand below it."""

    dialect: Dialect
    header: list[str]
    zone: str | None
    has_rows: bool


def begun_csv(text: str) -> BegunCsv | None:
    """How a text begins as CSV, or None where it cannot be read as such."""
    dialect = sniff(text)
    lines = list(io.StringIO(text, newline=""))
    try:
        zone = zone_above(csv.reader(lines[: dialect.skipped], delimiter=dialect.delimiter))
        rows = list(islice(csv.reader(lines[dialect.skipped :], delimiter=dialect.delimiter), dialect.rows))
    except csv.Error:
        return None
    return BegunCsv(dialect, csv_fields(header_names(rows)), zone, len(lines) > dialect.skipped + dialect.rows)


def csv_feed(name: str, content: BinaryIO, text: str, known: Known) -> Feed | None:
    """What a file of CSV gives, or None where the text is no table; raises ImportRefused."""
    begun = begun_csv(text)
    if begun is None:
        return None
    kind, row = _kind_of_table(begun.header, CHAT_COLUMNS, ROW_COLUMNS, known), begun.dialect.skipped + 1
    items = read_csv(content, begun.dialect, nested=kind is not None)
    feed = Feed(name, "csv", False, kind, items, written=True, header_row=row, zone=begun.zone)
    return _table_feed(feed, begun.header, known, has_rows=begun.has_rows)


def sheet_feed(name: str, rows: Iterator[list[str] | Damaged], known: Known) -> Feed:
    """What the rows of a sheet give; raises ImportRefused."""
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


def parquet_feed(name: str, file: BinaryIO, most_unpacked: int, known: Known) -> Feed:
    """What a file of Parquet gives; raises ImportRefused."""
    fields = parquet_fields(file)
    kind = _kind_of_table(fields, CHAT_FIELDS, ROW_FIELDS, known)
    file.seek(0)
    feed = Feed(name, "parquet", False, kind, read_parquet(file, most_unpacked))
    found = _table_feed(feed, fields, known, has_rows=True)
    if found is None:
        raise ImportRefused("not_chats", name)
    return found


def _kind_of_table(header: list[str], chat: frozenset[str], row: frozenset[str], known: Known) -> Kind | None:
    """What a row of a table is whose columns are called as our fields; None where they are called otherwise."""
    # A mapping that was chosen is for the tables that have its columns.
    if known.choice == RAW or (known.mapping is not None and known.mapping_for(header)):
        return None
    kind = kind_of(header)
    fields = {"chats": chat - {"id"}, "messages": row - {"chat_id", "system"}}.get(kind or "", frozenset())
    # An id alone could be anything, unless it is all there is.
    return kind if fields.intersection(header) or header == ["id"] else None


def _table_feed(feed: Feed, header: Sequence[str], known: Known, *, has_rows: bool) -> Feed | None:
    """The feed of a table with this header, by a mapping where it is not our own; None where it is no table."""
    if feed.kind:
        return feed
    if len(header) < LEAST_COLUMNS or not (has_rows or known.choice == RAW):
        return None
    return feed if known.choice == RAW else with_mapping(feed, header, known)
