"""The legal holds: on whom or on which chat, why and by whom; how to put one on a person, and to lift one."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.chats.holds import LONGEST_REASON, Hold, Refusal, holds, lift_hold, put_hold, put_hold_back
from lib.language import _, mark, moment, moment_pattern
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS
from lib.screen.frame.storing import stores
from lib.screen.parts.known_person import KINDS, NOBODY, person_fields, person_meant, value_key
from lib.screen.parts.outcome import Telling, tell, undo_way
from lib.screen.parts.table import choice_table

_PREFIX, _REASON, _REFUSED = "held", "held_reason", "held_refused"
REFUSALS: Mapping[Refusal, str] = {"no_reason": mark("Write why."), "nobody": NOBODY}


def holds_part() -> None:
    """Draws the holds."""
    with st.container(border=True):
        st.markdown(_("**Legal holds**"))
        st.caption(
            _(
                "What is under legal hold is neither deleted nor erased, and no rule touches it. A hold on a person is "
                "on all their chats, also on those that come later; one on a single chat is put in the chat's menu."
            )
        )
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            person_fields(_PREFIX)
            st.text_input(_("Reason"), key=_REASON, max_chars=LONGEST_REASON, width=280, persist_state="session")
            st.button(_("Put under hold"), key="hold_person", icon=":material/gavel:", on_click=_put)
        refused: Refusal | None = st.session_state.get(_REFUSED)
        if refused:
            st.badge(_(REFUSALS[refused]), icon=":material/error:", color="red")
        found = answer(holds)
        if found:
            _table(found)


def _table(found: list[Hold]) -> None:
    column, zone = st.column_config, session.settings().zone
    lifted = [
        f"{session.shown_actor(each.lifted_by)} · {moment(each.lifted_at, zone)}" if each.lifted_at else ""
        for each in found
    ]
    slot = st.container(horizontal=True, vertical_alignment="center", gap="small")
    ticks = choice_table(
        pd.DataFrame(
            {
                "kind": [_("Single chat") if each.about.chats else _(KINDS[each.about.kind]) for each in found],
                "value": [str(each.about.chats[0]) if each.about.chats else each.about.value for each in found],
                "reason": [each.reason for each in found],
                "held_by": [session.shown_actor(each.held_by) for each in found],
                "held_at": [each.held_at for each in found],
                "lifted": lifted,
            }
        ),
        found,
        key=f"holds_{hash(tuple(found))}",
        columns={
            "kind": column.TextColumn(_("Known by"), width=120),
            "value": column.TextColumn(_("Who or what"), width=260),
            "reason": column.TextColumn(_("Reason")),
            "held_by": column.TextColumn(_("By"), width=140),
            "held_at": column.DatetimeColumn(_("Since"), format=moment_pattern(), timezone=zone, width=140),
            "lifted": column.TextColumn(_("Lifted"), width=230),
        },
        alt=_("Legal holds"),
    )
    with slot:
        chosen = ticks.chosen[0] if ticks.chosen else None
        if chosen is None:
            st.caption(_("Choose a row to lift a hold."), width="content")
        elif chosen.lifted_at is None:
            st.button(
                _("Lift the hold"), key="lift_chosen", icon=":material/lock_open:", on_click=_lift, args=(chosen,)
            )
        else:
            st.button(_("Put it back"), key="hold_again", icon=":material/gavel:", on_click=_back, args=(chosen,))
        if chosen and chosen.about.chats:
            query = session.language_query() | to_address(ChatView(chat=chosen.about.chats[0]))
            st.page_link(CHATS.path, label=_("Open the chat"), icon=":material/arrow_forward:", query_params=query)


@stores
def _put() -> None:
    state = st.session_state
    outcome = put_hold(session.store(), person_meant(_PREFIX), str(state.get(_REASON) or ""), session.actor())
    if not isinstance(outcome, Hold):
        state[_REFUSED] = outcome
        return
    state.pop(_REFUSED, None)
    state[value_key(_PREFIX)] = state[_REASON] = ""
    tell(lambda: Telling(_("The person is under legal hold."), [undo_way(lambda: _lift(outcome))]))


@stores
def _lift(hold: Hold) -> None:
    lift_hold(session.store(), hold.id, session.actor())
    tell(lambda: Telling(_("The hold is lifted."), [undo_way(lambda: _back(hold))]))


@stores
def _back(hold: Hold) -> None:
    put_hold_back(session.store(), hold.id, session.actor())
    tell(lambda: Telling(_("The hold stands again.")))
