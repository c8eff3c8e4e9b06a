"""What the values of a column look like."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import time
from ipaddress import ip_address

from lib.importing.columns.spellings import iso_time, rating, seconds, sender_of
from lib.importing.problems import FieldError
from lib.importing.records.spelled_times import DATE_ORDERS, DateOrder, moment_of, time_of_day
from lib.importing.records.times import TimeReader
from lib.store import now

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
COUNTRY = re.compile(r"[A-Z]{2}")
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
DATE_IN_NUMBERS = re.compile(r"(?<![0-9])([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?![0-9])")
HALF_OF_DAY = re.compile(r"[ap]\.?m\b", re.IGNORECASE)
# A year, and another number.
YEAR = re.compile(r"(?=.*(?<![0-9])20[0-9]{2}(?![0-9])).*[0-9][^0-9]+[0-9]")
LONG, LONGEST_TIME, LONG_SPAN_H = 25, 40, 6
# Where nothing is known of the zone, any will do to see whether a text is a time.
TIMES = TimeReader("UTC")
Values = Sequence[str]


def is_time(value: str, orders: Iterable[DateOrder | None] = DATE_ORDERS) -> bool:
    """Whether a value is a time in any of the orders of day, month and year."""
    for order in orders:
        try:
            return TIMES.read(iso_time(value, order), "") is not None
        except FieldError:
            continue
    return False


def _is_time_column(value: str) -> bool:
    # What tells a year, in a spelling that nobody knows, is told in the report rather than left out in silence.
    return is_time(value) or (len(value) <= LONGEST_TIME and YEAR.search(value) is not None)


def fits(field: str, values: Values) -> bool:
    """Whether a column with these values can be this field; without values it can."""
    if not values or field not in FITTING:
        return True
    if field == "sender_type":
        return any(map(FITTING[field], values))
    return 2 * sum(map(FITTING[field], values)) > len(values)


def shows(field: str, values: Values) -> bool:
    """Whether the values alone show that a column is this field."""
    return bool(values) and SHOWING[field](values)


def are_days(values: Values) -> bool:
    """Whether values, or most of them, are dates without a time of day."""
    return 2 * sum(map(_is_day, values)) > len(values)


def are_clocks(values: Values) -> bool:
    """Whether values, or most of them, are times of day: written like spans, but some longer than chats and waits."""
    found = [at for at in map(time_of_day, values) if at]
    return 2 * len(found) > len(values) and any(at.hour >= LONG_SPAN_H for at in found)


def _is_day(value: str) -> bool:
    return any((found := moment_of(value, order)) and found.timetz() == time() for order in DATE_ORDERS)


def date_order(values: Values) -> DateOrder:
    """The order of day, month and year in times."""
    texts = [unicodedata.normalize("NFKC", value) for value in values]
    found = [(int(match[1]), int(match[3]), match[4]) for match in map(DATE_IN_NUMBERS.search, texts) if match]
    if not found or _begin_with_years(found):
        return "ymd"
    if any(first > 12 for first, _, _ in found):
        return "dmy"
    is_american = any(second > 12 for _, second, _ in found) or any(map(HALF_OF_DAY.search, texts))
    return "mdy" if is_american else "dmy"


def _begin_with_years(dates: Sequence[tuple[int, int, str]]) -> bool:
    """Whether dates of three short numbers begin with the year: it hardly differs, and is the present or a late one."""
    begins, ends = [first for first, _, _ in dates], [int(last) for _, _, last in dates]
    if any(len(last) == 4 for _, _, last in dates) or any(second > 12 for _, second, _ in dates):
        return False
    this_year = now().year - 2000

    def unlike_years(numbers: Sequence[int]) -> tuple[int, int]:
        return len(set(numbers)), sum(abs(this_year - number) for number in numbers)

    return max(ends) <= 31 and unlike_years(begins) < unlike_years(ends)


def _is_ip(value: str) -> bool:
    try:
        return bool(ip_address(value.strip()))
    except ValueError:
        return False


def _is_email(value: str) -> bool:
    return EMAIL.fullmatch(value.strip()) is not None


def _is_number(value: str) -> bool:
    return NUMBER.fullmatch(value.strip()) is not None


def _is_span(value: str) -> bool:
    return _is_number(str(seconds(value)))


def _is_rating(value: str) -> bool:
    return rating(value) in (None, 1, 2, 3, 4, 5)


def _is_sender(value: str) -> bool:
    return sender_of(value) in ("visitor", "operator", "bot")


def _are_dates(values: Values) -> bool:
    return all(is_time(value) and not _is_number(value) for value in values)


def _are_texts(values: Values) -> bool:
    is_prose = not any(value.startswith(("http:", "https:")) for value in values)
    return is_prose and sum(map(len, values)) >= LONG * len(values)


FITTING: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("started_at", "ended_at", "updated_at", "at"), _is_time_column),
    **dict.fromkeys(("visitor_email", "sender_email"), _is_email),
    **dict.fromkeys(("wait_s", "offset_s"), _is_span),
    "visitor_ip": _is_ip,
    "rating": _is_rating,
    "attachment_size": _is_number,
    "sender_type": _is_sender,
    "message_kind": lambda value: not _is_sender(value),
}
SHOWING: dict[str, Callable[[Values], bool]] = {
    "visitor_email": lambda values: all(map(_is_email, values)),
    "visitor_ip": lambda values: all(map(_is_ip, values)),
    "visitor_country": lambda values: all(map(COUNTRY.fullmatch, values)),
    "at": _are_dates,
    "started_at": _are_dates,
    "text": _are_texts,
    "question": _are_texts,
}
