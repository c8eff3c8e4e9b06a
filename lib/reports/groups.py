"""The figures by time, by what is known of a chat, or by weekday and hour; each group is the rows of a filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from lib.chats.clock import Clock, bucket_sql
from lib.chats.filter.filter import LIST_FIELDS, ChatFilter, Condition, as_chosen, as_stored
from lib.missed.spans import (
    FAR_WEEKS,
    FIRST_NUMBER,
    ONE_DAY,
    WEEKDAYS,
    Span,
    closed,
    day_sql,
    monday_of,
    span_of,
    week_sql,
    within,
    within_week,
)
from lib.reports.figures import FIGURES, NOTHING, FigureCode, Tally, read, tallies
from lib.store import Store

TimeGroup = Literal["day", "week", "month", "weekday", "hour"]
GroupBy = Literal[
    "day", "week", "month", "weekday", "hour", "operator", "department", "channel", "website", "country", "language",
    "account", "system", "status", "rating",
]  # fmt: skip
GROUPINGS: tuple[GroupBy, ...] = get_args(GroupBy)
TIME_GROUPS: tuple[TimeGroup, ...] = get_args(TimeGroup)
# Figures by which groups are ranked that have no order of their own.
ORDERS: tuple[FigureCode, ...] = ("chats", "missed_rate", "wait", "in_time", "rating", "low")
# Days, weeks and months by their first day; weekdays from 1 (Monday), hours from 0; else the value as a filter says it.
Key = date | int | str

ONE_HOUR = timedelta(hours=1)
HOURS = 24
# More bars than these cannot be told apart.
MOST_TIMES = 1100
# A chat that several operators took counts for each of them.
_EACH_OPERATOR = (
    "unnest(CASE len(operators) WHEN 0 THEN [NULL] WHEN 1 THEN operators ELSE list_distinct(operators) END)"
)
# Of what is not called as its column is.
_COLUMNS: Mapping[str, str] = {"operator": _EACH_OPERATOR, "country": "visitor_country"}


@dataclass(frozen=True)
class Group:
    """What was counted in one group, and in the same group in the days before; days, weeks and months have none."""

    key: Key
    now: Tally
    before: Tally | None


def groups(
    store: Store, chosen: ChatFilter, by: GroupBy, target_s: int, clock: Clock, *, worked: bool = False
) -> list[Group]:
    """The groups that have chats: times and ratings in their order, others with the most chats first."""
    span = span_of(chosen, clock)
    if by in TIME_GROUPS and span is None:
        return []
    found = tallies(store, chosen, target_s, clock, bucket_of(by, span, clock), worked=worked)
    compared = span is not None and by not in ("day", "week", "month")
    named = [
        Group(key_of(bucket, by), tally, found.get((bucket, False), NOTHING) if compared else None)
        for (bucket, is_now), tally in found.items()
        if is_now
    ]
    if has_own_order(by):
        return sorted(named, key=lambda group: str(group.key).zfill(2))
    asked = set(chosen.operator) if by == "operator" and "operator" not in chosen.excluded else set()
    # Other operators took part in the chats of those that the filter asks for.
    shown = [group for group in named if not asked or group.key in asked]
    return sorted(shown, key=lambda group: (-group.now.counts["chats"], str(group.key)))


def has_own_order(by: GroupBy) -> bool:
    """Whether the groups are in an order that says something, as days are."""
    return by in TIME_GROUPS or by == "rating"


def ranked(found: Sequence[Group], code: FigureCode) -> list[Group]:
    """The groups with the worst of a figure first, of numbers the most; those of which it says little come last."""
    sign = 1 if FIGURES[code].more_is_better else -1

    def place(group: Group) -> tuple[bool, bool, float]:
        reading = read(code, group.now)
        return reading.value is None, reading.is_small, sign * (reading.value or 0)

    return sorted(found, key=place)


def every_time(found: Sequence[Group], by: GroupBy, span: Span) -> list[Group]:
    """Groups of times with those between them that have no chats, as a chart shows them; too many stay as they are."""
    if by in ("weekday", "hour"):
        keys: list[Key] = [*range(1, WEEKDAYS + 1)] if by == "weekday" else [*range(HOURS)]
    else:
        days = [_first_day(span.first, by)]
        while len(days) <= MOST_TIMES and (following := _last_day(days[-1], by) + ONE_DAY) <= span.last:
            days.append(following)
        keys = [*days]
    known = {group.key: group for group in found}
    return [*found] if len(keys) > MOST_TIMES else [known.get(key) or Group(key, NOTHING, None) for key in keys]


def heat(store: Store, chosen: ChatFilter, target_s: int, clock: Clock) -> dict[tuple[int, int], Tally]:
    """What was counted by weekday (1 is Monday) and hour of the workspace's zone; nothing for chats without a start.

    The numbers of chats alone, without values of theirs.
    """
    span = span_of(chosen, clock)
    if span is None:
        return {}
    cell = f"{bucket_of('weekday', span, clock)} * {HOURS} + {bucket_of('hour', span, clock)}"
    found = tallies(store, chosen, target_s, clock, cell, with_values=False)
    return {divmod(int(bucket), HOURS): tally for (bucket, is_now), tally in found.items() if is_now}


def group_filter(chosen: ChatFilter, by: GroupBy, key: Key, clock: Clock) -> ChatFilter:
    """The filter narrowed to one group, in the same days."""
    days = closed(chosen, clock)
    if by == "week" and isinstance(key, date):
        return within_week(chosen, key, clock)
    if isinstance(key, date):
        span, last = span_of(chosen, clock), _last_day(key, by)
        return within(chosen, Span(max(key, span.first), min(last, span.last)) if span else Span(key, last))
    if by == "weekday":
        return days.also(Condition("start", "weekday", (str(key),)))
    if by == "hour":
        return days.also(Condition("start", "hours", (str(key), str(int(key) + 1))))
    if by in LIST_FIELDS:
        return days.only(by, str(key))
    value = as_stored(str(key))
    return days.also(Condition(by, "empty") if value is None else Condition(by, "is", (value,)))


def cell_filter(chosen: ChatFilter, weekday: int, hour: int, clock: Clock) -> ChatFilter:
    """The filter narrowed to one hour of one weekday."""
    return group_filter(group_filter(chosen, "weekday", weekday, clock), "hour", hour, clock)


def bucket_of(by: GroupBy, span: Span | None, clock: Clock) -> str:
    """SQL over the chats for their group, for `key_of`."""
    if by not in TIME_GROUPS or span is None:
        return _COLUMNS.get(by, by)
    wide = Span(span.before.first, span.last)
    if by == "hour":
        return f"({bucket_sql(wide.first, wide.last, ONE_HOUR, clock)} + {FAR_WEEKS * HOURS * WEEKDAYS}) % {HOURS}"
    day = f"({day_sql(wide, clock)})"
    if by == "day":
        return day
    if by == "week":
        return week_sql(day)
    # Days are numbered from a Thursday on.
    if by == "weekday":
        return f"(({day} + {3 + FAR_WEEKS * WEEKDAYS}) % {WEEKDAYS} + 1)"
    return f"date_diff('month', DATE '{FIRST_NUMBER}', DATE '{FIRST_NUMBER}' + ({day})::INTEGER)"


def key_of(bucket: int | str | None, by: GroupBy) -> Key:
    """The key of a group, of what `bucket_of` says of its chats."""
    if by not in TIME_GROUPS:
        return as_chosen(None if bucket is None else str(bucket))
    number = int(bucket or 0)
    if by == "month":
        return date(FIRST_NUMBER.year + number // 12, number % 12 + 1, 1)
    if by == "day":
        return FIRST_NUMBER + number * ONE_DAY
    return monday_of(number) if by == "week" else number


def _first_day(day: date, by: GroupBy) -> date:
    return day - day.weekday() * ONE_DAY if by == "week" else day.replace(day=1) if by == "month" else day


def _last_day(first: date, by: GroupBy) -> date:
    if by == "week":
        return first + (WEEKDAYS - 1) * ONE_DAY
    return (first.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY if by == "month" else first
