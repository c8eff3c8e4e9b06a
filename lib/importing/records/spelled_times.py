"""Times as people, spreadsheets and other systems write them.

A spelling that may mean several times (03/04/2026 without an order, 9:03 CST) means none.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

DateOrder = Literal["ymd", "dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = get_args(DateOrder)

# The year before each era's first.
ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip
MONTH_OF_WORD = {word: n for n, name in enumerate(MONTHS, 1) for word in (name, name[:3])} | {"sept": 9}
# Hours from UTC. CST, IST, BST and AST are different zones in different countries.
ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "SGT": 8,
    "HKT": 8, "AWST": 8, "JST": 9, "KST": 9, "日本時間": 9, "日本標準時": 9, "ACST": 9.5, "AEST": 10, "ACDT": 10.5,
    "AEDT": 11, "NZST": 12, "NZDT": 13, "EDT": -4, "EST": -5, "CDT": -5, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
    "AKDT": -8, "AKST": -9, "HST": -10,
}  # fmt: skip

YEAR, MONTH, DAY = r"(?P<year>[0-9]{4})", r"(?P<month>[0-9]{1,2})", r"(?P<day>[0-9]{1,2})"
SHORT, SOME_YEAR = r"(?P<year>[0-9]{2})", r"(?P<year>[0-9]{4}|[0-9]{2})"
MARK, SAME = r"(?P<mark>[-/.])", r"(?P=mark)"
ERA = r"(?P<era>令和|平成|昭和|[RHS]) ?(?P<year>[0-9]{1,2}|元)"
NAME, NTH = r"(?P<name>[A-Z]{3,9})", rf"{DAY}(?:st|nd|rd|th)?"
DATES = (
    rf"{YEAR}{MARK}{MONTH}{SAME}{DAY}",
    rf"(?:{YEAR}|{ERA.replace('year', 'of_era')}) ?年 ?{MONTH} ?月 ?{DAY} ?日",
    rf"{ERA}{MARK}{MONTH}{SAME}{DAY}",
    rf"{NAME}[-. ]{{0,2}}{NTH}[-, ]{{1,2}}{YEAR}",
    rf"{NTH}[-. ]{{0,2}}{NAME}[-., ]{{1,2}}{SOME_YEAR}",
    rf"{YEAR}[- ]{NAME}[- ]{DAY}",
    r"(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
)
ORDERED = {
    "ymd": rf"{SHORT}{MARK}{MONTH}{SAME}{DAY}",
    "dmy": rf"{DAY}{MARK}{MONTH}{SAME}{SOME_YEAR}",
    "mdy": rf"{MONTH}{MARK}{DAY}{SAME}{SOME_YEAR}",
}
WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?|[月火水木金土日](?:曜日?)?)"


def _reading(date: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{WEEKDAY},? )?{date}(?: ?(?:\({WEEKDAY}\)|{WEEKDAY}))?", re.IGNORECASE)


READING = tuple(map(_reading, DATES))
READING_BY_ORDER = {order: (*READING, _reading(date)) for order, date in ORDERED.items()} | {None: READING}

HALF = r"(?:[AP]\.?M\b\.?|午[前後])"
CLOCK = re.compile(
    rf"""(?<![0-9.:])(?P<before>{HALF})?\ ?(?P<hour>[0-9]{{1,2}})
    (?:[:時]\ ?(?P<minute>[0-9]{{1,2}})(?:[:分]\ ?(?P<second>[0-9]{{1,2}})(?:[.,](?P<part>[0-9]{{1,9}}))?秒?|分)?
        |時|(?=\ ?[AP]\.?M\b))
    (?![0-9:])(?:\ ?(?P<after>[AP]\.?M\b\.?))?
    (?:\ ?\(?(?:
        (?:UTC|GMT)?\ ?(?P<sign>[-+−])(?P<hours>[0-9]{{1,2}})(?::?(?P<minutes>[0-9]{{2}}))?(?![0-9])
        |(?P<zone>{"|".join(sorted(ZONES, key=len, reverse=True))})\b
    )\)?(?:\ ?[(\[][^()\[\]]*[)\]])?)?""",
    re.IGNORECASE | re.VERBOSE,
)
ZONE = re.compile(
    rf"""\(?(?:
    (?:UTC|GMT)?\ ?(?P<sign>[-+−])(?P<hours>[0-9]{{1,2}})(?::?(?P<minutes>[0-9]{{2}}))?(?![0-9])
    |(?P<zone>{"|".join(sorted(ZONES, key=len, reverse=True))})\Z
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What stands between a date and a time of day.
BETWEEN = re.compile(r"(?:,? at|(?<=[0-9])T| [-–])\Z", re.IGNORECASE)
# What spreadsheets write most, which is read in a fifth of the time.
USUAL = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2}) ([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2}))?")
DIGITS = re.compile(r"(20[0-9]{6})([0-9]{2})([0-9]{2})([0-9]{2})?")
# Days since 30 December 1899, of the years 2000 to 2100; a time of day alone is the part of a day, or has that date.
SERIAL = re.compile(r"[3-7][0-9]{4}(?:\.[0-9]{1,15})?")
FIRST_DAY = datetime(1899, 12, 30)
PART_OF_DAY = re.compile(r"0?\.[0-9]{1,18}")
NO_DAY = re.compile(r"(?:1899|1900)([-/.])[0-9]{1,2}\1[0-9]{1,2}[ T]")
LONGEST = 100


