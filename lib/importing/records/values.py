"""Reads single values of a record: a function returns None for an unknown one, and raises FieldError for a bad one."""

import json
import math
import re
from decimal import Decimal
from typing import Any

from lib.importing.problems import FieldError

LONGEST_ID = 200
LARGEST_WHOLE = 2**63 - 1
DIGITS = re.compile("[0-9]{1,18}", re.ASCII)
# As spreadsheets write a number of many digits: 1.23457E+15.
ROUNDED = re.compile(r"\s*[0-9](?:[.,][0-9]+)?[eE]\+[0-9]{2,}\s*", re.ASCII)
NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)


def text(value: Any, field: str) -> str | None:
    """A text with at least one visible character."""
    if value is None:
        return None
    if value.__class__ is not str:
        raise FieldError(field, value, "wrong_type")
    return None if not value or value.isspace() else value


def text_or_number(value: Any, field: str) -> str | None:
    """A text, or a whole number as its digits."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        value = int(value) if value.is_integer() else value
    if value.__class__ is int:
        # str() refuses whole numbers of thousands of digits.
        if value.bit_length() > 4 * LONGEST_ID:
            raise FieldError(field, None, "too_long")
        value = str(value)
    return text(value, field)


def identifier(value: Any, field: str) -> str:
    """A required id of 1 to 200 characters."""
    found = text_or_number(value, field)
    if found is None:
        raise FieldError(field, value, "missing")
    if len(found) > LONGEST_ID:
        raise FieldError(field, value, "too_long")
    if is_rounded(found):
        raise FieldError(field, value, "rounded_id")
    return found


def is_rounded(value: str) -> bool:
    """Whether a spreadsheet rounded an id, so that those of others may have become the same."""
    return ROUNDED.fullmatch(value) is not None


def number(value: Any, field: str, *, written: bool, least: float = 0, most: float = math.inf) -> float | None:
    """A finite number from `least` to `most`; a text is read as one where the file can only hold texts (`written`)."""
    if value is None or value.__class__ is str:
        if value is None or not value.strip():
            return None
        if not written:
            raise FieldError(field, value, "wrong_type")
        if not NUMBER.fullmatch(value.strip()):
            raise FieldError(field, value, "bad_number")
        found = float(value)
        if not least <= found <= most or not abs(found) <= LARGEST_WHOLE:
            raise FieldError(field, value, "out_of_range")
        return found
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise FieldError(field, value, "wrong_type")
    if isinstance(value, float) and math.isnan(value):
        return None
    if not least <= value <= most or not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
        raise FieldError(field, value, "out_of_range")
    return float(value)


def whole(value: Any, field: str, *, written: bool, least: int = 0, most: int = LARGEST_WHOLE) -> int | None:
    """A whole number from `least` to `most`."""
    if value.__class__ is int and least <= value <= most:
        return int(value)
    if written and value.__class__ is str and DIGITS.fullmatch(value):
        return whole(int(value), field, written=written, least=least, most=most)
    found = number(value, field, written=written, least=least, most=most)
    if found is None:
        return None
    if not found.is_integer():
        raise FieldError(field, value, "bad_number")
    return min(int(found), most)


def flag(value: Any, field: str, *, written: bool) -> bool | None:
    """True or False; a text is read as one where the file can only hold texts (`written`)."""
    if written and value.__class__ is str:
        value = {"": None, "true": True, "1": True, "false": False, "0": False}.get(value.strip().lower(), value)
    if value is None or value is True or value is False:
        return value
    raise FieldError(field, value, "wrong_type")


def texts(value: Any, field: str, *, written: bool) -> list[str]:
    """A list of texts; in a file that can only hold texts, `a; b` or a JSON list."""
    if value.__class__ is str and (written or not value):
        if value.lstrip().startswith("["):
            try:
                listed = json.loads(value)
            except (ValueError, RecursionError):
                raise FieldError(field, value, "bad_list") from None
            if listed.__class__ is not list:
                raise FieldError(field, value, "bad_list")
            value = listed
        else:
            value = [item.strip() for item in value.split(";")]
    if value is None:
        return []
    if value.__class__ is not list:
        raise FieldError(field, value, "wrong_type")
    found = (text(item, f"{field}[{index}]") for index, item in enumerate(value))
    return [item for item in found if item is not None]


def mapping(value: Any, field: str) -> dict[str, Any]:
    """An object; an unknown one is empty."""
    if value is None or value == "":
        return {}
    if value.__class__ is not dict:
        raise FieldError(field, value, "wrong_type")
    found: dict[str, Any] = value
    return found


def items(value: Any, field: str) -> list[Any] | None:
    """A list of anything; None where it is unknown."""
    if value is None or value == "":
        return None
    if value.__class__ is not list:
        raise FieldError(field, value, "wrong_type")
    found: list[Any] = value
    return found
