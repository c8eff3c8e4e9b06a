"""What can be done with several missed chats at once: the ticked ones, or all that match."""

from collections.abc import Callable, Mapping
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.chats.filter.filter import ChatFilter
from lib.language import _, mark, number
from lib.missed.apply import Seen
from lib.missed.queue import all_matching
from lib.screen.chats.view import ChatView, read_view
from lib.screen.frame import session
from lib.screen.missed.mail_several import ask_to_mail
from lib.screen.missed.questions import ask, contacted, take, take_in
from lib.screen.parts.table import Ticks, forget_ticks, rounds, toolbar_room

Action = Literal["take_in", "take", "assign", "due", "not_needed", "contacted", "mail"]
NAMES: Mapping[Action, str] = {
    "take_in": mark("Take back in"),
    "take": mark("Take"),
    "assign": mark("Assign…"),
    "due": mark("Due…"),
    "not_needed": mark("Not needed…"),
    "contacted": mark("Contacted"),
    "mail": mark("E-mail…"),
}
ICONS: Mapping[Action, str] = {
    "take_in": "move_to_inbox",
    "take": "person_check",
    "assign": "person_add",
    "due": "alarm",
    "not_needed": "block",
    "contacted": "phone_callback",
    "mail": "mail",
}
AT_ONCE: Mapping[Action, Callable[[Seen], None]] = {"take_in": take_in, "take": take, "contacted": contacted}


def queue_bar(view: ChatView, ticks: Ticks[tuple[UUID, int]], count: int) -> None:
    """Draws the actions for the ticked chats, or for all `count` that match what is chosen."""
    chosen = view.chosen
    # Before it is drawn: beside an open chat it is there only where something is chosen.
    several = count if st.session_state.get(_every_key(chosen)) else len(ticks.chosen)
    if view.chat and not several:
        return
    possible = [name for name in ICONS if session.may("mail" if name == "mail" else "follow_up")]
    if not possible:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="queue_bar"):
        st.toggle(_("All {n}", n=number(count)), key=_every_key(chosen))
        if several:
            st.text(_("{n} chosen:", n=number(several)), width="content")
        else:
            st.caption(_("Tick chats to handle several:"), width="content")
        # Drawn even when nothing is chosen, so that the list stays where it is at the first tick.
        for name in possible:
            if name == "take_in" and chosen.queue != "past":
                continue
            st.button(
                _(NAMES[name]),
                key=f"several_{name}",
                icon=f":material/{ICONS[name]}:",
                type="tertiary",
                disabled=not several,
                on_click=_do,
                args=(name, ticks),
            )
    if not view.chat:
        toolbar_room()


def _every_key(chosen: ChatFilter) -> str:
    # Of this query alone: what is shown next was not meant by it.
    return f"queue_every_{rounds()}_{hash(chosen)}"


def _do(name: Action, ticks: Ticks[tuple[UUID, int]]) -> None:
    chosen = read_view().chosen
    every = st.session_state.get(_every_key(chosen))
    # All are asked for at the click, so that what is done is done to what matches then.
    targets: Seen = (
        dict.fromkeys(all_matching(session.store(), chosen, session.clock())) if every else dict(ticks.chosen)
    )
    if not targets:
        return
    match name:
        case "mail":
            ask_to_mail(list(targets))
        case "assign" | "due" | "not_needed":
            ask(name, targets)
        case _:
            AT_ONCE[name](targets)
            forget_ticks()
