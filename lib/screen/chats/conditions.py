"""The dialog of the conditions, and the button in the sidebar that opens it."""

from dataclasses import replace

import streamlit as st

from lib.chats.columns import FIELDS
from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter, Conditions, Mode
from lib.chats.filter.operators import operators_of
from lib.chats.filter.sentence import field_name
from lib.chats.filter.validate import MOST_CONDITIONS
from lib.language import _, mark, number, plural
from lib.screen.chats.condition_values import row_values
from lib.screen.chats.conditions_draft import (
    CONDITIONS,
    Draft,
    Group,
    Row,
    add_group,
    add_row,
    begin_draft,
    group_of,
    is_complete,
    open_draft,
    remove,
    row_of,
    set_field,
    set_operator,
)
from lib.screen.chats.view import read_view, show_chosen
from lib.screen.frame.answers import answer
from lib.screen.frame.labels import filter_words
from lib.screen.frame.storing import with_failure

MODES: dict[Mode, str] = {"all": mark("All of them"), "any": mark("Any of them")}
# Field, operator, values, mark of what is missing, button.
WIDTHS = (3, 2.6, 5, 0.5, 0.7)


def conditions(chosen: ChatFilter) -> None:
    """Draws the button, and the dialog where it is open."""
    count = chosen.conditions.size if chosen.conditions else 0
    st.button(
        _("Conditions: {n}", n=number(count)) if count else _("Conditions"),
        key="open_conditions",
        icon=":material/rule:",
        width="stretch",
        help=_(
            "For what the lists cannot say: any field, with operators such as “contains”, “more than” or “is empty”."
        ),
        on_click=_open,
    )
    draft = open_draft(chosen.conditions)
    if draft:
        CONDITIONS.draw(_("Conditions"), _form, chosen, width="large", icon=":material/rule:")


def _open() -> None:
    begin_draft(read_view().chosen.conditions)


@with_failure
def _form(chosen: ChatFilter) -> None:
    draft = CONDITIONS.about
    if draft is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        _mode(draft.top)
        st.caption(
            _("must hold."),
            width="content",
            help=_(
                "Upper and lower case count as the same. “Is not”, “is none of” and “does not contain” are true of a "
                "chat without a value, all other conditions are not. Days, weekdays and times of day are those of "
                "the time zone of the workspace. “In the last … hours” counts back from this minute; days, weeks and "
                "months are whole days with today as the last one. A time of day reaches up to its end, which does "
                "not belong to it."
            ),
        )
    for item in list(draft.top.items):
        if isinstance(item, Row):
            _row(draft.top, item)
        else:
            _inner_group(draft, item)
    with st.container(horizontal=True):
        _adding(draft, draft.top)
        st.button(
            _("Add group"),
            key="add_group",
            icon=":material/data_array:",
            disabled=draft.is_full,
            help=_("Conditions in brackets, with “all” or “any” of their own."),
            on_click=add_group,
        )
    _foot(chosen, draft)


def _mode(group: Group) -> None:
    key = f"rules_{group.id}_mode"
    st.session_state[key] = group.mode
    st.segmented_control(
        _("How many must hold"),
        list(MODES),
        format_func=lambda mode: _(MODES[mode]),
        key=key,
        required=True,
        label_visibility="collapsed",
        on_change=_mode_changed,
        args=(group.id, key),
    )


def _mode_changed(number: int, key: str) -> None:
    group = group_of(number)
    if group:
        group.mode = st.session_state[key]


def _inner_group(draft: Draft, group: Group) -> None:
    with st.container(border=True, key=f"rules_{group.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            _mode(group)
            st.caption(_("in this group must hold."), width="stretch")
            _removing(draft.top, group)
        for item in list(group.items):
            if isinstance(item, Row):
                _row(group, item)
        _adding(draft, group)


def _adding(draft: Draft, group: Group) -> None:
    st.button(
        _("Add condition"),
        key=f"add_rule_{group.id}",
        icon=":material/add:",
        disabled=draft.is_full,
        help=_("There may be {n} conditions.", n=number(MOST_CONDITIONS)) if draft.is_full else None,
        on_click=add_row,
        args=(group.id,),
    )


def _row(group: Group, row: Row) -> None:
    with st.container(key=f"rule_{row.id}"):
        field, operator, values, missing, button = st.columns(WIDTHS, gap="small", vertical_alignment="center")
    with field:
        key = f"rule_{row.id}_field"
        st.session_state[key] = row.condition.field
        st.selectbox(
            _("Field"),
            list(FIELDS),
            format_func=field_name,
            key=key,
            label_visibility="collapsed",
            on_change=_field_changed,
            args=(row.id, key),
        )
    with operator:
        known = operators_of(row.condition.field)
        # Another field has other operators, so it has another widget.
        key = f"rule_{row.id}_{row.condition.field}_operator"
        st.session_state[key] = row.condition.operator
        st.selectbox(
            _("Operator of the condition"),
            list(known),
            format_func=lambda code: _(known[code].name),
            key=key,
            label_visibility="collapsed",
            on_change=_operator_changed,
            args=(row.id, row.condition.field, key),
        )
    with values:
        row_values(row)
    with missing:
        if not is_complete(row):
            st.markdown(":orange[:material/error:]")
    with button:
        _removing(group, row)


def _field_changed(number: int, key: str) -> None:
    row = row_of(number)
    if row:
        set_field(row, st.session_state[key])


def _operator_changed(number: int, field: str, key: str) -> None:
    row = row_of(number)
    # With another field, chosen at the same moment, came another operator.
    if row and row.condition.field == field:
        set_operator(row, st.session_state[key])


def _removing(group: Group, item: Row | Group) -> None:
    st.button(
        "",
        key=f"remove_{item.id}",
        icon=":material/remove:",
        type="tertiary",
        help=_("Remove"),
        on_click=remove,
        args=(group.id, item.id),
    )


def _foot(chosen: ChatFilter, draft: Draft) -> None:
    """Draws what ends the form; what the conditions mean with the other filters, and how many chats that are."""
    # Above the sentence, whose length changes when the last field is left: a click must find its button.
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button(
            _("Clear"), key="clear_conditions", icon=":material/filter_alt_off:", disabled=chosen.conditions is None
        ):
            _apply(None)
        CONDITIONS.cancel_button("cancel_conditions")
        if st.button(_("Apply"), key="apply_conditions", type="primary", icon=":material/check:"):
            _apply(draft.conditions)
    meant = replace(chosen, conditions=draft.conditions)
    with st.container(border=True, gap="small", key="conditions_outcome"):
        st.text(filter_words(meant))
        # Counting waits for no search: its number would come late.
        count = answer(category_counts, meant.without("words"))[chosen.category]
        told = [plural("{n} chat", "{n} chats", count)]
        if chosen.words.strip():
            told.append(_("before the search for words"))
        if draft.incomplete:
            told.append(
                plural(
                    "{n} condition without a value is left out", "{n} conditions without a value are left out",
                    draft.incomplete,
                )
            )  # fmt: skip
        st.caption(" · ".join(told))


def _apply(conditions: Conditions | None) -> None:
    CONDITIONS.close()
    show_chosen(replace(read_view().chosen, conditions=conditions))
    st.rerun()
