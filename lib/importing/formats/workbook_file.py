"""Reads workbooks (.xlsx, .xls, .ods): each sheet is a table of its own."""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, cast

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
REASONS = {workbook_process.LOCKED: "encrypted_workbook", workbook_process.NO_WORKBOOK: "workbook"}


def sheet_names(content: BinaryIO) -> list[str]:
    """The names of the sheets of a workbook; raises Unfit."""
    with _answers(content, "names", 0) as lines:
        return list(map(str, json.loads(next(lines, b"[]"))))


@contextmanager
def sheet_rows(content: BinaryIO, sheet: int) -> Iterator[Iterator[list[str] | Damaged]]:
    """The rows of a sheet, from its first one, without the blank cells at their ends; raises Unfit while read."""
    with _answers(content, "rows", sheet) as lines:
        yield (Damaged("too_long", "", 0, "") if cells is None else cells for cells in map(json.loads, lines))


@contextmanager
def _answers(content: BinaryIO, task: str, sheet: int) -> Iterator[Iterator[bytes]]:
    """What the process writes that reads the workbook, line by line."""
    with _on_disk(content) as file:
        process = subprocess.Popen(  # noqa: S603 - our own
            [
                *(sys.executable, "-I", str(Path(workbook_process.__file__)), task, str(sheet)),
                *(str(limits.MOST_OF_WORKBOOK), str(limits.LONGEST_FOR_SHEET_S), str(limits.LONGEST_ROW)),
            ],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield _lines(process, content)
        finally:
            process.kill()
            process.communicate()


def _lines(process: "subprocess.Popen[bytes]", content: BinaryIO) -> Iterator[bytes]:
    if process.stdout is None:
        raise AssertionError("a process without its pipe")
    yield from process.stdout
    if status := process.wait():
        # It ends itself where it is refused more memory.
        reason = REASONS.get(status, "too_large")
        raise Unfit("encrypted_workbook" if reason == "workbook" and _is_locked(content) else reason)


def _is_locked(content: BinaryIO) -> bool:
    content.seek(0)
    end = b""
    while block := content.read(1 << 20):
        if LOCKED.search(end + block):
            return True
        end = block[-LONGEST_SIGN:]
    return False


@contextmanager
def _on_disk(content: BinaryIO) -> Iterator[BinaryIO]:
    """The content as a file that a process started by this one can read."""
    content.seek(0)
    try:
        number = content.fileno()
    except (AttributeError, io.UnsupportedOperation):
        with tempfile.TemporaryFile() as file:
            copyfileobj(content, file, 1 << 20)
            file.flush()
            yield cast(BinaryIO, file)
    else:
        with os.fdopen(os.dup(number), "rb") as file:
            yield file
