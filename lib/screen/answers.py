"""Answers of the store, kept until the next write or the next day: many reruns ask the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from lib.chats import counts, filter_values, listing
from lib.chats.categories import Category
from lib.chats.chat_filter import ChatFilter
from lib.chats.filter_values import ListField, QueueField
from lib.chats.listing import Sort
from lib.followup import failed_count
from lib.importing import has_sample
from lib.missed import figures, groups, news, queue
from lib.missed.figures import Figures
from lib.missed.groups import Group, GroupBy
from lib.missed.news import WhatIsNew
from lib.missed.queue import QueueTab
from lib.screen import session

T = TypeVar("T")

# Another process may write to a shared lake; its work shows after this time at the latest.
FRESH_FOR_S = 60


def _kept(answer: Callable[..., T]) -> Callable[..., T]:
    """The same function, cached by its arguments, the store, its last write and the day."""

    @st.cache_data(ttl=FRESH_FOR_S, max_entries=200, show_spinner=False)
    def cached(name: str, location: str, generation: int, today: str, *args: Any) -> T:
        return answer(*args)

    @wraps(answer)
    def ask(*args: Any) -> T:
        store = session.store()
        return cached(answer.__name__, store.location, store.generation, str(session.clock().today), *args)

    return ask


@_kept
def category_counts(chosen: ChatFilter) -> dict[Category, int]:
    """See lib.chats.counts."""
    return counts.category_counts(session.store(), chosen, session.clock())


@_kept
def loosened(chosen: ChatFilter) -> dict[str, int]:
    """See lib.chats.counts."""
    return counts.loosened(session.store(), chosen, session.clock())


@_kept
def daily_counts(chosen: ChatFilter) -> pd.DataFrame:
    """See lib.chats.counts."""
    return counts.daily_counts(session.store(), chosen, session.clock())


@_kept
def chat_page(chosen: ChatFilter, sort: Sort, page: int) -> pd.DataFrame:
    """See lib.chats.listing."""
    return listing.chat_page(session.store(), chosen, session.clock(), sort, page)


@_kept
def queue_counts(chosen: ChatFilter, person: str) -> dict[QueueTab, int]:
    """See lib.missed.queue; what is overdue is up to a minute old."""
    return queue.queue_counts(session.store(), chosen, session.clock(), person)


@_kept
def queue_page(chosen: ChatFilter, sort: Sort, page: int) -> pd.DataFrame:
    """See lib.missed.queue."""
    return queue.queue_page(session.store(), chosen, session.clock(), sort, page)


@_kept
def failed_mails() -> int:
    """See lib.followup."""
    return failed_count(session.store())


@_kept
def values_of(field: ListField | QueueField) -> list[str]:
    """See lib.chats.filter_values."""
    return filter_values.filter_values(session.store(), field)


@_kept
def missed_news(person: str) -> WhatIsNew:
    """See lib.missed.news; what is overdue is up to a minute old."""
    return news.news(session.store(), session.clock(), person)


@_kept
def missed_figures(chosen: ChatFilter) -> Figures:
    """See lib.missed.figures."""
    return figures.figures(session.store(), chosen, session.clock())


@_kept
def missed_groups(chosen: ChatFilter, by: GroupBy) -> list[Group]:
    """See lib.missed.groups."""
    return groups.groups(session.store(), chosen, by, session.clock())


@_kept
def sample_is_there() -> bool:
    """Whether chats of the sample are in the store."""
    return has_sample(session.store())
