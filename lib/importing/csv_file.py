"""Reads CSV: a header, then one chat or one message a row."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from lib.importing.fields import CHAT_COLUMNS, NESTED_COLUMNS, ROW_COLUMNS
from lib.importing.problems import FieldError
from lib.importing.sources import Item, failed

LONGEST_CELL = 64 * 1024 * 1024
KNOWN_COLUMNS = CHAT_COLUMNS | ROW_COLUMNS

csv.field_size_limit(LONGEST_CELL)


def read_csv(stream: BinaryIO) -> Iterator[Item]:
    """An item for each row below the header that is not blank; the header is row 1, as in a spreadsheet."""
    # A byte that is no UTF-8 becomes half a character, so that only its own row is lost.
    lines = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        rows = csv.reader(lines)
        header = csv_fields(next(rows, []))
        number = 1
        while True:
            number += 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield failed(number, "", "not_csv")
                continue
            if any(cells):
                yield _item(number, header, cells)
    finally:
        lines.detach()


def csv_fields(cells: Sequence[str]) -> list[str]:
    """The names of the columns: known ones in lower case, empty and repeated ones made different."""
    names: list[str] = []
    for index, cell in enumerate(cells):
        name = cell.strip()
        name = name.lower() if name.lower() in KNOWN_COLUMNS else name or f"column {index + 1}"
        names.append(f"{name} ({index + 1})" if name in names else name)
    return names


def csv_line(cells: Sequence[str]) -> str:
    """The cells as a line of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _item(number: int, header: list[str], cells: list[str]) -> Item:
    size = sum(map(len, cells))
    for name, cell in zip(header, cells, strict=False):
        if not cell.isascii() and any("\udc80" <= letter <= "\udcff" for letter in cell):
            return Item(number, FieldError(name, cell, "not_text"), cells, size)
    if any(cells[len(header) :]):
        return Item(number, FieldError(None, cells[len(header)], "wrong_columns"), cells, size)
    return Item(number, _nested(header, cells), cells, size)


def _nested(header: list[str], cells: list[str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        if not cell:
            continue
        place = NESTED_COLUMNS.get(name)
        if place is None:
            record[name] = cell
        else:
            record.setdefault(place[0], {})[place[1]] = cell
    return record
