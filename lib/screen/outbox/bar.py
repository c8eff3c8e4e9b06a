"""What can be done with several mails at once, and what came of it."""

from collections.abc import Callable, Sequence
from uuid import UUID

import streamlit as st

from lib.language import _, plural
from lib.mail import cancel_all, retry_all, states_of, wake
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.missed.mailed_several import is_on_the_way, stands
from lib.screen.outbox.table import SHORT
from lib.screen.parts.outcome import Telling, tell
from lib.screen.parts.table import Ticks, forget_ticks, toolbar_room
from lib.store import Store


def outbox_bar(ticks: Ticks[UUID]) -> None:
    """Draws the actions for the ticked mails."""
    ticked = ticks.chosen
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="outbox_bar"):
        if ticked:
            chosen = plural("{n} e-mail chosen:", "{n} e-mails chosen:", len(ticked))
            st.text(chosen, width="content")
        else:
            st.caption(_("Tick e-mails to handle several; click one to open it:"), width="content")
        _button("retry", _("Try again"), "refresh", ticks, _retry)
        _button("cancel", _("Cancel e-mails"), "cancel", ticks, _cancel)
        if ticked:
            st.caption(_("The list does not refresh while e-mails are ticked."), width="content")
    toolbar_room()


def _button(name: str, label: str, icon: str, ticks: Ticks[UUID], work: Callable[[Ticks[UUID]], None]) -> None:
    st.button(
        label,
        key=f"{name}_several",
        icon=f":material/{icon}:",
        disabled=not ticks.chosen,
        on_click=work,
        args=(ticks,),
    )


@stores
def _retry(ticks: Ticks[UUID]) -> None:
    # Asked for before anything is written: a second click stops the run wherever it asks the session for something.
    store, actor, mails = session.store(), session.actor(), ticks.chosen
    changed = retry_all(store, mails, actor)
    wake()
    _told(store, mails, changed)


@stores
def _cancel(ticks: Ticks[UUID]) -> None:
    store, actor, mails = session.store(), session.actor(), ticks.chosen
    _told(store, mails, cancel_all(store, mails, actor))


def _told(store: Store, mails: Sequence[UUID], changed: Sequence[UUID]) -> None:
    left = states_of(store, [each for each in mails if each not in changed])

    def telling() -> Telling:
        told = [
            plural("{n} was left as it is: {state}.", "{n} were left as they are: {state}.", n, state=_(SHORT[state]))
            for state, n in left.most_common()
        ]
        is_moving = is_on_the_way(states_of(session.store(), changed))
        return Telling(" ".join([*(stands(changed) if changed else []), *told]), is_moving=is_moving)

    tell(telling)
    forget_ticks()
