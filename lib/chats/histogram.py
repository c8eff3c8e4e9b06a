"""How many of the matching chats started when, beside all chats, by hour, day, week or month in the zone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from lib.chats.clock import FIRST_DAY, LAST_DAY, Clock, bucket_sql
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.parts import days_of
from lib.store import Store

Unit = Literal["hour", "day", "week", "month"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EPOCH = datetime(1970, 1, 1)

# Above so many days the bars are of the next larger unit; each list is drawn with 150 bars at most, but for months.
MOST_DAYS: dict[Unit, int] = {"hour": 3, "day": 100, "week": 1050}

# Some chats apart from the rest, such as those of a wrong clock, would squeeze all others into a corner: they are few,
# and between them and the rest lies more than half of the whole range.
FEW_APART = 3
SHARE_APART = 0.01
LEAST_GAP_D = 60


@dataclass(frozen=True)
class Histogram:
    """`bars` has the columns start and end (naive, of the zone), chats and total: the matching chats and all of them.

    The numbers of the bars, `unknown` (matching chats without a start) and `outside` (those apart from the range that
    is drawn) add up to the number of matching chats. `first` and `last` are the days drawn; without any, bars is empty.
    """

    unit: Unit
    bars: pd.DataFrame
    unknown: int
    outside: int
    first: date
    last: date


def days_of_all(store: Store, clock: Clock) -> pd.Series:
    """Number of all chats by day, as a number of days since 1970; those without a start are left out."""
    return _counts(store, EMPTY, clock, DAY)[0]


def histogram(store: Store, chosen: ChatFilter, clock: Clock, all_days: pd.Series | None = None) -> Histogram:
    """The histogram of a filter; `all_days` is what `days_of_all` gave, for who has it."""
    all_days = days_of_all(store, clock) if all_days is None else all_days
    first, last = _days(chosen, clock, all_days)
    length = (last - first).days + 1
    unit: Unit = next((unit for unit, most in MOST_DAYS.items() if length <= most), "month")
    width = HOUR if unit == "hour" else DAY
    counts, unknown = _counts(store, chosen, clock, width)
    days = ChatFilter(period="custom", first_day=first, last_day=last)
    total = _counts(store, days, clock, HOUR)[0] if unit == "hour" else all_days
    bars = _bars(unit, first, last, counts, total)
    return Histogram(unit, bars, unknown, int(counts.sum() - bars["chats"].sum()), first, last)


def _counts(store: Store, chosen: ChatFilter, clock: Clock, width: timedelta) -> tuple[pd.Series, int]:
    """Number of chats by bucket, counted since 1970, and number of chats without a start."""
    found = matching(store, chosen, clock)
    bounds = store.read("SELECT min(started_at) AS first, max(started_at) AS last FROM chats WHERE deleted_at IS NULL")
    first = last = clock.today
    if bounds[0]["first"]:
        earliest, latest = datetime(FIRST_DAY.year, 1, 2), datetime(LAST_DAY.year, 1, 1)
        first, last = (clock.local(min(max(each, earliest), latest)).date() for each in bounds[0].values())
    sql = found.select(
        f"CASE WHEN started_at IS NOT NULL THEN {bucket_sql(first, last, width, clock)} END AS bucket, count(*) AS n",
        "GROUP BY 1",
    )
    frame = store.frame(sql, found.params, found.tables)
    known = frame[frame["bucket"].notna()]
    series = pd.Series(known["n"].to_numpy(dtype="int64"), index=known["bucket"].to_numpy(dtype="int64")).sort_index()
    return series, int(frame["n"].sum() - series.sum())


def _days(chosen: ChatFilter, clock: Clock, all_days: pd.Series) -> tuple[date, date]:
    """First and last day that are drawn; the last one is before the first where there is nothing to draw."""
    if chosen.period == "unknown" or all_days.empty:
        return clock.today, clock.today - DAY
    first, last = days_of(chosen, clock)
    if first is None and last is None:
        return _without_those_apart(all_days)
    # What is asked for, but for the years before and after all chats.
    earliest, latest = (_date(int(all_days.index[place])) for place in (0, -1))
    return max(first or earliest, min(earliest, clock.today)), min(last or latest, max(latest, clock.today))


def _without_those_apart(all_days: pd.Series) -> tuple[date, date]:
    kept = all_days
    while len(kept) > 1:
        days, numbers = kept.index.to_numpy(), kept.to_numpy()
        gaps = np.diff(days)
        place = int(gaps.argmax()) + 1
        if gaps[place - 1] <= max(LEAST_GAP_D, (days[-1] - days[0]) / 2):
            break
        before, after = int(numbers[:place].sum()), int(numbers[place:].sum())
        few = min(before, after)
        if few > max(FEW_APART, SHARE_APART * int(all_days.sum())) or 3 * few > max(before, after):
            break
        kept = kept.iloc[place:] if before < after else kept.iloc[:place]
    return _date(int(kept.index[0])), _date(int(kept.index[-1]))


def _bars(unit: Unit, first: date, last: date, counts: pd.Series, total: pd.Series) -> pd.DataFrame:
    """One row a bucket of the days, each with its number of chats."""
    if last < first:
        return pd.DataFrame({"start": [], "end": [], "chats": [], "total": []})
    # Where the buckets begin, and where the last one ends; the first and the last may be parts of a week or month.
    start, end = datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.min.time()) + DAY
    inner = [start]
    while (following := _following(unit, inner[-1])) < end:
        inner.append(following)
    edges = [*inner, end]
    width = HOUR if unit == "hour" else DAY
    numbers = [(edge - EPOCH) // width for edge in edges]
    return pd.DataFrame(
        {"start": edges[:-1], "end": edges[1:]} | {"chats": _summed(counts, numbers), "total": _summed(total, numbers)}
    )


def _summed(counts: pd.Series, numbers: list[int]) -> np.ndarray:
    """Sum of the counts from each number to before the next."""
    upto = np.concatenate([[0], counts.to_numpy().cumsum()])
    places = np.searchsorted(counts.index.to_numpy(), numbers)
    sums: np.ndarray = np.diff(upto[places])
    return sums


def _following(unit: Unit, moment: datetime) -> datetime:
    if unit == "month":
        return datetime(moment.year + moment.month // 12, moment.month % 12 + 1, 1)
    if unit == "week":
        return moment + (7 - moment.weekday()) * DAY
    return moment + (HOUR if unit == "hour" else DAY)


def _date(number: int) -> date:
    return (EPOCH + number * DAY).date()
