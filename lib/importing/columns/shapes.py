"""What the values of a column look like, and how a CSV file separates them."""

import re
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from lib.importing.columns.mapping import DATE_ORDERS, DateOrder
from lib.importing.columns.spellings import iso_time, rating, seconds, sender_of
from lib.importing.problems import FieldError
from lib.importing.times import TimeReader

DELIMITERS = (",", ";", "\t", "|")
LINES = 20
# A first line by which Excel tells itself the delimiter.
HINT = re.compile(r"sep=([,;\t|])[ \t]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
# A quoted cell; the last one may be cut off.
QUOTED = re.compile(r'(^|[,;\t|]) *"(?:[^"]|"")*(?:"|\Z)', re.MULTILINE)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
COUNTRY = re.compile(r"[A-Z]{2}")
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
DAY_AND_MONTH = re.compile(r"\s*([0-9]{1,2})[-/.]([0-9]{1,2})[-/.][0-9]{4}\b")
HALF_OF_DAY = re.compile(r"[ap]\.?m\b", re.IGNORECASE)
LONG = 25
# Where nothing is known of the zone, any will do to see whether a text is a time.
TIMES = TimeReader("UTC")
Values = Sequence[str]


class Dialect(NamedTuple):
    """What stands between two cells, and how many lines stand before the header."""

    delimiter: str = ","
    skipped: int = 0


COMMAS = Dialect()


def sniff(head: str) -> Dialect:
    """The dialect of a CSV file that begins with `head`; commas where nothing shows another one."""
    head = head.removeprefix("\ufeff")
    if hint := HINT.match(head):
        return Dialect(hint[1], 1)
    lines = [line for line in re.split(r"\r\n|\r|\n", QUOTED.sub(r"\1", head)) if line.strip(" ")][:LINES]
    return Dialect(max(DELIMITERS, key=lambda delimiter: _consistency(lines, delimiter)))


def _consistency(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines have as many cells as the header, and how many these are; nothing for a single column."""
    counts = [line.count(delimiter) for line in lines]
    return (counts.count(counts[0]), counts[0]) if counts and counts[0] else (0, 0)


def is_time(value: str) -> bool:
    """Whether a value is a time in any order of day, month and year."""
    for order in DATE_ORDERS:
        try:
            return TIMES.read(iso_time(value, order), "") is not None
        except FieldError:
            continue
    return False


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


def date_order(values: Values) -> DateOrder:
    """The order of day, month and year in times."""
    found = [(int(match[1]), int(match[2])) for match in map(DAY_AND_MONTH.match, values) if match]
    if not found:
        return "ymd"
    if any(first > 12 for first, _ in found):
        return "dmy"
    is_american = any(second > 12 for _, second in found) or any(map(HALF_OF_DAY.search, values))
    return "mdy" if is_american else "dmy"


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
    **dict.fromkeys(("started_at", "ended_at", "updated_at", "at"), is_time),
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
