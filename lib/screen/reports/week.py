"""When chats are missed: the missed rate of each hour of the week, with the working hours; a cell opens its chats."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.sentence import WEEKDAYS
from lib.language import _, number, percent, plural
from lib.missed.figures import FEW
from lib.missed.settings import rules_of
from lib.reports.figures import Tally
from lib.reports.groups import HOURS, cell_filter, heat
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.reports.choices import target_s
from lib.screen.reports.figures import chosen_chats, open_rows

KEY, CELL = "report_week", "cell"
MOST_MISSED = 5
HEIGHT = 260
MINUTES = 60
# From no missed chat to a third and more of them.
WORST_RATE = 0.34
COLOURS = {False: ("#f1f3f4", "#d0463b"), True: ("#262a31", "#f0776c")}
OPEN_HOURS = {False: "#1f5fbf", True: "#8fc0ff"}

Cell = tuple[int, int]


def report_week() -> None:
    """Draws the hours of the week, and those in which most chats were missed."""
    chosen = chosen_chats()
    found = answer(heat, chosen, target_s())
    if not found:
        return
    st.markdown(_("**Missed rate by weekday and hour**"))
    st.vega_lite_chart(
        pd.DataFrame(hours_of_week(found)),
        _chart(),
        height=HEIGHT,
        key=KEY,
        on_select=_clicked,
        selection_mode=CELL,
        alt=_("Missed rate by weekday and hour"),
    )
    st.caption(f"{week_note()} {_('A click opens the chats.')}")
    missed = {cell: tally.counts["missed"] for cell, tally in found.items() if tally.counts["missed"]}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("Most missed chats") if missed else _("None was missed."), width="content")
        for cell in sorted(missed, key=lambda cell: (-missed[cell], cell))[:MOST_MISSED]:
            weekday, hour = cell
            st.button(
                f"{_(WEEKDAYS[str(weekday)])} {_span(hour)} · {plural('{n} missed', '{n} missed', missed[cell])}",
                key=f"report_hour_{weekday}_{hour}",
                type="tertiary",
                help=_("Show these chats"),
                on_click=_open,
                args=(cell,),
                kwargs={"only_missed": True},
            )


def week_note() -> str:
    """How the hours are to be read."""
    return _(
        "In each cell: missed chats. The redder, the larger their share of all chats of this hour, up to {worst}. "
        "Pale: fewer than {few} chats. Framed: working hours.",
        worst=percent(WORST_RATE, 0),
        few=number(FEW),
    )


def rows_of_cell(chosen: ChatFilter, cell: Cell, *, only_missed: bool) -> ChatFilter:
    """The filter that finds the chats of an hour of the week, or those among them that were missed."""
    rows = cell_filter(chosen, *cell, session.clock())
    return replace(rows, category="missed") if only_missed else rows


def _clicked() -> None:
    if cells := st.session_state[KEY]["selection"].get(CELL):
        _open((int(cells[0]["weekday"]), int(cells[0]["hour"])), only_missed=False)


def _open(cell: Cell, *, only_missed: bool) -> None:
    open_rows(rows_of_cell(chosen_chats(), cell, only_missed=only_missed))


def _span(hour: int) -> str:
    return f"{hour}:00–{(hour + 1) % HOURS}:00"


def hours_of_week(found: dict[Cell, Tally]) -> list[dict[str, Any]]:
    """The hours from Monday on, each with its numbers, in words too; its `opacity` tells whether it says much."""
    hours = rules_of(session.store()).hours.weekdays
    rows = []
    for weekday in range(1, 8):
        opens, closes = hours.get(weekday, (0, 0))
        for hour in range(HOURS):
            tally = found.get((weekday, hour))
            chats, missed = (tally.counts["chats"], tally.counts["missed"]) if tally else (0, 0)
            rows.append(
                {
                    "weekday": weekday,
                    "hour": hour,
                    "day": _(WEEKDAYS[str(weekday)]),
                    "time": _span(hour),
                    "rate": missed / chats if chats else 0,
                    "told": percent(missed / chats, 1) if chats else "",
                    "missed": missed,
                    "chats": chats,
                    "label": number(missed) if missed else "",
                    "opacity": 0 if not chats else 0.45 if chats < FEW else 1,
                    # An hour of which a part is worked in counts as one in which people work.
                    "is_open": opens < (hour + 1) * MINUTES and closes > hour * MINUTES,
                }
            )
    return rows


def _chart() -> dict[str, Any]:
    is_dark = labels.is_dark()
    days = [_(name) for name in WEEKDAYS.values()]
    tooltip = [
        {"field": name, "type": "nominal", "title": title}
        for name, title in {
            "day": _("Day"),
            "time": _("Time of day"),
            "told": _("Missed rate"),
            "missed": _("Missed"),
            "chats": _("All chats"),
        }.items()
    ]
    colour = {
        "field": "rate",
        "type": "quantitative",
        "scale": {"domain": [0, WORST_RATE], "clamp": True, "range": [*COLOURS[is_dark]], "interpolate": "rgb"},
        "legend": None,
    }
    frame = {
        "condition": {"test": "datum.is_open", "value": OPEN_HOURS[is_dark]},
        "value": "transparent",
    }
    opacity = {"field": "opacity", "type": "quantitative", "scale": None, "legend": None}
    return {
        "encoding": {
            "x": {
                "field": "hour",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": 0, "orient": "top", "domain": False, "ticks": False},
            },
            "y": {
                "field": "day",
                "type": "ordinal",
                "sort": days,
                "scale": {"domain": days},
                "title": None,
                "axis": {"domain": False, "ticks": False},
            },
            "tooltip": tooltip,
        },
        "layer": [
            {
                "mark": {"type": "rect", "cursor": "pointer", "cornerRadius": 2, "strokeWidth": 1},
                "encoding": {"color": colour, "fillOpacity": opacity, "stroke": frame},
                "params": [{"name": CELL, "select": {"type": "point", "fields": ["weekday", "hour"], "toggle": False}}],
            },
            {
                "mark": {"type": "text", "fontSize": 11, "interactive": False},
                "encoding": {
                    "text": {"field": "label", "type": "nominal"},
                    "color": {"value": "#f5f5f5" if is_dark else "#1a1c20"},
                },
            },
        ],
    }
