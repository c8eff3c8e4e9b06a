"""What came of the last action, in one place beside what is shown, with the way back for a while.

Only the newest is told, and an older one never comes back. What is told is worded anew each time from the store as it
is then, and goes by itself; the line lies at the foot of the window, so that nothing moves under the mouse.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

import streamlit as st

from lib.language import _
from lib.screen.frame import session
from lib.screen.frame.keys import shortcut
from lib.screen.frame.watcher import is_free, rerun_by_itself

KEY = "outcome"
# Whether what was told when the page was drawn was still going on.
MOVING_KEY = "outcome_was_moving"
# Long enough to change one's mind; what can be taken back later, can be so elsewhere.
TOLD_FOR = timedelta(minutes=2)
LOOK_EVERY_S = 2


@dataclass(frozen=True)
class Way:
    """Something that can be done about what came of an action: exactly that one, whatever was done since."""

    name: str
    label: str
    icon: str
    work: Callable[[], None]


@dataclass(frozen=True)
class Telling:
    """What is to be told at this moment (no Markdown: it may hold names).

    `more` draws what belongs to it; `is_moving` says that it goes on by itself, so that it is looked at again soon.
    """

    text: str
    ways: Sequence[Way] = ()
    more: Callable[[], None] | None = None
    is_moving: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of an action: `say` words it from the present state; None where there is nothing left to tell.

    `failed` says that nothing came of it: it could not be stored.
    """

    say: Callable[[], Telling | None]
    told_at: datetime
    lasts: timedelta
    failed: bool = False
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def left(self) -> timedelta:
        """How much longer it is told."""
        return self.told_at + self.lasts - session.clock().now


def tell(say: Callable[[], Telling | None], lasts: timedelta = TOLD_FOR) -> None:
    """Tells this from now on, in place of what was told before."""
    st.session_state[KEY] = Outcome(say, session.clock().now, lasts)


def tell_failure(sentence: str) -> None:
    """Tells from now on why nothing was stored."""
    st.session_state[KEY] = Outcome(lambda: Telling(sentence), session.clock().now, TOLD_FOR, failed=True)


def undo_way(work: Callable[[], None]) -> Way:
    """The way back."""
    return Way("undo", _("Undo"), "undo", work)


def outcome_line() -> None:
    """Draws it at the foot of the window; there it follows the store and goes by itself, without a click."""
    outcome = _told()
    telling = outcome.say() if outcome else None
    st.session_state[MOVING_KEY] = bool(telling and telling.is_moving)
    if outcome and telling:
        again = LOOK_EVERY_S if telling.is_moving else outcome.left.total_seconds() + 1
        with st.bottom:
            st.fragment(draw_outcome, run_every=again, key="outcome_watch")("page")


def draw_outcome(place: str) -> None:
    """Draws it right here, for a dialog that covers the page; `place` tells this from other places."""
    outcome = _told()
    telling = outcome.say() if outcome else None
    if outcome is None or telling is None:
        return
    if st.session_state.get(MOVING_KEY) and not telling.is_moving and is_free():
        # It has come to its end: tabs, list and figures are to say the same.
        rerun_by_itself()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"outcome_{place}"):
        if outcome.failed:
            _failure_badge()
        st.text(telling.text, width="content")
        if telling.more:
            telling.more()
        for way in telling.ways:
            # The key is of this outcome alone: a click that comes late finds nothing, and not what was done since.
            key = f"{way.name}_outcome_{place}_{outcome.id}"
            pressed_by = shortcut("undo") if way.name == "undo" and place == "page" else None
            if st.button(way.label, key=key, icon=f":material/{way.icon}:", shortcut=pressed_by):
                way.work()
                _keep_ways(telling.ways)
                st.rerun()
        st.button(
            "",
            key=f"close_outcome_{place}_{outcome.id}",
            icon=":material/close:",
            type="tertiary",
            help=_("Close"),
            on_click=_close,
            args=(outcome.id,),
        )


def draw_failure() -> None:
    """Draws why nothing was stored, if that is what is told, for a dialog that covers the page."""
    outcome = _told()
    telling = outcome.say() if outcome and outcome.failed else None
    if telling:
        with st.container(gap="xsmall", key="failure"):
            _failure_badge()
            st.text(telling.text)


def _failure_badge() -> None:
    st.badge(_("Not stored"), icon=":material/error:", color="red")


def _keep_ways(ways: Sequence[Way]) -> None:
    """What could not be taken back can be taken back still."""
    outcome = _told()
    telling = outcome.say() if outcome and outcome.failed else None
    if outcome and telling:
        st.session_state[KEY] = replace(outcome, say=lambda: replace(telling, ways=ways))


def forget_failure() -> None:
    """Tells no longer why nothing was stored."""
    outcome = _told()
    if outcome and outcome.failed:
        forget_outcome()


def forget_outcome() -> None:
    """Tells nothing any more."""
    st.session_state.pop(KEY, None)


def told_id() -> str | None:
    """What tells apart what is told now from all else; None where nothing is told."""
    outcome = _told()
    return outcome.id if outcome else None


def _told() -> Outcome | None:
    outcome = st.session_state.get(KEY)
    return outcome if isinstance(outcome, Outcome) and outcome.left > timedelta() else None


def _close(outcome_id: str) -> None:
    outcome = _told()
    if outcome and outcome.id == outcome_id:
        forget_outcome()
