"""What happened on a day, beside what is usual on that weekday: the middle of the weeks before."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from lib.chats.clock import Clock
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.filter.matching import matching
from lib.missed.spans import Span, within
from lib.reports.figures import NOTHING, TARGET_S, Tally, read
from lib.reports.groups import groups
from lib.store import Store

WEEKS = 8
# The middle of fewer days is nothing usual.
FEWEST_DAYS = 3


@dataclass(frozen=True)
class Day:
    """What was counted on a day and on the same weekday of the weeks before, as far as chats are known then.

    The usual number of missed chats, wait (seconds) and rating are None where too few of those days have one.
    """

    day: date
    tally: Tally
    missed: float | None
    wait: float | None
    rating: float | None


def chats_of_day(day: date) -> ChatFilter:
    """The filter for the chats that began on a day."""
    return within(EMPTY, Span(day, day))


def yesterday(store: Store, clock: Clock) -> Day:
    """Yesterday, beside the same weekday of the eight weeks before."""
    day = clock.today - timedelta(days=1)
    weeks = [day - timedelta(weeks=back) for back in range(WEEKS, 0, -1)]
    found = groups(store, within(EMPTY, Span(weeks[0], day)), "day", TARGET_S, clock)
    tallies = {group.key: group.now for group in found}
    first = store.read(matching(store, EMPTY, clock).select("min(started_at) AS first"))[0]["first"]
    # Where chats are known from earlier on, a day without any is one on which none was missed.
    known = [tallies.get(each, NOTHING) for each in weeks if first and each >= clock.local(first).date()]
    return Day(
        day,
        tallies.get(day, NOTHING),
        _middle([tally.counts["missed"] for tally in known]),
        _middle([read("wait", tally).value for tally in known]),
        _middle([read("rating", tally).value for tally in known]),
    )


def _middle(values: list[float | None] | list[int]) -> float | None:
    known = [value for value in values if value is not None]
    return float(median(known)) if len(known) >= FEWEST_DAYS else None
