"""Reads CSV: a header, then one chat or one message a row."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from lib.chats.own_files import FOLLOW_UP, GIVEN, MARK, from_spreadsheets
from lib.importing import limits
from lib.importing.columns.shapes import COMMAS, Dialect
from lib.importing.fields import CHAT_COLUMNS, NESTED_COLUMNS, ROW_COLUMNS
from lib.importing.problems import FieldError, Unfit
from lib.importing.sources import Item, failed

NO_UTF_8 = re.compile("[\udc80-\udcff]")
KNOWN_COLUMNS = CHAT_COLUMNS | ROW_COLUMNS

# The row that a cell stands in is not longer, either.
csv.field_size_limit(limits.LONGEST_ROW)


def read_csv(
    stream: BinaryIO, dialect: Dialect = COMMAS, *, nested: bool = True, neutralised: bool = False
) -> Iterator[Item]:
    """An item for each row below the header that is not blank; the first line is row 1, as in a spreadsheet.

    `nested` says that columns such as `visitor_email` stand for fields of objects, as in our own format; `neutralised`
    that the cells are made safe for spreadsheets.
    """
    # A byte that is no UTF-8 becomes half a character, so that only its own row is lost.
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    lines = _Lines(text)
    try:
        number = dialect.skipped + 1
        for _ in range(dialect.skipped):
            next(lines, None)
        rows = csv.reader(lines, delimiter=dialect.delimiter)
        header = csv_fields(next(rows, []))
        while True:
            number += 1
            lines.begin_row()
            try:
                cells = next(rows)
            except StopIteration:
                return
            except _TooLong:
                yield failed(number, "", "too_long")
                continue
            except csv.Error:
                yield failed(number, "", "not_csv")
                continue
            if any(cells):
                cells = [from_spreadsheets(cell) for cell in cells] if neutralised else cells
                yield _item(number, header, cells, nested)
    finally:
        text.detach()


class _TooLong(Exception):  # noqa: N818 - an answer, not a fault
    """The row is longer than what is taken."""


class _Lines:
    """The lines of a text, of which a row may take several but no more than the most that is taken."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._read = text.readline
        self._left = limits.LONGEST_ROW

    def begin_row(self) -> None:
        self._left = limits.LONGEST_ROW

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._read(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            while line and not line.endswith(("\r", "\n")):
                line = self._read(limits.LONGEST_ROW)
            raise _TooLong
        if not line:
            raise StopIteration
        return line


def csv_fields(cells: Sequence[str]) -> list[str]:
    """The names of the columns: known ones in lower case, empty and repeated ones made different; raises Unfit."""
    if len(cells) > limits.MOST_COLUMNS:
        raise Unfit("too_many_columns")
    names: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        name = cell.strip()
        name = name.lower() if name.lower() in KNOWN_COLUMNS else name or f"column {index + 1}"
        names.append(f"{name} ({index + 1})" if name in taken else name)
        taken.add(names[-1])
    return names


def _item(number: int, header: list[str], cells: list[str], nested: bool) -> Item:
    line = ",".join(cells)
    if not line.isascii() and NO_UTF_8.search(line):
        name, cell = next(pair for pair in zip([*header, *cells], cells, strict=False) if NO_UTF_8.search(pair[1]))
        return Item(number, FieldError(name, cell, "not_text"), cells, len(line))
    if len(cells) > len(header) and any(cells[len(header) :]):
        return Item(number, FieldError(None, cells[len(header)], "wrong_columns"), cells, len(line))
    row = dict(zip(header, cells, strict=False))
    return Item(number, _nested(row) if nested else row, cells, len(line))


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    if MARK in row:
        row = _of_export(row)
    for column in NESTED_COLUMNS.keys() & row.keys():
        cell = row.pop(column)
        if cell:
            parent, field = NESTED_COLUMNS[column]
            row.setdefault(parent, {})[field] = cell
    return row


def _of_export(row: dict[str, Any]) -> dict[str, Any]:
    """The row of an export of ours with its columns of what was given as an object; it is there even if empty."""
    given = {name.removeprefix(f"{GIVEN}_"): cell for name, cell in row.items() if name.startswith(f"{GIVEN}_")}
    rest = {name: cell for name, cell in row.items() if not name.startswith((f"{GIVEN}_", f"{FOLLOW_UP}_"))}
    return rest | ({GIVEN: given} if given else {})
