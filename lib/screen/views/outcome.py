"""What came of a change of a saved view, the way back from a deletion, and why one was refused."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.language import _, mark
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import Telling, undo_way
from lib.screen.parts.outcome import tell as tell_outcome
from lib.views import saving
from lib.views.saved import SavedView

REFUSED_KEY = "saved_view_refused"

Done = Literal[
    "saved", "renamed", "updated", "put_back", "shared", "made_private", "watched", "unwatched", "deleted", "restored"
]  # fmt: skip
DONE: Mapping[Done, str] = {
    "saved": mark("“{name}” is saved."),
    "renamed": mark("It is called “{name}” now."),
    "updated": mark("“{name}” now shows what is on the screen."),
    "put_back": mark("“{name}” shows again what it showed before."),
    "shared": mark("Everybody sees “{name}” now."),
    "made_private": mark("Only you see “{name}” now."),
    "watched": mark("The number above which “{name}” stands out has changed."),
    "unwatched": mark("“{name}” does not stand out any more."),
    "deleted": mark("“{name}” is deleted."),
    "restored": mark("“{name}” is back."),
}
REFUSALS: Mapping[saving.Refusal, str] = {
    "no_name": mark("Type a name with at least one visible character."),
    "too_long": mark("A name has at most 80 characters."),
    "same_name": mark("There is a view with this name already. Choose another one."),
    "gone": mark("This view was deleted meanwhile, or is not shared any more."),
    "not_yours": mark("Only the person who saved a view can make it private."),
}


def tell(outcome: saving.Outcome, done: Done | None, before: SavedView | None = None) -> bool:
    """Tells what came of a change, and why it was refused beside its field; returns whether it was done.

    `before` is the view with what it showed until now, which can be put back.
    """
    st.session_state.pop(REFUSED_KEY, None)
    if not isinstance(outcome, SavedView):
        st.session_state[REFUSED_KEY] = REFUSALS[outcome]
        return False
    if done is None:
        return True

    def telling() -> Telling:
        ways = [undo_way(lambda: _undo(outcome.id))] if done == "deleted" else []
        if before:
            ways.append(undo_way(lambda: _put_back(before)))
        return Telling(_(DONE[done], name=outcome.shown_name), ways)

    tell_outcome(telling)
    return True


@stores
def _undo(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    tell(saving.restore(store, view_id, person), "restored")


@stores
def _put_back(before: SavedView) -> None:
    store, person = session.store(), session.actor()
    tell(saving.replace_content(store, before.id, before.page, before.content, person), "put_back")


def forget() -> None:
    """Forgets what was refused."""
    st.session_state.pop(REFUSED_KEY, None)


def refused() -> None:
    """Draws why the last change was refused, until something else is done."""
    refusal = next((each for each in REFUSALS.values() if each == st.session_state.get(REFUSED_KEY)), None)
    if refusal:
        st.text(_(refusal))
