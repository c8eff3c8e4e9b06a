"""Reads JSON Lines: one object a line."""

import json
import re
from collections.abc import Iterator
from json import JSONDecodeError
from typing import Any, BinaryIO

from lib.importing import limits
from lib.importing.sources import Item, clean, failed

BOM = b"\xef\xbb\xbf"
# What may stand at the end of a text that goes on: the beginning of a word, of a part of a number, of an escape.
BEGUN = re.compile(r"(tr?u?|fa?l?s?|nu?l?|-|\.|[eE][+-]?)?")
BEGUN_ESCAPE = re.compile(r"\\?u?[0-9a-fA-F]{0,4}")
LOOKED_AT = 20
# Each value but the first stands behind one of these; what stands in texts is none.
SIGNS = ",[{"
TEXT = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def read_json_lines(stream: BinaryIO) -> Iterator[Item]:
    """An item for each line that is not blank; its row number is the number of the line."""
    number = 0
    while line := stream.readline(limits.LONGEST_RECORD + 1):
        number += 1
        if number == 1:
            line = line.removeprefix(BOM)
        if len(line) > limits.LONGEST_RECORD:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(limits.LONGEST_RECORD)
            yield failed(number, line, "too_long")
        elif not line.isspace():
            yield _item(number, line)


def ends_early(error: ValueError, text: str) -> bool:
    """Whether a text that could not be decoded is right as far as it goes."""
    if not isinstance(error, JSONDecodeError):
        return False
    begun = BEGUN_ESCAPE if error.msg.startswith("Invalid \\u") else BEGUN
    rest = text[error.pos : error.pos + LOOKED_AT].rstrip()
    return error.msg.startswith("Unterminated") or begun.fullmatch(rest) is not None


def has_too_many_values(text: str, at: int = 0) -> bool:
    """Whether what begins at a place of a text has more values than a record may have."""
    # Most are too short for it.
    if len(text) - at <= limits.MOST_VALUES or sum(text.count(sign, at) for sign in SIGNS) <= limits.MOST_VALUES:
        return False
    bare = TEXT.sub("", text[at:])
    return sum(map(bare.count, SIGNS)) > limits.MOST_VALUES


def _item(number: int, line: bytes) -> Item:
    text = ""
    try:
        text = line.decode()
        if has_too_many_values(text):
            return failed(number, line, "too_many_values")
        record = DECODER.decode(text)
        if record.__class__ is not dict:
            return failed(number, line, "not_object")
        return Item(number, clean(record) if "\\ud" in text or "\\uD" in text else record, line, len(line))
    except UnicodeDecodeError as error:
        return failed(number, line, "cut_off" if error.end == len(line) and _is_open(line) else "not_text")
    except ValueError as error:
        return failed(number, line, "cut_off" if _is_open(line) and ends_early(error, text) else "not_json")
    except RecursionError:
        return failed(number, line, "not_json")


def _is_open(line: bytes) -> bool:
    """Whether this is a last line without its end, which somebody may still be writing."""
    return not line.endswith(b"\n")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


DECODER = json.JSONDecoder(parse_constant=_no_constant)
