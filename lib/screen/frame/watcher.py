"""Knows when the store has changed since the page was drawn: by itself the page follows only where nothing can be lost.

It stands where the menu names who acts, in place of the name, so that nothing moves when it has something to say.
"""

from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.language import _
from lib.screen.frame import session

LOOK_EVERY_S = 3
# A look at a lake asks its catalogue, which may lie in a shared folder.
LOOK_AT_LAKE_EVERY_S = 15
KEY = "store_watch"
SEEN_KEY = "moment_shown"
DIALOG_KEY = "dialog_is_open"
# That the page runs though nobody has done anything.
BY_ITSELF_KEY = "runs_by_itself"
# A longer name is cut, so that the menu keeps to its line in a small window.
LONGEST_SHORT_NAME, NAME_WIDTH = 11, 88
# Pages without a list that would move under the mouse, and without anything to tick.
FOLLOWING = ("app.py",)


def watcher(page: str) -> None:
    """Draws the place, and looks from then on whether what is drawn is still what the store holds."""
    st.session_state[SEEN_KEY] = shown_moment()
    every = LOOK_AT_LAKE_EVERY_S if session.store().is_lake else LOOK_EVERY_S
    st.fragment(lambda: _look(page), run_every=every, key=KEY)()


def shown_moment() -> int:
    """The moment of the store that this run shows."""
    return session.store().moment


def note_end() -> None:
    """Remembers, at the end of a run, what it wrote itself, and whether a dialog is open: a run may close that."""
    st.session_state[SEEN_KEY] = session.store().moment
    context = get_script_run_ctx()
    st.session_state[DIALOG_KEY] = bool(context and context.has_dialog_opened)


def is_free() -> bool:
    """Whether no dialog stands over the page."""
    return not st.session_state.get(DIALOG_KEY)


def rerun_by_itself() -> NoReturn:
    """Runs the page anew because of what happened, and not because of what somebody did."""
    st.session_state[BY_ITSELF_KEY] = True
    st.rerun()
    raise AssertionError


def _looks_again() -> bool:
    context = get_script_run_ctx()
    return bool(context and context.fragment_ids_this_run)


def _look(page: str) -> None:
    if session.must_sign_in() or not session.may("read"):
        # What is on the screen is not theirs to see any more.
        rerun_by_itself()
    with st.container(key=KEY, width="content"):
        # A whole run shows what was newest as it began: if it looked too, steady writes would never let it end.
        if not _looks_again() or session.store().newest == st.session_state[SEEN_KEY]:
            name = session.person() or ""
            st.text(name, wrap=False, width=NAME_WIDTH if len(name) > LONGEST_SHORT_NAME else "content")
            return
        if page in FOLLOWING and is_free():
            rerun_by_itself()
        if st.button(
            _("Changed: refresh"),
            key="refresh_page",
            icon=":material/sync:",
            type="tertiary",
            help=_("Something has changed here since the page was drawn."),
        ):
            st.rerun()
