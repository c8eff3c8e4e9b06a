"""Figures on missed chats against the days before; each opens exactly its rows."""

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, number, plural
from lib.missed.figures import FEW, FIGURE_CODES, FIGURES, FigureCode, Figures, chats_among, read, rows_of
from lib.missed.figures import figures as figures_of
from lib.missed.queue import without_tab
from lib.screen.chats.view import ChatView, read_view, to_address
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, go
from lib.screen.missed.groups import WORDS, groups_table
from lib.screen.missed.looks import open_missed, show_missed
from lib.screen.parts.figure import ARROW, WHY_GREY, Figure, days_compared, figure_card


def figures(chosen: ChatFilter) -> None:
    """Draws the figures of the page Missed chats for a filter, then the same by day, week, operator or department."""
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
                figure_card(_figure(code, found), f"figure_{code}", _show, code)
    groups_table(whole, found.span)


def figure_line(chosen: ChatFilter) -> None:
    """Draws the figures in one line, but shares of nothing; each opens its rows on the page Missed chats."""
    found = answer(figures_of, chosen)
    for code in FIGURE_CODES:
        figure = _figure(code, found)
        if figure.now.of == 0:
            continue
        shown = f"{figure.name} **{figure.value}**"
        colour, _arrow = figure.sense
        label = f":gray[{shown} ({figure.chats})]" if figure.now.is_small else f"{shown} :{colour}[{figure.change}]"
        if st.button(label, key=f"figure_{code}", type="tertiary", help=figure.told):
            open_missed(rows_of(code, chosen, session.clock()))


def _figure(code: FigureCode, found: Figures) -> Figure:
    before = read(code, found.before) if found.before else None
    words, figure = WORDS[code], FIGURES[code]
    return Figure(_(words.name), _(words.meaning), figure.unit, read(code, found.now), before, figure.more_is_better)


def _show(code: FigureCode) -> None:
    whole = without_tab(read_view().chosen, session.actor())
    show_missed(rows_of(code, whole, session.clock()))
