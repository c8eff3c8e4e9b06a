"""Figures on missed chats against the days before; each opens exactly its rows."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import UNKNOWN, _, calendar_day, duration, number, percent, plural
from lib.missed.figures import (
    FEW,
    FIGURE_CODES,
    FIGURES,
    FigureCode,
    Figures,
    Reading,
    change,
    chats_among,
    read,
    rows_of,
)
from lib.missed.figures import figures as figures_of
from lib.missed.queue import without_tab
from lib.missed.spans import Span
from lib.screen.chats.view import ChatView, read_view, to_address
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, go
from lib.screen.missed.groups import WHY_GREY, WORDS, groups_table
from lib.screen.missed.looks import open_missed, show_missed

ARROW = ":material/arrow_forward:"
ChangeColour = Literal["green", "red", "gray"]
ChangeArrow = Literal["up", "down", "off"]
COLOURS: Mapping[bool | None, ChangeColour] = {True: "green", False: "red", None: "gray"}


def figures(chosen: ChatFilter) -> None:
    """Draws the figures of the page Missed chats for a filter, then the same by day, operator or department."""
    whole = without_tab(chosen, session.actor())
    found = answer(figures_of, whole)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(days_compared(found.span), width="content")
        with st.popover(_("How is this counted?"), icon=":material/help:", type="tertiary"):
            for code in FIGURE_CODES:
                st.markdown(f"**{_(WORDS[code].name)}**  \n{_(WORDS[code].meaning)}")
            st.caption(_(WHY_GREY, few=number(FEW)))
        if st.button(
            plural("{n} chat in all", "{n} chats in all", found.now.chats),
            key="figure_chats",
            type="tertiary",
            icon=ARROW,
            help=_("All chats of which the missed rate is a share."),
        ):
            go(CHATS, to_address(ChatView(chats_among(whole, session.clock()))))
    with st.grid(len(FIGURE_CODES), min_column_width=140, gap="small") as grid:
        for code in FIGURE_CODES:
            with grid.cell(), st.container(border=True, gap="xxsmall"):
                _card(code, found)
    groups_table(whole, found.span)


def figure_line(chosen: ChatFilter) -> None:
    """Draws the figures in one line, but shares of nothing; each opens its rows on the page Missed chats."""
    found = answer(figures_of, chosen)
    for code in FIGURE_CODES:
        reading = read(code, found.now)
        if reading.of == 0:
            continue
        figure = f"{_(WORDS[code].name)} **{_value(code, reading)}**"
        if reading.is_small:
            label = f":gray[{figure} ({_of(code, reading)})]"
        else:
            label = f"{figure} :{COLOURS[_is_better(code, found)]}[{_change(code, found)}]"
        if st.button(label, key=f"figure_{code}", type="tertiary", help=_meaning(code, found)):
            open_missed(rows_of(code, chosen, session.clock()))


def days_compared(span: Span | None) -> str:
    """Which days figures are of, and with which they are compared."""
    if span is None:
        return _("Chats without a start time")
    return _(
        "{first} to {last}, against {first_before} to {last_before}",
        first=calendar_day(span.first),
        last=calendar_day(span.last),
        first_before=calendar_day(span.before.first),
        last_before=calendar_day(span.before.last),
    )


def _card(code: FigureCode, found: Figures) -> None:
    reading = read(code, found.now)
    value = _value(code, reading)
    colour, arrow = _sense(code, found)
    too_few = plural("only {n} chat", "only {n} chats", reading.of) if reading.of else _("nothing to count")
    st.metric(
        _(WORDS[code].name),
        f":gray[{value}]" if reading.is_small else value,
        delta=too_few if reading.is_small else _change(code, found),
        delta_color=colour,
        delta_arrow=arrow,
        help=_meaning(code, found),
    )
    st.button(
        _of(code, reading),
        key=f"figure_{code}",
        icon=ARROW,
        icon_position="right",
        type="tertiary",
        help=_("Show these chats"),
        on_click=_show,
        args=(code,),
    )


def _show(code: FigureCode) -> None:
    whole = without_tab(read_view().chosen, session.actor())
    show_missed(rows_of(code, whole, session.clock()))


def _value(code: FigureCode, reading: Reading) -> str:
    if reading.value is None:
        return UNKNOWN
    if FIGURES[code].is_time:
        return duration(reading.value)
    return number(reading.value, 0) if reading.of is None else percent(reading.value, 1)


def _of(code: FigureCode, reading: Reading) -> str:
    if reading.of is None or FIGURES[code].is_time:
        return plural("{n} chat", "{n} chats", reading.counted)
    return _("{n} of {of}", n=number(reading.counted), of=number(reading.of))


def _change(code: FigureCode, found: Figures) -> str:
    more = change(code, found)
    if more is None:
        return UNKNOWN
    if _is_nothing(code, more):
        return _("no change")
    sign = "+" if more > 0 else "\N{MINUS SIGN}"
    return f"{sign}{_size(code, abs(more))}"


def _size(code: FigureCode, size: float) -> str:
    if FIGURES[code].is_time:
        return duration(size)
    if FIGURES[code].per is None:
        return number(size, 0)
    return _("{n} points", n=number(size * 100, 1))


def _is_nothing(code: FigureCode, more: float) -> bool:
    """Whether a change would be shown as one of 0."""
    return _size(code, abs(more)) == _size(code, 0)


def _is_better(code: FigureCode, found: Figures) -> bool | None:
    """Whether the figure is better than before; None where that is no question, or too few chats tell."""
    more, better = change(code, found), FIGURES[code].more_is_better
    is_small = read(code, found.now).is_small or bool(found.before and read(code, found.before).is_small)
    if more is None or better is None or is_small or _is_nothing(code, more):
        return None
    return (more > 0) == better


def _sense(code: FigureCode, found: Figures) -> tuple[ChangeColour, ChangeArrow]:
    more = change(code, found)
    colour = COLOURS[_is_better(code, found)]
    if more is None or _is_nothing(code, more) or read(code, found.now).is_small:
        return colour, "off"
    return colour, "up" if more > 0 else "down"


def _meaning(code: FigureCode, found: Figures) -> str:
    """The definition, then the figure in the days before, as Markdown."""
    if found.before is None:
        return _(WORDS[code].meaning)
    before = read(code, found.before)
    then = _("In the days before: {value} ({of}).", value=_value(code, before), of=_of(code, before))
    return f"{_(WORDS[code].meaning)}\n\n{then}"
