"""What became of missed chats, week by week; a row opens the missed chats of its week."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import UNKNOWN, _, calendar_day, date_pattern, mark, number
from lib.missed.figures import FEW, FigureCode, Reading, Tally, read, rows_of
from lib.missed.groups import Group, group_filter, groups
from lib.reports.document import Cell, Heading, Table
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import MISSED
from lib.screen.missed.groups import WORDS as OF_LEDGER
from lib.screen.parts.figure import WHY_GREY, Words, value_text
from lib.screen.parts.table import painted, row_table
from lib.screen.reports.figures import chosen_chats, open_rows
from lib.screen.reports.groups import GREY, SHOWN_ROWS, heading, in_unit

SHARES: tuple[FigureCode, ...] = ("contacted", "recovered", "came_back")
WORDS: Mapping[str, Words] = {
    "missed": OF_LEDGER["missed"],
    "contacted": OF_LEDGER["contacted"],
    "contact_time": OF_LEDGER["contact_time"],
    "recovered": OF_LEDGER["recovered"],
    "came_back": OF_LEDGER["came_back"],
    "overdue": Words(mark("Overdue"), mark("Missed chats that wait for a reply still, and whose due time is over.")),
}
HOUR_S = 3600


def report_ledger() -> None:
    """Draws the weeks in which chats were missed, the latest first; nothing where none was."""
    chosen = chosen_chats()
    found = weeks_of(answer(groups, chosen, "week"))
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_("**What became of missed chats, by week**"), width="content")
        with st.popover("", icon=":material/help:", type="tertiary", help=_("How is this counted?")):
            for words in WORDS.values():
                st.markdown(f"**{_(words.name)}**  \n{_(words.meaning)}")
    rows = pd.DataFrame([_row(group) for group in found])
    row_table(
        painted(rows, [_looks(group.now, list(rows.columns)) for group in found]),
        [group.key for group in found],
        _open,
        key=f"ledger_{hash((chosen, session.store().moment))}",
        height="content" if len(found) <= SHOWN_ROWS else 420,
        columns=_columns(rows),
        alt=_("What became of missed chats, by week"),
    )
    st.caption(_("A click on a row opens the missed chats of its week.") + " " + _(WHY_GREY, few=number(FEW)))


def weeks_of(found: Sequence[Group]) -> list[Group]:
    """Those of the groups that are known weeks with a missed chat."""
    return [group for group in found if isinstance(group.key, date) and group.now.missed]


def week_filter(chosen: ChatFilter, monday: date | str) -> ChatFilter:
    """The filter that finds the missed chats of a week."""
    clock = session.clock()
    return rows_of("missed", group_filter(chosen, "week", monday, clock), clock)


def ledger_printed(found: Sequence[Group]) -> Table:
    """All of it, for a report on paper."""
    header = [
        heading(_(words.name), "seconds" if code == "contact_time" else "share" if code in SHARES else "chats")
        for code, words in WORDS.items()
    ]
    return Table(
        "ledger",
        _("What became of missed chats, by week"),
        [Heading(_("Week")), *header],
        [[Cell(_name(group)), *_cells(group.now)] for group in found],
        notes=[f"{_(words.name)}: {_(words.meaning)}" for words in WORDS.values()],
    )


def _open(monday: date | str) -> None:
    open_rows(week_filter(chosen_chats(), monday), page=MISSED)


def _name(group: Group) -> str:
    return calendar_day(group.key) if isinstance(group.key, date) else UNKNOWN


def _row(group: Group) -> dict[str, object]:
    now = group.now
    shares = {code: in_unit(read(code, now).value, "share") for code in SHARES}
    hours = None if now.contact_s is None else now.contact_s / HOUR_S
    values = {"missed": now.missed, "contact_time": hours, "overdue": now.overdue} | shares
    return {"name": group.key, **{code: values[code] for code in WORDS}}


def _looks(tally: Tally, columns: Sequence[str]) -> list[str]:
    readings: dict[str, Reading] = {code: read(code, tally) for code in (*SHARES, "contact_time")}
    return [GREY if column in readings and readings[column].is_small else "" for column in columns]


def _cells(tally: Tally) -> list[Cell]:
    contact = read("contact_time", tally)
    shares = [read(code, tally) for code in SHARES]
    of_shares = [Cell(value_text(each, "share"), each.is_small, in_unit(each.value, "share")) for each in shares]
    time = Cell(value_text(contact, "seconds"), contact.is_small, in_unit(contact.value, "seconds"))
    missed, overdue = (Cell(number(count), number=count) for count in (tally.missed, tally.overdue))
    return [missed, of_shares[0], time, *of_shares[1:], overdue]


def _columns(rows: pd.DataFrame) -> dict[str, Any]:
    column = st.column_config
    shares: dict[str, Any] = {
        code: column.ProgressColumn(
            _(WORDS[code].name), help=_(WORDS[code].meaning), format="%.1f%%", min_value=0, max_value=100
        )
        for code in SHARES
    }
    return shares | {
        "name": column.DateColumn(_("Week"), format=date_pattern(), pinned=True),
        "missed": column.ProgressColumn(
            _(WORDS["missed"].name),
            help=_(WORDS["missed"].meaning),
            format="%d",
            min_value=0,
            max_value=int(rows["missed"].max()),
        ),
        "contact_time": column.NumberColumn(
            _("Contact after (h)"), help=_(WORDS["contact_time"].meaning), format="%.1f"
        ),
        "overdue": column.NumberColumn(_(WORDS["overdue"].name), help=_(WORDS["overdue"].meaning), format="%d"),
    }
