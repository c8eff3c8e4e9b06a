"""The result as a chart: what goes where is chosen here, and kept in the link."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from lib.language import _, _p, mark
from lib.screen.explore.view import CHART_PARTS, ExploreView, read_explore, show_explore

HEIGHT = 520
MARKS: dict[str, str] = {"bar": mark("Bars"), "line": mark("Line"), "point": mark("Points")}
MODES = {False: ":material/table:", True: ":material/bar_chart:"}
MODE_KEY = "w_explore_mode"
# Above so many values a number is an axis of its own, not a row of names.
MOST_NAMES = 40


def mode(view: ExploreView) -> bool:
    """Draws the choice between table and chart; True for the chart."""
    st.session_state[MODE_KEY] = bool(view.chart)
    st.segmented_control(
        _("Table or chart"),
        list(MODES),
        format_func=MODES.__getitem__,
        key=MODE_KEY,
        required=True,
        on_change=_mode_changed,
        label_visibility="collapsed",
        help=_("Table or chart"),
    )
    return bool(view.chart)


def explore_chart(view: ExploreView, frame: pd.DataFrame, exact: pd.DataFrame) -> None:
    """Draws the choices and the chart of the rows; what the pointer is told has the values as `exact` has them."""
    chosen = settled(view.chart, frame)
    columns = [str(name) for name in frame.columns]
    with st.container(horizontal=True, gap="small"):
        _choice("mark", _("Kind of chart"), list(MARKS), chosen)
        _choice("x", _("Along the bottom"), columns, chosen)
        _choice("y", _("Height"), columns, chosen)
        _choice("colour", _("Colour"), ["", *columns], chosen)
    # Names of columns are people's: the chart knows the columns by their places, and the names as words on its axes.
    names = {name: f"c{place}" for place, name in enumerate(frame.columns)}
    told = {
        f"t{place}": exact[name].astype(str)
        for place, name in enumerate(frame.columns)
        if exact[name].dtype == object and frame[name].dtype != object
    }
    drawn = frame.rename(columns=names).assign(**told)
    st.altair_chart(_chart(drawn, names, chosen), height=HEIGHT, alt=_("Rows of the query as a chart"))


def settled(chart: Any, frame: pd.DataFrame) -> dict[str, str]:
    """The choices, those that do not fit the columns replaced by what does."""
    names = list(frame.columns)
    numbers = [str(name) for name in names if pd.api.types.is_numeric_dtype(frame[name])]
    x = chart.get("x") if chart.get("x") in names else names[0]
    others = [name for name in numbers if name != x] or numbers or names[-1:]
    return {
        "mark": chart.get("mark") if chart.get("mark") in MARKS else "bar",
        "x": x,
        "y": chart.get("y") if chart.get("y") in names else others[0],
        "colour": chart.get("colour") if chart.get("colour") in names else "",
    }


def _choice(part: str, label: str, options: Sequence[str], chosen: dict[str, str]) -> None:
    st.session_state[_key(part)] = chosen[part]
    st.selectbox(
        label,
        options,
        key=_key(part),
        format_func=_shown_mark if part == "mark" else _shown_name,
        on_change=_chart_changed,
        width=200,
    )


def _shown_mark(code: str) -> str:
    return _(MARKS[code])


def _shown_name(name: str) -> str:
    return name or _p("colour of a chart", "None")


def _key(part: str) -> str:
    return f"w_chart_{part}"


def _chart_changed() -> None:
    view = read_explore()
    show_explore(replace(view, chart={part: str(st.session_state[_key(part)]) for part in CHART_PARTS}))


def _mode_changed() -> None:
    view = read_explore()
    show_explore(replace(view, chart={"mark": "bar"} if st.session_state[MODE_KEY] else {}))


def _chart(frame: pd.DataFrame, names: dict[str, str], chosen: dict[str, str]) -> alt.Chart:
    drawn = {"bar": alt.Chart.mark_bar, "line": alt.Chart.mark_line, "point": alt.Chart.mark_point}
    x, y, colour = (chosen[part] for part in ("x", "y", "colour"))
    marks = drawn[chosen["mark"]](alt.Chart(frame))
    tooltip = []
    for name, code in names.items():
        exact = code.replace("c", "t")
        tooltip.append(alt.Tooltip(f"{exact}:N" if exact in frame else f"{code}:{_kind(frame[code])}", title=name))
    encoded = {
        "x": alt.X(f"{names[x]}:{_kind(frame[names[x]], as_names=chosen['mark'] == 'bar')}", title=x, sort=None),
        "y": alt.Y(f"{names[y]}:{_kind(frame[names[y]])}", title=y),
        "tooltip": tooltip,
    }
    if colour:
        as_names = frame[names[colour]].nunique() <= MOST_NAMES
        encoded["color"] = alt.Color(f"{names[colour]}:{_kind(frame[names[colour]], as_names=as_names)}", title=colour)
    chart: alt.Chart = marks.encode(**encoded)
    return chart


def _kind(column: "pd.Series[Any]", *, as_names: bool = False) -> str:
    """The letter by which the chart takes a column: a time, a number, or names."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return "T"
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        return "O" if as_names and column.nunique() <= MOST_NAMES else "Q"
    return "N"
