"""Days and times in the current language: stored as naive UTC, shown in the workspace's zone."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import DateTimePattern, parse_pattern

from lib.language.choosing import current, locale_of
from lib.language.numbers import UNKNOWN, known

# English is international: the day first, 24 hours.
_PATTERNS: Final = {
    "en": {
        "moment": "d MMM y, HH:mm",
        "day": "EEEE, d MMMM y",
        "calendar day": "d MMM y",
        "short day": "d MMM",
        "clock": "HH:mm",
        "clock with seconds": "HH:mm:ss",
    },
    "ja": {
        "moment": "y年M月d日 HH:mm",
        "day": "y年M月d日EEEE",
        "calendar day": "y年M月d日",
        "short day": "M/d",
        "clock": "HH:mm",
        "clock with seconds": "HH:mm:ss",
    },
}
_MOMENT_JS: Final = {"en": "D MMM YYYY, HH:mm", "ja": "YYYY年M月D日 HH:mm"}


def moment(utc: datetime | None, zone: str) -> str:
    """Return the date and the time of day, to the minute, in the zone."""
    return _shown("moment", _local(utc, zone))


def day(utc: datetime | None, zone: str) -> str:
    """Return the weekday and the date in the zone."""
    return _shown("day", _local(utc, zone))


def clock(utc: datetime | None, zone: str, *, seconds: bool = False, before: datetime | None = None) -> str:
    """Return the time of day in the zone, to the minute or to the second.

    It has its offset from UTC where that is another one than at `before`.
    """
    local, earlier = _local(utc, zone), _local(before, zone)
    shown = _shown("clock with seconds" if seconds else "clock", local)
    if local is None or earlier is None or local.utcoffset() == earlier.utcoffset():
        return shown
    return f"{shown} (UTC{_offset(local.utcoffset() or timedelta())})"


def calendar_day(when: date | None) -> str:
    """Return a date of the calendar, which has no zone."""
    return _shown("calendar day", when)


def short_day(when: date | None) -> str:
    """Return a date without its year, for the axis of a chart."""
    return _shown("short day", when)


def zone_label(zone: str, at: datetime | None = None) -> str:
    """Return the zone's name and its offset from UTC at a naive UTC time (None: now)."""
    if zone == "UTC":
        return zone
    local = _local(at, zone) or datetime.now(ZoneInfo(zone))
    return f"{zone} (UTC{_offset(local.utcoffset() or timedelta())})"


def date_pattern() -> str:
    """Return the `format` for st.date_input: year first, which no reader takes for another order."""
    return "YYYY-MM-DD"


def moment_pattern() -> str:
    """Return the moment.js `format` that makes st.column_config.DatetimeColumn write as `moment` does."""
    return _MOMENT_JS[current()]


def _local(utc: datetime | None, zone: str) -> datetime | None:
    if not known(utc):
        return None
    try:
        return utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    except OverflowError:  # The year 9999 in an export, east of Greenwich.
        return None


def _shown(name: str, value: date | None) -> str:
    if not known(value):
        return UNKNOWN
    language = current()
    return str(_pattern(language, name).apply(value, locale_of(language)))


@cache
def _pattern(language: str, name: str) -> DateTimePattern:
    return parse_pattern(_PATTERNS[language][name])


def _offset(offset: timedelta) -> str:
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "\N{MINUS SIGN}" if offset < timedelta() else "+"
    return f"{sign}{hours}" + (f":{minutes:02}" if minutes else "")
