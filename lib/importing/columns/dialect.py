"""How a CSV file separates its cells, and where its header stands."""

import csv
import io
import re
from itertools import islice
from typing import NamedTuple

from lib.importing.columns.header import LOOKED_AT, MOST_ABOVE, Header, find_header

DELIMITERS = (",", ";", "\t", "|")
LINES = 20
# Below other lines a table has so many that are alike.
LEAST_ALIKE = 2
# A first line by which Excel tells itself the delimiter.
HINT = re.compile(r"sep=([,;\t|])[ \t]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
# A quoted cell; the last one may be cut off.
QUOTED = re.compile(r'(^|[,;\t|]) *"(?:[^"]|"")*(?:"|\Z)', re.MULTILINE)


class Dialect(NamedTuple):
    """What stands between two cells, how many lines stand above the header, and of how many rows it is."""

    delimiter: str = ","
    skipped: int = 0
    rows: int = 1


COMMAS = Dialect()


def sniff(head: str) -> Dialect:
    """The dialect of a CSV file that begins with `head`; commas where nothing shows another one."""
    head = head.removeprefix("\ufeff")
    if hint := HINT.match(head):
        found = _with_header(head[hint.end() :], hint[1])
        return found._replace(skipped=1 + found.skipped)
    lines = [line for line in re.split(r"\r\n|\r|\n", QUOTED.sub(r"\1", head)) if line.strip(" ")][:LINES]
    return _with_header(head, max(DELIMITERS, key=lambda delimiter: _best_consistency(lines, delimiter)))


def _with_header(head: str, delimiter: str) -> Dialect:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    rows, ends = list[list[str]](), [0]
    try:
        for row in islice(reader, MOST_ABOVE + LOOKED_AT):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        # What is wrong in a row is told where it is read.
        pass
    header = find_header(rows) if rows else Header()
    return Dialect(delimiter, ends[header.above], header.rows)


def _best_consistency(lines: list[str], delimiter: str) -> tuple[int, int]:
    """The consistency from the first line on, or from a later one, above which other lines stand."""
    later = (_consistency(lines[start:], delimiter) for start in range(1, len(lines)))
    return max([_consistency(lines, delimiter), *(found for found in later if found[0] >= LEAST_ALIKE)])


def _consistency(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have as many cells as the header, and how many these are; nothing for a single column."""
    counts = [line.count(delimiter) for line in lines]
    return (counts.count(counts[0]), counts[0]) if counts and counts[0] else (0, 0)
