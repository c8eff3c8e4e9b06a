"""The list of the queue: ticks choose chats, a click anywhere else on a row opens its chat."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from lib.chats.causes import CAUSE_NAMES
from lib.chats.channels import channel_name
from lib.language import _, duration, moment_pattern
from lib.screen.chats.table import HEIGHT
from lib.screen.chats.view import show_chat
from lib.screen.frame import labels, session
from lib.screen.missed.looks import STATES as LOOKS
from lib.screen.parts.table import Ticks, bold, height_of, rounds, row_table, with_open_row

SHOWN = (
    "visitor_name", "due_at", "age", "question", "state", "assignee", "started_at", "cause", "repeats",
    "visitor_email", "visitor_phone", "department", "website", "channel",
)  # fmt: skip


def queue_list(chats: pd.DataFrame, open_chat: UUID | None, key: str) -> Ticks[tuple[UUID, int]]:
    """Draws a page of the queue, of which chats with their versions are ticked; `key` must change with the query."""
    ids = list(chats["id"])
    key = f"{key}_{rounds()}"
    row_table(
        _styled(_shown(chats), chats, open_chat),
        ids,
        show_chat,
        key=key,
        height=height_of(len(ids), HEIGHT),
        columns=_columns(narrow=open_chat is not None),
        order=NARROW if open_chat else SHOWN,
        with_ticks=session.may("follow_up") or session.may("mail"),
        alt=_("List of missed chats"),
    )
    return Ticks(key, list(zip(ids, map(int, chats["version"]), strict=True)))


# What comes first while a chat is open: on a small screen the first two are all that there is room for.
_FIRST = ("visitor_name", "due_at", "state")
NARROW = (*_FIRST, *(name for name in SHOWN if name not in _FIRST))
COMPACT = ("visitor_name", "due_at", "age", "question", "assignee", "cause", "visitor_email")
# States in which the visitor waits.
_WAITING = ("to_do", "assigned", "past", "no_contact")


def compact_queue(chats: pd.DataFrame) -> Styler:
    """The few columns of a short queue, with overdue times marked; rows stay in the order of `chats`."""
    return _styled(_shown(chats), chats, None)


def compact_queue_columns() -> dict[str, Any]:
    """How the columns of a short queue look."""
    return {name: look for name, look in _columns(narrow=False).items() if name in COMPACT}


def _shown(chats: pd.DataFrame) -> pd.DataFrame:
    now = pd.Timestamp(session.clock().now)
    return chats.assign(
        age=[
            _age(now - start) if state in _WAITING and pd.notna(start) else ""
            for state, start in zip(chats["state"], chats["started_at"], strict=True)
        ],
        state=[
            _("Window closed") if state == "no_contact" and pd.notna(closed) else _(LOOKS[state].name)
            for state, closed in zip(chats["state"], chats["reply_closed_at"], strict=True)
        ],
        channel=[channel_name(text) or "" if isinstance(text, str) else "" for text in chats["channel"]],
        cause=[_(CAUSE_NAMES[cause]) if cause in CAUSE_NAMES else "" for cause in chats["cause"]],
        repeats=[f"{n} ×" if pd.notna(n) and n > 1 else "" for n in chats["repeats"]],
    )[list(SHOWN)]


def _age(span: pd.Timedelta) -> str:
    """How long a visitor waits, in whole days, or below one in hours or minutes."""
    seconds = max(span.total_seconds(), 0)
    unit = next((each for each in (86400, 3600) if seconds >= each), 60)
    return _("waits {time}", time=duration(seconds // unit * unit))


def _styled(shown: pd.DataFrame, chats: pd.DataFrame, open_chat: UUID | None) -> Styler:
    late = bold(labels.CATEGORIES["missed"].colour)
    now = pd.Timestamp(session.clock().now)
    is_late = chats["state"].isin(["to_do", "assigned"]).to_numpy() & (chats["due_at"] < now).to_numpy()
    return with_open_row(
        shown, [each == open_chat for each in chats["id"]], "due_at", [late if each else "" for each in is_late]
    )


def _columns(*, narrow: bool) -> dict[str, Any]:
    column, zone = st.column_config, session.settings().zone
    return {
        "visitor_name": column.TextColumn(_("Visitor"), width=85 if narrow else 120),
        "state": column.TextColumn(_("State"), width=90 if narrow else 105),
        "due_at": column.DatetimeColumn(_("Due"), format=moment_pattern(), timezone=zone, width=140),
        "assignee": column.TextColumn(_("Assigned to"), width=90),
        "age": column.TextColumn(_("Waits"), width=95, help=_("Since the chat began")),
        "started_at": column.DatetimeColumn(_("Start"), format=moment_pattern(), timezone=zone, width=130),
        "cause": column.TextColumn(_("Why it was missed"), width=140),
        "repeats": column.TextColumn(
            _("Repeated"), width=75, help=_("How often this visitor was missed within 30 days of this chat")
        ),
        "visitor_email": column.TextColumn(_("E-mail"), width=160),
        "visitor_phone": column.TextColumn(_("Phone"), width=110),
        "question": column.TextColumn(_("Question"), width=260),
        "department": column.TextColumn(_("Department"), width=95),
        "website": column.TextColumn(_("Website"), width=130),
        "channel": column.TextColumn(_("Channel"), width=75),
    }
