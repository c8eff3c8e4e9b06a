"""The retention rules with what each would do today, and the ways to change, remove and carry out one."""

from collections.abc import Mapping
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats.filter.sentence import sentence
from lib.erasure.planning import Due, preview
from lib.erasure.rules import Rule, new_rule, remove_rule, rules, save_rule
from lib.erasure.running import FROM_HOUR, Run, run_now, runs
from lib.language import _, mark, moment_pattern, number, plural, zone_label
from lib.screen.export.files import exports
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import stores, with_failure
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.parts.table import choice_table
from lib.screen.retention.form import (
    ACTION_NAMES,
    MEANINGS,
    ask_for_rule,
    due_lines,
    open_due,
    rule_dialog,
)

RUNNING = Dialog("running_rule", Rule)
_WORD, _REFUSED = "run_word", "run_refused"
WHAT_RUNS = mark(
    "Each night from {hour}:00 ({zone}) every rule that is on is carried out. Months count from the end of a chat, or "
    "from its start where no end is known. Of several rules the strongest is carried out: erase, then anonymise, then "
    "delete. Chats that still run, and what is under legal hold, are left alone."
)


def rules_part() -> None:
    """Draws the rules."""
    held = answer(rules)
    with st.container(border=True):
        st.markdown(_("**Rules**"))
        zone = session.settings().zone
        st.caption(_(WHAT_RUNS, hour=number(FROM_HOUR), zone=zone_label(zone)))
        slot = st.container(horizontal=True, vertical_alignment="center", gap="small")
        chosen = _table(held, answer(preview)) if held else None
        with slot:
            st.button(_("New rule…"), key="new_rule", icon=":material/add:", type="primary", on_click=_new)
            if chosen:
                _ways(chosen)
            elif held:
                st.caption(_("Choose a row to change, carry out or remove a rule."), width="content")
        if not held:
            st.text(_("There is no rule: chats are kept until somebody deletes them."))
    rule_dialog()
    if RUNNING.about:
        RUNNING.draw(_("Carry out now?"), _question, RUNNING.about, icon=":material/auto_delete:", width="medium")


def _table(held: list[Rule], due: Mapping[UUID, Due]) -> Rule | None:
    column, clock = st.column_config, session.clock()
    newest: dict[UUID, Run] = {}
    for each in answer(runs):
        newest.setdefault(each.rule_id, each)
    last = [newest[rule.id].began_at if rule.id in newest else None for rule in held]
    ticks = choice_table(
        pd.DataFrame(
            {
                "name": [rule.name for rule in held],
                "chats": [sentence(rule.scope, clock) for rule in held],
                "months": [rule.months for rule in held],
                "action": [_(ACTION_NAMES[rule.action]) for rule in held],
                "is_on": [_("on") if rule.is_on else _("off") for rule in held],
                "due": [due[rule.id].chats if rule.id in due else None for rule in held],
                "held": [due[rule.id].held if rule.id in due else None for rule in held],
                "last": pd.Series(last, dtype="datetime64[us]"),
            }
        ),
        held,
        key=f"rules_{hash(tuple(held))}",
        placeholder="–",
        columns={
            "name": column.TextColumn(_("Name"), width=150),
            "chats": column.TextColumn(_("Chats")),
            "months": column.NumberColumn(_("After months"), width=90),
            "action": column.TextColumn(_("What happens then"), width=125),
            "is_on": column.TextColumn(_("On"), width=50),
            "due": column.NumberColumn(_("Due now"), width=80),
            "held": column.NumberColumn(_("On hold"), width=80),
            "last": column.DatetimeColumn(
                _("Last carried out"), format=moment_pattern(), timezone=session.settings().zone, width=140
            ),
        },
        alt=_("Rules"),
    )
    return ticks.chosen[0] if ticks.chosen else None


def _ways(rule: Rule) -> None:
    st.button(_("Change…"), key="change_rule", icon=":material/edit:", on_click=ask_for_rule, args=(rule,))
    st.button(
        _("Carry out now…"),
        key="ask_to_run",
        icon=":material/play_arrow:",
        disabled=not rule.is_on,
        help=None if rule.is_on else _("Switch the rule on first."),
        on_click=_ask,
        args=(rule,),
    )
    if st.button(_("Open its chats"), key="open_due_of", icon=":material/arrow_forward:"):
        open_due(rule)
    st.button(_("Remove"), key="remove_rule", icon=":material/delete:", on_click=_remove, args=(rule,))


def _new() -> None:
    ask_for_rule(new_rule())


def _ask(rule: Rule) -> None:
    for key in (_WORD, _REFUSED):
        st.session_state.pop(key, None)
    RUNNING.open(rule)


@with_failure
def _question(rule: Rule) -> None:
    due: Due | None = answer(preview).get(rule.id)
    st.text(_("{what}: {told}", what=rule.name, told=sentence(rule.scope, session.clock())))
    if due is None or not due.chats:
        st.info(_("There is nothing to do for this rule now."), icon=":material/check:")
        if due:
            due_lines(due)
        RUNNING.cancel_button("cancel_run", is_usual=True)
        return
    due_lines(due)
    st.text(_(MEANINGS[rule.action]))
    word = _("CARRY OUT")
    st.text_input(_("Type {word} to confirm", word=word), max_chars=20, key=_WORD)
    if st.session_state.get(_REFUSED):
        st.badge(_("Type the word to confirm."), icon=":material/error:", color="red")
    with st.container(horizontal=True, horizontal_alignment="right"):
        RUNNING.cancel_button("cancel_run", is_usual=True)
        if st.button(_("Carry out"), key="confirm_run", icon=":material/auto_delete:"):
            _run(rule, word)
            st.rerun()


@stores
def _run(rule: Rule, word: str) -> None:
    state = st.session_state
    if str(state.get(_WORD) or "").strip().casefold() != word.casefold():
        state[_REFUSED] = True
        return
    with st.spinner(_("Carrying out the rule…")):
        done = run_now(session.store(), rule.id, session.clock(), session.actor())
    RUNNING.close()
    # Their files may hold what is gone.
    exports().end_all()

    def told() -> Telling:
        if done is None:
            return Telling(_("The rule was changed meanwhile. Nothing was done."))
        said = plural("The rule was carried out for {n} chat.", "The rule was carried out for {n} chats.", done.chats)
        held = plural("{n} is under legal hold.", "{n} are under legal hold.", done.held) if done.held else ""
        return Telling(" ".join(filter(None, [said, held])))

    tell(told)


@stores
def _remove(rule: Rule) -> None:
    remove_rule(session.store(), rule, session.actor())
    tell(lambda: Telling(_("The rule “{name}” is removed.", name=rule.name), [undo_way(lambda: _back(rule))]))


@stores
def _back(rule: Rule) -> None:
    save_rule(session.store(), rule, session.actor())
    tell(lambda: Telling(_("The rule “{name}” is saved.", name=rule.name)))
