"""Exports above the limit of a day: others are agreed to or not, and one's own are started once somebody agreed."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from lib.export.asking import Asked, Refusal, State, asked_for, decide, is_same_person, withdraw
from lib.language import _, mark, moment, number
from lib.screen.export.dialog import EXPORTING, Exporting, export_dialog
from lib.screen.export.files import exports
from lib.screen.export.wording import about
from lib.screen.frame import labels, session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, tell, tell_failure

ICON = ":material/group:"
OWN: Mapping[State, str] = {
    "waiting": mark("Yours. Nobody has agreed yet."),
    "agreed": mark("Yours. It was agreed to, and can be started."),
    "refused": mark("Yours. It was not agreed to."),
}
REFUSALS: Mapping[Refusal, str] = {
    "gone": mark("Somebody else has decided already, or it was taken back. Nothing was done."),
    "own": mark("Nobody agrees to their own export."),
}


def waiting_exports() -> None:
    """Draws what somebody has to agree to, and what came of one's own; nothing where there is none."""
    if session.settings().export_rows_a_day is None or not session.may("export"):
        return
    actor = session.actor()
    found = asked_for(session.store(), session.clock())
    own = [each for each in found if is_same_person(each.asked_by, actor)]
    others = [each for each in found if each not in own and each.state == "waiting" and not session.sees()]
    if own or others:
        with st.container(border=True, key="waiting_exports"):
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(_("**Exports above the limit of a day**"), width="content")
                if others:
                    st.badge(number(len(others)), icon=ICON, color="orange")
                    st.caption(_("If you agree, whoever asked can start it within a day."), width="content")
            for each in others:
                _others(each)
            for each in own:
                _own(each)
    export_dialog()


def _others(asked: Asked) -> None:
    zone = session.settings().zone
    st.text(f"{session.shown_actor(asked.asked_by)} · {moment(asked.asked_at, zone)}")
    _what(asked)
    with st.container(horizontal=True, gap="small"):
        st.button(_("Agree"), key=f"agree_{asked.id}", icon=":material/check:", on_click=_decide, args=(asked.id, True))
        st.button(
            _("Do not agree"), key=f"deny_{asked.id}", icon=":material/block:", on_click=_decide, args=(asked.id, False)
        )


def _own(asked: Asked) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(_(OWN[asked.state]), width="content")
        until = moment(asked.until, session.settings().zone)
        st.caption(_("It stands here until {time}.", time=until), width="content")
    if asked.decided_by:
        st.text(_("Decided by {person}", person=session.shown_actor(asked.decided_by)))
    _what(asked)
    with st.container(horizontal=True, gap="small"):
        if asked.state == "agreed":
            st.button(_("Export…"), key=f"begin_{asked.id}", icon=":material/download:", on_click=_open, args=(asked,))
        st.button(
            _("Understood") if asked.state == "refused" else _("Take it back"),
            key=f"withdraw_{asked.id}",
            icon=":material/close:",
            on_click=_withdraw,
            args=(asked.id,),
        )


def _what(asked: Asked) -> None:
    st.text(f"{labels.filter_words(asked.request.chosen)}\n{about(asked)}")


def _open(asked: Asked) -> None:
    # What was exported before would be shown in its place.
    exports().forget(session.actor(), session.browser())
    EXPORTING.open(Exporting(asked.request.chosen, asked.request.sort, asked.request.link, agreed=asked))


@stores
def _decide(request_id: UUID, agrees: bool) -> None:
    if refusal := decide(session.store(), request_id, agrees=agrees, actor=session.actor()):
        tell_failure(_(REFUSALS[refusal]))
        return
    tell(lambda: Telling(_("You agreed. Whoever asked can start it within a day.") if agrees else _("Not agreed to.")))


@stores
def _withdraw(request_id: UUID) -> None:
    if refusal := withdraw(session.store(), request_id, session.actor()):
        tell_failure(_(REFUSALS[refusal]))
