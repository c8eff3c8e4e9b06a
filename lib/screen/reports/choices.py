"""What is chosen on the page Reports beside the filters; a link keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from lib.reports.coverage import EVERY_DAY, MISSED_TARGET, MISSED_TARGETS
from lib.reports.figures import TARGET_S, TARGETS_S, FigureCode
from lib.reports.groups import GROUPINGS, ORDERS, GroupBy
from lib.screen.parts.address import read_address, write_address

TARGET_KEY, WAITS_KEY, BY_KEY, ORDER_KEY = "w_target", "w_waits", "w_report_by", "w_report_order"
DAY_KEY, MISSED_KEY = "w_coverage_day", "w_missed_target"
# Which chats a wait counts of.
AT_ALL_HOURS, IN_WORKING_HOURS = "all", "working_hours"
WAITS = (AT_ALL_HOURS, IN_WORKING_HOURS)
# Stands for all weekdays.
ALL_DAYS = 0


@dataclass(frozen=True)
class _Choice:
    """Its parameter of the address, which says nothing of which chats are meant; what can be chosen, and what usually
    is."""

    name: str
    options: Sequence[int | str]
    usual: int | str


_CHOICES = {
    TARGET_KEY: _Choice("within", TARGETS_S, TARGET_S),
    WAITS_KEY: _Choice("waits", WAITS, AT_ALL_HOURS),
    BY_KEY: _Choice("by", GROUPINGS, GROUPINGS[0]),
    ORDER_KEY: _Choice("ranked_by", ORDERS, ORDERS[0]),
    DAY_KEY: _Choice("coverage_of", (ALL_DAYS, *EVERY_DAY), ALL_DAYS),
    MISSED_KEY: _Choice("missed_under", MISSED_TARGETS, MISSED_TARGET),
}


def settle_choices() -> None:
    """Sets the widgets of the page that are no filters as its address says."""
    told = read_address()
    for key, choice in _CHOICES.items():
        said = told.get(choice.name, [""])[-1]
        st.session_state[key] = next((each for each in choice.options if str(each) == said), choice.usual)


def keep_choices() -> None:
    """Puts them into the address, so that a link shows the same; for the callback of these widgets."""
    names = {choice.name for choice in _CHOICES.values()}
    beside = {name: values for name, values in read_address().items() if name not in names}
    chosen = {choice.name: [str(value)] for key, choice in _CHOICES.items() if (value := _chosen(key)) != choice.usual}
    write_address(beside | chosen)


def target_s() -> int:
    """The wait, in seconds, within which an answer came in time."""
    return int(_chosen(TARGET_KEY))


def worked() -> bool:
    """Whether waits are those of chats alone that began in working hours."""
    return _chosen(WAITS_KEY) == IN_WORKING_HOURS


def by_what() -> GroupBy:
    """By what the figures are grouped."""
    by: GroupBy = _chosen(BY_KEY)  # type: ignore[assignment]
    return by


def ordered_by() -> FigureCode:
    """The figure by which groups are ranked."""
    code: FigureCode = _chosen(ORDER_KEY)  # type: ignore[assignment]
    return code


def covered_days() -> tuple[int, ...]:
    """The weekdays of which the coverage is shown, from 1 (Monday)."""
    day = int(_chosen(DAY_KEY))
    return EVERY_DAY if day == ALL_DAYS else (day,)


def missed_target() -> int:
    """The share of missed chats, in percent, under which it is to stay."""
    return int(_chosen(MISSED_KEY))


def _chosen(key: str) -> int | str:
    value: int | str | None = st.session_state.get(key)
    return _CHOICES[key].usual if value is None else value
