"""Reads CSV, and the rows of other tables: a header, then one chat or one message a row."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from lib.chats.own_files import FOLLOW_UP, GIVEN, MARK, from_spreadsheets
from lib.importing import limits
from lib.importing.columns.dialect import COMMAS, Dialect
from lib.importing.formats.csv_rows import Damaged, Rows
from lib.importing.problems import FieldError, Unfit
from lib.importing.records.fields import CHAT_COLUMNS, NESTED_COLUMNS, ROW_COLUMNS
from lib.importing.sources import Item, NoRecord, failed

NO_UTF_8 = re.compile("[\udc80-\udcff]")
KNOWN_COLUMNS = CHAT_COLUMNS | ROW_COLUMNS
NUMBER = r"[-+]?[0-9][0-9.,\s]*%?|[0-9]+(?::[0-9]{2}){1,2}"
NUMBERS = re.compile(rf"\s*(?:{NUMBER}|-|n/a)?\s*", re.IGNORECASE)
SUM = re.compile(
    r"\s*(?:(?:grand|overall|sub)?[ -]?totals?|sum|averages?|avg\.?|mean|median|minimum|maximum"
    r"|(?:総|小)?合?計|総合計|平均値?|件数|中央値|最大値?|最小値?)"
    rf"\s*(?:[:：=]|\s|(?<=[計均値数])|$)\s*(?:(?:{NUMBER})\s*[^\W\d]{{0,5}})?\s*",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"\s*(?:(?:exported|generated|created|printed|downloaded) (?:on|at|by|from|with)\b"
    r"|end of (?:report|file|data|export)\b|[*-]* ?end ?[*-]*$|page [0-9]+ of [0-9]+"
    r"|[0-9]+ (?:rows?|records?|chats?|conversations?)\b|以上$|※|全?[0-9,]+件"
    r"|(?:出力|作成|抽出|エクスポート)(?:日時?|者|条件)\s*[:：])",
    re.IGNORECASE,
)
# In a narrower table, a footer can be a record that is short.
LEAST_COLUMNS = 3


def read_csv(
    stream: BinaryIO, dialect: Dialect = COMMAS, *, nested: bool = True, neutralised: bool = False
) -> Iterator[Item]:
    """An item for each row below the header, as `read_rows`; the first line is row 1, as in a spreadsheet.

    `neutralised` says that the cells are made safe for spreadsheets.
    """
    # A byte that is no UTF-8 becomes half a character, so that only its own row is lost.
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        rows = Rows(text, dialect)
        yield from read_rows(
            rows, rows.header, dialect.skipped + dialect.rows + 1, nested=nested, neutralised=neutralised
        )
    finally:
        text.detach()


def read_rows(
    rows: Iterable[list[str] | Damaged],
    header: Sequence[str],
    number: int,
    *,
    nested: bool = True,
    neutralised: bool = False,
) -> Iterator[Item]:
    """An item for each row that is not blank, of which the first one is row `number`.

    What is no record, such as a sum, is a NoRecord. `nested` says that columns such as `visitor_email` stand for fields
    of objects, as in our own format.
    """
    fields = csv_fields(header)
    # Of our own exports each row is a record.
    is_foreign = MARK not in fields
    for place, row in enumerate(rows, number):
        if isinstance(row, Damaged):
            named = row.cell and row.column < len(fields)
            yield failed(place, row.text, row.reason, fields[row.column] if named else None, row.cell or None)
        elif any(row):
            if is_foreign and is_no_record(row, header):
                written = ",".join(row)
                yield Item(place, NoRecord(written.rstrip(",")), row, len(written))
                continue
            cells = [from_spreadsheets(cell) for cell in row] if neutralised else row
            yield _item(place, fields, cells, nested)


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
    row: dict[str, Any] = dict(zip(header, cells, strict=False))
    if not nested:
        return Item(number, row, cells, len(line))
    if MARK in row:
        # Of an export of ours, what was given stands in columns of its own.
        given = {name.removeprefix(f"{GIVEN}_"): cell for name, cell in row.items() if name.startswith(f"{GIVEN}_")}
        rest = {name: cell for name, cell in row.items() if not name.startswith((f"{GIVEN}_", f"{FOLLOW_UP}_"))}
        row = rest | ({GIVEN: given} if given else {})
    for column in NESTED_COLUMNS.keys() & row.keys():
        cell = row.pop(column)
        if cell:
            parent, field = NESTED_COLUMNS[column]
            row.setdefault(parent, {})[field] = cell
    return Item(number, row, cells, len(line))


def is_no_record(row: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row that is not blank is no record: it says nothing of a chat."""
    first = row[0] or next(cell for cell in row if cell)
    if first == header[0] and [*row] == [*header]:
        return True
    if len(header) < 2:
        return False
    if SUM.fullmatch(first):
        return sum(NUMBERS.fullmatch(cell) is None for cell in row) == 1
    return len(header) >= LEAST_COLUMNS and FOOTER.match(first) is not None and sum(map(bool, row)) == 1
