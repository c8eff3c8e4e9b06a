"""What the open page shows, as the content of a saved view; and the way back to the address of one."""

import streamlit as st

from lib.screen.chats.view import ChatView, read_view, to_address
from lib.screen.explore.view import KEY_NAME, explore_content, to_explore_address
from lib.screen.frame import session
from lib.screen.frame.links import key_of
from lib.views.content import ViewPage, chats_content, is_same, read_chats, read_sql, sql_content
from lib.views.saved import SavedView

PAGES: dict[str, ViewPage] = {"pages/chats.py": "chats", "pages/missed.py": "missed", "pages/explore.py": "explore"}
Shown = tuple[ViewPage, str]


def shown() -> Shown | None:
    """Page and content of what is shown; None where there is nothing that can be saved."""
    page = PAGES.get(str(st.session_state.get(session.PAGE_KEY)))
    if page is None:
        return None
    if page != "explore":
        return page, _chats()
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


def _chats() -> str:
    view = read_view()
    return chats_content(view.chosen, view.sort)
