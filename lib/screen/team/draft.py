"""The working hours, holidays and thresholds as they stand in the form, until they are saved or discarded."""

from datetime import date
from math import nan

import streamlit as st

from lib.chats.hours import DAY_MIN, Hours, Minutes
from lib.missed.settings import LIMITS, Rules

WEEKDAYS = range(1, 8)
# What a day that is opened begins with.
USUAL: Minutes = (9 * 60, 18 * 60)

_BASE = "rules_base"
_HOLIDAYS = "rules_holidays"


def open_key(weekday: int) -> str:
    """Key of the switch that opens a weekday."""
    return f"hours_open_{weekday}"


def time_keys(weekday: int) -> tuple[str, str]:
    """Keys of the opening and the closing minute of a weekday."""
    return f"hours_from_{weekday}", f"hours_to_{weekday}"


def threshold_key(name: str) -> str:
    """Key of the field of a threshold."""
    return f"threshold_{name}"


def begin_draft(saved: Rules) -> None:
    """Fills the form with the saved rules, unless something was changed in it."""
    base = base_rules()
    if base is None or (base != saved and draft_rules() == base):
        fill_draft(saved)


def base_rules() -> Rules | None:
    """The rules that the form began with; None before it did."""
    return st.session_state.get(_BASE)


def fill_draft(rules: Rules) -> None:
    """Makes the form show these rules; before its fields are drawn."""
    st.session_state[_BASE] = rules
    st.session_state[_HOLIDAYS] = dict(rules.hours.holidays)
    for weekday in WEEKDAYS:
        minutes = rules.hours.weekdays.get(weekday)
        st.session_state[open_key(weekday)] = minutes is not None
        for key, minute in zip(time_keys(weekday), minutes or USUAL, strict=True):
            st.session_state[key] = minute
    for name in LIMITS:
        st.session_state[threshold_key(name)] = float(getattr(rules, name))


def draft_rules() -> Rules:
    """What the form says; a threshold without a number is not a number."""
    days = {}
    for day in WEEKDAYS:
        if st.session_state.get(open_key(day)):
            opens, closes = (st.session_state.get(key) for key in time_keys(day))
            days[day] = (DAY_MIN if opens is None else opens, 0 if closes is None else closes)
    limits = {name: st.session_state.get(threshold_key(name)) for name in LIMITS}
    return Rules(
        Hours(days, dict(draft_holidays())),
        **{name: nan if value is None else float(value) for name, value in limits.items()},
    )


def draft_holidays() -> dict[date, str]:
    """The holidays in the form, which may be changed."""
    holidays: dict[date, str] = st.session_state[_HOLIDAYS]
    return holidays
