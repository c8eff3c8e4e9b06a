"""Tables of which a click opens a row: how they look, which row is open, and which rows are ticked."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from lib.screen.frame import labels

T = TypeVar("T")

ROW_HEIGHT, HEADER_HEIGHT = 30, 38
# A table of which one row is chosen has a scroll bar beyond these.
MOST_SHOWN = 10
# How many pages can be chosen, gaps among them, and the room for each, wider from three digits on, in pixels.
MOST_PAGES, PAGE_WIDTH, DIGIT_WIDTH = 5, 32, 8
NOTHING_SELECTED: dict[str, Any] = {"selection": {"rows": [], "columns": [], "cells": []}}
CLICKED_KEY = "table_clicked"
# The tables of the last run from which it took the selection away.
CLEARED_KEY = "tables_cleared"
ROUND_KEY = "table_round"


@dataclass(frozen=True)
class Ticks(Generic[T]):
    """The table with a key, and the rows that it was drawn with.

    What is ticked is read when it is asked: a click may come together with the last tick.
    """

    key: str
    rows: Sequence[T]

    @property
    def chosen(self) -> list[T]:
        """The rows that are ticked now."""
        places = st.session_state[self.key]["selection"]["rows"] if self.key in st.session_state else []
        return [self.rows[place] for place in places if place < len(self.rows)]


def choice_table(
    shown: pd.DataFrame, rows: Sequence[T], *, key: str, columns: Mapping[str, Any], alt: str, placeholder: str = ""
) -> Ticks[T]:
    """Draws a table of which one row can be chosen, and which of `rows` is; `key` must change with them."""
    st.dataframe(
        shown,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        hide_index=True,
        row_height=ROW_HEIGHT,
        height="content" if len(rows) <= MOST_SHOWN else ROW_HEIGHT * (MOST_SHOWN + 1),
        column_config=dict(columns),
        placeholder=placeholder,
        alt=alt,
    )
    return Ticks(key, rows)


def row_table(
    shown: Styler | pd.DataFrame,
    rows: Sequence[T],
    on_open: Callable[[T], None],
    *,
    key: str,
    columns: Mapping[str, Any],
    alt: str,
    height: int | Literal["content"],
    order: Sequence[str] | None = None,
    with_ticks: bool = False,
) -> None:
    """Draws a table; a click on a row opens what of `rows` stands there. `key` must change with the rows."""
    if not with_ticks:
        _take_selection_away(key)
    st.dataframe(
        shown,
        key=key,
        on_select=lambda: _clicked(key, rows, on_open, with_ticks=with_ticks),
        selection_mode=["multi-row", "single-cell"] if with_ticks else "single-cell",
        hide_index=True,
        height=height,
        row_height=ROW_HEIGHT,
        column_config=dict(columns),
        column_order=order,
        placeholder="",
        alt=alt,
    )


def _take_selection_away(key: str) -> None:
    """A selected cell would not tell of a second click on it, and would keep the toolbar open.

    The browser takes no notice where the run before said so, too: then it is for the next run, and the session must not
    forget the cell meanwhile, or it would take it for clicked anew with whatever is clicked next.
    """
    cleared: set[str] = st.session_state.setdefault(CLEARED_KEY, set())
    if key in cleared:
        cleared.remove(key)
    elif st.session_state.get(key, NOTHING_SELECTED)["selection"]["cells"]:
        st.session_state[key] = NOTHING_SELECTED
        cleared.add(key)


def _clicked(key: str, rows: Sequence[T], on_open: Callable[[T], None], *, with_ticks: bool) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    clicked = (key, cells[0][0]) if cells else None
    # The browser keeps the clicked cell, and tells it again with every tick.
    is_told_again = with_ticks and clicked == st.session_state.get(CLICKED_KEY)
    if with_ticks:
        st.session_state[CLICKED_KEY] = clicked
    if clicked and not is_told_again and clicked[1] < len(rows):
        on_open(rows[clicked[1]])


def toolbar_room() -> None:
    """Leaves room between buttons and a table, whose toolbar would cover them; ticks keep it open."""
    st.space(20)


def height_of(rows: int, most: int) -> int:
    """The height of a table with so many rows, in pixels."""
    return min(most, HEADER_HEIGHT + ROW_HEIGHT * rows)


def pages(last: int, key: str, on_change: Callable[[], None]) -> None:
    """Draws the pages of a long table, of which the last one has this number."""
    # As wide as its content, as by default, it would not get wider again after a list of few pages. With room for fewer
    # than it may show, it shows the first and the last alone.
    width = PAGE_WIDTH * (2 + min(2 * last - 1, MOST_PAGES)) + DIGIT_WIDTH * MOST_PAGES * max(0, len(str(last)) - 2)
    st.pagination(last, key=key, on_change=on_change, max_visible_pages=MOST_PAGES, width=width)


def rounds() -> int:
    """How often ticks were taken away: only a new key makes the browser forget them."""
    return int(st.session_state.get(ROUND_KEY, 0))


def forget_ticks() -> None:
    """Takes all ticks away with the next run."""
    st.session_state[ROUND_KEY] = rounds() + 1


def painted(rows: pd.DataFrame, looks: Sequence[Sequence[str]]) -> Styler:
    """The rows, each cell with its look (CSS), which are given row by row."""
    cells = defaultdict[str, list[str]](list)
    for row, line in enumerate(looks):
        for column, look in enumerate(line):
            if look:
                cells[look].append(f"row{row}_col{column}")
    styles = [
        {"props": [tuple(part.split(":", 1)) for part in look.split(";")], "selectors": places}
        for look, places in cells.items()
    ]
    # One of chance, as pandas gives it, would have the browser draw anew what is the same.
    styler = rows.style.set_uuid("rows")
    # Streamlit would have it make the text of each cell, one by one, for longer than all else of a page takes.
    styler._compute = lambda: styler  # type: ignore[attr-defined]
    styler._translate = lambda *_sparse: {"cellstyle": styles}  # type: ignore[attr-defined]
    return styler


def with_open_row(shown: pd.DataFrame, is_open: Sequence[bool], column: str = "", looks: Sequence[str] = ()) -> Styler:
    """The rows with the open one marked, and a column with the look (CSS) of each of its cells."""
    mark = "background-color: #1d3a66" if labels.is_dark() else "background-color: #dbe9ff"
    every = [[mark if each else ""] * len(shown.columns) for each in is_open]
    if column:
        place = list(shown.columns).index(column)
        for row, look in zip(every, looks, strict=True):
            row[place] = "; ".join(filter(None, [row[place], look]))
    return painted(shown.reset_index(drop=True), every)


def bold(colour: str) -> str:
    """The look of a word in a colour that says more than the others."""
    return f"color: {colour}; font-weight: 600"
