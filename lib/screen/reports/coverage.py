"""Coverage: the chats of each hour of the day beside the operators seen answering in it, and how many more would have
been needed; an hour opens its chats."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.sentence import WEEKDAYS
from lib.language import UNKNOWN, _, calendar_day, mark, number, percent, plural
from lib.missed.figures import FEW, Unit
from lib.missed.spans import Span, span_of
from lib.reports.coverage import EVERY_DAY, MISSED_TARGETS, MOST_DAYS, Coverage, Hour, coverage, hour_filter
from lib.reports.document import Bar, Cell, Heading, Table
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.parts.figure import WHY_GREY, Words
from lib.screen.parts.table import painted, row_table
from lib.screen.reports.choices import ALL_DAYS, DAY_KEY, MISSED_KEY, covered_days, keep_choices, missed_target
from lib.screen.reports.coverage_chart import coverage_chart
from lib.screen.reports.figures import chosen_chats, open_rows
from lib.screen.reports.groups import GREY, heading, hour_range

SHOWN_ROWS, MOST_SHORT = 12, 5
UNITS: Mapping[str, Unit] = {"rate": "share"}

WORDS: Mapping[str, Words] = {
    "chats": Words(
        mark("Chats an hour"), mark("Chats that started in this hour of the day, on average over the days until now.")
    ),
    "rate": Words(mark("Missed rate"), mark("Missed chats as a share of the chats of this hour.")),
    "seen": Words(
        mark("Operators seen"),
        mark(
            "Operators who wrote at least one message of their own in this hour, on average over the days. "
            "Who was there and wrote nothing is not seen."
        ),
    ),
    "at_once": Words(
        mark("Most at once"),
        mark(
            "The most chats that one operator had at the same time: from the operator's first message in a chat to the "
            "last one."
        ),
    ),
    "more": Words(
        mark("More needed"),
        mark(
            "How many more operators in this hour would have kept the missed rate within the one that is chosen. "
            "It assumes that each of them answers as many chats an hour as an operator who was seen did, over all "
            "hours."
        ),
    ),
}


def report_coverage() -> None:
    """Draws the choices, the hours in which people were short, a chart and the table of all hours."""
    chosen = chosen_chats()
    found = answer(coverage, chosen)
    if found is None or not found.whole.chats:
        return
    days, target = covered_days(), missed_target()
    hours = found.of_days(days)
    _heading()
    short = short_hours(found, days, target)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(_("People were short") if short else _("People were not short in any hour."), width="content")
        for hour, more in short[:MOST_SHORT]:
            st.button(
                f"{hour_range(hour)} · {plural('{n} more needed', '{n} more needed', more)}",
                key=f"coverage_{hour}",
                type="tertiary",
                help=_("Show these chats"),
                on_click=_open,
                args=(hour,),
            )
    coverage_chart(hours, _open)
    rows = pd.DataFrame([_row(place, hour, found, target) for place, hour in shown_hours(hours)])
    row_table(
        painted(rows, [_looks(hour, list(rows.columns)) for _place, hour in shown_hours(hours)]),
        [place for place, _hour in shown_hours(hours)],
        _open,
        key=f"coverage_{hash((chosen, days, target, session.store().moment))}",
        height="content" if len(rows) <= SHOWN_ROWS else 420,
        columns=_columns(rows),
        alt=_("Coverage by time of day"),
    )
    st.caption(f"{assumption(found, chosen)} {_('A click on a row opens its chats.')} {_(WHY_GREY, few=number(FEW))}")


def shown_hours(hours: Sequence[Hour]) -> list[tuple[int, Hour]]:
    """The hours of the day in which anything was, by their number."""
    return [(place, hour) for place, hour in enumerate(hours) if hour.chats or hour.seen]


def short_hours(found: Coverage, days: Sequence[int], target: int) -> list[tuple[int, int]]:
    """The hours in which people were short, with how many more were needed: those first in which the most chats were
    missed beyond the target. Hours of few chats say too little."""
    told = [(place, hour, hour.more_needed(target, found.whole)) for place, hour in enumerate(found.of_days(days))]
    short = [
        (target * hour.chats - 100 * hour.missed, place, more) for place, hour, more in told if more and _says(hour)
    ]
    return [(place, more) for _beyond, place, more in sorted(short)]


def assumption(found: Coverage, chosen: ChatFilter) -> str:
    """What the figures take for granted, and of which days they are."""
    load = found.whole.load
    said = _(
        "No more than what the messages show: {n} chats answered an hour by each operator who was seen.",
        n=UNKNOWN if load is None else number(load, 1),
    )
    return f"{said} {counted_of(found.span, chosen)}"


def counted_of(span: Span, chosen: ChatFilter) -> str:
    """Of which days something is counted; empty where it is of all that the filter has."""
    if span == span_of(chosen, session.clock()):
        return ""
    return _(
        "Counted of {first} to {last}, at most {n} days.",
        first=calendar_day(span.first),
        last=calendar_day(span.last),
        n=number(MOST_DAYS),
    )


def coverage_printed(found: Coverage, chosen: ChatFilter, days: Sequence[int], target: int) -> Table:
    """All hours of the day, for a report on paper."""
    title = _("Coverage: chats and people by time of day")
    name = days_name(ALL_DAYS if len(days) > 1 else days[0])
    header = [Heading(_("Time of day")), *(heading(_(WORDS[code].name), UNITS.get(code, "number")) for code in WORDS)]
    hours = found.of_days(days)
    rows = [_cells(_row(place, hour, found, target), is_small=not _says(hour)) for place, hour in shown_hours(hours)]
    return Table(
        "coverage",
        f"{title} · {name} · {target_name(target)}",
        header,
        rows,
        notes=[assumption(found, chosen), *(f"{_(words.name)}: {_(words.meaning)}" for words in WORDS.values())],
        bars=[Bar(hour_range(place), hour.chats, hour.missed) for place, hour in enumerate(hours)],
        bars_note=_("Bars: all chats, and in front of them those that were missed."),
    )


def days_name(day: int) -> str:
    """What the choice of weekdays is called."""
    return _("All days") if day == ALL_DAYS else _(WEEKDAYS[str(day)])


def target_name(target: int) -> str:
    """What the choice of the missed rate is called."""
    return _("Missed: at most {share}", share=percent(target / 100)) if target else _("None missed")


def _heading() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("**Coverage: chats and people by time of day**"), width="content")
        with st.popover("", icon=":material/help:", type="tertiary", help=_("How is this counted?")):
            for words in WORDS.values():
                st.markdown(f"**{_(words.name)}**  \n{_(words.meaning)}")
        st.space("stretch")
        st.selectbox(
            _("Weekday"),
            (ALL_DAYS, *EVERY_DAY),
            format_func=days_name,
            key=DAY_KEY,
            on_change=keep_choices,
            label_visibility="collapsed",
            width=150,
        )
        st.selectbox(
            _("Missed rate to keep"),
            MISSED_TARGETS,
            format_func=target_name,
            key=MISSED_KEY,
            on_change=keep_choices,
            label_visibility="collapsed",
            width=190,
        )


def _says(hour: Hour) -> bool:
    return hour.chats >= FEW


def _row(place: int, hour: Hour, found: Coverage, target: int) -> dict[str, Any]:
    return {
        "name": hour_range(place),
        "chats": hour.chats / hour.times if hour.times else None,
        "rate": 100 * hour.missed / hour.chats if hour.chats else None,
        "seen": hour.seen / hour.times if hour.times else None,
        "at_once": hour.at_once,
        "more": hour.more_needed(target, found.whole),
    }


def _cells(row: Mapping[str, Any], *, is_small: bool) -> list[Cell]:
    rate = None if row["rate"] is None else row["rate"] / 100
    told = {code: number(row[code], 1 if code in ("chats", "seen") else 0) for code in WORDS}
    told["rate"] = percent(rate, 1)
    return [
        Cell(row["name"], is_small=is_small),
        *(Cell(text, is_small=is_small, number=row[code]) for code, text in told.items()),
    ]


def _looks(hour: Hour, columns: Sequence[str]) -> list[str]:
    """What is of few chats is grey."""
    return [GREY if column in ("rate", "more") and not _says(hour) else "" for column in columns]


def _columns(rows: pd.DataFrame) -> dict[str, Any]:
    column = st.column_config
    made: dict[str, Any] = {"name": column.TextColumn(_("Time of day"), pinned=True)}
    for code, words in WORDS.items():
        kind = partial(column.NumberColumn, _(words.name), help=_(words.meaning))
        if code == "chats":
            made[code] = column.ProgressColumn(
                _(words.name), help=_(words.meaning), format="%.1f", min_value=0, max_value=float(rows[code].max() or 1)
            )
        else:
            made[code] = kind(format={"rate": "%.1f%%", "seen": "%.1f"}.get(code, "%d"))
    return made


def _open(hour: int) -> None:
    open_rows(hour_filter(chosen_chats(), covered_days(), hour, session.clock()))
