"""Reads times of an export into the form that the store keeps: microseconds since 1970, UTC."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lib.importing.problems import FieldError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 2000, 2100
FIRST_MICROSECOND = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
END_MICROSECOND = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
MICROSECONDS_BY_DIGITS = {10: 1_000_000, 13: 1_000, 16: 1}
NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)


class TimeReader:
    """Reads times; one that names no offset is taken as wall-clock time of the zone, and `bare_seen` remembers it."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self._zone = ZoneInfo(zone)
        self.bare_seen = False

    def read(self, value: Any, field: str) -> int | None:
        """Microseconds since 1970 UTC, or None for an unknown time; raises FieldError."""
        if value.__class__ is str:
            if value[4:5] == "-" and value[10:11] in ("T", " ", ""):
                return self._iso(value, value, field)
            return self._text(value, field)
        if value is None:
            return None
        if isinstance(value, datetime):
            return self._moment(value, value, field)
        if isinstance(value, date):
            return self._moment(datetime.combine(value, time()), value, field)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return None if str(value) == "nan" else _epoch(str(value), value, field)
        raise FieldError(field, value, "wrong_type")

    def _text(self, value: str, field: str) -> int | None:
        text = value.strip()
        if not text:
            return None
        if NUMBER.fullmatch(text) and len(text) != len("20260301"):
            return _epoch(text, value, field)
        if text[4:5] == "-" and text[10:11] not in ("T", "t", " ", ""):
            raise FieldError(field, value, "bad_time")
        return self._iso(text, value, field)

    def _iso(self, text: str, value: str, field: str) -> int:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise FieldError(field, value, "bad_time") from None
        return self._moment(moment, value, field)

    def _moment(self, moment: datetime, value: Any, field: str) -> int:
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise FieldError(field, value, "year_out_of_range")
        if moment.tzinfo is None:
            self.bare_seen = True
            moment = moment.replace(tzinfo=self._zone)
        since = moment - EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _epoch(text: str, value: Any, field: str) -> int | None:
    if not NUMBER.fullmatch(text):
        raise FieldError(field, value, "bad_time")
    number = Decimal(text)
    if number in (0, -1):
        return None
    unit = MICROSECONDS_BY_DIGITS.get(len(str(int(number)))) if number > 0 else None
    if unit is None:
        raise FieldError(field, value, "bad_time")
    microseconds = int(number * unit)
    if not FIRST_MICROSECOND <= microseconds < END_MICROSECOND:
        raise FieldError(field, value, "year_out_of_range")
    return microseconds
