"""Time in the hours in which people work: whether a moment lies in them, and when so much of it has passed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from lib.chats.hours import DAY_MIN, LOOK_AHEAD, Hours, Minutes

Moments = npt.NDArray[np.datetime64]

# Days whose moments exist in every zone.
FIRST_DAY, LAST_DAY = date.min + timedelta(days=2), date.max - timedelta(days=2)


@dataclass(frozen=True)
class WorkingTime:
    """The working hours around some moments, laid end to end; all moments are naive UTC."""

    opens: Moments
    closes: Moments

    @classmethod
    def around(cls, hours: Hours, zone: str, moments: Moments) -> "WorkingTime":
        """The working hours on the days of the moments, and on those that follow each within LOOK_AHEAD."""
        known = moments[~np.isnat(moments)]
        spans = [
            _span(day, minutes, ZoneInfo(zone))
            for day in _days(np.unique(known.astype("datetime64[D]")).tolist())
            if (minutes := hours.of_day(day))
        ]
        opens, closes = zip(*spans, strict=True) if spans else ((), ())
        return cls(np.array(opens, dtype="datetime64[us]"), np.array(closes, dtype="datetime64[us]"))

    def is_open(self, moments: Moments) -> npt.NDArray[np.bool_]:
        """Of each moment, whether it lies in the working hours."""
        if not len(self.opens):
            return np.zeros(len(moments), dtype=bool)
        place = np.searchsorted(self.opens, moments, side="right") - 1
        return (place >= 0) & (moments < self.closes[np.maximum(place, 0)])

    def after(self, moments: Moments, working: timedelta) -> Moments:
        """Of each moment, the one at which so much working time has passed since; NaT where that is too far away."""
        nothing = np.full(len(moments), np.datetime64("NaT"), dtype="datetime64[us]")
        if not len(self.opens):
            return nothing
        ends = np.cumsum((self.closes - self.opens).astype(np.int64))
        begins = ends - (self.closes - self.opens).astype(np.int64)
        place = np.maximum(np.searchsorted(self.opens, moments, side="right") - 1, 0)
        worked = np.clip((moments - self.opens[place]).astype(np.int64), 0, ends[place] - begins[place])
        goal = begins[place] + worked + int(working / timedelta(microseconds=1))
        found = np.searchsorted(ends, goal, side="left")
        within = np.minimum(found, len(ends) - 1)
        due = self.opens[within] + (goal - begins[within]).astype("timedelta64[us]")
        return np.where((found < len(ends)) & (due - moments <= np.timedelta64(LOOK_AHEAD)), due, nothing)


def _days(starts: Sequence[date]) -> Iterator[date]:
    """The days near the starts, which are in order: one chat of the year 1 costs no more than any other."""
    reach = FIRST_DAY.toordinal()
    for start in starts:
        last = min(start.toordinal() + LOOK_AHEAD.days + 2, LAST_DAY.toordinal())
        for ordinal in range(max(reach, start.toordinal() - 1), last + 1):
            yield date.fromordinal(ordinal)
        reach = max(reach, last + 1)


@lru_cache(maxsize=20_000)
def _span(day: date, minutes: Minutes, zone: ZoneInfo) -> tuple[datetime, datetime]:
    moments = []
    for minute in minutes:
        at_midnight = datetime.combine(day + timedelta(days=minute // DAY_MIN), time(), tzinfo=zone)
        local = at_midnight.replace(hour=minute % DAY_MIN // 60, minute=minute % 60)
        moments.append(local.astimezone(UTC).replace(tzinfo=None))
    opens, closes = moments
    return opens, closes
