"""The days that figures are of, and as many on the same weekdays before them, for comparison."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from lib.chats.clock import FIRST_DAY, LAST_DAY, Clock, bucket_sql
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.parts import days_of

DAYS_OF_OPEN = 30
ONE_DAY = timedelta(days=1)
WEEKDAYS = 7
ONE_WEEK = WEEKDAYS * ONE_DAY
# The day from which days are numbered.
FIRST_NUMBER = date(1970, 1, 1)
# So many weeks before it there was no chat; the engine rounds towards zero.
FAR_WEEKS = 100_000


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
    def shift(self) -> timedelta:
        """How much earlier the days are that these are compared with: the fewest whole weeks with which none is both.

        A week has busy days and quiet ones: as many days right before would often have more of the one or the other.
        """
        return -(-self.length // ONE_WEEK) * ONE_WEEK

    @property
    def before(self) -> "Span":
        """As many days before these, on the same weekdays."""
        return Span(self.first - self.shift, self.last - self.shift)

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


def is_now_sql(span: Span | None, clock: Clock) -> str:
    """SQL for whether a chat started on the days, or on those that they are compared with; NULL between them."""
    if span is None:
        return "TRUE"
    first, end = clock.start_of(span.first), clock.end_of(span.before.last)
    return f"CASE WHEN started_at >= TIMESTAMP '{first}' THEN TRUE WHEN started_at < TIMESTAMP '{end}' THEN FALSE END"


def week_sql(day: str) -> str:
    """SQL for the week of such a day, as the number of weeks since that of the first of 1970; `monday_of` names it."""
    # Days are numbered from a Thursday on.
    return f"(({day}) + {3 + FAR_WEEKS * WEEKDAYS}) // {WEEKDAYS} - {FAR_WEEKS}"


def monday_of(week: int) -> date:
    """The first day of a week that has this number."""
    return FIRST_NUMBER + (week * WEEKDAYS - 3) * ONE_DAY


def within_week(chosen: ChatFilter, monday: date, clock: Clock) -> ChatFilter:
    """The filter with those of its days that are in the week that begins on this day."""
    span, last = span_of(chosen, clock), monday + (WEEKDAYS - 1) * ONE_DAY
    return within(chosen, Span(max(monday, span.first), min(last, span.last)) if span else Span(monday, last))


def day_sql(span: Span, clock: Clock) -> str:
    """SQL for the day of the workspace's zone on which a chat started, as a number of days since 1970.

    It holds for starts within the span.
    """
    return bucket_sql(span.first, span.last, ONE_DAY, clock)
