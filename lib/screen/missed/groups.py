"""The figures on missed chats by day, week, operator or department, and what they are called and mean; a click on a row
narrows the filters to it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, calendar_day, date_pattern, mark, number, short_day
from lib.missed.figures import FEW, FigureCode, Reading, Tally, read
from lib.missed.groups import GROUPINGS, Group, GroupBy, group_filter, groups
from lib.missed.queue import without_tab
from lib.missed.spans import Span
from lib.screen.chats.value_lists import value_labels
from lib.screen.chats.view import read_view
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.missed.looks import show_missed
from lib.screen.parts.figure import WHY_GREY, Words
from lib.screen.parts.table import painted, row_table

NAMES: Mapping[GroupBy, str] = {
    "day": mark("Day"),
    "week": mark("Week"),
    "operator": mark("Operator"),
    "department": mark("Department"),
}
SHARES: tuple[FigureCode, ...] = ("missed_rate", "reachable", "contacted", "recovered", "came_back")
COLUMN_ORDER = (
    *("name", "missed", "chats", "missed_rate", "rate_before", "reachable", "contacted", "recovered", "came_back"),
    "contact_time",
)
# Beyond this many days the chart shows only those that have chats.
MOST_DAYS, YEAR = timedelta(days=92), timedelta(days=365)
# More are of no use to a reader, and too much for the table's colours.
MOST_GROUPS = 1000
RATE_BEFORE = mark(
    "The missed rate of the same group in the days before; of a day, that of the same weekday so many weeks earlier."
)
HOUR_S = 3600
PERCENT = "%.1f%%"
GREY = "color: #8a8f98"


WORDS: Mapping[FigureCode, Words] = {
    "missed": Words(
        mark("Missed"), mark("Chats that nobody took, by the day on which they started; those that are past too.")
    ),
    "missed_rate": Words(
        mark("Missed rate"),
        mark(
            "Missed chats as a share of all chats that started on the same days and match the filters. "
            "Filters that only missed chats can match narrow the missed chats alone."
        ),
    ),
    "reachable": Words(
        mark("Reachable"),
        mark(
            "Missed chats with an e-mail address or a phone number, or that can be answered in their channel still, "
            "as a share of the missed ones."
        ),
    ),
    "contact_time": Words(
        mark("Time to contact"),
        mark("From the start of a missed chat to the first contact: half of the contacted ones took less (median)."),
    ),
    "contacted": Words(mark("Contacted"), mark("Missed chats that somebody contacted, as a share of the missed ones.")),
    "recovered": Words(
        mark("Recovered"),
        mark("Missed chats whose visitor was served by a person after the contact, as a share of the contacted ones."),
    ),
    "came_back": Words(
        mark("Came back"),
        mark(
            "Missed chats whose visitor was soon served by a person, before anybody contacted them, "
            "as a share of the missed ones."
        ),
    ),
}


def groups_table(chosen: ChatFilter, span: Span | None) -> None:
    """Draws the choice of groups, the table, and for days a chart of the missed rate."""
    by: GroupBy = st.segmented_control(
        _("Figures by"),
        GROUPINGS,
        default="day",
        required=True,
        format_func=lambda code: _(NAMES[code]),
        key="w_figures_by",
        label_visibility="collapsed",
        persist_state="session",
    )
    found = answer(groups, chosen, by)[:MOST_GROUPS]
    if not found:
        st.caption(_("No chat started in these days."))
        return
    with st.grid(2 if by == "day" and span else 1, min_column_width=420, gap="small") as grid:
        with grid.cell():
            _table(found, by, chosen)
        if by == "day" and span:
            with grid.cell():
                _chart(found, span)


def _table(found: Sequence[Group], by: GroupBy, chosen: ChatFilter) -> None:
    names: list[date | str]
    match by:
        case "day" | "week":
            names = [group.key if isinstance(group.key, date) else _("No value") for group in found]
        case _:
            names = [*value_labels(by, dict.fromkeys(str(group.key) for group in found)).values()]
    rows = pd.DataFrame([_row(group, name) for group, name in zip(found, names, strict=True)])
    # The shares of few chats are grey.
    looks = []
    for group in found:
        readings: dict[str, Reading] = {code: read(code, group.now) for code in (*SHARES, "contact_time")}
        readings["rate_before"] = read("missed_rate", group.before or Tally())
        few = {code for code, reading in readings.items() if reading.is_small}
        looks.append([GREY if column in few else "" for column in rows.columns])
    key = f"figures_{by}_{hash((chosen, session.store().moment))}"
    row_table(
        painted(rows, looks),
        [group.key for group in found],
        lambda group: _narrow_to(by, group),
        key=key,
        height="content" if len(found) <= 9 else 320,
        columns=_columns(by),
        order=COLUMN_ORDER,
        alt=_("Figures on missed chats by group"),
    )
    st.caption(_("A click on a row narrows the filters to it.") + " " + _(WHY_GREY, few=number(FEW)))


def _narrow_to(by: GroupBy, group: str | date) -> None:
    whole = without_tab(read_view().chosen, session.actor())
    show_missed(group_filter(whole, by, group, session.clock()))


def _row(group: Group, name: date | str) -> dict[str, object]:
    now, before = group.now, group.before
    shares: dict[str, object] = {code: _percent(read(code, now).value) for code in SHARES}
    return {
        "name": name,
        "missed": now.missed,
        "chats": now.chats,
        **shares,
        "rate_before": _percent(read("missed_rate", before).value) if before else None,
        "contact_time": None if now.contact_s is None else now.contact_s / HOUR_S,
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _columns(by: GroupBy) -> dict[str, Any]:
    column = st.column_config
    shares: dict[str, Any] = {
        code: column.NumberColumn(_(WORDS[code].name), help=_(WORDS[code].meaning), format=PERCENT) for code in SHARES
    }
    day = column.DateColumn(_(NAMES[by]), format=date_pattern(), pinned=True)
    return shares | {
        "name": day if by in ("day", "week") else column.TextColumn(_(NAMES[by]), pinned=True),
        "missed": column.NumberColumn(_(WORDS["missed"].name), help=_(WORDS["missed"].meaning)),
        "chats": column.NumberColumn(_("All chats"), help=_("All chats of which the missed rate is a share.")),
        "rate_before": column.NumberColumn(_("Rate before"), help=_(RATE_BEFORE), format=PERCENT),
        "contact_time": column.NumberColumn(
            _("Contact after (h)"), help=_(WORDS["contact_time"].meaning), format="%.1f"
        ),
    }


def _chart(found: Sequence[Group], span: Span) -> None:
    """The missed rate of each day as a bar, and that of the day in the span before as a line."""
    names = [short_day(day) if span.length < YEAR else calendar_day(day) for day in _shown_days(found, span)]
    x = {
        "field": "day_name",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names},
        "title": None,
        "axis": {"labelAngle": 0, "labelOverlap": True},
    }
    rate = {"field": "rate", "type": "quantitative", "title": _("Missed rate"), "axis": {"format": ".0%"}}
    opacity = {"condition": {"test": "datum.is_few", "value": 0.4}, "value": 1}
    bars = {"type": "bar", "color": labels.CATEGORIES["missed"].colour}
    line = {"type": "line", "color": labels.CATEGORIES["all"].colour, "strokeDash": [4, 3]}
    chart = {
        "encoding": {"x": x},
        "layer": [
            {"mark": bars, "encoding": {"y": rate, "opacity": opacity, "tooltip": _tooltip()}},
            {"mark": line, "encoding": {"y": {"field": "rate_before", "type": "quantitative"}}},
        ],
    }
    rows = [
        {
            "day_name": short_day(group.key) if span.length < YEAR else calendar_day(group.key),
            "rate": read("missed_rate", group.now).value,
            "rate_before": read("missed_rate", group.before or Tally()).value,
            "missed": group.now.missed,
            "chats": group.now.chats,
            "is_few": read("missed_rate", group.now).is_small,
        }
        for group in found
        if isinstance(group.key, date)
    ]
    st.vega_lite_chart(pd.DataFrame(rows), chart, height=300, alt=_("Missed rate by day"))
    st.caption(_("Bars: the missed rate of each day, pale where it is a share of few chats. Dashed: the days before."))


def _shown_days(found: Sequence[Group], span: Span) -> list[date]:
    if span.length <= MOST_DAYS:
        return [span.first + timedelta(days=n) for n in range(span.length.days)]
    return sorted(group.key for group in found if isinstance(group.key, date))


def _tooltip() -> list[dict[str, str]]:
    share = {"type": "quantitative", "format": ".1%"}
    return [
        {"field": "day_name", "type": "nominal", "title": _("Day")},
        {"field": "rate", **share, "title": _("Missed rate")},
        {"field": "missed", "type": "quantitative", "title": _("Missed")},
        {"field": "chats", "type": "quantitative", "title": _("All chats")},
        {"field": "rate_before", **share, "title": _("Rate before")},
    ]
