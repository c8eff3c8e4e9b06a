"""How much a query may ask for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The longest time in seconds, and the most rows and bytes of a result that are read."""

    seconds: float = 10
    rows: int = 10_000
    size: int = 64 << 20


LIMITS = Limits()
# How many queries run at the same time, for all people together; more wait for their turn.
AT_ONCE = 2
# How far a query stands back behind everybody's clicks, as long as there are some (nice(2)).
NICE = 5
