"""Takes CSV apart into rows; a quotation mark that is missing costs no more than its own row."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from lib.importing import limits
from lib.importing.columns.dialect import Dialect
from lib.importing.columns.header import header_names

# So many rows before a damaged one tell what rows look like.
NEIGHBOURS = 8
LINE_ENDS = ("\r", "\n")
# Ctrl-Z, with which old programs end a text.
END_OF_FILE = "\x1a"
DIGIT = re.compile(r"[0-9]")
SIGNS = re.compile(r"[^\w\s]+|_+")

# The row that a cell stands in is not longer, either.
csv.field_size_limit(limits.LONGEST_ROW)


class Damaged(NamedTuple):
    """A row that cannot be taken apart: its reason, its text, and the number and text of the cell that is damaged."""

    reason: str
    text: str
    column: int
    cell: str


class TooLong(Exception):  # noqa: N818 - an answer, not a fault
    """The row is longer than what is taken."""


class Rows:
    """The rows of a text, of which the first one is the header; the lines before it are left out."""

    def __init__(self, text: io.TextIOWrapper, dialect: Dialect) -> None:
        self._lines = _Lines(text)
        for _ in range(dialect.skipped):
            next(self._lines, None)
        self._delimiter = dialect.delimiter
        self._lines.begin_row()
        above = csv.reader(self._lines, delimiter=dialect.delimiter)
        self.header = header_names(list(islice(above, dialect.rows)))
        self._neighbours: deque[list[str]] = deque(maxlen=NEIGHBOURS)

    def __iter__(self) -> Iterator[list[str] | Damaged]:
        """The cells of each row below the header, or why there are none."""
        rows = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        while True:
            self._lines.begin_row()
            row: list[str] | Damaged
            try:
                row = cells = next(rows)
            except StopIteration:
                return
            except TooLong:
                row = self._cut_short("too_long") if self._lines.taken else Damaged("too_long", "", 0, "")
            except csv.Error:
                row = self._cut_short() if len(self._lines.taken) > 1 or self._lines.ended else self._lenient()
            else:
                if len(self._lines.taken) > 1:
                    row = self._without_others(cells, is_sound=len(cells) == len(self.header))
            if row and isinstance(row, list):
                self._neighbours.append(row)
            yield row

    def _lenient(self) -> list[str] | Damaged:
        """The row whose first line has text behind a closing mark, as spreadsheets read it."""
        begun = list(self._lines.taken)
        try:
            row = next(csv.reader(chain(begun, self._lines), delimiter=self._delimiter))
        except TooLong:
            return self._cut_short("too_long")
        except csv.Error:
            return Damaged("not_csv", "".join(begun), 0, "")
        return self._cut_short() if self._lines.ended else self._without_others(row, is_sound=False)

    def _without_others(self, row: list[str], *, is_sound: bool) -> list[str] | Damaged:
        """The row of several lines, unless there are rows in one of its cells: real ones may have lines of a talk."""
        delimiters = len(self.header) - 1 if is_sound else 1
        doubtful = [index for index, line in enumerate(self._lines.taken) if line.count(self._delimiter) >= delimiters]
        if doubtful[-1:] in ([], [0]):
            return row
        shapes = self._shapes()
        # What is written as it should be is doubted only where more than an id shows other rows in it.
        if is_sound and len(shapes) < 2:
            return row
        for index in doubtful:
            if index and self._is_row(self._lines.taken[index], shapes, whole=is_sound):
                return self._damaged(self._lines.give_back(index), "open_quote")
        return row

    def _cut_short(self, reason: str = "open_quote") -> Damaged:
        """The damaged row up to the next line that looks like a row; `reason` is what it is without one near by."""
        shapes = self._shapes()
        for index, line in enumerate(self._lines.taken):
            if index and self._is_row(line, shapes):
                return self._damaged(self._lines.give_back(index), "open_quote")
        lines = list(self._lines.taken)
        last = lines[-1]
        while (line := self._lines.another()) and not self._is_row(line, shapes):
            last = line
        if line:
            self._lines.put_back(line)
        # Somebody may still be writing the last one.
        return self._damaged(lines, reason if line or last.endswith(LINE_ENDS) else "cut_off")

    def _damaged(self, lines: Sequence[str], reason: str) -> Damaged:
        cells = self._cells(lines[0])
        return Damaged(reason, "".join(lines).rstrip("\r\n"), len(cells) - 1, cells[-1].rstrip("\r\n"))

    def _shapes(self) -> dict[int, tuple[str, ...]]:
        """The columns that look alike in all rows near by: those with digits, such as ids and times."""
        own = self._cells(self._lines.taken[0])[:-1]
        rows = [*self._neighbours, own] if own else [*self._neighbours]
        found = {}
        for column in range(len(self.header)):
            shapes = {_shape(row[column]) for row in rows if column < len(row)}
            if len(shapes) == 1 and (shape := shapes.pop()):
                found[column] = shape
        return found

    def _is_row(self, line: str, shapes: dict[int, tuple[str, ...]], *, whole: bool = False) -> bool:
        if line.count(self._delimiter) < (len(self.header) - 1 if whole else 1):
            return False
        try:
            cells: Sequence[str] = next(csv.reader([line], delimiter=self._delimiter, strict=True), [])
            fits = len(cells) == len(self.header)
        except csv.Error:
            # Its last cell may go on in the next line.
            cells = self._cells(line)
            fits = not whole and 1 < len(cells) <= len(self.header)
        # In a sentence, a space stands behind a comma.
        if not fits or any(cell.startswith(" ") for cell in cells):
            return False
        alike = [_shape(cells[column]) == shape for column, shape in shapes.items() if column < len(cells)]
        if whole:
            return all(alike)
        return 2 * sum(alike) > len(alike) if shapes else len(cells) == len(self.header)

    def _cells(self, line: str) -> Sequence[str]:
        return next(csv.reader([line], delimiter=self._delimiter), [""])


def _shape(cell: str) -> tuple[str, ...]:
    """The signs of a cell with digits, nothing for others."""
    return ("0", *SIGNS.findall(cell)) if DIGIT.search(cell) else ()


class _Lines:
    """The lines of a text, of which a row may take several but no more than the most that is taken."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._read = text.readline
        self._again: deque[str] = deque()
        self._left = limits.LONGEST_ROW
        # The lines of the row so far.
        self.taken: list[str] = []
        self.ended = False

    def begin_row(self) -> None:
        self._left = limits.LONGEST_ROW
        self.taken.clear()

    def give_back(self, size: int) -> Sequence[str]:
        """The first lines of the row, so many; the others are read again."""
        self._again.extendleft(reversed(self.taken[size:]))
        return self.taken[:size]

    def put_back(self, line: str) -> None:
        self._again.appendleft(line)

    def another(self) -> str:
        """The next line, which belongs to no row; empty at the end, and cut where it is too long."""
        if self._again:
            return self._again.popleft()
        line = self._read(limits.LONGEST_ROW + 1)
        if END_OF_FILE in line[-3:]:
            text = line.rstrip("\r\n")
            line = text.rstrip(END_OF_FILE) + line[len(text) :]
        rest = line if len(line) > limits.LONGEST_ROW else ""
        while rest and not rest.endswith(LINE_ENDS):
            rest = self._read(limits.LONGEST_ROW)
        return line

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.another()
        if len(line) > limits.LONGEST_ROW:
            # It is a row alone; but where others stand before it, these have yet to be told apart.
            if self.taken:
                self._again.appendleft(line)
            raise TooLong
        self._left -= len(line)
        if self._left < 0:
            self._again.appendleft(line)
            raise TooLong
        if not line:
            self.ended = True
            raise StopIteration
        self.taken.append(line)
        return line
