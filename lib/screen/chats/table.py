"""The list of chats; a click anywhere on a row opens its chat."""

from functools import cache, partial
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats.accounts import FIRST, Account, account_name, accounts, has_several
from lib.chats.categories import Category
from lib.chats.columns import BY_NAME, Column, value_name
from lib.chats.search.hits import HitKind, snippets
from lib.chats.search.query import parse
from lib.language import _, duration, mark, moment_pattern
from lib.screen.chats.view import show_chat
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.parts.table import bold, height_of, row_table, with_open_row

# With the head of the page it fills a window of 900 pixels.
HEIGHT = 750
SNIPPET_KINDS: dict[HitKind, str] = {
    "visitor": mark("Visitor"),
    "operator": mark("Operator"),
    "bot": mark("Bot"),
    "system": mark("System"),
    "note": mark("Note"),
    "data": mark("Visitor's data"),
}

# Columns of a chat, in the order of the list.
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
    "wait_s",
    "duration_s",
    "rating",
    "message_count",
    # Where a system has several.
    "account",
)

# Those that are told in words; a status says more than its column.
TOLD = {
    name
    for name in SHOWN
    if BY_NAME[name].kind == "duration" or (BY_NAME[name].offered and BY_NAME[name].kind != "number")
}

HELP = {"rating": mark("From 1 (worst) to 5 (best)"), "message_count": mark("Entries of the transcript without notes")}

# What comes first while a chat is open, and how wide: on a small screen the first three are all that there is room for.
NARROW = {"visitor_name": 85, "started_at": 130, "status": 105, "visitor_email": 110, "operator": 75}
# While words are searched for, the text around the first hit comes next to who and when.
WITH_SNIPPET = ("visitor_name", "started_at", "snippet")


def chat_list(chats: pd.DataFrame, open_chat: UUID | None, key: str, words: str = "") -> None:
    """Draws a page of the list with the open chat marked, and with what is found; `key` must change with the query."""
    ids = list(chats["id"])
    known = answer(accounts)
    shown = _shown(chats, known)
    if parse(words).sought:
        found = answer(snippets, parse(words), tuple(ids))
        shown["snippet"] = [
            f"{_(SNIPPET_KINDS[found[each].kind])}: {found[each].text}" if each in found else "" for each in ids
        ]
    narrow = {} if open_chat is None else NARROW
    first = (WITH_SNIPPET if "snippet" in shown else ()) + tuple(narrow)
    widths = {name: BY_NAME[name].width for name in SHOWN} | narrow
    columns = {name: _column(BY_NAME[name], width) for name, width in widths.items()}
    row_table(
        with_open_row(
            shown,
            [chat_id == open_chat for chat_id in ids],
            "status",
            [bold(labels.CATEGORIES[each].colour) for each in _categories(chats)],
        ),
        ids,
        show_chat,
        key=key,
        height=height_of(len(ids), HEIGHT),
        columns={"snippet": st.column_config.TextColumn(_("Found"), width=300 if narrow else 420)} | columns,
        order=[name for name in dict.fromkeys([*first, *SHOWN]) if name != "account" or has_several(known)],
        alt=_("List of chats"),
    )


def _shown(chats: pd.DataFrame, known: list[Account]) -> pd.DataFrame:
    if has_several(known):
        names = {(each.system, each.account): account_name(known, each.system, each.account or None) for each in known}
        pairs = zip(chats["system"], chats["account"].fillna(FIRST), strict=True)
        chats = chats.assign(account=[names.get(pair) or "" for pair in pairs])
    told = {name: list(map(cache(partial(_told, BY_NAME[name])), chats[name])) for name in SHOWN if name in TOLD}
    return chats.assign(**told, status=[_(labels.CATEGORIES[each].name) for each in _categories(chats)])[list(SHOWN)]


def _told(column: Column, value: Any) -> str:
    """A value in words; empty where it is not known."""
    if not pd.notna(value):
        return ""
    return duration(value) if column.kind == "duration" else value_name(column.code, value)


def _categories(chats: pd.DataFrame) -> list[Category]:
    return [
        "monitored" if monitored else status
        for status, monitored in zip(chats["status"], chats["monitored"], strict=True)
    ]


def _column(shown: Column, width: int) -> Any:
    config, heading = st.column_config, _(shown.heading)
    if shown.kind == "moment":
        return config.DatetimeColumn(heading, format=moment_pattern(), timezone=session.settings().zone, width=width)
    if shown.kind == "number":
        return config.NumberColumn(heading, width=width, help=_(HELP[shown.name]))
    return config.TextColumn(heading, width=width, alignment="right" if shown.kind == "duration" else None)
