"""The form of the working hours, the holidays and the thresholds."""

from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from lib.chats.filter.sentence import WEEKDAYS as WEEKDAY_NAMES
from lib.chats.hours import DAY_MIN
from lib.language import _, _p, mark, number, plural, zone_label
from lib.missed.derive import derive_due
from lib.missed.evidence import clock_time
from lib.missed.settings import LIMITS, Rules, RulesError, problems_of, rules_of, save_rules
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.team.draft import (
    WEEKDAYS,
    base_rules,
    begin_draft,
    draft_rules,
    fill_draft,
    open_key,
    threshold_key,
    time_keys,
)
from lib.screen.team.holidays import holidays_form
from lib.store import StoreError

STEP_MIN = 15


@dataclass(frozen=True)
class Threshold:
    """How a threshold is named and explained; `step` is what one click changes."""

    label: str
    meaning: str
    step: float


THRESHOLDS = {
    "due_after_h": Threshold(
        mark("Due after (working hours)"),
        mark("A missed chat is due this many working hours after it began; after that it is overdue."),
        0.5,
    ),
    "recovery_h": Threshold(
        mark("Came back within (hours)"),
        mark("A visitor whom a person serves within this time after the missed chat came back, and leaves the queue."),
        1.0,
    ),
    "left_within_s": Threshold(
        mark("Left at once within (seconds)"),
        mark("A visitor who leaves within this time left at once: nobody could have answered."),
        5.0,
    ),
    "past_after_d": Threshold(
        mark("Past after (days)"),
        mark(
            "A missed chat that was older than this when it first came in is past, and not to do, until somebody takes "
            "it back in. A change counts for all chats that nobody has done anything about."
        ),
        1.0,
    ),
}


def hours_form() -> None:
    """Draws the form; what is changed in it stays until it is saved or discarded."""
    saved = rules_of(session.store())
    begin_draft(saved)
    problems = problems_of(draft_rules())
    hours, more = st.columns([5, 4], gap="large")
    with hours:
        st.markdown(_("**Working hours**"))
        st.caption(_("Times in {zone}", zone=zone_label(session.settings().zone)))
        for weekday in WEEKDAYS:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.toggle(_(WEEKDAY_NAMES[str(weekday)]), key=open_key(weekday), width=150, persist_state="session")
                labels = (_p("hours", "From"), _p("hours", "To"))
                choices = (range(0, DAY_MIN, STEP_MIN), range(STEP_MIN, DAY_MIN + 1, STEP_MIN))
                for key, label, times in zip(time_keys(weekday), labels, choices, strict=True):
                    st.selectbox(
                        label,
                        sorted({*times, st.session_state[key]}),
                        format_func=clock_time,
                        key=key,
                        label_visibility="collapsed",
                        disabled=not st.session_state[open_key(weekday)],
                        width=110,
                        persist_state="session",
                    )
                if str(weekday) in problems:
                    st.badge(_("Closes before it opens"), icon=":material/error:", color="red")
        if not any(st.session_state[open_key(weekday)] for weekday in WEEKDAYS):
            st.caption(_("Every day is closed: all chats are out of hours, and none is ever due."))
    with more:
        st.markdown(_("**Holidays**"))
        holidays_form()
    st.markdown(_("**Thresholds**"))
    _thresholds()
    _bar(saved, problems)


def _thresholds() -> None:
    for column, (name, threshold) in zip(st.columns(len(THRESHOLDS), gap="large"), THRESHOLDS.items(), strict=True):
        with column:
            st.number_input(
                _(threshold.label),
                key=threshold_key(name),
                step=threshold.step,
                format="%.15g",
                width=220,
                persist_state="session",
            )
            st.caption(_(threshold.meaning))


def _bar(saved: Rules, problems: list[str]) -> None:
    draft = draft_rules()
    changed = draft != base_rules()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("Save"), key="save_rules", type="primary", on_click=_save)
        st.button(_("Discard changes"), key="discard_rules", on_click=_discard)
        if changed:
            st.badge(_("Not saved yet"), icon=":material/edit:", color="orange")
    # Below the buttons, which stay where they are while the last field is left.
    if changed and base_rules() != saved:
        st.warning(_("Somebody else has saved other rules meanwhile. Saving yours replaces them."))
    for name, threshold in THRESHOLDS.items():
        if name in problems:
            low, high = LIMITS[name]
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                text = _("Between {low} and {high}", low=number(low), high=number(high))
                st.badge(text, icon=":material/error:", color="red")
                st.text(_(threshold.label), width="content")


def _save() -> None:
    before, draft = rules_of(session.store()), draft_rules()
    if draft != base_rules():
        _keep(draft, before)


def _discard() -> None:
    fill_draft(rules_of(session.store()))


@stores
def _keep(rules: Rules, before: Rules | None) -> None:
    # `before` are the rules to go back to; None where this goes back.
    store, zone, moment, actor = session.store(), session.settings().zone, session.clock().now, session.actor()
    try:
        save_rules(store, rules, actor)
    except RulesError:
        return  # What is wrong stands below.
    fill_draft(rules)
    chats: int | None = None
    # The rules are saved; the keeper works out the rest as soon as it can.
    with suppress(StoreError):
        chats = derive_due(store, zone, moment)

    def telling() -> Telling:
        told = _("Saved.") if before else _("The earlier rules are back.")
        # Rules that somebody saved since are theirs.
        ways = [undo_way(lambda: _keep(before, None))] if before and rules_of(session.store()) == rules else []
        if chats == 0:
            told = f"{told} {_('No missed chat changed.')}"
        elif chats:
            different = plural(
                "Due time, cause or state of {n} missed chat is different now.",
                "Due time, cause or state of {n} missed chats is different now.",
                chats,
            )
            told = f"{told} {different}"
        return Telling(told, ways)

    tell(telling)
