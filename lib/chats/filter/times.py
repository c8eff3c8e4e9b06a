"""Times in conditions: presets, spans that end now, and the wall clock of the workspace's zone in SQL."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, get_args

from lib.chats.clock import Clock, offsets

Period = Literal[
    "any", "today", "yesterday", "since_working_day", "last_7", "last_30", "last_90", "this_month", "last_month",
    "custom", "unknown",
]  # fmt: skip
PERIODS: tuple[Period, ...] = get_args(Period)
ONE_DAY = timedelta(days=1)

# First and last day of a period; both are part of it.
DAYS: dict[Period, Callable[[Clock], tuple[date, date]]] = {
    "today": lambda clock: (clock.today, clock.today),
    "yesterday": lambda clock: (clock.today - ONE_DAY, clock.today - ONE_DAY),
    "since_working_day": lambda clock: (clock.working_hours().working_day_before(clock.today), clock.today),
    "last_7": lambda clock: (clock.today - 6 * ONE_DAY, clock.today),
    "last_30": lambda clock: (clock.today - 29 * ONE_DAY, clock.today),
    "last_90": lambda clock: (clock.today - 89 * ONE_DAY, clock.today),
    "this_month": lambda clock: (clock.today.replace(day=1), clock.today),
    "last_month": lambda clock: (months_before(clock.today.replace(day=1), 1), clock.today.replace(day=1) - ONE_DAY),
}

# Years around the present for which the changes of the zone's offset are given to the engine: to add an offset takes
# a twentieth of the time of its own conversion (measured on a million chats), which all other years still have.
YEARS_BACK, YEARS_AHEAD = 12, 1


def span_start(count: int, unit: str, clock: Clock) -> datetime:
    """When "in the last …" begins, in naive UTC: hours end now, all others are whole days with today as the last."""
    if unit == "hours":
        return clock.now - timedelta(hours=count)
    if unit == "months":
        return clock.start_of(months_before(clock.today, count) + timedelta(days=1))
    return clock.start_of(clock.today - timedelta(days=(7 * count if unit == "weeks" else count) - 1))


def months_before(day: date, count: int) -> date:
    """The same day of an earlier month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def local_time(column: str, clock: Clock) -> tuple[str, dict[str, Any]]:
    """SQL of a UTC column as wall-clock time of the zone, and the values bound in it."""
    end, steps = _steps(clock.zone, clock.today.year)
    exact = f"timezone($rule_zone, timezone('UTC', {column}))"
    params: dict[str, Any] = {"rule_zone": clock.zone, "rule_steps_end": end}
    cases = [f"WHEN {column} IS NULL THEN NULL", f"WHEN {column} >= $rule_steps_end THEN {exact}"]
    for n, (begins, offset) in enumerate(reversed(steps)):
        params |= {f"rule_step_{n}": begins, f"rule_offset_{n}": offset}
        cases.append(f"WHEN {column} >= $rule_step_{n} THEN {column} + $rule_offset_{n}")
    return f"CASE {' '.join(cases)} ELSE {exact} END", params


@lru_cache(maxsize=20)
def _steps(zone: str, year: int) -> tuple[datetime, list[tuple[datetime, timedelta]]]:
    """Until when offsets are known here, and from when each of them counts, the earliest first; naive UTC."""
    clock, last = Clock(datetime(year, 1, 1), zone), date(year + YEARS_AHEAD, 12, 31)
    return clock.end_of(last), offsets(date(year - YEARS_BACK, 1, 1), last, clock)
