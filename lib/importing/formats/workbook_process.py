"""Run in a process of its own, it reads workbooks from the standard input; a damaged one could end the process.

A question is a line of JSON, [task, number, most bytes of memory, most seconds, longest row, size], and so many bytes,
the workbook. `names` writes the names of the sheets as JSON; `rows` and a number write the rows of a sheet from its
first one, a line of JSON each: its cells, all of them texts, or null where it is too long. The last line of an answer
is a number that tells how it ended. It imports nothing else of this program.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine

DONE, NO_WORKBOOK, LOCKED, TOO_LARGE = 0, 3, 4, 5
# A spreadsheet keeps so many digits of a number; what has more was rounded.
ROUNDED_FROM = 1e15


def main() -> None:
    """Answers one question after the other."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while line := sys.stdin.buffer.readline():
        task, number, most_bytes, most_seconds, longest_row, size = json.loads(line)
        _limit(resource.RLIMIT_AS, most_bytes)
        spent = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(spent.ru_utime + spent.ru_stime) + 1 + most_seconds)
        status = _answer(task, number, longest_row, size)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _answer(task: str, number: int, longest_row: int, size: int) -> int:
    """Writes the answer, and returns how it ended."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read(size)))
        if task == "names":
            sys.stdout.write(json.dumps(workbook.sheet_names) + "\n")
            return DONE
        for cells in workbook.get_sheet_by_index(number).iter_rows():
            row = [text_of(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            sys.stdout.write(json.dumps(row if sum(map(len, row)) <= longest_row else None) + "\n")
    except python_calamine.PasswordError:
        return LOCKED
    except MemoryError:
        return TOO_LARGE
    except BrokenPipeError:
        raise
    except BaseException:  # Also what the library says where it is at a loss, which is no Exception.
        return NO_WORKBOOK
    return DONE


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
    # To the second, as spreadsheets show it; what a number of days adds to it is less.
    if isinstance(cell, datetime):
        cell += timedelta(microseconds=500_000)
    if isinstance(cell, datetime | time):
        return cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else ""


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        # Nobody reads on.
        sys.exit(0)
