"""What can be done with several mails at once, and what came of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.followup import State, cancel_all, mail, retry_all, wake
from lib.language import _, plural
from lib.screen import session
from lib.screen.outbox_table import SHORT, forget_outbox_ticks
from lib.store import Store

RESULT_KEY = "outbox_result"
TOOLBAR_HEIGHT = 20


@dataclass(frozen=True)
class Result:
    """What several mails became: the number of changed ones, and the states of those that were left as they are."""

    done: Literal["retried", "cancelled"]
    changed: int
    left: tuple[tuple[State, int], ...]


def outbox_bar(ticked: Sequence[UUID]) -> None:
    """Draws the actions for the ticked mails."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="outbox_bar"):
        if ticked:
            chosen = plural("{n} e-mail chosen:", "{n} e-mails chosen:", len(ticked))
            st.text(chosen, width="content")
        else:
            st.caption(_("Tick e-mails to handle several; click one to open it:"), width="content")
        _button("retry", _("Try again"), "refresh", ticked, _retry)
        _button("cancel", _("Cancel e-mails"), "cancel", ticked, _cancel)
        if ticked:
            st.caption(_("The list does not refresh while e-mails are ticked."), width="content")
    # Ticks keep the list's own toolbar open, which would cover the buttons.
    st.space(TOOLBAR_HEIGHT)


def outbox_result() -> None:
    """Draws what came of the last action on several mails, until it is closed."""
    result = st.session_state.get(RESULT_KEY)
    if not isinstance(result, Result):
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="outbox_result_line"):
        st.text(" ".join(_sentences(result)), width="content")
        st.button("", key="dismiss_outbox", icon=":material/close:", type="tertiary", help=_("Close"), on_click=_close)


def _button(
    name: str, label: str, icon: str, ticked: Sequence[UUID], work: Callable[[Store, Sequence[UUID], str], Result]
) -> None:
    st.button(
        label,
        key=f"{name}_several",
        icon=f":material/{icon}:",
        disabled=not ticked,
        on_click=_do,
        args=(work, tuple(ticked)),
    )


def _do(work: Callable[[Store, Sequence[UUID], str], Result], mails: Sequence[UUID]) -> None:
    # Asked for before anything is written: a second click stops the run wherever it asks the session for something.
    store, actor = session.store(), session.actor()
    result = work(store, mails, actor)
    st.session_state[RESULT_KEY] = result
    forget_outbox_ticks()


def _retry(store: Store, mails: Sequence[UUID], actor: str) -> Result:
    changed = retry_all(store, mails, actor)
    left = _left(store, mails, changed)
    wake()
    return Result("retried", len(changed), left)


def _cancel(store: Store, mails: Sequence[UUID], actor: str) -> Result:
    changed = cancel_all(store, mails, actor)
    return Result("cancelled", len(changed), _left(store, mails, changed))


def _left(store: Store, mails: Sequence[UUID], changed: Sequence[UUID]) -> tuple[tuple[State, int], ...]:
    states = Counter(mail(store, each).state for each in mails if each not in changed)
    return tuple(states.most_common())


def _sentences(result: Result) -> list[str]:
    done = {
        "retried": lambda n: plural("{n} e-mail is queued again.", "{n} e-mails are queued again.", n),
        "cancelled": lambda n: plural("{n} e-mail is cancelled.", "{n} e-mails are cancelled.", n),
    }
    left = [
        plural("{n} was left as it is: {state}.", "{n} were left as they are: {state}.", n, state=_(SHORT[state]))
        for state, n in result.left
    ]
    return [done[result.done](result.changed), *left]


def _close() -> None:
    st.session_state.pop(RESULT_KEY, None)
