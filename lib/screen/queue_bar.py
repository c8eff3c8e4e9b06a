"""What can be done with several missed chats at once: the ticked ones, or all that match."""

from collections.abc import Callable

import streamlit as st

from lib.chats.chat_filter import ChatFilter
from lib.language import _, number
from lib.ledger.changing import Seen
from lib.missed.queue import all_matching
from lib.screen import session
from lib.screen.chat_view import read_view
from lib.screen.follow_up_asking import ask, contacted, take, take_in
from lib.screen.mail_many import ask_to_mail
from lib.screen.queue_list import forget_ticks, rounds

TOOLBAR_HEIGHT = 20


def queue_bar(chosen: ChatFilter, ticked: Seen, count: int) -> None:
    """Draws the actions for the ticked chats, or for all `count` that match what is chosen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="queue_bar"):
        # Of this query alone: what is shown next was not meant by it.
        every = st.toggle(_("All {n}", n=number(count)), key=f"queue_every_{rounds()}_{hash(chosen)}")
        several = count if every else len(ticked)
        if several:
            st.text(_("{n} chosen:", n=number(several)), width="content")
        else:
            st.caption(_("Tick chats to handle several:"), width="content")
        # Drawn even when nothing is chosen, so that the list stays where it is at the first tick.
        _actions(_targets_of(ticked, every=every), possible=several > 0, are_past=chosen.queue == "past")
    # Ticks keep the list's own toolbar open, which would cover the buttons.
    st.space(TOOLBAR_HEIGHT)


def _actions(targets: Callable[[], Seen], *, possible: bool, are_past: bool) -> None:
    if are_past:
        _button("take_in", _("Take back in"), "move_to_inbox", possible, lambda: _done(take_in, targets()))
    _button("take", _("Take"), "person_check", possible, lambda: _done(take, targets()))
    _button("assign", _("Assign…"), "person_add", possible, lambda: ask("assign", targets()))
    _button("due", _("Due…"), "alarm", possible, lambda: ask("due", targets()))
    _button("not_needed", _("Not needed…"), "block", possible, lambda: ask("not_needed", targets()))
    _button("contacted", _("Contacted"), "phone_callback", possible, lambda: _done(contacted, targets()))
    _button("mail", _("E-mail…"), "mail", possible, lambda: ask_to_mail(list(targets())))


def _button(name: str, label: str, icon: str, possible: bool, work: Callable[[], None]) -> None:
    st.button(
        label,
        key=f"several_{name}",
        icon=f":material/{icon}:",
        type="tertiary",
        disabled=not possible,
        on_click=work,
    )


def _done(work: Callable[[Seen], None], targets: Seen) -> None:
    work(targets)
    forget_ticks()


def _targets_of(ticked: Seen, *, every: bool) -> Callable[[], Seen]:
    if not every:
        return lambda: ticked
    # Asked for at the click, so that what is done is done to what matches then.
    return lambda: dict.fromkeys(all_matching(session.store(), read_view().chosen, session.clock()))
