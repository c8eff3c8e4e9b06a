"""The days that figures are of, and as many days right before them, for comparison."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from lib.chats.chat_filter import ChatFilter
from lib.chats.clock import FIRST_DAY, LAST_DAY, Clock
from lib.chats.conditions import Started

DAYS_OF_OPEN = 30
ONE_DAY = timedelta(days=1)
# Clocks are changed for longer than this; then once more to find the moment.
STEP = timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """Days of the workspace's zone, both ends included."""

    first: date
    last: date

    @property
    def length(self) -> timedelta:
        """How many days, at least one."""
        return max(self.last - self.first + ONE_DAY, ONE_DAY)

    @property
    def before(self) -> "Span":
        """As many days right before these."""
        return Span(self.first - self.length, self.first - ONE_DAY)

    def contains(self, day: date) -> bool:
        """Whether a day is one of these."""
        return self.first <= day <= self.last


def span_of(chosen: ChatFilter, clock: Clock) -> Span | None:
    """The days of a filter, an open end closed: 30 days, or until today. None for chats without a start."""
    if chosen.period == "unknown":
        return None
    first, last = (day and min(max(day, FIRST_DAY), LAST_DAY) for day in Started.days(chosen, clock))
    last = last or max(clock.today, first or clock.today)
    return Span(first or last - (DAYS_OF_OPEN - 1) * ONE_DAY, last)


def within(chosen: ChatFilter, span: Span) -> ChatFilter:
    """The filter with these days."""
    return replace(chosen, period="custom", first_day=span.first, last_day=span.last)


def closed(chosen: ChatFilter, clock: Clock) -> ChatFilter:
    """The filter with a period that has both ends; one that has them stays as it is."""
    span = span_of(chosen, clock)
    if span is None or all(Started.days(chosen, clock)):
        return chosen
    if chosen.period == "any":
        return replace(chosen, period="last_30")
    return within(chosen, span)


def day_sql(span: Span, clock: Clock) -> str:
    """SQL for the day of the workspace's zone on which a chat started, as a number of days since 1970.

    Whole numbers, since the engine's own time zones take five times as long. It holds for starts within the span.
    """
    offsets = _offsets(span, clock)
    steps = "".join(f"WHEN started_at >= TIMESTAMP '{start}' THEN {_us(offset)} " for start, offset in offsets[:0:-1])
    offset = f"CASE {steps}ELSE {_us(offsets[0][1])} END" if steps else str(_us(offsets[0][1]))
    # Counted from long before 1970, since the engine rounds towards zero.
    return f"(epoch_us(started_at) + {offset} + {_us(-EPOCH_FROM)}) // {_us(ONE_DAY)} + {EPOCH_FROM // ONE_DAY}"


EPOCH_FROM = datetime(1800, 1, 1) - datetime(1970, 1, 1)


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _offsets(span: Span, clock: Clock) -> list[tuple[datetime, timedelta]]:
    """The zone's distances from UTC during the span, each with the UTC moment from which it holds."""
    end = clock.end_of(span.last)
    found = [(clock.start_of(span.first), _offset(clock.start_of(span.first), clock))]
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
            return _moment_of_change(start, step, clock)
        start = step
    return None


def _moment_of_change(before: datetime, after: datetime, clock: Clock) -> datetime:
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        before, after = (before, middle) if _offset(middle, clock) != _offset(before, clock) else (middle, after)
    return after.replace(microsecond=0)


def _offset(moment: datetime, clock: Clock) -> timedelta:
    return clock.local(moment) - moment
