"""Answers of the store, kept until the next write or the next day: many reruns ask the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from lib.chats import counts, filter_values, listing
from lib.chats.categories import Category
from lib.chats.chat_filter import ChatFilter
from lib.chats.filter_values import ListField
from lib.chats.listing import Sort
from lib.importing import has_sample
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
def values_of(field: ListField) -> list[str]:
    """See lib.chats.filter_values."""
    return filter_values.filter_values(session.store(), field)


@_kept
def sample_is_there() -> bool:
    """Whether chats of the sample are in the store."""
    return has_sample(session.store())
