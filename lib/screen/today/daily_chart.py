"""Chats by day and status, in the colours of the categories; a click on a bar opens its chats."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.categories import STATUSES
from lib.chats.counts import daily_counts
from lib.chats.filter.filter import ChatFilter
from lib.language import _, _p, number, plural, short_day
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, go

HEIGHT = 240
KEY = "daily_bars"
BAR = "bar"
OPEN_KEY = "open_daily_bar"


def daily_chart(days: int) -> None:
    """Draws the chats that started on each of the last `days` days, today included, by status."""
    today = session.clock().today
    chosen = ChatFilter(period="custom", first_day=today - timedelta(days=days - 1), last_day=today)
    counts = answer(daily_counts, chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**The last {n} days by status**", n=number(days)), width="content")
        st.caption(plural("{n} chat", "{n} chats", int(counts["chats"].sum())), width="content")
        with st.popover("", icon=":material/help:", type="tertiary", help=_("How is this counted?")):
            st.caption(_("Chats that are not deleted, by the day on which they started in the workspace's time zone."))
            st.caption(_("A click on a bar opens its chats."))
    if counts.empty:
        st.caption(_("No chat started in these days."))
        return
    shown = pd.date_range(end=today, periods=days)
    names = _names()
    st.vega_lite_chart(
        counts.assign(
            status_name=[names[status] for status in counts["status"]],
            rank=[STATUSES.index(status) for status in counts["status"]],
            day_name=[short_day(day.date()) for day in pd.to_datetime(counts["day"])],
            day=[str(day.date()) for day in pd.to_datetime(counts["day"])],
        )[["day", "status", "day_name", "status_name", "rank", "chats"]],
        _chart(shown),
        height=HEIGHT,
        key=KEY,
        on_select=_clicked,
        selection_mode=BAR,
        alt=_("Chats by day and status"),
    )
    if bar := st.session_state.pop(OPEN_KEY, None):
        go(CHATS, to_address(ChatView(chats_of(bar))))


def chats_of(bar: dict[str, Any]) -> ChatFilter:
    """The chats that a bar counts, which is given by the columns day and status of its row."""
    day = date.fromisoformat(bar["day"])
    return ChatFilter(category=bar["status"], period="custom", first_day=day, last_day=day)


def _clicked() -> None:
    if bars := st.session_state[KEY]["selection"].get(BAR):
        st.session_state[OPEN_KEY] = bars[0]


def _names() -> dict[str, str]:
    return {status: _(labels.CATEGORIES[status].name) for status in STATUSES}


def _chart(days: pd.DatetimeIndex) -> dict[str, Any]:
    day_names = [short_day(day.date()) for day in days]
    colours = [labels.CATEGORIES[status].colour for status in STATUSES]
    chats = {"field": "chats", "type": "quantitative", "title": _p("axis", "Chats")}
    return {
        "mark": {"type": "bar", "size": 22, "cursor": "pointer"},
        "encoding": {
            "x": {
                "field": "day_name",
                "type": "nominal",
                "sort": day_names,
                "scale": {"domain": day_names},
                "title": None,
                "axis": {"labelAngle": 0},
            },
            "y": chats | {"axis": {"tickMinStep": 1, "format": "d"}},
            "color": {
                "field": "status_name",
                "type": "nominal",
                "title": None,
                "scale": {"domain": list(_names().values()), "range": colours},
                "legend": {"orient": "top"},
            },
            "order": {"field": "rank", "type": "quantitative"},
            "tooltip": [
                {"field": "day_name", "type": "nominal", "title": _("Day")},
                {"field": "status_name", "type": "nominal", "title": _("Status")},
                chats,
            ],
        },
        "params": [{"name": BAR, "select": {"type": "point", "fields": ["day", "status"], "toggle": False}}],
    }
