"""Cells of a CSV that a spreadsheet opens."""

# What makes a spreadsheet take a cell for a formula (OWASP ASVS 5.0, 1.2.10), and the same signs in full width.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def for_spreadsheets(cell: object) -> object:
    """The cell, with a quote before a text that a spreadsheet would run; numbers stay as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
