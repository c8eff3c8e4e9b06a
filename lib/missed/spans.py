"""The days that figures are of, and as many days right before them, for comparison."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from lib.chats.clock import FIRST_DAY, LAST_DAY, Clock, bucket_sql
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.parts import days_of

DAYS_OF_OPEN = 30
ONE_DAY = timedelta(days=1)


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
    first, last = (day and min(max(day, FIRST_DAY), LAST_DAY) for day in days_of(chosen, clock))
    last = last or max(clock.today, first or clock.today)
    return Span(first or last - (DAYS_OF_OPEN - 1) * ONE_DAY, last)


def within(chosen: ChatFilter, span: Span) -> ChatFilter:
    """The filter with these days."""
    return replace(chosen, period="custom", first_day=span.first, last_day=span.last)


def closed(chosen: ChatFilter, clock: Clock) -> ChatFilter:
    """The filter with a period that has both ends; one that has them stays as it is."""
    span = span_of(chosen, clock)
    if span is None or all(days_of(chosen, clock)):
        return chosen
    if chosen.period == "any":
        return replace(chosen, period="last_30")
    return within(chosen, span)


def day_sql(span: Span, clock: Clock) -> str:
    """SQL for the day of the workspace's zone on which a chat started, as a number of days since 1970.

    It holds for starts within the span.
    """
    return bucket_sql(span.first, span.last, ONE_DAY, clock)
