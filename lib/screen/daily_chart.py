"""Chats by day and status, in the colours of the categories."""

from datetime import timedelta

import altair as alt
import pandas as pd
import streamlit as st

from lib.chats.categories import STATUSES
from lib.chats.chat_filter import ChatFilter
from lib.language import _, _p, number, plural, short_day
from lib.screen import labels, session
from lib.screen.answers import daily_counts

HEIGHT = 240


def daily_chart(days: int) -> None:
    """Draws the chats that started on each of the last `days` days, today included, by status."""
    today = session.clock().today
    chosen = ChatFilter(period="custom", first_day=today - timedelta(days=days - 1), last_day=today)
    counts = daily_counts(chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**The last {n} days by status**", n=number(days)), width="content")
        st.caption(plural("{n} chat", "{n} chats", int(counts["chats"].sum())), width="content")
        with st.popover("", icon=":material/help:", type="tertiary", help=_("How is this counted?")):
            st.caption(_("Chats that are not deleted, by the day on which they started in the workspace's time zone."))
    if counts.empty:
        st.caption(_("No chat started in these days."))
        return
    shown = pd.date_range(end=today, periods=days)
    st.altair_chart(_chart(counts, shown), height=HEIGHT, alt=_("Chats by day and status"))


def _chart(counts: pd.DataFrame, days: pd.DatetimeIndex) -> alt.Chart:
    names = {status: _(labels.CATEGORIES[status].name) for status in STATUSES}
    day_names = [short_day(day.date()) for day in days]
    rows = counts.assign(
        status_name=[names[status] for status in counts["status"]],
        rank=[STATUSES.index(status) for status in counts["status"]],
        day_name=[short_day(day.date()) for day in pd.to_datetime(counts["day"])],
    )[["day_name", "status_name", "rank", "chats"]]
    bars: alt.Chart = (
        alt.Chart(rows)
        .mark_bar(size=22)
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
    )
    return bars
