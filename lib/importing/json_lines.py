"""Reads JSON Lines: one object a line."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from lib.importing.sources import Item, clean, failed

LONGEST_LINE = 64 * 1024 * 1024
BOM = b"\xef\xbb\xbf"


def read_json_lines(stream: BinaryIO) -> Iterator[Item]:
    """An item for each line that is not blank; its row number is the number of the line."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(BOM)
        if len(line) > LONGEST_LINE:
            _skip_line(stream, line)
            yield failed(number, line[:LONGEST_LINE], "too_long")
        elif not line.isspace():
            yield _item(number, line)


def _item(number: int, line: bytes) -> Item:
    try:
        text = line.decode()
        record = DECODER.decode(text)
    except UnicodeDecodeError:
        return failed(number, line, "not_text")
    except (ValueError, RecursionError):
        return failed(number, line, "not_json")
    if record.__class__ is not dict:
        return failed(number, line, "not_object")
    if "\\ud" in text or "\\uD" in text:
        record = clean(record)
    return Item(number, record, line, len(line))


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(LONGEST_LINE)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(parse_constant=_no_constant)
