"""The presets of the date filter."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, get_args

Period = Literal["any", "today", "yesterday", "last_7", "last_30", "last_90", "this_month", "custom", "unknown"]
PERIODS: tuple[Period, ...] = get_args(Period)

# First and last day of a preset, seen from today; both are part of it.
PRESETS: dict[Period, Callable[[date], tuple[date, date]]] = {
    "today": lambda today: (today, today),
    "yesterday": lambda today: (today - timedelta(days=1), today - timedelta(days=1)),
    "last_7": lambda today: (today - timedelta(days=6), today),
    "last_30": lambda today: (today - timedelta(days=29), today),
    "last_90": lambda today: (today - timedelta(days=89), today),
    "this_month": lambda today: (today.replace(day=1), today),
}
