"""Spans of time in the current language, in at most two units."""

from math import isfinite
from typing import Final

from lib.language.absent import UNKNOWN, known
from lib.language.figures import number
from lib.language.wording import _, _p, mark

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR

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
    span = _rounded(abs(seconds))
    sign = "\N{MINUS SIGN}" if seconds < 0 and span else ""
    return sign + _worded(span)


def _rounded(seconds: float) -> int:
    whole = int(seconds + 0.5)
    step = _HOUR if whole >= _DAY else _MINUTE if whole >= _HOUR else 1
    return (whole + step // 2) // step * step


def _worded(span: int) -> str:
    parts = []
    for size, message in _UNITS:
        count, span = divmod(span, size)
        if count:
            parts.append(_(message, n=number(count)))
    if len(parts) == 2:
        return _p("duration", "{large} {small}", large=parts[0], small=parts[1])
    return parts[0] if parts else _(_UNITS[-1][1], n=number(0))
