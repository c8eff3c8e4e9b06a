"""The chats of each day, week, month, weekday or hour as bars, the missed ones of them in front."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lib.language import _, _p, calendar_day
from lib.reports.groups import Group
from lib.screen.frame import labels


def times_chart(found: Sequence[Group], names: Sequence[Any]) -> None:
    """Draws them; `names` says what each time is called."""
    shown = [calendar_day(name) if isinstance(name, date) else name for name in names]
    x = {
        "field": "name",
        "type": "nominal",
        "sort": shown,
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": True},
    }
    tooltip = [
        {"field": "name", "type": "nominal", "title": _("When")},
        {"field": "chats", "type": "quantitative", "title": _p("axis", "Chats")},
        {"field": "missed", "type": "quantitative", "title": _("Missed")},
    ]
    y = {"type": "quantitative", "title": _p("axis", "Chats"), "axis": {"tickMinStep": 1, "format": "d"}}
    bars = [("chats", labels.CATEGORIES["completed"].colour, 0.55), ("missed", labels.CATEGORIES["missed"].colour, 1)]
    chart = {
        "encoding": {"x": x, "tooltip": tooltip},
        "layer": [
            {"mark": {"type": "bar", "color": colour, "opacity": opacity}, "encoding": {"y": y | {"field": field}}}
            for field, colour, opacity in bars
        ],
    }
    rows = [
        {"name": name, "chats": group.now.counts["chats"], "missed": group.now.counts["missed"]}
        for group, name in zip(found, shown, strict=True)
    ]
    st.vega_lite_chart(pd.DataFrame(rows), chart, height=220, alt=_("Chats and missed chats over time"))
    st.caption(_("Bars: all chats, and in front of them those that were missed."))
