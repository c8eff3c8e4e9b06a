"""The list of chats beside the open one."""

import math
from dataclasses import replace

from lib.chats.counts import category_counts
from lib.chats.listing import PAGE_SIZE, chat_page
from lib.screen.chats.empty import empty_list, unreadable_link
from lib.screen.chats.searching import is_searching, search_progress, stopped_search
from lib.screen.chats.table import chat_list
from lib.screen.chats.view import ChatView, closings
from lib.screen.frame.answers import answer
from lib.screen.parts.review import review


def chat_review(view: ChatView) -> None:
    """Draws the page of the list and the open chat."""
    review(view, lambda: _list(view))


def _list(view: ChatView) -> None:
    if view.chosen.unreadable:
        unreadable_link(view.chosen)
        return
    if is_searching(view.chosen):
        search_progress(view)
        return
    stopped_search(view.chosen)
    count = answer(category_counts, replace(view.chosen, category="all"))[view.chosen.category]
    page = min(view.page, max(1, math.ceil(count / PAGE_SIZE)))
    chats = answer(chat_page, view.chosen, view.sort, page)
    if chats.empty:
        empty_list(view.chosen)
        return
    chat_list(chats, view.chat, f"chats_{hash((view.chosen, view.sort, page, closings()))}", view.chosen.words)
