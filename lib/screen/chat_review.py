"""List and open chat, side by side where there is room."""

import math
from dataclasses import replace

import streamlit as st

from lib.chats.listing import PAGE_SIZE
from lib.screen.answers import category_counts, chat_page
from lib.screen.chat_list import chat_list
from lib.screen.chat_pane import chat_pane
from lib.screen.chat_view import ChatView, closings
from lib.screen.deleting import stop_asking_unless
from lib.screen.empty_list import empty_list
from lib.screen.follow_up_asking import follow_up_dialog
from lib.screen.searching import is_searching, search_progress, stopped_search
from lib.screen.unreadable_link import unreadable_link

# Two columns of this width fit beside an open sidebar at 1024 pixels; below the list a chat would open out of sight.
LEAST_WIDTH = 300


def chat_review(view: ChatView) -> None:
    """Draws the page of the list and the open chat."""
    stop_asking_unless(view.chat)
    with st.grid(2 if view.chat else 1, min_column_width=LEAST_WIDTH, gap="small", key="review") as grid:
        with grid.cell():
            _list(view)
        if view.chat:
            with grid.cell():
                chat_pane(view)
    follow_up_dialog()


def _list(view: ChatView) -> None:
    if view.chosen.unreadable:
        unreadable_link(view.chosen)
        return
    if is_searching(view.chosen):
        search_progress(view)
        return
    stopped_search(view.chosen)
    count = category_counts(replace(view.chosen, category="all"))[view.chosen.category]
    page = min(view.page, max(1, math.ceil(count / PAGE_SIZE)))
    chats = chat_page(view.chosen, view.sort, page)
    if chats.empty:
        empty_list(view.chosen)
        return
    chat_list(chats, view.chat, f"chats_{hash((view.chosen, view.sort, page, closings()))}", view.chosen.words)
