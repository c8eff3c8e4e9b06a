"""A page of Streamlit that does nothing: as many elements as a page of the app, with a table and a chart of its shape.

`streamlit run` gets the census of the app's page, a JSON file, as its argument. Elements that a click needs have the
keys that they have in the app, so one driver clicks on both.
"""

import json
import sys
from pathlib import Path

import pandas as pd
import streamlit as st

COLUMNS, DAYS = 13, 365
CATEGORIES = ("All", "Ongoing", "Missed", "Reopened", "Completed", "Monitored")
TABS = ("Transcript", "Info", "Notes", "Other chats")
SORTS = ("Start", "End", "Wait", "Duration", "Visitor", "Operator", "Rating", "Messages")
COUNTRIES = ("Japan", "Germany", "United States")
# What is drawn by its key is not drawn once more to make up the number.
OWN = {"button_group": 1, "multiselect": 1, "selectbox": 1, "pagination": 1, "dataframe": 1, "vega_lite_chart": 1}

Census = dict[str, dict[str, list[int]]]


def draw(census: Census, ticks: bool) -> None:
    """Draws what the census says: for list and open chat, in side bar and page, each kind with its sizes."""
    st.set_page_config(layout="wide")
    row = st.session_state.get("row")
    counted = census["list" if row is None else "chat"]
    with st.sidebar:
        _fill(counted, "sidebar", {"multiselect": 1, "button": 1})
        st.button("Reset", key="reset_filters", on_click=_reset)
        countries = [*COUNTRIES, *(f"Country {n}" for n in range(20))]
        st.multiselect("Country", countries, key="w_country", accept_new_options=True)
    category = st.segmented_control("Category", CATEGORIES, key="w_category", default="All", wrap=True)
    sort = st.selectbox("Sort by", SORTS, key="w_sort", width=150)
    page = st.pagination(13, key="w_page", max_visible_pages=5)
    if row is None and "page vega_lite_chart" in counted:
        days = pd.date_range("2025-01-01", periods=DAYS)
        st.bar_chart(pd.DataFrame({"day": days, "chats": [n % 7 for n in range(DAYS)]}), x="day", y="chats", height=90)
    places = st.columns(1 if row is None else 2)
    with places[0]:
        chosen = f"{category} {sort} {page} {st.session_state['w_country']}"
        texts = [f"{chosen} {n}" for n in range(counted["page dataframe"][0])]
        st.dataframe(
            pd.DataFrame({f"Column {column}": texts for column in range(COLUMNS)}),
            key=f"chats_{chosen}",
            on_select=_open,
            selection_mode=["multi-row", "single-cell"] if ticks else "single-cell",
            height=750,
            row_height=30,
            hide_index=True,
        )
    if row is not None:
        with places[1], st.container(height=750, key="chat_pane"):
            st.button("Close", key="close_chat", on_click=_show, args=(None,))
            st.button("Next", key="next_chat", on_click=_show, args=(row + 1,))
            st.segmented_control("Part", TABS, key="w_tab", default="Transcript")
            _fill(counted, "page", OWN | {"button": 2, "button_group": 2})
    else:
        _fill(counted, "page", OWN)


def _open() -> None:
    state = st.session_state
    table = next(name for name in state if str(name).startswith("chats_"))
    cells = state[table]["selection"]["cells"]
    if cells and not state[table]["selection"]["rows"]:
        _show(cells[0][0])
        state[table] = {"selection": {"rows": [], "columns": [], "cells": []}}


def _reset() -> None:
    st.session_state["w_country"] = []


def _show(row: int | None) -> None:
    st.session_state["row"] = row


def _fill(counted: dict[str, list[int]], place: str, drawn: dict[str, int]) -> None:
    """Draws the elements of a place, but for those that are drawn with a key."""
    for name, sizes in counted.items():
        where, _, kind = name.partition(" ")
        for n, size in enumerate(sizes[drawn.get(kind, 0) :] if where == place else ()):
            _element(kind, f"{kind} {place} {n}", size)


def _element(kind: str, label: str, size: int) -> None:
    options = [f"Value {n}" for n in range(size)]
    if kind in ("button", "page_link", "download_button"):
        st.button(label, key=label)
    elif kind == "button_group":
        st.segmented_control(label, ("Any", "With", "Without"), key=label)
    elif kind == "multiselect":
        st.multiselect(label, options, key=label, accept_new_options=True)
    elif kind == "selectbox":
        st.selectbox(label, options, key=label)
    elif kind == "text_input":
        st.text_input(label, key=label)
    elif kind == "markdown":
        st.markdown(f"**{label}**")
    elif kind not in ("dataframe", "vega_lite_chart", "space"):
        st.text(label)


if __name__ == "__main__":
    census_file, with_ticks = sys.argv[1:]
    draw(json.loads(Path(census_file).read_text(encoding="utf-8")), with_ticks == "ticks")
