"""Cells of a CSV that a spreadsheet opens."""

import re

# What makes a spreadsheet take a cell for a formula (OWASP ASVS 5.0, 1.2.10), and the same signs in full width.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
# A text that a quote was put before, and one that looks so, begin with a quote and one of the signs.
_SIGNS = r"[=+\-@\t\r\n\x00＝＋－＠]"
_RUNS = re.compile(f"'*{_SIGNS}")
_QUOTED = re.compile(f"'+{_SIGNS}")


def for_spreadsheets(cell: object) -> object:
    """The cell, with a quote before a text that a spreadsheet would run; numbers stay as they are.

    A text that looks as if it had got one gets one more, so that `from_spreadsheets` gives every text back.
    """
    return f"'{cell}" if isinstance(cell, str) and _RUNS.match(cell) else cell


def from_spreadsheets(cell: str) -> str:
    """The text that `for_spreadsheets` made the cell of."""
    return cell[1:] if _QUOTED.match(cell) else cell


def for_spreadsheets_sql(expression: str) -> str:
    """SQL of what `for_spreadsheets` makes of the text of an expression."""
    return f"regexp_replace({expression}, '^(''*{_SIGNS})', '''\\1')"
