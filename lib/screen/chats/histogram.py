"""When the chats of the list started, as small bars over the list; a range that is drawn with the mouse narrows it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.histogram import EPOCH, Histogram, Unit, days_of_all
from lib.chats.histogram import histogram as histogram_of
from lib.language import _, _p, calendar_day, current, mark, number, plural, short_day, zone_label
from lib.screen.chats.searching import is_searching
from lib.screen.chats.view import read_view, show_chosen, show_without
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.store import Store

HEIGHT = 62
FOLDED_KEY = "histogram_folded"
FOLDS = {True: "expand_more", False: "expand_less"}
RANGE = "range"
TICKS = 8
# The colour of the category "all" would be lost before the grey.
ACCENT = {True: "#8fc0ff", False: "#1f5fbf"}
GREY = {True: "#4a4d55", False: "#d5d8de"}
# A chart whose highest bar is lower than this share of the grey ones has a scale of its own.
LEAST_SHARE = 0.05
ONE_DAY = timedelta(days=1)

UNITS: dict[Unit, str] = {
    "hour": mark("Chats by hour"),
    "day": mark("Chats by day"),
    "week": mark("Chats by week"),
    "month": mark("Chats by month"),
}


def histogram(chosen: ChatFilter) -> None:
    """Draws the bars of the matching chats before those of all chats; nothing where there is no chat at all."""
    if is_searching(chosen):
        return
    drawing = answer(_drawing, chosen, current(), labels.is_dark())
    if drawing is None:
        return
    found, rows, chart = drawing
    is_folded = bool(st.session_state.get(FOLDED_KEY))
    with st.container(gap=None):
        _head(found, chosen, is_folded=is_folded)
        if not is_folded:
            # By its content: after a range was drawn the chart is another one, on which no range is drawn.
            key = f"histogram_{hash((chosen, found.first, found.last, session.store().moment))}"
            st.vega_lite_chart(
                rows,
                chart,
                height=HEIGHT,
                key=key,
                on_select=lambda: _drawn(key),
                selection_mode=RANGE,
                alt=_(UNITS[found.unit]),
            )


def _drawing(
    chosen: ChatFilter, _language: str, is_dark: bool
) -> tuple[Histogram, pd.DataFrame, dict[str, Any]] | None:
    """The bars, and their chart in words and colours; None where there is no chat at all."""
    found = answer(_histogram, chosen)
    if found.bars.empty or not found.bars["total"].sum():
        return None
    return found, _rows(found), _chart(found, chosen, is_dark=is_dark)


def _histogram(store: Store, chosen: ChatFilter, clock: Clock) -> Histogram:
    """Of the bars, those of all chats are the same under every filter."""
    return histogram_of(store, chosen, clock, answer(days_of_all))


def _head(found: Histogram, chosen: ChatFilter, *, is_folded: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            _(UNITS[found.unit]),
            key="fold_histogram",
            type="tertiary",
            icon=f":material/{FOLDS[is_folded]}:",
            on_click=_fold,
            help=_("Show or hide the bars"),
        )
        # The days that are drawn, and the chats that are not.
        first, last = calendar_day(found.first), calendar_day(found.last)
        parts = [first if first == last else _("{first} to {last}", first=first, last=last)]
        if found.unknown:
            parts.append(plural("{n} chat without a start time", "{n} chats without a start time", found.unknown))
        if found.outside:
            parts.append(plural("{n} chat far outside these days", "{n} chats far outside these days", found.outside))
        st.caption(" · ".join(parts), width="content")
        with st.popover("", icon=":material/help:", type="tertiary", help=_("How is this counted?")):
            st.caption(_how(found))
        if chosen.period != "any":
            st.button(
                _(labels.PERIODS["any"]),
                key="any_time",
                type="tertiary",
                icon=":material/zoom_out_map:",
                on_click=show_without,
                args=("period",),
            )


def _how(found: Histogram) -> str:
    lines = [
        _("In colour the chats that meet all filters, by their start in {zone}; in grey behind them all chats.",
          zone=zone_label(session.settings().zone)),
        _("Draw a range with the mouse to see its chats only; it takes whole days."),
        _("A few chats far apart from all others, as from a wrong clock, are named beside the bars and not drawn, "
          "so that they do not squeeze the others; choose their days under “Started” to see them."),
    ]  # fmt: skip
    if _has_own_scale(found):
        lines.append(_("The grey bars are much higher than the coloured ones here, so they have a scale of their own."))
    return "\n\n".join(lines)


def _has_own_scale(found: Histogram) -> bool:
    return bool(found.bars["chats"].max() < LEAST_SHARE * found.bars["total"].max())


def _fold() -> None:
    st.session_state[FOLDED_KEY] = not st.session_state.get(FOLDED_KEY)


def _drawn(key: str) -> None:
    """Shows the whole days of the range that was drawn."""
    chosen = read_view().chosen
    state = st.session_state.get(key) or {}
    ends = [end for values in dict(state.get("selection", {}).get(RANGE, {})).values() for end in values]
    if len(ends) < 2:
        return
    first, last = _moment(min(ends)).date(), (_moment(max(ends)) - timedelta(microseconds=1)).date()
    show_chosen(replace(chosen, period="custom", first_day=first, last_day=max(first, last)))


def _moment(days: float) -> datetime:
    """A place on the axis as time of the zone; places far off are as near as the calendar allows."""
    return EPOCH + min(max(days, -20_000.0), 80_000.0) * ONE_DAY


def _chart(found: Histogram, chosen: ChatFilter, *, is_dark: bool) -> dict[str, Any]:
    """The Vega-Lite chart as it is sent: Altair would check it against its schema for longer than all else takes."""
    # Days since 1970 in the zone, as plain numbers: a browser would take times for those of its own zone.
    edges = _edges(found)
    # Words for some places on the axis: where bars begin.
    starts = _moments(found.bars["start"])
    some = starts[:: max(1, -(-len(starts) // TICKS))]
    ticks = [((start - EPOCH) / ONE_DAY, _tick(found.unit, start)) for start in some]
    words = json.dumps({f"{place:.4f}": word for place, word in ticks})
    axis = {
        "values": [place for place, _word in ticks],
        "labelExpr": f"{words}[format(datum.value, '.4f')] || ''",
        "title": None,
        "grid": False,
        "labelFlush": True,
        "labelOverlap": "greedy",
    }
    scale = {"domain": [edges[0], _span(*edges[-2:])[1]], "nice": False, "zero": False}
    told = {"when": _p("axis", "Start"), "chats_word": _("Chats that meet all filters"), "total_word": _("All chats")}
    spans = {
        "x": {"field": "from", "type": "quantitative", "scale": scale, "axis": axis},
        "x2": {"field": "to"},
        "tooltip": [{"field": name, "type": "nominal", "title": title} for name, title in told.items()],
    }
    colour = ACCENT[is_dark] if chosen.category == "all" else labels.CATEGORIES[chosen.category].colour
    return {
        "layer": [
            _bars("behind", "total", GREY[is_dark], spans),
            _bars("before", "chats", colour, spans),
        ],
        "params": [{"name": RANGE, "select": {"type": "interval", "encodings": ["x"]}, "views": ["before"]}],
        "resolve": {"scale": {"y": "independent" if _has_own_scale(found) else "shared"}},
        # Else Streamlit leaves room for a legend below.
        "padding": {"bottom": 2},
    }


def _bars(name: str, height: str, colour: str, spans: dict[str, Any]) -> dict[str, Any]:
    y = {"field": height, "type": "quantitative", "axis": None}
    mark = {"type": "rect", "color": colour}
    return {"name": name, "mark": mark, "encoding": spans | {"y": y, "y2": {"datum": 0}}}


def _rows(found: Histogram) -> pd.DataFrame:
    bars = found.bars
    spans = [_span(start, end) for start, end in pairwise(_edges(found))]
    names = []
    for start, end in zip(_moments(bars["start"]), _moments(bars["end"]), strict=True):
        first = calendar_day(start.date())
        if found.unit == "hour":
            names.append(f"{first}, {start:%H:%M}")
        elif found.unit == "day":
            names.append(first)
        else:
            names.append(_("{first} to {last}", first=first, last=calendar_day((end - ONE_DAY).date())))
    return pd.DataFrame(
        {
            "from": [start for start, _end in spans],
            "to": [end for _start, end in spans],
            "chats": bars["chats"],
            "total": bars["total"],
            "when": names,
            "chats_word": [number(int(n)) for n in bars["chats"]],
            "total_word": [number(int(n)) for n in bars["total"]],
        }
    )


def _edges(found: Histogram) -> list[float]:
    """Where bars begin, and where the last one ends, in days since 1970."""
    bars = found.bars
    return [(edge - EPOCH) / ONE_DAY for edge in [*_moments(bars["start"]), *_moments(bars["end"].tail(1))]]


def _span(start: float, end: float) -> tuple[float, float]:
    """Where a bar is drawn: there is a thin gap between it and the next."""
    return start, end - 0.12 * (end - start)


def _moments(column: "pd.Series[pd.Timestamp]") -> list[datetime]:
    return [moment.to_pydatetime() for moment in column]


def _tick(unit: Unit, start: datetime) -> str:
    if unit == "hour":
        return f"{start:%H:%M}"
    return short_day(start.date()) if unit == "day" else calendar_day(start.date())
