"""The slices of days in which a search reads the history, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lib.chats.clock import FIRST_DAY, LAST_DAY, Clock
from lib.chats.filter.sql import Clause
from lib.store import Store

# The first slice is small, so that the newest hits stand soon; the others are as long as can be read in about AIM_S.
FIRST_DAYS = 7
AIM_S = 0.3
MOST_GROWTH, LEAST_GROWTH = 8.0, 0.25
MOST_DAYS = 1e6


@dataclass
class Slice:
    """Chats that started from `first_day` on (None: without a lower end) and before `before` (None: no upper end).

    With `is_unknown`, those whose start is not known. `growth` tells how many times as many days the next one gets.
    """

    first_day: date | None = None
    before: date | None = None
    is_unknown: bool = False
    growth: float = 1.0

    def took(self, seconds: float) -> None:
        """Tells how long the slice was read, which decides on the size of the next."""
        self.growth = min(MOST_GROWTH, max(LEAST_GROWTH, AIM_S / max(seconds, 1e-6)))


def slices(store: Store, scope: Clause, clock: Clock) -> Iterator[Slice]:
    """Parts of the chats of `scope`, which together are all of them; the last are those without a start time."""
    known = store.read(
        f"""SELECT min(started_at) AS oldest, max(started_at) AS newest, count(*) > count(started_at) AS some_unknown
            FROM chats WHERE {scope.sql}""",
        scope.params,
    )[0]
    if known["newest"]:
        oldest, upper = _day(known["oldest"], clock), _day(known["newest"], clock) + timedelta(days=1)
        days, before = float(FIRST_DAYS), None
        while upper > oldest:
            first = upper - timedelta(days=min(max(1, round(days)), (upper - oldest).days))
            # The ends are open: moments of other zones' days, or from before the calendar begins, belong to them.
            part = Slice(first if first > oldest else None, before)
            yield part
            days, before, upper = min(days * part.growth, MOST_DAYS), first, first
    if known["some_unknown"]:
        yield Slice(is_unknown=True)


def _day(moment: datetime, clock: Clock) -> date:
    nearest = min(max(moment, datetime(FIRST_DAY.year, 1, 2)), datetime(LAST_DAY.year - 1, 12, 30))
    return clock.local(nearest).date()


def within(scope: Clause, part: Slice, clock: Clock) -> Clause:
    """The chats of the scope that belong to a slice."""
    if part.is_unknown:
        return Clause(f"{scope.sql} AND started_at IS NULL", scope.params)
    sql, params = [scope.sql, "started_at IS NOT NULL"], dict(scope.params)
    if part.first_day:
        sql.append("started_at >= $slice_from")
        params["slice_from"] = clock.start_of(part.first_day)
    if part.before:
        sql.append("started_at < $slice_before")
        params["slice_before"] = clock.start_of(part.before)
    return Clause(" AND ".join(sql), params)
