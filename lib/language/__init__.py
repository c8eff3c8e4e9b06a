"""Everything on the screen that differs by language: wording, dates, numbers and names."""

from lib.language.choosing import LANGUAGES, choose_with, current, in_language, preferred
from lib.language.names import country, joined, language_name, listing
from lib.language.numbers import UNKNOWN, number, percent
from lib.language.quantities import duration, file_size
from lib.language.times import (
    calendar_day,
    clock,
    date_pattern,
    day,
    moment,
    moment_pattern,
    short_day,
    zone_label,
)
from lib.language.wording import _, _p, mark, plural

__all__ = [
    "LANGUAGES",
    "UNKNOWN",
    "_",
    "_p",
    "calendar_day",
    "choose_with",
    "clock",
    "country",
    "current",
    "date_pattern",
    "day",
    "duration",
    "file_size",
    "in_language",
    "joined",
    "language_name",
    "listing",
    "mark",
    "moment",
    "moment_pattern",
    "number",
    "percent",
    "plural",
    "preferred",
    "short_day",
    "zone_label",
]
