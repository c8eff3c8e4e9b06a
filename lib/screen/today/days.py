"""Yesterday in words, beside what is usual, and today hour by hour; every number and bar opens its chats."""

import pandas as pd
import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.sentence import WEEKDAYS
from lib.language import _, _p, duration, number
from lib.reports.figures import TARGET_S, FigureCode, read, rows_of
from lib.reports.groups import HOURS, group_filter, groups
from lib.reports.usual import WEEKS, Day, chats_of_day
from lib.reports.usual import yesterday as yesterday_of
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, go

TODAY_CHATS = ChatFilter(period="today")
VALUES: tuple[FigureCode, FigureCode] = ("wait", "rating")
KEY, BAR, OPEN_KEY = "hours_of_today", "hour", "open_hour_of_today"
HEIGHT = 110


def yesterday_line() -> None:
    """Draws how many chats were missed yesterday, how long visitors waited and how they rated, and what is usual."""
    found = answer(yesterday_of)
    if not found.tally.counts["chats"]:
        return
    weekday = _(WEEKDAYS[str(found.day.isoweekday())])
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="yesterday"):
        st.markdown(
            _("**Yesterday**"),
            width="content",
            help=_("Usual is the middle of the last {n} days of this weekday ({weekday}).", n=WEEKS, weekday=weekday),
        )
        _part("chats", _("**{n}** chats", n=number(found.tally.counts["chats"])), chats_of_day(found.day))
        missed, wait, rating = (found.tally.counts["missed"], *(read(code, found.tally).value for code in VALUES))
        told = _("Missed **{n}**", n=number(missed))
        usual = None if found.missed is None else number(found.missed, 1 if found.missed % 1 else 0)
        _part("missed", _beside(told, usual, is_worse=missed > (found.missed or 0)), _rows("missed_rate", found))
        if wait is not None:
            told = _("Wait **{span}**", span=duration(wait))
            usual = None if found.wait is None else duration(found.wait)
            _part("wait", _beside(told, usual, is_worse=wait > (found.wait or wait)), _rows("wait", found))
        if rating is not None:
            told = _("Rating **{n}**", n=number(rating, 1))
            usual = None if found.rating is None else number(found.rating, 1)
            _part("rating", _beside(told, usual, is_worse=rating < (found.rating or 0)), _rows("rating", found))


def today_by_hour() -> None:
    """Draws the chats of today by the hour in which they began, the missed ones in front."""
    found = answer(groups, TODAY_CHATS, "hour", TARGET_S)
    by_hour = {int(str(group.key)): group.now.counts for group in found}
    st.markdown(_("**Today by the hour**"))
    if not by_hour:
        st.caption(_("No chat has begun today."))
        return
    counts = [by_hour.get(hour) for hour in range(HOURS)]
    rows = [
        {"hour": hour, "chats": each["chats"] if each else 0, "missed": each["missed"] if each else 0}
        for hour, each in enumerate(counts)
    ]
    y = {"type": "quantitative", "title": None, "axis": {"tickMinStep": 1, "format": "d", "tickCount": 3}}
    tooltip = [
        {"field": "hour", "type": "ordinal", "title": _("Hour")},
        {"field": "chats", "type": "quantitative", "title": _p("axis", "Chats")},
        {"field": "missed", "type": "quantitative", "title": _("Missed")},
    ]
    blue, red = labels.CATEGORIES["completed"].colour, labels.CATEGORIES["missed"].colour
    bars: list[dict[str, object]] = [
        {
            "mark": {"type": "bar", "color": blue, "opacity": 0.55, "cursor": "pointer"},
            "encoding": {"y": y | {"field": "chats"}},
            "params": [{"name": BAR, "select": {"type": "point", "fields": ["hour"], "toggle": False}}],
        },
        {
            "mark": {"type": "bar", "color": red, "interactive": False},
            "encoding": {"y": y | {"field": "missed"}},
        },
    ]
    chart = {
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
            "tooltip": tooltip,
        },
        "layer": bars,
    }
    st.vega_lite_chart(
        pd.DataFrame(rows),
        chart,
        height=HEIGHT,
        key=KEY,
        on_select=_clicked,
        selection_mode=BAR,
        alt=_("Chats of today by the hour"),
    )
    hour = st.session_state.pop(OPEN_KEY, None)
    if hour is not None:
        go(CHATS, to_address(ChatView(group_filter(TODAY_CHATS, "hour", hour, session.clock()))))


def _rows(code: FigureCode, found: Day) -> ChatFilter:
    return rows_of(code, chats_of_day(found.day), TARGET_S, session.clock())


def _beside(told: str, usual: str | None, *, is_worse: bool) -> str:
    if usual is None:
        return told
    beside = _("{figure}, usually {usual}", figure=told, usual=usual)
    return f":red[{beside}]" if is_worse else beside


def _part(name: str, label: str, rows: ChatFilter) -> None:
    if st.button(label, key=f"yesterday_{name}", type="tertiary", help=_("Show these chats")):
        go(CHATS, to_address(ChatView(rows)))


def _clicked() -> None:
    if bars := st.session_state[KEY]["selection"].get(BAR):
        st.session_state[OPEN_KEY] = int(bars[0]["hour"])
