"""The button that takes a report along, as one file in HTML."""

from datetime import date
from functools import partial

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, calendar_day, current, duration, in_language, moment, number, zone_label
from lib.reports.document import Bar, Hour, PrintedFigure, Report, report_html
from lib.reports.figures import FIGURE_CODES, FIGURES, figures, read
from lib.reports.groups import HOURS, TIME_GROUPS, Group, GroupBy, groups, heat
from lib.screen.frame import session
from lib.screen.parts.figure import value_text
from lib.screen.reports.figures import WORDS, chosen_chats, figure_of, target_s, what_is_counted
from lib.screen.reports.groups import MOST_GROUPS, NAMES, chosen_by, names_of, newest_first
from lib.screen.reports.week import WORST_RATE, hours_of_week, week_note


def report_download() -> None:
    """Draws it; the file has the numbers of the moment at which it is asked for."""
    st.download_button(
        "",
        data=partial(_file, chosen_chats(), chosen_by(), target_s(), current()),
        file_name=f"report-{session.clock().today.isoformat()}.html",
        mime="text/html",
        icon=":material/print:",
        type="tertiary",
        key="report_download",
        on_click="ignore",
        help=_("Report to print or to send (HTML)"),
    )


def _file(chosen: ChatFilter, by: GroupBy, target: int, language: str) -> bytes:
    store, clock = session.store(), session.clock()
    with in_language(language), store.snapshot():
        found = figures(store, chosen, target, clock)
        grouped = groups(store, chosen, by, target, clock)[:MOST_GROUPS]
        texts = [each if isinstance(each, str) else _told(each) for each in names_of(by, [g.key for g in grouped])]
        cells = hours_of_week(heat(store, chosen, target, clock)) if found.now.counts["chats"] else []
        when = _("As of {moment}, {zone}", moment=moment(clock.now, clock.zone), zone=zone_label(clock.zone))
        shown = [figure_of(code, found) for code in FIGURE_CODES]
        names = {group.key: text for group, text in zip(grouped, texts, strict=True)}
        return report_html(
            Report(
                heading=_("Reports"),
                facts=[what_is_counted(chosen, found), _("In time within: {span}", span=duration(target)), when],
                figures=[
                    PrintedFigure(each.name, each.value, each.chats, each.change, each.sense[0], each.meaning)
                    for each in shown
                ],
                week_title=_("Missed rate by weekday and hour"),
                week=[
                    (
                        row[0]["day"],
                        [Hour(h["label"], _shade(h["rate"]) * h["opacity"], h["is_open"]) for h in row],
                    )
                    for row in (cells[start : start + HOURS] for start in range(0, len(cells), HOURS))
                ],
                week_note=week_note(),
                table_title=_("By: {name}", name=_(NAMES[by])),
                table=[
                    [_(NAMES[by]), _("Missed"), *(_(words.name) for words in WORDS.values())],
                    *(_row(group, names[group.key]) for group in newest_first(by, grouped)),
                ],
                bars=[Bar(names[group.key], group.now.counts["chats"], group.now.counts["missed"]) for group in grouped]
                if by in TIME_GROUPS
                else [],
                bars_note=_("Bars: all chats, and in front of them those that were missed."),
                language=language,
            )
        )


def _told(key: object) -> str:
    return calendar_day(key) if isinstance(key, date) else str(key)


def _shade(rate: float | None) -> float:
    return (rate or 0) / WORST_RATE * 0.8


def _row(group: Group, name: str) -> list[str]:
    values = [value_text(read(code, group.now), FIGURES[code].unit) for code in FIGURE_CODES]
    return [name, number(group.now.counts["missed"]), *values]
