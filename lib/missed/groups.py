"""The figures on missed chats by day, week, operator or department."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter, as_chosen
from lib.chats.filter.matching import matching
from lib.missed.figures import Tally, base_of, params_of, selected, tallied
from lib.missed.spans import FIRST_NUMBER, Span, closed, day_sql, monday_of, span_of, week_sql, within_week
from lib.store import Store

GroupBy = Literal["day", "week", "operator", "department"]
GROUPINGS: tuple[GroupBy, ...] = get_args(GroupBy)
Key = date | str

# A chat that several operators took counts for each of them.
_EACH_OPERATOR = """
unnest(CASE len(operators) WHEN 0 THEN [NULL] WHEN 1 THEN operators ELSE list_distinct(operators) END)
"""


@dataclass(frozen=True)
class Group:
    """What was counted in one group, and in the same group in the days before.

    It is named as a filter names the value, a week by its Monday; NO_VALUE stands for days that are not known too. For
    a day, the same group is the day that it is compared with; a week has none.
    """

    key: Key
    now: Tally
    before: Tally | None


def groups(store: Store, chosen: ChatFilter, by: GroupBy, clock: Clock) -> list[Group]:
    """The groups that have chats: days and weeks with the latest first, others with the most missed chats first."""
    span = span_of(chosen, clock)
    found = matching(store, base_of(chosen, span), clock)
    sql = (
        f"SELECT bucket, is_now, {tallied(chosen, clock).sql}"
        f" FROM ({selected(found, span, _bucket(by, span, clock), clock)}) GROUP BY bucket, is_now"
    )
    rows = store.read(sql, params_of(found, chosen, clock), found.tables)
    tallies: dict[tuple[Key, bool], Tally] = {}
    for row in rows:
        bucket, is_now = row.pop("bucket"), bool(row.pop("is_now"))
        key: Key
        if by not in ("day", "week") or bucket is None:
            key = as_chosen(bucket)
        elif by == "week":
            key = monday_of(int(bucket))
        else:
            key = FIRST_NUMBER + timedelta(days=int(bucket))
            if span and not is_now:
                key += span.shift
        tallies[key, is_now] = Tally(**row)
    # Other operators than those that the filter asks for took part in its chats too.
    are_all_asked_for = by != "operator" or not chosen.operator or "operator" in chosen.excluded
    grouped = [
        Group(key, tally, tallies.get((key, False), Tally()) if span and by != "week" else None)
        for (key, is_now), tally in tallies.items()
        if is_now and (are_all_asked_for or key in chosen.operator)
    ]
    if by in ("day", "week"):
        return sorted(grouped, key=lambda group: str(group.key), reverse=True)
    return sorted(grouped, key=lambda group: (-group.now.missed, -group.now.chats, str(group.key)))


def group_filter(chosen: ChatFilter, by: GroupBy, key: Key, clock: Clock) -> ChatFilter:
    """The filter narrowed to one group, in the same days."""
    if by == "week" and isinstance(key, date):
        return within_week(chosen, key, clock)
    if isinstance(key, date):
        return replace(chosen, period="custom", first_day=key, last_day=key)
    if by in ("day", "week"):
        return replace(chosen, period="unknown", first_day=None, last_day=None)
    same_days = closed(chosen, clock)
    return same_days.only(by, key)


def _bucket(by: GroupBy, span: Span | None, clock: Clock) -> str:
    if by in ("day", "week"):
        day = day_sql(Span(span.before.first, span.last), clock) if span else "NULL"
        return week_sql(day) if by == "week" else day
    return _EACH_OPERATOR if by == "operator" else "department"
