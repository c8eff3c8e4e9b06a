"""How long visitors waited for further answers inside a chat, by the same groups as the figures; a row opens its
answered chats, and the longest silence its chat."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, calendar_day, date_pattern, duration, mark, number, plural
from lib.missed.figures import FEW, Unit
from lib.reports.document import Cell, Heading, Table
from lib.reports.groups import GroupBy, Key
from lib.reports.replies import AllReplies, Replies, replies, replies_filter
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, go
from lib.screen.parts.figure import ARROW, WHY_GREY, Words
from lib.screen.parts.table import painted, row_table
from lib.screen.reports.choices import by_what, worked
from lib.screen.reports.coverage import counted_of
from lib.screen.reports.figures import chosen_chats, open_rows
from lib.screen.reports.groups import GREY, MOST_GROUPS, NAMES, SHOWN_ROWS, heading, in_unit, names_of

WORDS: Mapping[str, Words] = {
    "chats": Words(mark("Answered chats"), mark("Chats of which a wait for the first answer is known.")),
    "answers": Words(
        mark("Further answers"),
        mark("Answers of operators to what the visitor wrote, after the first one of each of these chats."),
    ),
    "wait": Words(
        mark("Wait inside"),
        mark(
            "From what the visitor wrote first to the further answer: half of the further answers took less (median)."
        ),
    ),
    "wait_90": Words(
        mark("Wait inside of 90 %"), mark("For nine of ten further answers the visitor waited no longer.")
    ),
    "longest": Words(
        mark("Longest silence"),
        mark("The longest of these waits in a chat: in half of the chats that have any it was shorter (median)."),
    ),
    "longest_of_all": Words(mark("Longest of all"), mark("The longest of these waits in all of the chats.")),
}
WAITS = ("wait", "wait_90", "longest", "longest_of_all")


def report_replies() -> None:
    """Draws what there is of all chats, then the table of the groups."""
    chosen, by = chosen_chats(), by_what()
    found = answer(replies, chosen, by, worked())
    if found is None or not found.whole.answers:
        return
    _heading(found)
    groups = shown_groups(found, by)
    names = names_of(by, list(groups))
    rows = pd.DataFrame([_row(each, name) for each, name in zip(groups.values(), names, strict=True)])
    few = [GREY if name in ("wait", "wait_90", "longest") else "" for name in rows.columns]
    plain = [""] * len(few)
    row_table(
        painted(rows, [few if each.chats < FEW else plain for each in groups.values()]),
        list(groups),
        partial(_open, by),
        key=f"replies_{by}_{hash((chosen, worked(), session.store().moment))}",
        height="content" if len(rows) <= SHOWN_ROWS else 420,
        columns=_columns(by, rows),
        alt=_("Waits inside the chat by group"),
    )
    st.caption(_("A click on a row opens its chats.") + " " + _(WHY_GREY, few=number(FEW)))
    if days := counted_of(found.span, chosen):
        st.text(days)


def shown_groups(found: AllReplies, by: GroupBy) -> dict[Key, Replies]:
    """The groups in the order of the table: days, weeks and months with the latest first."""
    groups = list(found.groups.items())
    return dict((groups[::-1] if by in ("day", "week", "month") else groups)[:MOST_GROUPS])


def replies_printed(found: AllReplies, chosen: ChatFilter, by: GroupBy) -> Table:
    """All of it, for a report on paper."""
    groups = shown_groups(found, by)
    names = [calendar_day(name) if isinstance(name, date) else str(name) for name in names_of(by, list(groups))]
    units: list[Unit] = ["chats", "chats", "seconds", "seconds", "seconds", "seconds"]
    header = [heading(_(words.name), unit) for words, unit in zip(WORDS.values(), units, strict=True)]
    rows = [
        [Cell(name), *_cells(each)]
        for name, each in [(_("All chats"), found.whole), *zip(names, groups.values(), strict=True)]
    ]
    meanings = [f"{_(words.name)}: {_(words.meaning)}" for words in WORDS.values()]
    notes = [text for text in (counted_of(found.span, chosen), *meanings) if text]
    return Table(
        "replies", _("Inside the chat: waits for further answers"), [Heading(_(NAMES[by])), *header], rows, notes=notes
    )


def _heading(found: AllReplies) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("**Inside the chat: waits for further answers**"), width="content")
        with st.popover("", icon=":material/help:", type="tertiary", help=_("How is this counted?")):
            for words in WORDS.values():
                st.markdown(f"**{_(words.name)}**  \n{_(words.meaning)}")
    whole = found.whole
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            plural("{n} answered chat", "{n} answered chats", whole.chats),
            key="replies_chats",
            icon=ARROW,
            icon_position="right",
            type="tertiary",
            help=_("Show these chats"),
            on_click=_open,
            args=(by_what(), None),
        )
        said = plural(
            "{n} further answer: half within {half}, nine of ten within {most}",
            "{n} further answers: half within {half}, nine of ten within {most}",
            whole.answers,
            half=duration(whole.wait),
            most=duration(whole.wait_90),
        )
        st.caption(said, width="content")
        if st.button(
            _("Longest silence: {span}", span=duration(whole.longest_of_all)),
            key="replies_slowest",
            icon=ARROW,
            icon_position="right",
            type="tertiary",
            help=_("Show this chat"),
        ):
            rows = replies_filter(chosen_chats(), by_what(), None, session.clock(), worked=worked())
            go(CHATS, to_address(ChatView(rows, chat=whole.slowest)))


def _row(each: Replies, name: object) -> dict[str, object]:
    minutes = {code: in_unit(getattr(each, code), "seconds") for code in WAITS}
    return {"name": name, "chats": each.chats, "answers": each.answers, **minutes}


def _cells(each: Replies) -> list[Cell]:
    waits: list[float | None] = [getattr(each, code) for code in WAITS]
    is_small = each.chats < FEW
    return [
        *(Cell(number(count), number=count) for count in (each.chats, each.answers)),
        *(Cell(duration(seconds), is_small, in_unit(seconds, "seconds")) for seconds in waits),
    ]


def _columns(by: GroupBy, rows: pd.DataFrame) -> dict[str, Any]:
    column = st.column_config
    is_day = by in ("day", "week", "month")
    made: dict[str, Any] = {
        "name": column.DateColumn(_(NAMES[by]), format=date_pattern(), pinned=True)
        if is_day
        else column.TextColumn(_(NAMES[by]), pinned=True),
    }
    for code, words in WORDS.items():
        if code == "chats":
            made[code] = column.ProgressColumn(
                _(words.name), help=_(words.meaning), format="%d", min_value=0, max_value=int(rows[code].max())
            )
        elif code == "answers":
            made[code] = column.NumberColumn(_(words.name), help=_(words.meaning), format="%d")
        else:
            name = _("{name} (min)", name=_(words.name))
            made[code] = column.NumberColumn(name, help=_(words.meaning), format="%.1f")
    return made


def _open(by: GroupBy, key: Key | None) -> None:
    open_rows(replies_filter(chosen_chats(), by, key, session.clock(), worked=worked()))
