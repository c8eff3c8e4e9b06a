"""The category tabs with their counts."""

from dataclasses import replace

import streamlit as st

from lib.chats.categories import CATEGORIES, Category
from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.language import _, number
from lib.screen.chats.searching import is_searching
from lib.screen.chats.view import read_view, show_chosen
from lib.screen.frame import labels
from lib.screen.frame.answers import answer

KEY = "w_category"


def category_tabs(chosen: ChatFilter) -> None:
    """Draws one tab a category, with the number of its chats under the other filters."""
    st.session_state[KEY] = chosen.category
    # No number is known until a search has come to its end.
    counts = {} if is_searching(chosen) else answer(category_counts, replace(chosen, category="all"))
    st.segmented_control(
        _("Category"),
        CATEGORIES,
        format_func=lambda code: _tab(code, counts.get(code)),
        key=KEY,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        on_change=_changed,
    )


def _tab(code: Category, count: int | None) -> str:
    look = labels.CATEGORIES[code]
    icon = "" if code == "all" else f":{look.badge}[:material/{look.icon}:] "
    return f"{icon}{_(look.name)}" + ("" if count is None else f" **{number(count)}**")


def _changed() -> None:
    show_chosen(replace(read_view().chosen, category=st.session_state[KEY]))
