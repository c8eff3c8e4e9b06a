"""The legal hold of an open chat: the badge, and the question before one is put."""

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat
from lib.chats.holds import LONGEST_REASON, Hold, holds_of, lift_hold, put_hold, put_hold_back
from lib.chats.persons import Wanted
from lib.language import _
from lib.screen.frame import session
from lib.screen.frame.answers import answer
from lib.screen.frame.storing import stores, with_failure
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.held import hold_words
from lib.screen.parts.outcome import Telling, tell, undo_way

HOLDING = Dialog("holding", UUID)
_REASON, _REFUSED = "hold_of_chat_reason", "hold_of_chat_refused"


def held_badge(chat: Chat) -> None:
    """Draws that the chat is under legal hold, where it is: without a word, for which a small window has no room."""
    if answer(holds_of, chat.id):
        st.markdown(":orange-badge[:material/gavel:]", width="content", help=_("Legal hold"))


def hold_button(on_click: Callable[[UUID], None], chat_id: UUID) -> None:
    """Draws the way to the holds of the chat; for whoever may erase."""
    if session.may("erase"):
        st.button(
            _("Legal hold…"),
            key="hold_chat",
            icon=":material/gavel:",
            type="tertiary",
            on_click=on_click,
            args=(chat_id,),
        )


def holding_dialog(chat: Chat) -> None:
    """Draws the holds of the chat and the question for a reason, if it is open."""
    if HOLDING.about == chat.id:
        HOLDING.draw(_("Legal hold"), _question, chat, icon=":material/gavel:")


@with_failure
def _question(chat: Chat) -> None:
    st.text(_("A chat under legal hold is neither deleted nor erased, and no retention rule touches it."))
    own = None
    for hold in holds_of(session.store(), chat.id):
        st.text(f"• {hold_words(hold)}")
        if hold.about.kind == "chats":
            own = hold
        else:
            st.caption(_("It is on the person, and is lifted on the page Retention."))
    if own is None:
        st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=_REASON)
        if st.session_state.pop(_REFUSED, False):
            st.badge(_("Write why."), icon=":material/error:", color="red")
    with st.container(horizontal=True, horizontal_alignment="right"):
        HOLDING.cancel_button("cancel_hold")
        if own is None and st.button(_("Put under hold"), key="put_hold", type="primary", icon=":material/gavel:"):
            _put(chat.id)
            st.rerun()
        if own and st.button(_("Lift the hold"), key="lift_hold", icon=":material/lock_open:"):
            _lift(own)
            st.rerun()


@stores
def _put(chat_id: UUID) -> None:
    reason = str(st.session_state.get(_REASON) or "")
    outcome = put_hold(session.store(), Wanted("chats", chats=(chat_id,)), reason, session.actor())
    if not isinstance(outcome, Hold):
        st.session_state[_REFUSED] = True
        return
    HOLDING.close()
    tell(lambda: Telling(_("The chat is under legal hold."), [undo_way(lambda: _lift(outcome))]))


@stores
def _lift(hold: Hold) -> None:
    lift_hold(session.store(), hold.id, session.actor())
    HOLDING.close()
    tell(lambda: Telling(_("The hold is lifted."), [undo_way(lambda: _back(hold))]))


@stores
def _back(hold: Hold) -> None:
    put_hold_back(session.store(), hold.id, session.actor())
    tell(lambda: Telling(_("The hold stands again.")))
