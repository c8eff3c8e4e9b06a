"""The category tabs with their counts, and the list of chats beside the open one."""

from dataclasses import replace

import streamlit as st

from lib.chats.categories import CATEGORIES, Category
from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import chat_page
from lib.language import _, number
from lib.screen.chats.empty import empty_list
from lib.screen.chats.histogram import histogram
from lib.screen.chats.searching import is_searching
from lib.screen.chats.table import chat_list
from lib.screen.chats.view import ChatView, closings, last_page, read_view, show_chosen
from lib.screen.frame import labels
from lib.screen.frame.answers import answer
from lib.screen.parts.review import review, review_part

TAB_KEY = "w_category"


def category_tabs(chosen: ChatFilter) -> None:
    """Draws one tab a category, with the number of its chats under the other filters."""
    st.session_state[TAB_KEY] = chosen.category
    # No number is known until a search has come to its end.
    counts = {} if is_searching(chosen) else answer(category_counts, replace(chosen, category="all"))

    def name(code: Category) -> str:
        look = labels.CATEGORIES[code]
        icon = "" if code == "all" else f":{look.badge}[:material/{look.icon}:] "
        return f"{icon}{_(look.name)}" + (f" **{number(counts[code])}**" if code in counts else "")

    st.segmented_control(
        _("Category"),
        CATEGORIES,
        format_func=name,
        key=TAB_KEY,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        on_change=_tab_changed,
    )


def _tab_changed() -> None:
    show_chosen(replace(read_view().chosen, category=st.session_state[TAB_KEY]))


def chat_review() -> None:
    """Draws the page of the list and the open chat; above the whole list, when its chats started."""
    review_part(_review)


def _review(view: ChatView) -> None:
    if not view.chat:
        histogram(view.chosen)

    def draw_list() -> None:
        count = answer(category_counts, replace(view.chosen, category="all"))[view.chosen.category]
        page = min(view.page, last_page(count))
        chats = answer(chat_page, view.chosen, view.sort, page)
        if chats.empty:
            empty_list(view.chosen)
        else:
            chat_list(chats, view.chat, f"chats_{hash((view.chosen, view.sort, page, closings()))}", view.chosen.words)

    review(view, draw_list)
