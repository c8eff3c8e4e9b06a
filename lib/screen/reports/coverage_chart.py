"""The chart of the coverage: chats, missed ones and operators seen by the hour of the day."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.categories import Category
from lib.language import _
from lib.reports.coverage import Hour
from lib.screen.frame import labels
from lib.screen.reports.groups import hour_range

KEY, BAR, HEIGHT = "report_coverage", "hour", 220
BARS: tuple[tuple[str, Category, float], ...] = (("chats", "completed", 0.55), ("missed", "missed", 1))


def coverage_chart(hours: Sequence[Hour], on_open: Callable[[int], None]) -> None:
    """Draws the hours of the day, from 0 on; a click on a bar opens its hour."""
    st.vega_lite_chart(
        pd.DataFrame(_rows(hours)),
        _chart(),
        height=HEIGHT,
        key=KEY,
        on_select=lambda: _clicked(on_open),
        selection_mode=BAR,
        alt=_("Chats and operators by time of day"),
    )
    st.caption(_("Bars: chats an hour, and in front of them those that were missed. Line: operators seen answering."))


def _clicked(on_open: Callable[[int], None]) -> None:
    if hours := st.session_state[KEY]["selection"].get(BAR):
        on_open(int(hours[0]["hour"]))


def _rows(hours: Sequence[Hour]) -> list[dict[str, Any]]:
    """Each hour with its numbers on average over the days."""
    return [
        {
            "hour": place,
            "time": hour_range(place),
            "chats": hour.chats / max(hour.times, 1),
            "missed": hour.missed / max(hour.times, 1),
            "seen": hour.seen / max(hour.times, 1),
        }
        for place, hour in enumerate(hours)
    ]


def _chart() -> dict[str, Any]:
    names = {"chats": _("Chats an hour"), "missed": _("Missed"), "seen": _("Operators seen")}
    number = {"type": "quantitative", "format": ".1f"}
    tooltip = [
        {"field": "time", "type": "nominal", "title": _("Time of day")},
        *({"field": field, **number, "title": name} for field, name in names.items()),
    ]
    select = {"name": BAR, "select": {"type": "point", "fields": ["hour"], "toggle": False}}
    y = {"type": "quantitative", "title": names["chats"], "axis": {"format": "~g"}}
    bars = [
        {
            "mark": {
                "type": "bar",
                "cursor": "pointer",
                "color": labels.CATEGORIES[category].colour,
                "opacity": opacity,
            },
            "encoding": {"y": y | {"field": field}},
        }
        for field, category, opacity in BARS
    ]
    colour = labels.CATEGORIES["all"].colour
    axis = {"orient": "right", "titleColor": colour, "format": "~g", "grid": False}
    seen = {
        "mark": {"type": "line", "color": colour, "point": {"color": colour}, "interactive": False},
        "encoding": {"y": {"field": "seen", "type": "quantitative", "title": names["seen"], "axis": axis}},
    }
    return {
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
            "tooltip": tooltip,
        },
        "layer": [{"layer": [bars[0] | {"params": [select]}, bars[1]]}, seen],
        "resolve": {"scale": {"y": "independent"}},
    }
