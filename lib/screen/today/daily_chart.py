"""Chats by day and status, in the colours of the categories; a click on a bar opens its chats."""

from datetime import date, timedelta
from typing import Any

import altair as alt
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
    st.altair_chart(
        _chart(counts, shown),
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


def _chart(counts: pd.DataFrame, days: pd.DatetimeIndex) -> alt.Chart:
    names = {status: _(labels.CATEGORIES[status].name) for status in STATUSES}
    day_names = [short_day(day.date()) for day in days]
    rows = counts.assign(
        status_name=[names[status] for status in counts["status"]],
        rank=[STATUSES.index(status) for status in counts["status"]],
        day_name=[short_day(day.date()) for day in pd.to_datetime(counts["day"])],
        day=[str(day.date()) for day in pd.to_datetime(counts["day"])],
    )[["day", "status", "day_name", "status_name", "rank", "chats"]]
    bars: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(size=22, cursor="pointer")
        .encode(
            x=alt.X(
                "day_name:N",
                sort=day_names,
                scale=alt.Scale(domain=day_names),
                title=None,
                axis=alt.Axis(labelAngle=0),
            ),
            y=alt.Y("chats:Q", title=_p("axis", "Chats"), axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "status_name:N",
                title=None,
                scale=alt.Scale(domain=list(names.values()), range=[labels.CATEGORIES[s].colour for s in STATUSES]),
                legend=alt.Legend(orient="top"),
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("day_name:N", title=_("Day")),
                alt.Tooltip("status_name:N", title=_("Status")),
                alt.Tooltip("chats:Q", title=_p("axis", "Chats")),
            ],
        )
        .add_params(alt.selection_point(name=BAR, fields=["day", "status"], toggle=False))
    )
    return bars
