"""A retention rule before it is saved: its fields, and what it would do now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st

from lib.chats.columns import FIELDS, value_name
from lib.chats.facets import offered_values
from lib.chats.filter.filter import NO_VALUE, ChatFilter, FacetField, as_chosen, as_stored
from lib.erasure.planning import Due, preview
from lib.erasure.rules import (
    ACTIONS,
    LONGEST_NAME,
    MOST_MONTHS,
    SCOPE_CATEGORIES,
    Action,
    Rule,
    save_rule,
)
from lib.language import _, calendar_day, mark, number
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, go
from lib.screen.frame.storing import stores, with_failure
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import Telling, tell

EDITING = Dialog("retention_rule", Rule)
LISTS: tuple[FacetField, ...] = ("department", "website", "channel")
ACTION_NAMES: Mapping[Action, str] = {
    "delete": mark("Delete"),
    "anonymise": mark("Anonymise"),
    "erase": mark("Erase for good"),
}
MEANINGS: Mapping[Action, str] = {
    "delete": mark("They are hidden everywhere, and can be restored under Deleted chats."),
    "anonymise": mark(
        "Messages, notes, e-mails and all that tells of the visitor go for good. Times, numbers, operators and tags "
        "stay, so that figures stay the same."
    ),
    "erase": mark("They go for good with all that belongs to them, and figures do not count them any more."),
}
_REFUSED, _BEGUN = "rule_refused", "rule_begun"


def ask_for_rule(rule: Rule) -> None:
    """Opens the form of a rule with the next run; for a button's callback."""
    state = st.session_state
    begun = state.pop(_BEGUN, None)
    if begun and (begun.id == rule.id or begun.saved_at is rule.saved_at is None):
        rule = begun
    state["rule_name"], state["rule_months"], state["rule_on"] = rule.name, rule.months, rule.is_on
    state["rule_category"], state["rule_action"] = rule.scope.category, rule.action
    for name in LISTS:
        state[f"rule_{name}"] = list(getattr(rule.scope, name))
    state.pop(_REFUSED, None)
    EDITING.open(rule)


def rule_dialog() -> None:
    """Draws the form, if it is open."""
    if EDITING.about:
        EDITING.draw(_("Retention rule"), _form, EDITING.about, icon=":material/auto_delete:", width="medium")


@with_failure
def _form(rule: Rule) -> None:
    st.text_input(_("Name"), max_chars=LONGEST_NAME, key="rule_name")
    if st.session_state.get(_REFUSED):
        st.badge(_("Give it a name."), icon=":material/error:", color="red")
    with st.container(horizontal=True, gap="small"):
        st.selectbox(
            _("Category"),
            SCOPE_CATEGORIES,
            format_func=lambda code: _(labels.CATEGORIES[code].name),
            key="rule_category",
            width=150,
        )
        for name in LISTS:
            _list(name, list(getattr(rule.scope, name)))
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.number_input(_("After months"), min_value=1, max_value=MOST_MONTHS, step=1, key="rule_months", width=150)
        st.segmented_control(
            _("What happens then"),
            ACTIONS,
            format_func=lambda code: _(ACTION_NAMES[code]),
            key="rule_action",
            required=True,
        )
        st.toggle(_("On"), key="rule_on")
    typed = _typed(rule)
    st.caption(_(MEANINGS[typed.action]))
    with st.container(border=True, gap="xsmall", key="rule_preview"):
        with st.spinner(_("Counting…")):
            due: Due = answer(preview, typed)[typed.id]
        due_lines(due)
        can_be_seen = due.chats > due.deleted
        if can_be_seen and st.button(
            _("Open these chats"), key="open_due", icon=":material/arrow_forward:", type="tertiary"
        ):
            # What was typed is there again when the form is opened the next time.
            st.session_state[_BEGUN] = typed
            EDITING.close()
            open_due(typed)
    st.caption(_("It is carried out from the next night on; nothing happens to chats before."))
    with st.container(horizontal=True, horizontal_alignment="right"):
        EDITING.cancel_button("cancel_rule")
        if st.button(_("Save"), key="save_rule", type="primary", icon=":material/save:"):
            _save(typed)
            st.rerun()


def due_lines(due: Due) -> None:
    """Draws what a rule would do now, and what it leaves alone."""
    clock, span = session.clock(), ""
    if due.oldest and due.newest:
        first, last = (calendar_day(clock.local(each).date()) for each in (due.oldest, due.newest))
        span = " · " + (first if first == last else _("{first} to {last}", first=first, last=last))
    told = [_("Chats due today: {n}", n=number(due.chats)) + span]
    beside = (
        (due.deleted, _("of these already deleted: {n}", n=number(due.deleted))),
        (due.open, _("of these still to be followed up: {n}", n=number(due.open))),
        (due.stronger, _("left to a stronger rule: {n}", n=number(due.stronger))),
        (due.held, _("left alone under legal hold: {n}", n=number(due.held))),
        (due.running, _("left alone, since they still run: {n}", n=number(due.running))),
    )
    st.text("\n".join([*told, *(f"• {line}" for count, line in beside if count)]))


def scope_values(name: FacetField) -> dict[str, str]:
    """What a list of a rule offers: the values as a filter names them, and what each is called."""
    words = FIELDS[name].listed
    without = {NO_VALUE: _(words.nothing)} if words else {}
    return {as_chosen(each): value_name(name, each) for each in answer(offered_values, name)} | without


def _list(name: FacetField, chosen: list[str]) -> None:
    names = scope_values(name)
    # What a rule names stays there where no chat has it any more.
    offered = [*names, *(each for each in chosen if each not in names)]
    st.multiselect(
        _(labels.FIELDS[name]),
        offered,
        format_func=lambda each: names.get(each) or as_stored(each) or each,
        key=f"rule_{name}",
        placeholder=_("Any"),
        width=158,
    )


def _typed(rule: Rule) -> Rule:
    """The rule as it stands in the fields now."""
    state = st.session_state
    lists: dict[str, Any] = {name: tuple(state.get(f"rule_{name}") or ()) for name in LISTS}
    scope = replace(ChatFilter(category=state.get("rule_category") or "all"), **lists)
    return replace(
        rule,
        name=str(state.get("rule_name") or ""),
        scope=scope,
        months=int(state.get("rule_months") or 1),
        action=state.get("rule_action") or rule.action,
        is_on=bool(state.get("rule_on")),
    )


def open_due(rule: Rule) -> NoReturn:
    """Opens the chats with which a rule has something to do on the page Chats."""
    go(CHATS, to_address(ChatView(rule.left(session.clock()))))


@stores
def _save(typed: Rule) -> None:
    outcome = save_rule(session.store(), typed, session.actor())
    if not isinstance(outcome, Rule):
        st.session_state[_REFUSED] = outcome
        return
    EDITING.close()
    tell(lambda: Telling(_("The rule “{name}” is saved.", name=outcome.name)))
