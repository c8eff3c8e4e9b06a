"""Times in conditions: spans that end now, and the wall clock of the workspace's zone in SQL."""

import calendar
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from lib.chats.clock import Clock

# Years around the present for which the changes of the zone's offset are given to the engine: to add an offset takes
# a twentieth of the time of its own conversion (measured on a million chats), which all other years still have.
YEARS_BACK, YEARS_AHEAD = 12, 1

Step = tuple[datetime, timedelta]


def span_start(count: int, unit: str, clock: Clock) -> datetime:
    """When "in the last …" begins, in naive UTC: hours end now, all others are whole days with today as the last."""
    if unit == "hours":
        return clock.now - timedelta(hours=count)
    if unit == "months":
        return clock.start_of(_months_before(clock.today, count) + timedelta(days=1))
    return clock.start_of(clock.today - timedelta(days=(7 * count if unit == "weeks" else count) - 1))


def _months_before(day: date, count: int) -> date:
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
def _steps(zone: str, year: int) -> tuple[datetime, list[Step]]:
    """Until when offsets are known here, and from when each of them counts, the earliest first; naive UTC."""
    first, end = datetime(year - YEARS_BACK, 1, 1), datetime(year + YEARS_AHEAD + 1, 1, 1)
    steps = [(first, _offset(first, zone))]
    for n in range((end - first).days):
        day = first + timedelta(days=n)
        offset = _offset(day + timedelta(days=1), zone)
        if offset != steps[-1][1]:
            steps.append((_change(day, zone), offset))
    return end, steps


def _change(day: datetime, zone: str) -> datetime:
    """The second of the day that begins at `day` at which the offset changes."""
    before, after = 0, 86_400
    while after - before > 1:
        middle = (before + after) // 2
        same = _offset(day + timedelta(seconds=middle), zone) == _offset(day, zone)
        before, after = (middle, after) if same else (before, middle)
    return day + timedelta(seconds=after)


def _offset(moment: datetime, zone: str) -> timedelta:
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
