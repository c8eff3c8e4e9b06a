"""What the product answers: the functions that the page Chats calls, and their answers in the peers' form."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from benchmarks.peers.answer import Answer
from benchmarks.peers.chats import EPOCH
from benchmarks.peers.comparing import DifferenceError
from lib.chats.categories import Category
from lib.chats.clock import Clock
from lib.chats.counts import category_counts, daily_counts
from lib.chats.facets import Facet, facets
from lib.chats.filter.filter import LIST_FIELDS, ChatFilter, FacetField
from lib.chats.histogram import Histogram, days_of_all, histogram
from lib.chats.listing import NEWEST_FIRST, chat_page
from lib.store import Store

NAME = "Chat History"


@dataclass(frozen=True)
class Screen:
    """What the page Chats is drawn from."""

    counts: dict[Category, int]
    page: pd.DataFrame
    facets: dict[FacetField, Facet]
    histogram: Histogram


def screen(store: Store, chosen: ChatFilter, clock: Clock) -> Screen:
    """All that the page asks after a write, of one snapshot."""
    with store.snapshot():
        return Screen(
            category_counts(store, replace(chosen, category="all"), clock),
            chat_page(store, chosen, clock, NEWEST_FIRST, 1),
            facets(store, chosen, LIST_FIELDS, clock),
            histogram(store, chosen, clock),
        )


def answer(store: Store, chosen: ChatFilter, clock: Clock) -> Answer:
    """The same in the peers' form; raises DifferenceError where the bars do not agree with the chats by day."""
    drawn = screen(store, chosen, clock)
    by_day = daily_counts(store, chosen, clock).groupby("day")["chats"].sum()
    days = dict(zip(map(_number, by_day.index), by_day.tolist(), strict=True))
    of_all = days_of_all(store, clock)
    all_days = dict(zip(of_all.index.tolist(), of_all.tolist(), strict=True))
    found = drawn.histogram
    inside = _is_sum(found.bars, "chats", days) and _is_sum(found.bars, "total", all_days)
    if not inside or found.outside != sum(days.values()) - found.bars["chats"].sum():
        raise DifferenceError(f"{NAME}: the bars of the histogram are not the chats by day, {chosen}")
    values: Any = drawn.facets
    return Answer(drawn.counts, drawn.page, values, days, found.unknown, all_days)


def _number(day: Any) -> int:
    return (pd.Timestamp(day).date() - EPOCH).days


def _is_sum(bars: pd.DataFrame, column: str, days: dict[int, int]) -> bool:
    """Whether each bar has what the days have from its start to before its end."""
    return all(
        sum(n for day, n in days.items() if _number(start) <= day < _number(end)) == count
        for start, end, count in bars[["start", "end", column]].itertuples(index=False, name=None)
    )
