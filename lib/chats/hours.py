"""The hours in which people work, as they are set: of each weekday, and the holidays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Minutes = tuple[int, int]

DAY_MIN = 24 * 60
# A team that works so rarely that a due time lies further away has none.
LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True)
class Hours:
    """Opening and closing minute of each weekday (1 is Monday; absent is closed), and the days that are holidays."""

    weekdays: Mapping[int, Minutes]
    holidays: Mapping[date, str] = field(default_factory=dict)

    def of_day(self, day: date) -> Minutes | None:
        """Opening and closing minute of a day; None where it is closed."""
        return None if day in self.holidays else self.weekdays.get(day.isoweekday())

    def working_day_before(self, day: date) -> date:
        """The last day before this one that is not closed; the day before where there is none within LOOK_AHEAD."""
        before = (day - timedelta(days=back) for back in range(1, LOOK_AHEAD.days + 1))
        return next(filter(self.of_day, before), day - timedelta(days=1))


# From Monday to Friday.
WEEKDAYS_ALL_DAY = Hours(dict.fromkeys(range(1, 6), (0, DAY_MIN)))
