"""The days on which nobody works: added one by one or from lines, and removed."""

from datetime import date

import pandas as pd
import streamlit as st

from lib.language import _, date_pattern, plural
from lib.screen.parts.table import Ticks
from lib.screen.team.draft import draft_holidays

LONGEST_NAME = 100
_DAY, _NAME, _LINES, _TOLD = "holiday_day", "holiday_name", "holiday_lines", "holiday_told"


def holidays_form() -> None:
    """Draws the holidays of the form."""
    holidays = draft_holidays()
    if holidays:
        _table(holidays)
    else:
        st.caption(_("No holidays yet. On a holiday nobody works, whatever the weekday says."))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.date_input(_("Day"), value=None, format=date_pattern(), key=_DAY, width=150, persist_state="session")
        st.text_input(_("Name of the holiday"), max_chars=LONGEST_NAME, key=_NAME, width=200, persist_state="session")
        st.button(_("Add the holiday"), key="add_holiday", icon=":material/add:", on_click=_add_one)
    with st.popover(_("Several at once"), icon=":material/content_paste:"):
        st.text_area(
            _("One a line: year-month-day, then the name"),
            key=_LINES,
            max_chars=10_000,
            placeholder=_("2026-12-31 New Year's Eve"),
            width=360,
            persist_state="session",
        )
        st.button(_("Add these days"), key="add_holidays", on_click=_add_lines)
    _told()


def parsed(text: str) -> tuple[dict[date, str], list[str]]:
    """The days with their names that the lines of a text say, and the lines that say none."""
    days, bad = dict[date, str](), []
    for line in filter(None, map(str.strip, text.splitlines())):
        word, _blank, name = line.replace("\t", " ").partition(" ")
        try:
            days[date.fromisoformat(word)] = name.strip()[:LONGEST_NAME]
        except ValueError:
            bad.append(line)
    return days, bad


def _table(holidays: dict[date, str]) -> None:
    days = sorted(holidays)
    ticks = Ticks(f"holidays_{hash(tuple(days))}", days)
    st.dataframe(
        pd.DataFrame({"day": days, "name": [holidays[each] for each in days]}),
        key=ticks.key,
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        row_height=30,
        height="content" if len(days) <= 8 else 270,
        column_config={
            "day": st.column_config.DateColumn(_("Day"), format=date_pattern(), width=110),
            "name": st.column_config.TextColumn(_("Holiday")),
        },
        alt=_("Holidays"),
    )
    chosen = ticks.chosen
    st.button(
        plural("Remove {n} holiday", "Remove {n} holidays", len(chosen))
        if chosen
        else _("Tick holidays to remove them"),
        key="remove_holidays",
        icon=":material/close:",
        disabled=not chosen,
        on_click=_remove,
        args=(ticks,),
    )


def _remove(days: list[date]) -> None:
    for each in days:
        draft_holidays().pop(each, None)


def _add_one() -> None:
    day, name = st.session_state.get(_DAY), (st.session_state.get(_NAME) or "").strip()
    if day is None:
        st.session_state[_TOLD] = (0, [], True)
        return
    draft_holidays()[day] = name
    st.session_state[_DAY], st.session_state[_NAME] = None, ""


def _add_lines() -> None:
    days, bad = parsed(st.session_state.get(_LINES) or "")
    draft_holidays().update(days)
    st.session_state[_LINES] = "\n".join(bad)
    st.session_state[_TOLD] = (len(days), bad, False)


def _told() -> None:
    added, bad, no_day = st.session_state.pop(_TOLD, (0, [], False))
    if no_day:
        st.badge(_("Choose a day first."), icon=":material/error:", color="red")
    if added:
        st.text(
            plural(
                "{n} day is in the list now; save to keep it.",
                "{n} days are in the list now; save to keep them.",
                added,
            )
        )
    if bad:
        st.badge(
            plural("{n} line does not begin with a day.", "{n} lines do not begin with a day.", len(bad)),
            icon=":material/error:",
            color="red",
        )
        st.text(_("What could not be read is still in the field. A line looks like this: 2026-12-31 New Year's Eve"))
        st.code("\n".join(bad[:20]), language=None)