def moment_of(value: str, order: DateOrder | None = None) -> datetime | None:
    """The time, None where it is none that is known; `order` is that of dates such as 03/04/2026.

    It has an offset where one is written.
    """
    if found := USUAL.fullmatch(value):
        year, _, month, day, hour, minute, second = found.groups(default="0")
        try:
            return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))
        except ValueError:
            return None
    text = _normal(value)
    if SERIAL.fullmatch(text):
        return FIRST_DAY + timedelta(seconds=round(float(text) * 86_400))
    if found := DIGITS.fullmatch(text):
        text = f"{found[1]} {found[2]}:{found[3]}:{found[4] or '00'}"
    at: time | None = time()
    if clock := CLOCK.search(text):
        at, before = _time(clock), text[: clock.start()].rstrip(" ,|")
        if before[-1:] in ("T", "t", "-", "–"):
            before = BETWEEN.sub("", before)
        text = f"{before} {text[clock.end() :].lstrip(' ,')}".strip()
    on = _day(text, order)
    return datetime.combine(on, at) if on and at else None


def time_of_day(value: str) -> time | None:
    """The time of day where the text is nothing else."""
    text = NO_DAY.sub("", _normal(value))
    if PART_OF_DAY.fullmatch(text):
        return (FIRST_DAY + timedelta(seconds=round(float(text) * 86_400))).time()
    clock = CLOCK.fullmatch(text)
    return _time(clock) if clock else None


@cache
def zone_names() -> frozenset[str]:
    """The names of all time zones: to look for them opens a file of the system for each."""
    return frozenset(available_timezones())


def zone_of(value: str) -> tzinfo | None:
    """The time zone by its offset (+09:00, UTC+9), letters (JST) or name (Asia/Tokyo); None for any other text."""
    text = _normal(value)
    if text in zone_names():
        return ZoneInfo(text)
    found = ZONE.match(text)
    try:
        return _zone(found.groupdict()) if found else None
    except ValueError:
        return None


def _normal(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).split()) if len(value) <= LONGEST else ""


# A table has many times of a day.
@lru_cache(maxsize=10_000)
def _day(text: str, order: DateOrder | None) -> date | None:
    for reading in READING_BY_ORDER[order]:
        if found := reading.fullmatch(text):
            return _date(**found.groupdict())
    return None


def _date(
    *,
    day: str,
    year: str | None = None,
    month: str | None = None,
    name: str | None = None,
    era: str | None = None,
    of_era: str | None = None,
    mark: str | None = None,
) -> date | None:
    written = (year or of_era or "").replace("元", "1")
    begin = ERAS[era.upper()] if era else 2000 if len(written) == 2 else 0
    try:
        return date(begin + int(written), int(month) if month else MONTH_OF_WORD[(name or "").lower()], int(day))
    except (ValueError, KeyError):
        return None


def _time(clock: re.Match[str]) -> time | None:
    part = clock.groupdict()
    hour, half = int(part["hour"]), part["before"] or part["after"]
    if half and not (0 < hour <= 12 or (half[0] == "午" and hour == 0)):
        return None
    if half:
        hour = hour % 12 + (12 if half[0] in "Pp" or half == "午後" else 0)
    fraction = int((part["part"] or "0").ljust(6, "0")[:6])
    try:
        return time(hour, int(part["minute"] or 0), int(part["second"] or 0), fraction, _zone(part))
    except ValueError:
        return None


def _zone(part: dict[str, str | None]) -> timezone | None:
    if name := part["zone"]:
        return timezone(timedelta(hours=ZONES[name.upper()]))
    if not part["hours"]:
        return None
    offset = timedelta(hours=int(part["hours"]), minutes=int(part["minutes"] or 0))
    return timezone(offset if part["sign"] == "+" else -offset)
