"""The buttons that take a report along: as one file in HTML, and its tables as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, calendar_day, current, duration, in_language, moment, number, zone_label
from lib.missed.groups import groups as weeks_of_ledger
from lib.missed.spans import Span
from lib.reports.coverage import EVERY_DAY, MISSED_TARGET, coverage
from lib.reports.document import Bar, Cell, Heading, Hour, PrintedFigure, Report, Table, report_csv, report_html
from lib.reports.duty import Duty
from lib.reports.figures import FIGURE_CODES, FIGURES, FigureCode, figures, read
from lib.reports.groups import HOURS, ORDERS, TIME_GROUPS, Group, GroupBy, Key, every_time, groups, heat
from lib.reports.replies import replies
from lib.screen.frame import session
from lib.screen.frame.files import file_for
from lib.screen.parts.figure import Figure, too_few, value_text
from lib.screen.reports.choices import by_what, covered_days, missed_target, ordered_by, target_s, worked
from lib.screen.reports.coverage import coverage_printed
from lib.screen.reports.duty import ON_DUTY, duties_of
from lib.screen.reports.figures import ROWS, WAITS_MEANING, WORDS, chosen_chats, figure_of, what_is_counted
from lib.screen.reports.groups import MOST_GROUPS, NAMES, heading, in_order, in_unit, names_of
from lib.screen.reports.ledger import ledger_printed, weeks_of
from lib.screen.reports.replies import replies_printed
from lib.screen.reports.week import WORST_RATE, hours_of_week, week_note, worst_note

# The share of red in the hour in which most was missed.
DARKEST = 0.8
OTHERS = [code for code in FIGURE_CODES if code != "chats"]


def report_download() -> None:
    """Draws them; the files have the numbers of the moment at which they are asked for."""
    what = Chosen(by_what(), target_s(), covered_days(), missed_target(), ordered_by(), worked=worked())
    asked, name = (chosen_chats(), what, current()), f"report-{session.clock().today.isoformat()}"
    st.download_button(
        "",
        data=file_for("read", partial(_file, *asked)),
        file_name=f"{name}.html",
        mime="text/html",
        icon=":material/print:",
        type="tertiary",
        key="report_download",
        on_click="ignore",
        help=_("Report to print or to send (HTML)"),
    )
    st.download_button(
        "",
        data=file_for("read", partial(_tables, *asked)),
        file_name=f"{name}.zip",
        mime="application/zip",
        icon=":material/table:",
        type="tertiary",
        key="report_tables",
        on_click="ignore",
        help=_("Tables of the report (CSV)"),
    )


@dataclass(frozen=True)
class Chosen:
    """What is chosen on the page beside the filters."""

    by: GroupBy
    target_s: int
    covered: tuple[int, ...] = EVERY_DAY
    missed_target: int = MISSED_TARGET
    order: FigureCode = ORDERS[0]
    worked: bool = False


def _file(chosen: ChatFilter, what: Chosen, language: str) -> bytes:
    return report_html(_report(chosen, what, language))


def _tables(chosen: ChatFilter, what: Chosen, language: str) -> bytes:
    return report_csv(_report(chosen, what, language))


def _report(chosen: ChatFilter, what: Chosen, language: str) -> Report:
    store, clock = session.store(), session.clock()
    with in_language(language), store.snapshot():
        found = figures(store, chosen, what.target_s, clock, worked=what.worked)
        cells = heat(store, chosen, what.target_s, clock)
        when = _("As of {moment}, {zone}", moment=moment(clock.now, clock.zone), zone=zone_label(clock.zone))
        covered, replied = coverage(store, chosen, clock), replies(store, chosen, what.by, clock, worked=what.worked)
        weeks = weeks_of(weeks_of_ledger(store, chosen, "week", clock))
        return Report(
            heading=_("Reports"),
            facts=[
                what_is_counted(chosen, found),
                _("In time within: {span}", span=duration(what.target_s)),
                *([_(WAITS_MEANING)] if what.worked else []),
                when,
            ],
            figures=[_printed(figure_of(code, found)) for row in ROWS for code in row],
            week_title=_("Missed rate by weekday and hour"),
            week=_week(hours_of_week(cells)) if cells else [],
            week_note=f"{week_note()} {worst_note(cells)}",
            tables=[
                *([coverage_printed(covered, chosen, what.covered, what.missed_target)] if covered else []),
                _groups(chosen, what, found.span),
                *([replies_printed(replied, chosen, what.by)] if replied and replied.whole.answers else []),
                *([ledger_printed(weeks)] if weeks else []),
            ],
            language=language,
        )


def _groups(chosen: ChatFilter, what: Chosen, span: Span | None) -> Table:
    grouped = groups(session.store(), chosen, what.by, what.target_s, session.clock(), worked=what.worked)
    times = every_time(grouped, what.by, span) if what.by in TIME_GROUPS and span else []
    bars = [
        Bar(name, group.now.counts["chats"], group.now.counts["missed"])
        for group, name in zip(times, _texts(what.by, times), strict=True)
    ]
    counts = [Heading(_(WORDS["chats"].name)), Heading(_("Missed"))]
    duties = duties_of(what.by, chosen)
    on_duty = [heading(_(ON_DUTY.name), "share")] if duties else []
    return Table(
        "figures",
        _("By: {name}", name=_(NAMES[what.by])),
        [
            Heading(_(NAMES[what.by])),
            *counts,
            *(heading(_(WORDS[code].name), FIGURES[code].unit) for code in OTHERS),
            *on_duty,
        ],
        _rows(in_order(what.by, grouped, what.order)[:MOST_GROUPS], what.by, duties),
        notes=[f"{_(ON_DUTY.name)}: {_(ON_DUTY.meaning)}"] if duties else [],
        bars=bars,
        bars_note=_("Bars: all chats, and in front of them those that were missed."),
    )


def _printed(figure: Figure) -> PrintedFigure:
    colour, _arrow = figure.sense
    change = too_few(figure.now) if figure.now.is_small else figure.change
    return PrintedFigure(
        figure.name, figure.value, figure.chats, change, colour, figure.meaning, is_small=figure.now.is_small
    )


def _week(hours: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Hour]]]:
    """The hours by weekday, each as dark as on the screen."""
    shades = [min(hour["rate"] / WORST_RATE, 1) * DARKEST * hour["opacity"] for hour in hours]
    cells = [Hour(each["label"], shade, each["is_open"]) for each, shade in zip(hours, shades, strict=True)]
    return [(str(hours[start]["day"]), cells[start : start + HOURS]) for start in range(0, len(hours), HOURS)]


def _rows(found: Sequence[Group], by: GroupBy, duties: Mapping[Key, Duty]) -> list[list[Cell]]:
    """A row for each group; what is of few chats is marked."""
    rows = []
    for group, name in zip(found, _texts(by, found), strict=True):
        numbers = (group.now.counts["chats"], group.now.counts["missed"])
        cells = [Cell(name), *(Cell(number(count), number=count) for count in numbers)]
        for code in OTHERS:
            unit, each = FIGURES[code].unit, read(code, group.now)
            cells.append(Cell(value_text(each, unit), each.is_small, in_unit(each.value, unit)))
        if duties:
            share = duties.get(group.key, Duty()).reading
            cells.append(Cell(value_text(share, "share"), share.is_small, in_unit(share.value, "share")))
        rows.append(cells)
    return rows


def _texts(by: GroupBy, found: Sequence[Group]) -> list[str]:
    names = names_of(by, [group.key for group in found])
    return [calendar_day(name) if isinstance(name, date) else str(name) for name in names]
