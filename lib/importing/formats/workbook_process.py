"""Run in a process of its own, it reads the workbook on the standard input; a damaged one could end the process.

`names` writes the names of the sheets as JSON; `rows` and a number write the rows of a sheet from its first one, a line
of JSON each: its cells, all of them texts, or null where it is too long. It imports nothing else of this program.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

NO_WORKBOOK, LOCKED, TOO_LARGE = 3, 4, 5
# A spreadsheet keeps so many digits of a number; what has more was rounded.
ROUNDED_FROM = 1e15


def main(task: str, number: str, most_bytes: str, most_seconds: str, longest_row: str) -> int:
    """The exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (int(most_bytes), int(most_bytes)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(most_seconds), int(most_seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Whoever hands the file over may have read in it.
    sys.stdin.buffer.seek(0)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        if task == "names":
            sys.stdout.write(json.dumps(workbook.sheet_names))
            return 0
        sheet = workbook.get_sheet_by_index(int(number))
        for row in _rows(sheet):
            sys.stdout.write(json.dumps(row if sum(map(len, row)) <= int(longest_row) else None) + "\n")
    except python_calamine.PasswordError:
        return LOCKED
    except MemoryError:
        return TOO_LARGE
    except BrokenPipeError:
        raise
    except BaseException:  # Also what the library says where it is at a loss, which is no Exception.
        return NO_WORKBOOK
    return 0


def _rows(sheet: python_calamine.CalamineSheet) -> Iterator[list[str]]:
    for cells in sheet.iter_rows():
        row = [text_of(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        yield row


def text_of(cell: Any) -> str:
    """A cell as a CSV would have it; times as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return f"{cell:.5E}" if abs(cell) >= ROUNDED_FROM else f"{cell:.15g}"
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return _written(cell) if isinstance(cell, date | time) else ""


def _written(cell: date | time) -> str:
    """A time to the second, as spreadsheets show it; what a number of days adds to it is less."""
    if isinstance(cell, datetime):
        return (cell + timedelta(microseconds=500_000)).isoformat(timespec="seconds")
    return cell.isoformat(timespec="seconds") if isinstance(cell, time) else cell.isoformat()


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except BrokenPipeError:
        # Nobody reads on.
        sys.exit(0)
