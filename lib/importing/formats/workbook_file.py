"""Reads workbooks (.xlsx, .xls, .ods): each sheet is a table of its own."""

import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import islice
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from lib.importing import limits
from lib.importing.formats import workbook_process
from lib.importing.formats.csv_rows import Damaged
from lib.importing.problems import Unfit

# What the older workbooks of Excel begin with, other documents of Office, and workbooks with a password.
OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"
# A workbook with a password is a document that holds another one, named in letters of two bytes; in older ones its
# beginning says so.
LOCKED = re.compile(
    re.escape("EncryptedPackage".encode("utf-16-le")) + rb"|\x09\x08\x10\0.{16}(?:\x86\0\0\0)?\x2f\0", re.DOTALL
)
LONGEST_SIGN = 32
# Of an answer that nobody wants to hear to its end, so many more lines are cheaper than another process.
LISTENED_TO = 1_000
REASONS = {workbook_process.LOCKED: "encrypted_workbook", workbook_process.NO_WORKBOOK: "workbook"}


def sheet_names(content: BinaryIO) -> list[str]:
    """The names of the sheets of a workbook; raises Unfit."""
    with _answers(content, "names", 0) as lines:
        return list(map(str, next(lines, [])))


@contextmanager
def sheet_rows(content: BinaryIO, sheet: int) -> Iterator[Iterator[list[str] | Damaged]]:
    """The rows of a sheet, from its first one, without the blank cells at their ends; raises Unfit while read."""
    with _answers(content, "rows", sheet) as lines:
        yield (Damaged("too_long", "", 0, "") if cells is None else cells for cells in lines)


class _Reader:
    """The process that reads workbooks, begun by the first one and anew where one ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def answer(self, content: BinaryIO, task: str, sheet: int) -> Iterator[Any]:
        """What it writes of a workbook; raises Unfit."""
        is_new, begun, status = self._process is None, False, workbook_process.TOO_LARGE
        for line in self._asked(content, task, sheet):
            if line.__class__ is int:
                status = line
                break
            begun = True
            yield line
        if status == workbook_process.DONE:
            return
        # It ends itself where it is refused more memory.
        if status == workbook_process.TOO_LARGE:
            was_slow = self.end() == -signal.SIGXCPU
            # Those before this one may have left too little memory.
            if not (is_new or begun or was_slow):
                yield from self.answer(content, task, sheet)
                return
        reason = REASONS.get(status, "too_large")
        raise Unfit("encrypted_workbook" if reason == "workbook" and _is_locked(content) else reason)

    def _asked(self, content: BinaryIO, task: str, sheet: int) -> Iterator[Any]:
        """The lines of an answer, the last of which says how it ended, unless the process ended by it."""
        process = self._process = self._process or subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-I", str(Path(workbook_process.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if process.stdin is None or process.stdout is None:
            raise AssertionError("a process without its pipes")
        size = content.seek(0, io.SEEK_END)
        content.seek(0)
        asked = [task, sheet, limits.MOST_OF_WORKBOOK, limits.LONGEST_FOR_SHEET_S, limits.LONGEST_ROW, size]
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            copyfileobj(content, process.stdin, 1 << 20)
            process.stdin.flush()
        except BrokenPipeError:
            return
        # What it was writing when it ended is no line.
        yield from (json.loads(line) for line in process.stdout if line.endswith(b"\n"))

    def end(self) -> int | None:
        """Ends the process, if there is one, and returns how it ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        # Where it has ended itself, that counts.
        process.kill()
        process.communicate()
        return process.returncode


READER: ContextVar[_Reader | None] = ContextVar("reader", default=None)


@contextmanager
def read_together() -> Iterator[_Reader]:
    """Within it all workbooks are read in one process: of many small ones, to begin it costs more than to read them."""
    if reader := READER.get():
        yield reader
        return
    reader = _Reader()
    token = READER.set(reader)
    try:
        yield reader
    finally:
        READER.reset(token)
        reader.end()


@contextmanager
def _answers(content: BinaryIO, task: str, sheet: int) -> Iterator[Iterator[Any]]:
    """What the process says of the workbook; it ends where nobody wants to hear all of a long answer."""
    with read_together() as reader:
        lines = reader.answer(content, task, sheet)
        try:
            yield lines
        finally:
            with suppress(Unfit):
                if sum(1 for _ in islice(lines, LISTENED_TO)) == LISTENED_TO:
                    reader.end()


def _is_locked(content: BinaryIO) -> bool:
    content.seek(0)
    end = b""
    while block := content.read(1 << 20):
        if LOCKED.search(end + block):
            return True
        end = block[-LONGEST_SIGN:]
    return False
