"""What a page of chats shows: filter, sort, page and open chat. The address is the truth, widgets are set from it.

The pages Chats and Missed chats read the same address; on Missed chats the category is given, and what is not named in
the address is the part of the queue that is to do, what is due first first (the newest first where nothing is due).
"""

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args
from uuid import UUID

import streamlit as st

from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.filter.link import PRIVATE_NAME, from_query, is_beside, private_part, to_query
from lib.chats.listing import NEWEST_FIRST, PAGE_SIZE, SORT_KEYS, Sort
from lib.missed.queue import usual_sort
from lib.screen.frame import session
from lib.screen.parts.address import content_of, key_of, page_number, read_address, uuid_of, write_address

QUEUE_PAGE = "pages/missed.py"
CHATS_PAGE = "pages/chats.py"
CLOSINGS_KEY = "closings"
OWN = frozenset(["sort", "order", "page", "chat", "tab", "from_chat"])

Tab = Literal["transcript", "info", "notes", "earlier", "reply"]
TABS: tuple[Tab, ...] = get_args(Tab)


@dataclass(frozen=True)
class ChatView:
    """One state of the Chats page; `came_from` is the chat whose earlier chats are being read."""

    chosen: ChatFilter = EMPTY
    sort: Sort = NEWEST_FIRST
    page: int = 1
    chat: UUID | None = None
    tab: Tab = "transcript"
    came_from: UUID | None = None


def read_view() -> ChatView:
    """The view that the address means; of which chats, nothing is left out (see lib/chats/filter/link.py)."""
    query = read_address()
    last = {name: values[-1] for name, values in query.items()}
    chosen = from_query(query, content_of(last[PRIVATE_NAME]) if PRIVATE_NAME in query else "")
    if in_queue():
        is_bare = "category" not in query and chosen.queue == "any" and chosen.news == "any"
        chosen = replace(chosen, category="missed", queue="open" if is_bare else chosen.queue)
    key = next((k for k in SORT_KEYS if k == last.get("sort")), None)
    # Where nobody may write, a link to the reply opens the chat.
    tabs = [tab for tab in TABS if tab != "reply" or session.may("mail")]
    order = Sort(key or "start", last.get("order") != "asc")
    return ChatView(
        chosen=chosen,
        sort=usual_sort(chosen) if key is None and in_queue() else order,
        page=page_number(last.get("page", "")),
        chat=uuid_of(last.get("chat", "")),
        tab=next((tab for tab in tabs if tab == last.get("tab")), "transcript"),
        came_from=uuid_of(last.get("from_chat", "")),
    )


def in_queue() -> bool:
    """Whether the page is Missed chats."""
    return st.session_state.get(session.PAGE_KEY) == QUEUE_PAGE


def shows_chats() -> bool:
    """Whether the page has a list of chats, in which one can be opened."""
    return in_queue() or st.session_state.get(session.PAGE_KEY) == CHATS_PAGE


def to_address(view: ChatView) -> dict[str, str | list[str]]:
    """Parameters of a link to the view; for what may name a person there is an id."""
    hidden = private_part(view.chosen)
    rest = {
        "sort": view.sort.key if view.sort.key != "start" else None,
        "order": None if view.sort.descending else "asc",
        "page": str(view.page) if view.page > 1 else None,
        "chat": str(view.chat) if view.chat else None,
        "tab": view.tab if view.tab != "transcript" else None,
        "from_chat": str(view.came_from) if view.came_from else None,
        PRIVATE_NAME: key_of(hidden) if hidden else None,
    }
    return {**to_query(view.chosen), **{name: value for name, value in rest.items() if value is not None}}


def show(view: ChatView) -> None:
    """Makes the address, and with the next run the screen, show the view."""
    beside = {name: values for name, values in read_address().items() if is_beside(name) and name not in OWN}
    address = to_address(view)
    if in_queue() and view.sort == usual_sort(view.chosen):
        address |= {"sort": "", "order": ""}
    elif in_queue():
        address |= {"sort": view.sort.key, "order": "desc" if view.sort.descending else "asc"}
    write_address(beside | {name: value for name, value in address.items() if value})


def show_chat(chat: UUID | None, tab: Tab = "transcript", came_from: UUID | None = None) -> None:
    """Opens a chat beside the list, or closes it."""
    if chat is None:
        st.session_state[CLOSINGS_KEY] = closings() + 1
    show(replace(read_view(), chat=chat, tab=tab, came_from=came_from))


def closings() -> int:
    """How often a chat was closed here: a list that is wide again forgets the last click only with a new key."""
    return int(st.session_state.get(CLOSINGS_KEY, 0))


def last_page(count: int) -> int:
    """Number of the last page of a list of so many chats."""
    return max(1, math.ceil(count / PAGE_SIZE))


def show_chosen(chosen: ChatFilter) -> None:
    """Shows the first page of what another filter means."""
    view = read_view()
    # Each part of the queue has its usual order; one that somebody chose stays.
    is_usual = in_queue() and view.sort == usual_sort(view.chosen)
    show(replace(view, chosen=chosen, sort=usual_sort(chosen) if is_usual else view.sort, page=1))


def show_without(name: str) -> None:
    """Shows the first page of what the filter means without one of its parts."""
    show_chosen(read_view().chosen.without(name))
