"""Numbers and shares as the current language writes them, and how a value that is not known is shown."""

from functools import cache, lru_cache
from math import isfinite
from typing import Final, TypeGuard, TypeVar

from babel.numbers import NumberPattern, parse_pattern

from lib.language.choosing import current, locale_of

UNKNOWN: Final = "\N{EN DASH}"

# A page has hundreds of numbers, most of them those of the page before.
MOST_KEPT: Final = 10_000

Value = TypeVar("Value")


def known(value: Value | None) -> TypeGuard[Value]:
    """Return whether there is a value: not None, NaN or pandas' NaT."""
    # The latter two alone differ from themselves.
    return value is not None and value == value  # noqa: PLR0124


def number(n: float | None, decimals: int | None = None) -> str:
    """Return a number with thousands grouped, and `decimals` digits after the point (None: up to three)."""
    if isinstance(n, int):
        return _whole_number(n, decimals, current())
    if not known(n) or not isfinite(n):
        return UNKNOWN
    return str(_pattern(decimals, "").apply(n, locale_of(current())))


@lru_cache(MOST_KEPT)
def _whole_number(n: int, decimals: int | None, language: str) -> str:
    return str(_pattern(decimals, "").apply(n, locale_of(language)))


def percent(share: float | None, decimals: int = 0) -> str:
    """Return a share, where 1 is the whole, in percent."""
    if not known(share) or not isfinite(share):
        return UNKNOWN
    return str(_pattern(decimals, "%").apply(share, locale_of(current())))


@cache
def _pattern(decimals: int | None, suffix: str) -> NumberPattern:
    digits = "###" if decimals is None else "0" * decimals
    return parse_pattern("#,##0" + (f".{digits}" if digits else "") + suffix)
