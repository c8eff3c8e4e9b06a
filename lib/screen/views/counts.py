"""How many chats are in the saved views, and which views stand out."""

from dataclasses import replace

import streamlit as st

from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.views.content import read_chats
from lib.views.saved import SavedView

# Every page asks which views stand out, so what is written meanwhile may be seen a little later.
STANDING_OUT_FOR_S = 60


def can_be_counted(view: SavedView) -> bool:
    """Whether the number of its chats is known at once: a search for words may take its time, SQL even more."""
    return _counted(view) is not None


def count_of(view: SavedView) -> int | None:
    """Number of chats of a view as its page would show it now; None where counting may take long."""
    chosen = _counted(view)
    return None if chosen is None else answer(category_counts, replace(chosen, category="all"))[chosen.category]


def stands_out(view: SavedView, count: int | None) -> bool:
    """Whether a view has more chats than its threshold."""
    return count is not None and view.threshold is not None and count > view.threshold


def standing_out(views: list[SavedView]) -> int:
    """Number of views with more chats than their thresholds, up to a minute old."""
    watched = [(view, _counted(view)) for view in views if view.threshold is not None]
    return sum(stands_out(view, _kept_count(chosen)) for view, chosen in watched if chosen is not None)


def _counted(view: SavedView) -> ChatFilter | None:
    found = read_chats(view.page, view.content)
    return None if found is None or found[0].words.strip() else found[0]


def _kept_count(chosen: ChatFilter) -> int:
    return _count(session.store().location, str(session.clock().today), chosen)


@st.cache_data(ttl=STANDING_OUT_FOR_S, max_entries=200, show_spinner=False)
def _count(location: str, today: str, chosen: ChatFilter) -> int:
    return category_counts(session.store(), chosen, session.clock())[chosen.category]
