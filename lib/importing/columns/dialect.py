"""How a CSV file separates its cells."""

import re
from typing import NamedTuple

DELIMITERS = (",", ";", "\t", "|")
LINES = 20
# A first line by which Excel tells itself the delimiter.
HINT = re.compile(r"sep=([,;\t|])[ \t]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
# A quoted cell; the last one may be cut off.
QUOTED = re.compile(r'(^|[,;\t|]) *"(?:[^"]|"")*(?:"|\Z)', re.MULTILINE)


class Dialect(NamedTuple):
    """What stands between two cells, and how many lines stand before the header."""

    delimiter: str = ","
    skipped: int = 0


COMMAS = Dialect()


def sniff(head: str) -> Dialect:
    """The dialect of a CSV file that begins with `head`; commas where nothing shows another one."""
    head = head.removeprefix("\ufeff")
    if hint := HINT.match(head):
        return Dialect(hint[1], 1)
    lines = [line for line in re.split(r"\r\n|\r|\n", QUOTED.sub(r"\1", head)) if line.strip(" ")][:LINES]
    return Dialect(max(DELIMITERS, key=lambda delimiter: _consistency(lines, delimiter)))


def _consistency(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have as many cells as the header, and how many these are; nothing for a single column."""
    counts = [line.count(delimiter) for line in lines]
    return (counts.count(counts[0]), counts[0]) if counts and counts[0] else (0, 0)
