"""Finds the header of a table: often lines stand above it, or it takes two rows, with cells that were merged."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lib.importing.columns.shapes import EMAIL, is_time
from lib.importing.columns.spellings import WORDS, meanings, normal
from lib.importing.records.fields import CHAT_COLUMNS, ROW_COLUMNS
from lib.importing.records.spelled_times import zone_of

Row = Sequence[str]

# So many rows may stand above a header, and so many below it tell how wide the table is.
MOST_ABOVE, LOOKED_AT = 30, 20
LONGEST_NAME = 80
# Of the rows below a header so many are no wider than it.
MOST = 0.8
ZONE_WORDS = frozenset(map(normal, WORDS["zones"]))
COLON = re.compile("[:：]")
OUR_NAMES = CHAT_COLUMNS | ROW_COLUMNS


class Header(NamedTuple):
    """So many rows stand above a header, which takes so many rows itself."""

    above: int = 0
    rows: int = 1


def find_header(rows: Sequence[Row]) -> Header:
    """The header of the table that begins with these rows; the first row that is not blank where none looks like it."""
    first = next((place for place, row in enumerate(rows) if _filled(row)), 0)
    for place in range(first, min(len(rows), MOST_ABOVE)):
        if _is_header(rows, place, first):
            if _is_merged(rows, place):
                return Header(place, 2)
            return Header(place - 1, 2) if place > first and _is_merged(rows, place - 1) else Header(place)
    return Header(first)


def header_names(rows: Sequence[Row]) -> list[str]:
    """The names of the columns by the rows of a header."""
    if len(rows) < 2:
        return [*rows[0]] if rows else []
    above, below = rows
    names, over = [], ""
    for column in range(max(len(above), len(below))):
        top, name = _cell(above, column), _cell(below, column)
        # A merged cell has its text in the first of its columns.
        over = top or (over if name else "")
        both = f"{over} {name}".strip()
        names.append(name if meanings(name) and not meanings(both) and [*below].count(name) == 1 else both)
    return names


def zone_above(rows: Iterable[Row]) -> str | None:
    """The time zone that the rows above a header say the times are in, as it is written; None where they say none."""
    for row in rows:
        filled = _filled(row)
        told = COLON.split(filled[0], maxsplit=1) if len(filled) == 1 else filled
        if len(told) == 2 and normal(told[0]) in ZONE_WORDS and zone_of(told[1]):
            return told[1].strip()
    return None


def _is_header(rows: Sequence[Row], place: int, first: int) -> bool:
    row = rows[place]
    if not _are_names(row):
        return False
    filled = _filled(row)
    known = sum(cell.lower() in OUR_NAMES or bool(meanings(cell)) for cell in filled)
    if known > 1 and 2 * known >= len(filled):
        return True
    # A row of a table can be of such words as names are; what stands above a header is narrower than it, and most of
    # the rows below are no wider.
    is_widest = all(_width(above) < _width(row) for above in rows[first:place])
    widths = [_width(below) for below in rows[place + 1 :][:LOOKED_AT] if _filled(below)]
    return is_widest and (not widths or sum(width <= _width(row) for width in widths) >= MOST * len(widths))


def _is_merged(rows: Sequence[Row], place: int) -> bool:
    """Whether the names of a row go on in the next one, with cells that were merged in either."""
    if place + 2 >= len(rows):
        return False
    above, below = rows[place], rows[place + 1]
    if len(_filled(above)) < 2 or not _are_names([*_filled(below), "a name"]) or not all(map(_is_name, _filled(above))):
        return False
    pairs = [(_cell(above, column), _cell(below, column)) for column in range(max(len(above), len(below)))]
    last = max(column for column, (top, _) in enumerate(pairs) if top)
    is_across = any(name and not top for top, name in pairs[:last])
    is_down = any(top and not name for top, name in pairs) and any(name and not top for top, name in pairs)
    names = header_names([above, below])
    known = sum(bool(meanings(names[column])) for column, (_, name) in enumerate(pairs) if name)
    return (is_across or is_down) and 2 * known >= len(_filled(below))


def _are_names(row: Row) -> bool:
    filled = _filled(row)
    return len(filled) > 1 and len(set(filled)) == len(filled) and all(map(_is_name, filled))


def _is_name(cell: str) -> bool:
    if len(cell) > LONGEST_NAME or not any(map(str.isalpha, cell)):
        return False
    return not (cell.startswith(("http:", "https:")) or EMAIL.fullmatch(cell) or is_time(cell))


def _width(row: Row) -> int:
    return max((column for column, cell in enumerate(row, 1) if cell.strip()), default=0)


def _filled(row: Row) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _cell(row: Row, column: int) -> str:
    return row[column].strip() if column < len(row) else ""
