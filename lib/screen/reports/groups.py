"""The figures by time or by what is known of a chat, as a table and, of times, a chart; a row opens its chats."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, get_args

import pandas as pd
import streamlit as st

from lib.chats.categories import Status
from lib.chats.columns import value_name
from lib.chats.filter.filter import LIST_FIELDS, NO_VALUE, as_stored
from lib.chats.filter.sentence import WEEKDAYS
from lib.language import _, date_pattern, mark, number
from lib.missed.figures import FEW, Reading, Unit
from lib.missed.spans import span_of
from lib.reports.document import Heading
from lib.reports.duty import Duty
from lib.reports.figures import FIGURES, NOTHING, FigureCode, Tally, read
from lib.reports.groups import (
    GROUPINGS,
    HOURS,
    ORDERS,
    TIME_GROUPS,
    Group,
    GroupBy,
    Key,
    every_time,
    group_filter,
    groups,
    has_own_order,
    ranked,
)
from lib.screen.chats.value_lists import value_labels
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.parts.figure import WHY_GREY
from lib.screen.parts.table import painted, row_table
from lib.screen.reports.choices import BY_KEY, ORDER_KEY, keep_choices, ordered_by, target_s, worked
from lib.screen.reports.duty import DUTY_NOTE, ON_DUTY, duties_of
from lib.screen.reports.figures import WORDS, chosen_chats, open_rows
from lib.screen.reports.times_chart import times_chart

NAMES: Mapping[GroupBy, str] = {
    "day": mark("Day"),
    "week": mark("Week"),
    "month": mark("Month"),
    "weekday": mark("Weekday"),
    "hour": mark("Time of day"),
    "operator": mark("Operator"),
    "department": mark("Department"),
    "channel": mark("Channel"),
    "website": mark("Website"),
    "country": mark("Country"),
    "language": mark("Language"),
    "account": mark("Account"),
    "system": mark("System"),
    "status": mark("Status"),
    "rating": mark("Rating"),
}
RATE_BEFORE = mark("The missed rate of the same group in the days before.")
# Of what a bar in its cell tells how much it is, from the least to the most that it can be.
SCALES: Mapping[str, tuple[int, int]] = {
    "missed_rate": (0, 100), "in_time": (0, 100), "rating": (1, 5), "low": (0, 100),
}  # fmt: skip
# More are of no use to a reader, and too much for the table's colours.
MOST_GROUPS = 1000
SHOWN_ROWS = 12
MINUTE_S = 60
GREY = "color: #8a8f98"
ORDER = (
    *("name", "chats", "missed", "missed_rate", "rate_before", "on_duty", "wait", "wait_90", "wait_95", "in_time"),
    *("duration", "messages", "rating", "rated", "low", "commented", "reopened", "alone"),
)


def report_groups() -> None:
    """Draws the choice of groups, the table, and for times a chart above it."""
    chosen = chosen_chats()
    with st.container(horizontal=True, gap="small"):
        by: GroupBy = st.selectbox(
            _("Figures by"),
            GROUPINGS,
            format_func=lambda code: _("By: {name}", name=_(NAMES[code])),
            key=BY_KEY,
            on_change=keep_choices,
            label_visibility="collapsed",
            width=220,
        )
        if not has_own_order(by):
            st.selectbox(
                _("Order"),
                ORDERS,
                format_func=lambda code: _("Order: {name}", name=_(WORDS[code].name)),
                key=ORDER_KEY,
                on_change=keep_choices,
                label_visibility="collapsed",
                width=220,
            )
    found, span = answer(groups, chosen, by, target_s(), worked()), span_of(chosen, session.clock())
    if by in TIME_GROUPS and span is None:
        st.caption(_("Chats without a start time belong to no day or hour."))
        return
    if not found:
        st.caption(_("No chat of these days meets the filters."))
        return
    if by in TIME_GROUPS and span:
        times = every_time(found, by, span)
        times_chart(times, names_of(by, [group.key for group in times]))
    left, found = len(found) - MOST_GROUPS, in_order(by, found, ordered_by())[:MOST_GROUPS]
    if left > 0:
        st.caption(
            _("The table has the first {n}; {left} more are left out.", n=number(MOST_GROUPS), left=number(left))
        )
    names = names_of(by, [group.key for group in found])
    duties = duties_of(by, chosen)
    rows = pd.DataFrame([_row(group, name, duties) for group, name in zip(found, names, strict=True)])
    row_table(
        painted(rows, [_looks(group, list(rows.columns), duties) for group in found]),
        [group.key for group in found],
        partial(_open, by),
        key=f"report_{by}_{ordered_by()}_{hash((chosen, target_s(), worked(), session.store().moment))}",
        height="content" if len(found) <= SHOWN_ROWS else 420,
        columns=_columns(by, found),
        # What no group has is no column.
        order=[name for name in ORDER if name in ("name", "chats", "missed") or rows[name].notna().any()],
        alt=_("Figures by group"),
    )
    notes = [_("A click on a row opens its chats."), _(WHY_GREY, few=number(FEW))]
    if not has_own_order(by):
        notes.append(
            _(
                "The most chats, or the worst of a figure, come first, and groups with fewer than {few} such chats "
                "last; a click on a heading orders all rows alike.",
                few=number(FEW),
            )
        )
    st.caption(" ".join(notes + ([_(DUTY_NOTE)] if duties else [])))


def _open(by: GroupBy, key: Key) -> None:
    open_rows(group_filter(chosen_chats(), by, key, session.clock()))


def in_order(by: GroupBy, found: list[Group], code: FigureCode) -> list[Group]:
    """Days, weeks and months with the latest first, as everywhere; those without an order of their own ranked."""
    if not has_own_order(by):
        return ranked(found, code)
    return found[::-1] if by in ("day", "week", "month") else found


def names_of(by: GroupBy, keys: Sequence[Key]) -> list[Any]:
    """What groups are called: days as such, so that the table sorts them."""
    if by in LIST_FIELDS:
        return [*value_labels(by, dict.fromkeys(map(str, keys))).values()]
    if by == "weekday":
        return [_(WEEKDAYS[str(key)]) for key in keys]
    if by == "hour":
        return [hour_range(int(str(key))) for key in keys]
    if by == "status":
        return [_(labels.CATEGORIES[status].name) for key in keys for status in get_args(Status) if status == key]
    if by == "language":
        return [_("No value") if key == NO_VALUE else value_name("language", as_stored(str(key)) or "") for key in keys]
    return list(keys)


def hour_range(hour: int) -> str:
    """From when to when an hour of the day is."""
    return f"{hour:02}:00–{(hour + 1) % HOURS:02}:00"


def heading(name: str, unit: Unit) -> Heading:
    """What stands above a column; a spreadsheet has its times in minutes, its shares in percent."""
    match unit:
        case "seconds":
            return Heading(name, _("{name} (min)", name=name))
        case "share":
            return Heading(name, _("{name} (%)", name=name))
    return Heading(name)


def in_unit(value: float | None, unit: Unit) -> float | None:
    """A number as it stands below such a heading."""
    return (
        None if value is None else value / MINUTE_S if unit == "seconds" else value * 100 if unit == "share" else value
    )


def _row(group: Group, name: object, duties: Mapping[Key, Duty]) -> dict[str, object]:
    def value(code: FigureCode, tally: Tally) -> float | None:
        return in_unit(read(code, tally).value, FIGURES[code].unit)

    return {
        "name": name,
        "missed": group.now.counts["missed"],
        "rate_before": value("missed_rate", group.before) if group.before else None,
        **{code: value(code, group.now) for code in WORDS},
        "on_duty": in_unit(duties.get(group.key, Duty()).reading.value, "share"),
    }


def _looks(group: Group, columns: Sequence[str], duties: Mapping[Key, Duty]) -> list[str]:
    """What is of few chats is grey."""
    readings: dict[str, Reading] = {code: read(code, group.now) for code in FIGURES}
    readings["on_duty"] = duties.get(group.key, Duty()).reading
    readings["rate_before"] = read("missed_rate", group.before or NOTHING)
    few = {code for code, reading in readings.items() if reading.is_small}
    return [GREY if column in few else "" for column in columns]


def _columns(by: GroupBy, found: Sequence[Group]) -> dict[str, Any]:
    column = st.column_config
    most = max(group.now.counts["chats"] for group in found)
    is_day = by in ("day", "week", "month")
    name = _(NAMES[by])
    made: dict[str, Any] = {
        "name": column.DateColumn(name, format=date_pattern(), pinned=True)
        if is_day
        else column.TextColumn(name, pinned=True),
        "chats": column.ProgressColumn(
            _(WORDS["chats"].name), help=_(WORDS["chats"].meaning), format="%d", min_value=0, max_value=most, width=110
        ),
        "missed": column.NumberColumn(_("Missed")),
        "rate_before": column.NumberColumn(_("Rate before"), help=_(RATE_BEFORE), format="%.1f%%"),
    }
    for code in WORDS:
        if code in made:
            continue
        unit = FIGURES[code].unit
        shown = _("{name} (min)", name=_(WORDS[code].name)) if unit == "seconds" else _(WORDS[code].name)
        digits = "%.1f%%" if unit == "share" else "%.1f"
        if scale := SCALES.get(code):
            low, high = scale
            made[code] = column.ProgressColumn(
                shown, help=_(WORDS[code].meaning), format=digits, min_value=low, max_value=high, width=110
            )
        else:
            made[code] = column.NumberColumn(shown, help=_(WORDS[code].meaning), format=digits)
    made["on_duty"] = column.ProgressColumn(
        _(ON_DUTY.name), help=_(ON_DUTY.meaning), format="%.1f%%", min_value=0, max_value=100, width=130
    )
    return made
