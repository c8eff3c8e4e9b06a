"""How much a query may ask for, and the values of its parameters as people write them.

They write `30`, `2.5`, `2026-11-01`, `2026-11-01 09:30`; all else is text. Nothing written is NULL. In quotes anything
is text: `'30'`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

# How many queries run at the same time, for all people together; more wait for their turn.
AT_ONCE = 2
# How far a query stands back behind everybody's clicks, as long as there are some (nice(2)).
NICE = 5
Value = str | int | float | date | datetime | None
_READINGS: tuple[tuple[re.Pattern[str], Callable[[str], Value]], ...] = (
    (re.compile(r"[+-]?[0-9]{1,18}"), int),
    (re.compile(r"[+-]?[0-9]{0,18}\.[0-9]{1,18}"), float),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat),
    (
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"),
        datetime.fromisoformat,
    ),
)
QUOTE = "'"


@dataclass(frozen=True)
class Limits:
    """The longest time in seconds, and the most rows and bytes of a result that are read."""

    seconds: float = 10
    rows: int = 10_000
    size: int = 64 << 20


LIMITS = Limits()


def read_value(written: str) -> Value:
    """What somebody meant by what they wrote in the field of a parameter."""
    text = written.strip()
    if not text:
        return None
    if len(text) > 1 and text[0] == text[-1] == QUOTE:
        return text[1:-1].replace("\0", "")
    try:
        for pattern, reading in _READINGS:
            if pattern.fullmatch(text):
                return reading(text)
    except ValueError:  # The 31st of February is text.
        return text
    return text.replace("\0", "")


def written(value: Value) -> str:
    """The value as it stands in the field of a parameter, so that `read_value` gives it back."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float):
        plain = format(Decimal(repr(value)), "f")
        return plain if "." in plain else f"{plain}.0"
    text = str(value)
    return f"{QUOTE}{text}{QUOTE}" if isinstance(value, str) and read_value(text) != text else text


def read_values(given: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Value]:
    """The value of each named parameter; one that is not given is NULL."""
    return {name: read_value(given.get(name, "")) for name in names}
