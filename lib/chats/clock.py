"""The present moment and the workspace's time zone, as one value; and the zone's wall clock in SQL.

In SQL the zone is its distances from UTC: the engine's own zones take far longer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lib.chats.hours import WEEKDAYS_ALL_DAY, Hours

# Wide enough for every chat, and far from the ends of the calendar, where a change of zone overflows.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)
# Clocks are changed for longer than this; then once more to find the moment.
STEP = timedelta(days=7)
# Counted from long before 1970, since the engine rounds towards zero.
EPOCH_FROM = datetime(1800, 1, 1) - datetime(1970, 1, 1)


@dataclass(frozen=True)
class Clock:
    """`now` is naive UTC, `zone` the name of the time zone in which days begin and end.

    `working_hours` gives the hours in which people work, by default all of Monday to Friday.
    """

    now: datetime
    zone: str
    working_hours: Callable[[], Hours] = field(default=lambda: WEEKDAYS_ALL_DAY, compare=False)

    @property
    def today(self) -> date:
        """Today's date in the zone."""
        return self.local(self.now).date()

    def local(self, moment: datetime) -> datetime:
        """A naive UTC moment as naive wall-clock time of the zone."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def start_of(self, day: date) -> datetime:
        """The naive UTC moment at which a day of the zone begins; days outside 1900–2200 count as the nearest in it."""
        local = datetime.combine(
            min(max(day, FIRST_DAY), LAST_DAY + timedelta(days=1)), time(), tzinfo=ZoneInfo(self.zone)
        )
        return local.astimezone(UTC).replace(tzinfo=None)

    def end_of(self, day: date) -> datetime:
        """The naive UTC moment at which a day of the zone ends and the next begins."""
        return self.start_of(min(day, LAST_DAY) + timedelta(days=1))


def bucket_sql(first: date, last: date, width: timedelta, clock: Clock, moment: str = "started_at") -> str:
    """SQL for the hour or day of the zone in which a chat started, as a number of them since 1970.

    It holds for starts, or moments of another column, from the first to the last day.
    """
    known = offsets(first, last, clock)
    steps = "".join(f"WHEN {moment} >= TIMESTAMP '{start}' THEN {_us(offset)} " for start, offset in known[:0:-1])
    offset = f"CASE {steps}ELSE {_us(known[0][1])} END" if steps else str(_us(known[0][1]))
    return f"(epoch_us({moment}) + {offset} + {_us(-EPOCH_FROM)}) // {_us(width)} + {EPOCH_FROM // width}"


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def offsets(first: date, last: date, clock: Clock) -> list[tuple[datetime, timedelta]]:
    """The zone's distances from UTC during the days, each with the UTC moment from which it holds."""
    end = clock.end_of(last)
    found = [(clock.start_of(first), _offset(clock.start_of(first), clock))]
    while (start := found[-1][0]) < end:
        change = _next_change(start, end, clock)
        if change is None:
            break
        found.append((change, _offset(change, clock)))
    return found


def _next_change(start: datetime, end: datetime, clock: Clock) -> datetime | None:
    while start < end:
        step = min(start + STEP, end)
        if _offset(step, clock) != _offset(start, clock):
            before, after = start, step
            while after - before > timedelta(seconds=1):
                middle = before + (after - before) / 2
                if _offset(middle, clock) != _offset(before, clock):
                    after = middle
                else:
                    before = middle
            return after.replace(microsecond=0)
        start = step
    return None


def _offset(moment: datetime, clock: Clock) -> timedelta:
    return clock.local(moment) - moment
