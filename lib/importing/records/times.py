"""Reads times of an export into the form that the store keeps: microseconds since 1970, UTC."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lib.importing.problems import FieldError
from lib.importing.records.spelled_times import moment_of, zone_of

EPOCH, BARE_EPOCH = datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1)
FIRST_YEAR, LAST_YEAR = 2000, 2100
FIRST_MICROSECOND = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
END_MICROSECOND = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
MICROSECONDS_BY_DIGITS = {10: 1_000_000, 13: 1_000, 16: 1}
NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
# The digits before the point of what is no number of seconds: a day, a day with its hour, a day of a spreadsheet.
LENGTHS_OF_DATES = (5, 8, 12, 14)
EXAMPLES, LONGEST_EXAMPLE = 3, 80
ChatKey = tuple[str, str | None, str]


@dataclass
class Counted:
    """How many values there were of a kind, and the first of them, as they were written."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, value: Any) -> None:
        """Counts a value."""
        self.count += 1
        if len(self.examples) < EXAMPLES and (example := str(value)[:LONGEST_EXAMPLE]) not in self.examples:
            self.examples.append(example)


class TimeReader:
    """Reads the times of one import; one that names no offset is taken as wall-clock time of the zone.

    `bare_seen` says whether there was one, `twice` counts those at which the clocks had gone back, so that they may
    mean two moments, `skipped` those that the clocks went past; `unread` is for the caller to count.
    """

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self._zone: tzinfo = ZoneInfo(zone)
        self._is_said = False
        self.bare_seen = False
        self.twice, self.skipped, self.unread = Counted(), Counted(), Counted()
        # Of chats with times that may mean two moments, the last one; all others go without.
        self._last: dict[ChatKey, int] = {}
        self._uncertain = 0
        self._offsets: dict[int, timedelta | None] = {}

    @contextmanager
    def said(self, zone: str | None) -> Iterator[None]:
        """Within it, times that name no offset are of the zone that their file says (as of `zone_of`), if any."""
        found = zone_of(zone) if zone else None
        if found is None:
            yield
            return
        before = self._zone, self._offsets
        self._zone, self._offsets, self._is_said = found, {}, True
        try:
            yield
        finally:
            (self._zone, self._offsets), self._is_said = before, False

    def read(self, value: Any, field: str, after: int | None = None) -> int | None:
        """Microseconds since 1970 UTC, or None for an unknown time; raises FieldError.

        Of two moments that a time may mean it is the earlier one, unless only the later one is not before `after`.
        """
        if value.__class__ is str:
            moment = _iso(value) if value[4:5] == "-" and value[10:11] in ("T", " ", "") else None
            return self._moment(moment, value, field, after) if moment else self._text(value, field, after)
        if value is None:
            return None
        if isinstance(value, datetime):
            return self._moment(value, value, field, after)
        if isinstance(value, date):
            return self._moment(datetime.combine(value, time()), value, field, after)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return None if str(value) == "nan" else _epoch(str(value), value, field)
        raise FieldError(field, value, "wrong_type")

    def read_first(self, value: Any, field: str, chat: ChatKey) -> int | None:
        """As `read`, for the start of a chat; raises FieldError."""
        uncertain = self._uncertain
        found = self.read(value, field)
        if found is not None and self._uncertain > uncertain:
            self._last.setdefault(chat, found)
        return found

    def read_next(self, value: Any, field: str, chat: ChatKey) -> int | None:
        """As `read`, for the times of a chat's messages in their order; raises FieldError."""
        uncertain = self._uncertain
        found = self.read(value, field, self._last.get(chat))
        if found is not None and self._uncertain > uncertain:
            self._last[chat] = found
        return found

    def _text(self, value: str, field: str, after: int | None) -> int | None:
        text = value.strip()
        if not text:
            return None
        if NUMBER.fullmatch(text) and len(text.partition(".")[0]) not in LENGTHS_OF_DATES:
            return _epoch(text, value, field)
        moment = None if text[4:5] == "-" and text[10:11] not in ("T", "t", " ", "") else _iso(text)
        moment = moment or moment_of(text)
        if moment is None:
            raise FieldError(field, value, "bad_time")
        return self._moment(moment, value, field, after)

    def _moment(self, moment: datetime, value: Any, field: str, after: int | None) -> int:
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise FieldError(field, value, "year_out_of_range")
        if moment.tzinfo is not None:
            return _microseconds(moment - EPOCH)
        self.bare_seen = self.bare_seen or not self._is_said
        offset = self._offset_of_day(moment)
        if offset is not None:
            return _microseconds(moment - BARE_EPOCH - offset)
        first, second = (_microseconds(moment.replace(tzinfo=self._zone, fold=fold) - EPOCH) for fold in (0, 1))
        if first != second:
            self._uncertain += 1
            (self.twice if first < second else self.skipped).add(value)
        earlier, later = sorted((first, second))
        return later if after is not None and earlier < after else earlier

    def _offset_of_day(self, moment: datetime) -> timedelta | None:
        """The offset that the whole day of `moment` has; None where the clocks are put on it."""
        day = moment.toordinal()
        if day not in self._offsets:
            begin, end = (datetime.combine(moment, at, self._zone) for at in (time.min, time.max.replace(fold=1)))
            offset = begin.utcoffset()
            self._offsets[day] = offset if offset == end.utcoffset() else None
        return self._offsets[day]


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _microseconds(since: timedelta) -> int:
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
