"""Coverage: the chats of each hour of the week, beside the operators who were seen answering in it.

Who was there is not known, only who wrote: nothing here says more than the messages show.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lib.chats.categories import CATEGORY_SQL
from lib.chats.clock import Clock, bucket_sql
from lib.chats.filter.filter import ChatFilter, Condition
from lib.chats.filter.matching import Matching, matching
from lib.missed.spans import FAR_WEEKS, ONE_DAY, WEEKDAYS, Span, closed, span_of, within
from lib.reports.groups import HOURS, ONE_HOUR, group_filter
from lib.store import Store

# How people are rostered changes: what was a year ago says nothing of it, and takes long to count.
MOST_DAYS = 92
# Shares of missed chats that are still good enough, in percent.
MISSED_TARGETS = (0, 1, 2, 5, 10, 15, 20, 30)
MISSED_TARGET = 5
EVERY_DAY = tuple(range(1, WEEKDAYS + 1))

Cell = tuple[int, int]


@dataclass(frozen=True)
class Hour:
    """What was counted in an hour of the week, over all its times in the days: how often it came until now, the chats
    that started in it and those of them that were missed, the operators who answered in it (each once a time), and the
    most chats that one of them had at once."""

    times: int = 0
    chats: int = 0
    missed: int = 0
    seen: int = 0
    at_once: int = 0

    def __add__(self, other: "Hour") -> "Hour":
        return Hour(
            self.times + other.times,
            self.chats + other.chats,
            self.missed + other.missed,
            self.seen + other.seen,
            max(self.at_once, other.at_once),
        )

    @property
    def answered(self) -> int:
        """The chats that were not missed."""
        return self.chats - self.missed

    @property
    def load(self) -> float | None:
        """How many chats were answered for each operator seen; None where none was seen."""
        return self.answered / self.seen if self.seen else None

    def more_needed(self, target: int, like: "Hour") -> int | None:
        """How many more operators each time would have kept the share of missed chats at `target` percent.

        Each would have answered as many chats in the hour as each of those who were seen in `like`; None where these
        answered none.
        """
        too_many = 100 * self.missed - target * self.chats
        if too_many <= 0:
            return 0
        if not (like.seen and like.answered and self.times):
            return None
        return -(-too_many * like.seen // (100 * like.answered * self.times))


@dataclass(frozen=True)
class Coverage:
    """The days that were counted, and each hour of the week (weekday from 1, Monday; hour from 0) of them."""

    span: Span
    hours: Mapping[Cell, Hour]

    @property
    def whole(self) -> Hour:
        """All hours as one: what an operator answers in an hour, over all in which one was seen."""
        return sum(self.hours.values(), Hour())

    def of_days(self, weekdays: Iterable[int]) -> list[Hour]:
        """The hours of the day, from 0 on, over these weekdays."""
        days = list(weekdays)
        return [sum((self.hours[day, hour] for day in days), Hour()) for hour in range(HOURS)]


def coverage(store: Store, chosen: ChatFilter, clock: Clock) -> Coverage | None:
    """The coverage of the filter's days until now, at most the last MOST_DAYS of them; None where there are none."""
    span = counted_days(chosen, clock)
    if span is None:
        return None
    found = matching(store, within(chosen, span), clock)
    slot = bucket_sql(span.first, span.last, ONE_HOUR, clock)
    counts = f"count(*) AS chats, count(*) FILTER ({CATEGORY_SQL['missed']}) AS missed"
    begun = store.read(
        found.select(f"{_cell_sql(slot)} AS cell, {counts}", "GROUP BY cell"), found.params, found.tables
    )
    wrote = store.read(_answering(found, span, clock), found.params | ends_of(span, clock), found.tables)
    hours = {cell: Hour(times) for cell, times in _times(span, clock).items()}
    for row in (*begun, *wrote):
        cell = divmod(int(row.pop("cell")), HOURS)
        hours[cell] += Hour(**row)
    return Coverage(span, hours)


