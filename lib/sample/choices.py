"""Weighted choices, made fast by tables that are built once."""

from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
Draw = Callable[[], float]

_TABLE_SIZE = 1024


def pick(draw: Draw, values: Sequence[T]) -> T:
    """Return one of the values, all equally likely."""
    return values[int(draw() * len(values))]


def weighted(shares: Mapping[T, float]) -> tuple[T, ...]:
    """Return a table in which each value appears as often as its share says."""
    total = sum(shares.values())
    table: list[T] = []
    for value, share in shares.items():
        table.extend([value] * max(1, round(share / total * _TABLE_SIZE)))
    return tuple(table)


def log_normal(median: float, spread: float, least: int, most: int) -> tuple[int, ...]:
    """Return a table of whole seconds that follow a log-normal distribution."""
    normal = NormalDist()
    steps = ((index + 0.5) / _TABLE_SIZE for index in range(_TABLE_SIZE))
    seconds = (round(median * 2.718281828 ** (spread * normal.inv_cdf(step))) for step in steps)
    return tuple(min(most, max(least, second)) for second in seconds)
