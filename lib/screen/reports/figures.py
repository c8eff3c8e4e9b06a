"""The figures of the page Reports, against the days before; and the way from any of its numbers to the chats."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.validate import MOST_CONDITIONS
from lib.chats.listing import NEWEST_FIRST, Sort
from lib.language import _, duration, mark, number
from lib.missed.figures import FEW
from lib.reports.figures import FIGURE_CODES, FIGURES, TARGETS_S, FigureCode, Figures, read, rows_of
from lib.reports.figures import figures as figures_of
from lib.screen.chats.list_line import filter_chips
from lib.screen.chats.view import ChatView, read_view, to_address
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, Page, go
from lib.screen.parts.figure import WHY_GREY, Figure, Words, days_compared, figure_card
from lib.screen.parts.outcome import Telling, tell
from lib.screen.reports.choices import (
    AT_ALL_HOURS,
    IN_WORKING_HOURS,
    TARGET_KEY,
    WAITS,
    WAITS_KEY,
    keep_choices,
    target_s,
    worked,
)

OPEN_KEY = "open_of_reports"
# The cards: how many chats and what they were like, how long the visitors waited, how they rated.
ROWS: tuple[tuple[FigureCode, ...], ...] = (
    ("chats", "missed_rate", "reopened", "alone", "duration", "messages"),
    ("wait", "wait_90", "wait_95", "in_time"),
    ("rating", "rated", "low", "commented"),
)
# Of a card, and between two, in pixels.
CARD_WIDTH, GAP = 142, 16

WORDS: Mapping[FigureCode, Words] = {
    "chats": Words(mark("Chats"), mark("Chats that started on these days and match the filters.")),
    "missed_rate": Words(mark("Missed rate"), mark("Missed chats as a share of these chats.")),
    "wait": Words(
        mark("Wait"),
        mark(
            "From what the visitor wrote first to the answer: half of the answered chats took less (median). "
            "Chats that were missed, or name no operator, are left out."
        ),
    ),
    "wait_90": Words(mark("Wait of 90 %"), mark("In nine of ten answered chats the visitor waited no longer.")),
    "wait_95": Words(mark("Wait of 95 %"), mark("In 19 of 20 answered chats the visitor waited no longer.")),
    "in_time": Words(
        mark("In time"), mark("Answered chats whose wait was within the time that is chosen, as a share of them.")
    ),
    "duration": Words(mark("Duration"), mark("From start to end: half of the chats took less (median).")),
    "messages": Words(mark("Messages a chat"), mark("Number of messages on average; notes are not counted.")),
    "reopened": Words(mark("Reopened"), mark("Chats that were completed and opened again, as a share of these chats.")),
    "rating": Words(mark("Rating"), mark("What the visitors gave on average, from 1 to 5.")),
    "rated": Words(mark("Rated"), mark("Chats with a rating, as a share of these chats.")),
    "low": Words(mark("Rated 1 or 2"), mark("Ratings of 1 or 2 as a share of all ratings.")),
    "commented": Words(
        mark("With comment"), mark("Ratings with a comment as a share of all ratings; the lowest are listed first.")
    ),
    "alone": Words(
        mark("Without a person"),
        mark("Chats that were completed and name no operator, as a share of these chats: most were solved by a bot."),
    ),
}
WAITS_NAMES = {AT_ALL_HOURS: mark("Waits at all hours"), IN_WORKING_HOURS: mark("Waits in working hours")}
WAITS_MEANING = mark(
    "Waits in working hours are those of the chats that began in them, by the hours and holidays of Team and hours; "
    "this holds for all waits of the page."
)


def chosen_chats() -> ChatFilter:
    """The filter of the page: a report is of chats of all categories."""
    return replace(read_view().chosen, category="all")


def open_rows(rows: ChatFilter, sort: Sort = NEWEST_FIRST, page: Page = CHATS) -> None:
    """Has the next run open the chats of a filter on a page; for the callback of a widget.

    A link with more conditions than a filter takes could not be read, and would show none of them.
    """
    if rows.conditions and rows.conditions.size > MOST_CONDITIONS:
        sentence = _(
            "A filter takes {n} conditions at most. Remove some to open these chats.", n=number(MOST_CONDITIONS)
        )
        tell(lambda: Telling(sentence))
        return
    st.session_state[OPEN_KEY] = page, ChatView(rows, sort)


def open_what_was_clicked() -> None:
    """Goes to the chats that were asked for by a click, if any."""
    if asked := st.session_state.pop(OPEN_KEY, None):
        page, view = asked
        go(page, to_address(view))


def report_figures(beside: Callable[[], None]) -> None:
    """Draws what is reported on, what else is to stand beside that, the choice of the time within which an answer is
    wanted, and the figures."""
    chosen = chosen_chats()
    filter_chips(chosen)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        days = st.container(width="content")
        with st.popover(_("How is this counted?"), icon=":material/help:", type="tertiary"):
            for code in FIGURE_CODES:
                st.markdown(f"**{_(WORDS[code].name)}**  \n{_(WORDS[code].meaning)}")
            st.caption(_(WAITS_MEANING))
            st.caption(_(WHY_GREY, few=number(FEW)))
        st.space("stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            beside()
            st.selectbox(
                _("Waits"),
                WAITS,
                format_func=lambda which: _(WAITS_NAMES[which]),
                key=WAITS_KEY,
                on_change=keep_choices,
                label_visibility="collapsed",
                width=210,
            )
            st.selectbox(
                _("In time within"),
                TARGETS_S,
                format_func=lambda seconds: _("In time within: {span}", span=duration(seconds)),
                key=TARGET_KEY,
                on_change=keep_choices,
                label_visibility="collapsed",
                width=190,
            )
    # What is searched for may take a while to be found in all chats.
    with st.spinner(_("Counting…")):
        found = answer(figures_of, chosen, target_s(), worked())
    with days:
        st.text(what_is_counted(chosen, found))
    for row in ROWS:
        _row_of_cards(row, found)


def _row_of_cards(codes: Sequence[FigureCode], found: Figures) -> None:
    """Draws them side by side, in two halves of which one comes under the other where there is no room for all."""
    half = len(codes) // 2
    with st.grid(2, min_column_width=half * (CARD_WIDTH + GAP) - GAP, gap=GAP) as halves:
        for first in (0, half):
            with halves.cell(), st.grid(half, min_column_width=CARD_WIDTH, gap=GAP) as grid:
                for code in codes[first : first + half]:
                    with grid.cell(), st.container(border=True, gap="xxsmall"):
                        figure_card(figure_of(code, found), f"report_{code}", _show, code)


def figure_of(code: FigureCode, found: Figures) -> Figure:
    """A figure in words of the current language."""
    before = read(code, found.before) if found.before else None
    words, figure = WORDS[code], FIGURES[code]
    return Figure(_(words.name), _(words.meaning), figure.unit, read(code, found.now), before, figure.more_is_better)


def what_is_counted(chosen: ChatFilter, found: Figures) -> str:
    """The days, those that they are compared with, and the filters."""
    days, more = days_compared(found.span), chosen.without("period")
    return days if more.is_empty else f"{days} · {labels.filter_words(more)}"


def _show(code: FigureCode) -> None:
    sort = Sort("rating", descending=False) if code == "commented" else NEWEST_FIRST
    open_rows(rows_of(code, chosen_chats(), target_s(), session.clock(), worked=worked()), sort)
