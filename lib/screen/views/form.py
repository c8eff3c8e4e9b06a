"""The form that saves what is shown as a view."""

from collections.abc import Callable
from textwrap import shorten
from typing import Literal
from uuid import UUID

import streamlit as st

from lib.language import _
from lib.screen.frame import session
from lib.screen.frame.labels import filter_words
from lib.screen.frame.storing import stores
from lib.screen.views.outcome import tell
from lib.screen.views.shown import Shown, shown
from lib.views import saving
from lib.views.content import LONGEST_NAME, read_chats, read_sql

NAME_KEY, SHARED_KEY, THRESHOLD_KEY = "new_view_name", "new_view_shared", "new_view_threshold"


def save_form(what: Shown | None) -> None:
    """Draws the form, or why there is none."""
    if what is None:
        st.caption(_("To save a view, open Chats, Missed chats or Explore, and choose what is shown there."))
        return
    with st.form("save_view"):
        st.caption(_("Save what is shown"))
        found, query = read_chats(*what), read_sql(what[1])
        if found:
            st.text(filter_words(found[0]))
        elif query:
            st.text(shorten(query["sql"], 100, placeholder="…"))
        st.text_input(_("Name"), key=NAME_KEY, max_chars=LONGEST_NAME)
        if session.may("share_views"):
            st.toggle(_("Everybody sees it"), key=SHARED_KEY)
        threshold_input(THRESHOLD_KEY, possible=is_watchable(what))
        st.form_submit_button(_("Save"), key="save_view_button", icon=":material/bookmark_add:", on_click=_save)


def threshold_input(
    key: str,
    *,
    possible: bool,
    label_visibility: Literal["visible", "collapsed"] = "visible",
    on_change: Callable[[UUID], None] | None = None,
    args: tuple[UUID, ...] = (),
) -> None:
    """Draws the field for the number of chats above which a view stands out."""
    st.number_input(
        _("Stands out above (chats)"),
        key=key,
        min_value=0,
        max_value=saving.MOST_CHATS,
        value=None,
        step=1,
        placeholder=_("Never"),
        disabled=not possible,
        label_visibility=label_visibility,
        on_change=on_change,
        args=args,
        help=_("With more chats than this, the menu of every page shows a red number. It is up to a minute old.")
        if possible
        else _("A view that searches for words, or runs SQL, is counted only when it is opened."),
    )


def is_watchable(what: Shown) -> bool:
    """Whether the number of chats of a content is known at once."""
    found = read_chats(*what)
    return found is not None and not found[0].words.strip()


@stores
def _save() -> None:
    store, person, what = session.store(), session.actor(), shown()
    name, is_shared = str(st.session_state.get(NAME_KEY) or ""), bool(st.session_state.get(SHARED_KEY))
    if what is None:
        return
    threshold = st.session_state.get(THRESHOLD_KEY) if is_watchable(what) else None
    made = saving.save(store, name, *what, person, shared=is_shared, threshold=threshold)
    if tell(made, "saved"):
        st.session_state[NAME_KEY], st.session_state[SHARED_KEY] = "", False
        st.session_state[THRESHOLD_KEY] = None
