"""The list of chats; a click anywhere on a row opens its chat."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from lib.chats.categories import Category
from lib.chats.channels import channel_name
from lib.chats.search.hits import HitKind, snippets
from lib.chats.search.query import parse
from lib.language import _, duration, mark, moment_pattern
from lib.screen.chats.view import show_chat
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.parts.painted import painted

# With the head of the page it fills a window of 900 pixels.
HEIGHT = 750
ROW_HEIGHT = 30
HEADER_HEIGHT = 38
SNIPPET_KINDS: dict[HitKind, str] = {
    "visitor": mark("Visitor"),
    "operator": mark("Operator"),
    "bot": mark("Bot"),
    "system": mark("System"),
    "note": mark("Note"),
    "data": mark("Visitor's data"),
}
NOTHING_SELECTED: dict[str, Any] = {"selection": {"rows": [], "columns": [], "cells": []}}

SHOWN = (
    "visitor_name",
    "visitor_email",
    "operator",
    "started_at",
    "status",
    "question",
    "department",
    "website",
    "channel",
    "wait",
    "duration",
    "rating",
    "message_count",
)

# What comes first while a chat is open: on a small screen the first three are all that there is room for.
NARROW = ("visitor_name", "started_at", "status", "visitor_email", "operator")
# While words are searched for, the text around the first hit comes next to who and when.
WITH_SNIPPET = ("visitor_name", "started_at", "snippet")


def chat_list(chats: pd.DataFrame, open_chat: UUID | None, key: str, words: str = "") -> None:
    """Draws a page of the list with the open chat marked, and with what is found; `key` must change with the query."""
    ids = list(chats["id"])
    shown = _shown(chats)
    if parse(words).sought:
        shown["snippet"] = _snippets(ids, words)
    st.dataframe(
        _styled(shown, _categories(chats), [chat_id == open_chat for chat_id in ids]),
        key=key,
        on_select=lambda: _open_clicked(key, ids),
        selection_mode="single-cell",
        hide_index=True,
        height=min(HEIGHT, HEADER_HEIGHT + ROW_HEIGHT * len(ids)),
        row_height=ROW_HEIGHT,
        column_config=_columns() | (_narrow_columns() if open_chat else {}),
        column_order=_order(narrow=open_chat is not None, with_snippet="snippet" in shown),
        placeholder="",
        alt=_("List of chats"),
    )


def _order(*, narrow: bool, with_snippet: bool) -> list[str]:
    first = (WITH_SNIPPET if with_snippet else ()) + (NARROW if narrow else ())
    return list(dict.fromkeys([*first, *SHOWN]))


def _snippets(ids: list[UUID], words: str) -> list[str]:
    found = answer(snippets, parse(words), tuple(ids))
    return [f"{_(SNIPPET_KINDS[found[each].kind])}: {found[each].text}" if each in found else "" for each in ids]


def _shown(chats: pd.DataFrame) -> pd.DataFrame:
    return chats.assign(
        channel=[channel_name(text) or "" if isinstance(text, str) else "" for text in chats["channel"]],
        status=[_(labels.CATEGORIES[category].name) for category in _categories(chats)],
        wait=[duration(seconds) if pd.notna(seconds) else "" for seconds in chats["wait_s"]],
        duration=[duration(seconds) if pd.notna(seconds) else "" for seconds in chats["duration_s"]],
    )[list(SHOWN)]


def _categories(chats: pd.DataFrame) -> list[Category]:
    return [
        "monitored" if monitored and status == "ongoing" else status
        for status, monitored in zip(chats["status"], chats["monitored"], strict=True)
    ]


def _styled(shown: pd.DataFrame, categories: list[Category], is_open: list[bool]) -> Styler:
    highlight = open_row_style()
    status_column = SHOWN.index("status")

    looks = [[highlight if each else ""] * len(shown.columns) for each in is_open]
    for category, row in zip(categories, looks, strict=True):
        row[status_column] += f"; color: {labels.CATEGORIES[category].colour}; font-weight: 600"
    return painted(shown.reset_index(drop=True), looks)


def open_row_style() -> str:
    """How the row of the open chat is marked."""
    return "background-color: #1d3a66" if labels.is_dark() else "background-color: #dbe9ff"


def _columns() -> dict[str, Any]:
    column = st.column_config
    zone = session.settings().zone
    return {
        "visitor_name": column.TextColumn(_("Visitor"), width=120),
        "visitor_email": column.TextColumn(_("E-mail"), width=150),
        "operator": column.TextColumn(_("Operator"), width=85),
        "started_at": column.DatetimeColumn(_("Start"), format=moment_pattern(), timezone=zone, width=135),
        "snippet": column.TextColumn(_("Found"), width=420),
        "status": column.TextColumn(_("Status"), width=110),
        "question": column.TextColumn(_("Question"), width=260),
        "department": column.TextColumn(_("Department"), width=95),
        "website": column.TextColumn(_("Website"), width=130),
        "channel": column.TextColumn(_("Channel"), width=75),
        "wait": column.TextColumn(_("Wait"), width=85, alignment="right"),
        "duration": column.TextColumn(_("Duration"), width=95, alignment="right"),
        "rating": column.NumberColumn(_("Rating"), width=65, help=_("From 1 (worst) to 5 (best)")),
        "message_count": column.NumberColumn(
            _("Messages"), width=80, help=_("Entries of the transcript without notes")
        ),
    }


def _narrow_columns() -> dict[str, Any]:
    """The first columns, narrow, while a chat is open."""
    column, zone = st.column_config, session.settings().zone
    return {
        "visitor_name": column.TextColumn(_("Visitor"), width=85),
        "visitor_email": column.TextColumn(_("E-mail"), width=110),
        "operator": column.TextColumn(_("Operator"), width=75),
        "snippet": column.TextColumn(_("Found"), width=300),
        "started_at": column.DatetimeColumn(_("Start"), format=moment_pattern(), timezone=zone, width=130),
        "status": column.TextColumn(_("Status"), width=105),
    }


def _open_clicked(key: str, ids: list[UUID]) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    if cells and cells[0][0] < len(ids):
        show_chat(ids[cells[0][0]])
    # A selected cell would not tell of a second click on it, and would keep the toolbar open.
    st.session_state[key] = NOTHING_SELECTED
