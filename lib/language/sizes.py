"""Sizes of files in the current language."""

from typing import Final

from lib.language.absent import UNKNOWN, known
from lib.language.figures import number
from lib.language.wording import plural

_SIZES: Final = ("kB", "MB", "GB", "TB")


def file_size(size: int | None) -> str:
    """Return a size given in bytes, in the largest fitting unit of powers of 1000."""
    if not known(size):
        return UNKNOWN
    if size < 1000:
        return plural("{n} byte", "{n} bytes", size)
    value, unit = _scaled(size)
    return f"{number(round(value, 1))} {unit}"


def _scaled(size: int) -> tuple[float, str]:
    value = size / 1000
    for unit in _SIZES[:-1]:
        if round(value, 1) < 1000:
            return value, unit
        value /= 1000
    return value, _SIZES[-1]
