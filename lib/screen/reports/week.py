"""When chats are missed: the missed rate of each hour of the week, with the working hours; a cell opens its chats."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.sentence import WEEKDAYS
from lib.language import _, joined, mark, number, percent, plural
from lib.missed.figures import FEW
from lib.missed.settings import rules_of
from lib.reports.figures import Part, Tally, rows_of_part
from lib.reports.groups import HOURS, cell_filter, heat
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.reports.choices import target_s
from lib.screen.reports.figures import chosen_chats, open_rows

KEY, CELL = "report_week", "cell"
MOST_HOURS = 5
HEIGHT = 260
MINUTES = 60
# From no missed chat to a third and more of them.
WORST_RATE = 0.34
COLOURS = {False: ("#f1f3f4", "#d0463b"), True: ("#262a31", "#f0776c")}
OPEN_HOURS = {False: "#1f5fbf", True: "#8fc0ff"}

AVOIDABLE_MEANING = mark(
    "The five hours of the week with the most missed chats that somebody could have answered: they began in working "
    "hours, and the visitor did not leave at once (causes: bot hand-off failed, assigned but silent, nobody there)."
)

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
    worst = worst_hours(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            _("Could have been answered") if worst else _("None was missed that could have been answered."),
            width="content",
            help=_(AVOIDABLE_MEANING),
        )
        for cell, missed in worst:
            weekday, hour = cell
            st.button(
                f"{_(WEEKDAYS[str(weekday)])} {_span(hour)} · {plural('{n} missed', '{n} missed', missed)}",
                key=f"report_hour_{weekday}_{hour}",
                type="tertiary",
                help=_("Show these chats"),
                on_click=_open,
                args=(cell, "avoidable"),
            )


def worst_hours(found: Mapping[Cell, Tally]) -> list[tuple[Cell, int]]:
    """The hours in which the most chats were missed that somebody could have answered, with how many."""
    missed = {cell: tally.counts["avoidable"] for cell, tally in found.items() if tally.counts["avoidable"]}
    return sorted(missed.items(), key=lambda each: (-each[1], each[0]))[:MOST_HOURS]


def worst_note(found: Mapping[Cell, Tally]) -> str:
    """The same in words."""
    hours = [f"{_(WEEKDAYS[str(day)])} {_span(hour)} ({number(missed)})" for (day, hour), missed in worst_hours(found)]
    if not hours:
        return _("None was missed that could have been answered.")
    return _("Most missed chats that could have been answered: {hours}.", hours=joined(hours))


def week_note() -> str:
    """How the hours are to be read."""
    return _(
        "In each cell: missed chats. The redder, the larger their share of all chats of this hour, up to {worst}. "
        "Pale: fewer than {few} chats. Framed: working hours.",
        worst=percent(WORST_RATE, 0),
        few=number(FEW),
    )


def rows_of_cell(chosen: ChatFilter, cell: Cell, part: Part) -> ChatFilter:
    """The filter that finds a part of the chats of an hour of the week."""
    clock = session.clock()
    return rows_of_part(part, cell_filter(chosen, *cell, clock), target_s(), clock)


def _clicked() -> None:
    if cells := st.session_state[KEY]["selection"].get(CELL):
        _open((int(cells[0]["weekday"]), int(cells[0]["hour"])), "chats")


def _open(cell: Cell, part: Part) -> None:
    open_rows(rows_of_cell(chosen_chats(), cell, part))


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
