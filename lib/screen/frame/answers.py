"""Answers of the store, each of one moment, kept until the next write or the next day: many reruns ask the same."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats import counts, listing
from lib.chats import facets as chat_facets
from lib.chats import histogram as chat_histogram
from lib.chats.categories import Category
from lib.chats.facets import Facet, FacetField
from lib.chats.filter import offers as rule_offers
from lib.chats.filter.filter import ChatFilter
from lib.chats.histogram import Histogram
from lib.chats.listing import Sort
from lib.chats.search import hits
from lib.chats.search.hits import Snippet
from lib.chats.search.query import parse
from lib.importing import has_sample
from lib.mail import failed_count, pause_of
from lib.missed import figures, groups, news, queue
from lib.missed.figures import Figures
from lib.missed.groups import Group, GroupBy
from lib.missed.news import WhatIsNew
from lib.missed.queue import QueueTab
from lib.screen.frame import session
from lib.views import saved
from lib.views.saved import SavedView

T = TypeVar("T")

# What is overdue depends on the clock too.
FRESH_FOR_S = 60


def _kept(answer: Callable[..., T]) -> Callable[..., T]:
    """The same function, cached by its arguments, the store, its moment and the day."""

    @st.cache_data(ttl=FRESH_FOR_S, max_entries=200, show_spinner=False)
    def cached(name: str, location: str, moment: int, today: str, *args: Any) -> T:
        return answer(*args)

    @wraps(answer)
    def ask(*args: Any) -> T:
        store = session.store()
        with store.snapshot():
            return cached(answer.__name__, store.location, store.moment, str(session.clock().today), *args)

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
def snippets(words: str, chats: tuple[UUID, ...]) -> dict[UUID, Snippet]:
    """See lib.chats.search.hits."""
    return hits.snippets(session.store(), parse(words), chats)


@_kept
def queue_counts(chosen: ChatFilter, person: str) -> dict[QueueTab, int]:
    """See lib.missed.queue; what is overdue is up to a minute old."""
    return queue.queue_counts(session.store(), chosen, session.clock(), person)


@_kept
def queue_page(chosen: ChatFilter, sort: Sort, page: int) -> pd.DataFrame:
    """See lib.missed.queue."""
    return queue.queue_page(session.store(), chosen, session.clock(), sort, page)


@_kept
def sending_is_paused() -> bool:
    """See lib.mail."""
    return pause_of(session.store()) is not None


@_kept
def failed_mails() -> int:
    """See lib.mail."""
    return failed_count(session.store())


@_kept
def facets(chosen: ChatFilter, names: tuple[FacetField, ...]) -> dict[FacetField, Facet]:
    """See lib.chats.facets."""
    return chat_facets.facets(session.store(), chosen, names, session.clock())


@_kept
def days_of_all() -> pd.Series:
    """See lib.chats.histogram."""
    return chat_histogram.days_of_all(session.store(), session.clock())


@_kept
def histogram(chosen: ChatFilter) -> Histogram:
    """See lib.chats.histogram."""
    return chat_histogram.histogram(session.store(), chosen, session.clock(), days_of_all())


@_kept
def values_for_rules(field: str) -> list[str]:
    """See lib.chats.filter.offers."""
    return rule_offers.offered_values(session.store(), field)


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
def saved_views(person: str) -> list[SavedView]:
    """See lib.views.saved."""
    return saved.saved_views(session.store(), person)


@_kept
def sample_is_there() -> bool:
    """Whether chats of the sample are in the store."""
    return has_sample(session.store())