def counted_days(chosen: ChatFilter, clock: Clock) -> Span | None:
    """The days of a filter that coverage is counted of."""
    span = span_of(chosen, clock)
    last = min(span.last, clock.today) if span else clock.today
    return Span(max(span.first, last - (MOST_DAYS - 1) * ONE_DAY), last) if span and span.first <= last else None


def hour_filter(chosen: ChatFilter, weekdays: Iterable[int], hour: int, clock: Clock) -> ChatFilter:
    """The filter that finds the chats which started in an hour of these weekdays, in the days that are counted."""
    days, span = tuple(weekdays), counted_days(chosen, clock)
    rows = closed(chosen, clock) if span in (None, span_of(chosen, clock)) else within(chosen, span)
    if days != EVERY_DAY:
        rows = rows.also(Condition("start", "weekday", tuple(map(str, days))))
    return group_filter(rows, "hour", hour, clock)


def _times(span: Span, clock: Clock) -> dict[Cell, int]:
    """How often each hour of the week has come in the days."""
    now = clock.local(clock.now)
    whole = [span.first + n * ONE_DAY for n in range(span.length // ONE_DAY)]
    times = {(weekday, hour): 0 for weekday in EVERY_DAY for hour in range(HOURS)}
    for day in whole:
        for hour in range(HOURS if day < now.date() else now.hour + 1):
            times[day.isoweekday(), hour] += 1
    return times


def _cell_sql(slot: str) -> str:
    """SQL for the hour of the week of an hour of the zone, which is a number of them since 1970, a Thursday."""
    hours = WEEKDAYS * HOURS
    return f"({slot} + {3 * HOURS + FAR_WEEKS * hours}) % {hours} + {HOURS}"


def _answering(found: Matching, span: Span, clock: Clock) -> str:
    """A query of the operators who wrote, by the hour of the week.

    What one has at once changes between the moments of `said` in no way that makes it more.
    """
    return f"""
WITH {said_sql(found, span, clock)},
carried AS (
    SELECT who, chat_id, min(first) AS first, max(last) AS last FROM said GROUP BY ALL
),
steps AS (
    SELECT who, first AS moment, 0 AS place, 1 AS more, NULL AS slot FROM carried
    UNION ALL SELECT who, first, 1, 0, slot FROM said
    UNION ALL SELECT who, last, 2, -1, NULL FROM carried
),
had AS (
    SELECT who, slot, sum(more) OVER (PARTITION BY who ORDER BY moment, place ROWS UNBOUNDED PRECEDING) AS at_once
    FROM steps
),
each AS (SELECT who, slot, max(at_once) AS at_once FROM had WHERE slot IS NOT NULL GROUP BY ALL)
SELECT {_cell_sql("slot")} AS cell, count(*) AS seen, max(at_once)::INTEGER AS at_once FROM each GROUP BY cell
"""


def ends_of(span: Span, clock: Clock) -> dict[str, datetime]:
    """The values that `said_sql` needs besides those of the chats."""
    return {"days_from": clock.start_of(span.first), "days_before": clock.end_of(span.last)}


def said_sql(found: Matching, span: Span, clock: Clock) -> str:
    """The table `said` for a query: in which hour (`slot`) which operator (`who`) wrote in which chat, with the first
    and the last moment of it. It takes $days_from and $days_before, the ends of the days."""
    slot = bucket_sql(span.first, span.last, ONE_HOUR, clock, "moment")
    return f"""own AS ({found.select("id, ordinal, started_at, operators")}),
spoken AS (
    SELECT m.ordinal, m.chat_id, coalesce(m.sent_at, c.started_at + to_microseconds((m.offset_s * 1e6)::BIGINT))
        AS moment, coalesce(m.name, CASE WHEN len(c.operators) = 1 THEN c.operators[1] END) AS who
    FROM messages AS m JOIN own AS c ON m.ordinal = c.ordinal AND m.chat_id = c.id
    WHERE m.kind = 'operator' AND m.automatic IS NOT TRUE
),
said AS MATERIALIZED (
    SELECT who, chat_id, {slot} AS slot, min(moment) AS first, max(moment) AS last
    FROM spoken
    WHERE who IS NOT NULL AND moment >= $days_from AND moment < $days_before
    GROUP BY ALL
)"""
