"""Spans of time, in at most two units, and sizes of files, in the current language."""

from functools import lru_cache
from math import isfinite
from typing import Final

from lib.language.choosing import current
from lib.language.numbers import MOST_KEPT, UNKNOWN, known, number
from lib.language.wording import _, _p, mark, plural

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

_SIZES: Final = ("kB", "MB", "GB", "TB")
_UNITS: Final = (
    (_DAY, mark("{n} d")),
    (_HOUR, mark("{n} h")),
    (_MINUTE, mark("{n} min")),
    (1, mark("{n} s")),
)


def duration(seconds: float | None) -> str:
    """Return a span given in seconds, in its largest unit and the one below, rounded to the latter."""
    if not known(seconds) or not isfinite(seconds):
        return UNKNOWN
    return _span(int(abs(seconds) + 0.5), seconds < 0, current())


# In another language it is another text.
@lru_cache(MOST_KEPT)
def _span(whole: int, is_negative: bool, _language: str) -> str:
    step = _HOUR if whole >= _DAY else _MINUTE if whole >= _HOUR else 1
    span = (whole + step // 2) // step * step
    sign = "\N{MINUS SIGN}" if is_negative and span else ""
    parts = []
    for size, message in _UNITS:
        count, span = divmod(span, size)
        if count:
            parts.append(_(message, n=number(count)))
    if len(parts) == 2:
        return sign + _p("duration", "{large} {small}", large=parts[0], small=parts[1])
    return sign + (parts[0] if parts else _(_UNITS[-1][1], n=number(0)))


def file_size(size: int | None) -> str:
    """Return a size given in bytes, in the largest fitting unit of powers of 1000."""
    if not known(size):
        return UNKNOWN
    if size < 1000:
        return plural("{n} byte", "{n} bytes", size)
    value, place = size / 1000, 0
    while round(value, 1) >= 1000 and place < len(_SIZES) - 1:
        value, place = value / 1000, place + 1
    return f"{number(round(value, 1))} {_SIZES[place]}"
