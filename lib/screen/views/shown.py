"""What the open page shows, as the content of a saved view; the way back to its address, and how many chats it has."""

from dataclasses import replace

import streamlit as st

from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.screen.chats.view import ChatView, read_view, to_address
from lib.screen.explore.view import KEY_NAME, explore_content, to_explore_address
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.parts.address import key_of
from lib.views.content import ViewPage, chats_content, is_same, read_chats, read_sql, sql_content
from lib.views.saved import SavedView

# Every page asks which views stand out, so what is written meanwhile may be seen a little later.
STANDING_OUT_FOR_S = 60
PAGES: dict[str, ViewPage] = {"pages/chats.py": "chats", "pages/missed.py": "missed", "pages/explore.py": "explore"}
Shown = tuple[ViewPage, str]


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
    where, today = session.store().shown, str(session.clock().today)
    return sum(stands_out(view, _count(where, today, chosen)) for view, chosen in watched if chosen is not None)


def _counted(view: SavedView) -> ChatFilter | None:
    found = read_chats(view.page, view.content)
    return None if found is None or found[0].words.strip() else found[0]


@st.cache_data(ttl=STANDING_OUT_FOR_S, max_entries=200, show_spinner=False)
def _count(shown: str, today: str, chosen: ChatFilter) -> int:
    return category_counts(session.store(), chosen, session.clock())[chosen.category]


def shown() -> Shown | None:
    """Page and content of what is shown; None where there is nothing that can be saved."""
    page = PAGES.get(str(st.session_state.get(session.PAGE_KEY)))
    if page is None:
        return None
    if page != "explore":
        view = read_view()
        return page, chats_content(view.chosen, view.sort)
    content = sql_content(explore_content())
    return (page, content) if read_sql(content) else None


def is_shown(view: SavedView, what: Shown | None) -> bool:
    """Whether a view is what is shown."""
    return what is not None and what[0] == view.page and is_same(view.page, view.content, what[1])


def address_of(view: SavedView) -> dict[str, str | list[str]]:
    """Parameters of a link to the page of a view that make it show the view."""
    found = read_chats(view.page, view.content)
    if found is None:
        # What cannot be read any more is the page's to tell.
        query = read_sql(view.content)
        return to_explore_address(query) if query else {KEY_NAME: key_of(view.content)}
    chosen, sort = found
    address = to_address(ChatView(chosen, sort))
    # On Missed chats an address without an order means what is due first.
    order: dict[str, str | list[str]] = {"sort": sort.key, "order": "desc" if sort.descending else "asc"}
    return address | order if view.page == "missed" else address
