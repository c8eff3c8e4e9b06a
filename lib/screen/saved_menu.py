"""The menu's saved views: which there are, how many chats are in them, and which stand out."""

from uuid import UUID

import streamlit as st

from lib.language import _, number
from lib.screen import session
from lib.screen.answers import saved_views
from lib.screen.saved_arranging import begin_arranging
from lib.screen.saved_counts import count_of, standing_out, stands_out
from lib.screen.saved_form import save_form
from lib.screen.saved_outcome import refused, tell
from lib.screen.saved_shown import Shown, is_shown, shown
from lib.views.saved import SavedView

OPEN_KEY = "views_open"
WANTED_KEY = "wanted_view"
STANDING_KEY = "views_standing_out"
ROW_WIDTH, NAME_WIDTH = 410, 170


def wanted_view() -> SavedView | None:
    """The view that was just asked for in the menu."""
    wanted = st.session_state.pop(WANTED_KEY, None)
    if wanted is None:
        return None
    view = next((view for view in saved_views(session.actor()) if view.id == wanted), None)
    if view is None:
        tell("gone", None)
    return view


def views_menu() -> None:
    """Draws the button that opens the views; what is behind it is only asked for while it is open."""
    views = saved_views(session.actor())
    label = _label(_standing_out(views))
    popover = st.popover(label, icon=":material/bookmarks:", type="tertiary", key=OPEN_KEY, on_change="rerun")
    if popover.open:
        with popover, st.container(width=ROW_WIDTH, key="views"):
            _body(views)


def _standing_out(views: list[SavedView]) -> int:
    """The number on the button, which stays while it is open: another label would close it."""
    if not st.session_state.get(OPEN_KEY):
        st.session_state[STANDING_KEY] = standing_out(views)
    return int(st.session_state.get(STANDING_KEY, 0))


def _label(standing_out: int) -> str:
    return f"{_('Views')} :red[**{number(standing_out)}**]" if standing_out else _("Views")


def _body(views: list[SavedView]) -> None:
    what = shown()
    refused()
    st.caption(_("Saved views") if views else _("No view is saved yet."))
    with st.container(gap=None):
        for view in views:
            _row(view, what)
    if views:
        st.button(_("Arrange views"), key="arrange_views", icon=":material/tune:", type="tertiary", on_click=_arrange)
    save_form(what)


def _row(view: SavedView, what: Shown | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"view_{view.id}"):
        # Of a fixed width, so that a long name wraps within its own place.
        st.text(view.shown_name, width=NAME_WIDTH)
        st.space("stretch")
        if is_shown(view, what):
            st.badge(_("shown"), color="blue")
        if not view.shared:
            st.badge(_("private"), icon=":material/lock:", color="gray", help=_("Only you see this view."))
        _count(view)
        st.button(
            "",
            key=f"open_view_{view.id}",
            icon=":material/arrow_forward:",
            type="tertiary",
            help=_("Open"),
            on_click=_want,
            args=(view.id,),
        )


def _count(view: SavedView) -> None:
    count = count_of(view)
    if count is None:
        st.badge("–", color="gray", help=_("This view is counted only when it is opened."))
    elif stands_out(view, count):
        st.badge(number(count), color="red", help=_("More than {n}", n=number(view.threshold or 0)))
    else:
        st.caption(number(count), width="content")


def _want(view_id: UUID) -> None:
    st.session_state[WANTED_KEY] = view_id
    st.session_state[OPEN_KEY] = False


def _arrange() -> None:
    st.session_state[OPEN_KEY] = False
    begin_arranging()
