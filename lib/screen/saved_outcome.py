"""What came of the last change of a saved view, and the way back from a deletion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.language import _, mark
from lib.screen import session
from lib.screen.deleting import TOLD_FOR
from lib.store import now
from lib.views import saving
from lib.views.saved import SavedView

KEY = "saved_view_outcome"

Done = Literal["saved", "renamed", "updated", "shared", "made_private", "watched", "unwatched", "deleted", "restored"]
DONE: Mapping[Done, str] = {
    "saved": mark("“{name}” is saved."),
    "renamed": mark("It is called “{name}” now."),
    "updated": mark("“{name}” now shows what is on the screen."),
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


@dataclass(frozen=True)
class Told:
    """A sentence of the tables above with the name in it; `undo` is the view that can come back."""

    message: str
    name: str = ""
    undo: UUID | None = None
    told_at: datetime = field(default_factory=now)


def tell(outcome: saving.Outcome, done: Done | None) -> bool:
    """Keeps what came of a change, to be drawn with the next run; returns whether it was done."""
    if isinstance(outcome, SavedView):
        undo = outcome.id if done == "deleted" else None
        if done is None:
            forget()
        else:
            st.session_state[KEY] = Told(DONE[done], outcome.shown_name, undo)
        return True
    st.session_state[KEY] = Told(REFUSALS[outcome])
    return False


def forget() -> None:
    """Tells nothing any more."""
    st.session_state.pop(KEY, None)


def saved_outcome() -> None:
    """Draws what came of the last change, with Undo after a deletion, for a while."""
    told = st.session_state.get(KEY)
    if not isinstance(told, Told) or now() - told.told_at > TOLD_FOR:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="saved_view_outcome_line"):
        st.text(_(told.message, name=told.name))
        if told.undo:
            st.button(_("Undo"), key="undo_view", icon=":material/undo:", on_click=_undo, args=(told.undo,))


def _undo(view_id: UUID) -> None:
    store, person = session.store(), session.actor()
    tell(saving.restore(store, view_id, person), "restored")
