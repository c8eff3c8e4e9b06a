"""The present moment and the workspace's time zone, as one value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Wide enough for every chat, and far from the ends of the calendar, where a change of zone overflows.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


def _weekday_before(day: date) -> date:
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


@dataclass(frozen=True)
class Clock:
    """`now` is naive UTC, `zone` the name of the time zone in which days begin and end.

    `working_day_before` gives the last day before another one on which anybody works, by default from Monday to Friday.
    """

    now: datetime
    zone: str
    working_day_before: Callable[[date], date] = field(default=_weekday_before, compare=False)

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
