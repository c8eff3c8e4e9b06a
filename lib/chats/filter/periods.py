"""The presets of the date filter."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, get_args

from lib.chats.clock import Clock

Period = Literal[
    "any", "today", "yesterday", "since_working_day", "last_7", "last_30", "last_90", "this_month", "last_month",
    "custom", "unknown",
]  # fmt: skip
PERIODS: tuple[Period, ...] = get_args(Period)
ONE_DAY = timedelta(days=1)

# First and last day of a preset; both are part of it.
PRESETS: dict[Period, Callable[[Clock], tuple[date, date]]] = {
    "today": lambda clock: (clock.today, clock.today),
    "yesterday": lambda clock: (clock.today - ONE_DAY, clock.today - ONE_DAY),
    "since_working_day": lambda clock: (clock.working_day_before(clock.today), clock.today),
    "last_7": lambda clock: (clock.today - 6 * ONE_DAY, clock.today),
    "last_30": lambda clock: (clock.today - 29 * ONE_DAY, clock.today),
    "last_90": lambda clock: (clock.today - 89 * ONE_DAY, clock.today),
    "this_month": lambda clock: (clock.today.replace(day=1), clock.today),
    "last_month": lambda clock: _month_before(clock.today),
}


def _month_before(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - ONE_DAY
    return last.replace(day=1), last
