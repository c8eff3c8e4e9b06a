"""The menu's saved views: which there are, how many chats are in them, and which stand out."""

from uuid import UUID

import pandas as pd
import streamlit as st

from lib.language import _, number
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.parts.table import bold, height_of, row_table
from lib.screen.views.arranging import begin_arranging
from lib.screen.views.form import save_form
from lib.screen.views.outcome import refused, tell
from lib.screen.views.shown import Shown, count_of, is_shown, shown, standing_out, stands_out
from lib.views.saved import SavedView, saved_views

OPEN_KEY = "views_open"
WANTED_KEY = "wanted_view"
STANDING_KEY = "views_standing_out"
TABLE_KEY = "saved_views"
WIDTH, MOST_HEIGHT = 410, 320


def wanted_view() -> SavedView | None:
    """The view that was just asked for in the menu."""
    wanted = st.session_state.pop(WANTED_KEY, None)
    if wanted is None:
        return None
    view = next((view for view in answer(saved_views, session.actor()) if view.id == wanted), None)
    if view is None:
        tell("gone", None)
    return view


def views_menu() -> None:
    """Draws the button that opens the views; what is behind it is only asked for while it is open."""
    views = answer(saved_views, session.actor())
    # The number on the button, which stays while it is open: another label would close it.
    if not st.session_state.get(OPEN_KEY):
        st.session_state[STANDING_KEY] = standing_out(views)
    count = int(st.session_state.get(STANDING_KEY, 0))
    label = f"{_('Views')} :red[**{number(count)}**]" if count else _("Views")
    popover = st.popover(label, icon=":material/bookmarks:", type="tertiary", key=OPEN_KEY, on_change="rerun")
    if popover.open:
        with popover, st.container(width=WIDTH, key="views"):
            what = shown()
            refused()
            if views:
                _table(views, what)
                st.button(
                    _("Arrange views"), key="arrange_views", icon=":material/tune:", type="tertiary", on_click=_arrange
                )
            else:
                st.caption(_("No view is saved yet."))
            save_form(what)


def _table(views: list[SavedView], what: Shown | None) -> None:
    """Draws a row a view; a click anywhere on it opens the view. Names are cells, which take no Markdown."""
    ids = [view.id for view in views]
    counts = {view.id: count_of(view) for view in views}
    rows = []
    for view in views:
        count = counts[view.id]
        chats = "–" if count is None else number(count)
        if stands_out(view, count):
            chats = f"{chats} > {number(view.threshold or 0)}"
        state = [_("shown") if is_shown(view, what) else "", "" if view.shared else _("private")]
        rows.append({"name": view.shown_name, "chats": chats, "state": " · ".join(filter(None, state))})
    red = bold(labels.CATEGORIES["missed"].colour)
    looks = [red if stands_out(view, counts[view.id]) else "" for view in views]
    row_table(
        pd.DataFrame(rows).style.apply(lambda _chats: looks, subset=["chats"]),
        ids,
        _want,
        key=TABLE_KEY,
        height=height_of(len(ids), MOST_HEIGHT),
        columns={
            "name": st.column_config.TextColumn(_("Saved views"), width=200),
            "chats": st.column_config.TextColumn(
                _("Chats"),
                width=85,
                alignment="right",
                help=_("“–”: this view is counted only when it is opened."),
            ),
            "state": st.column_config.TextColumn(_("State"), width=110),
        },
        alt=_("Saved views"),
    )


def _want(view_id: UUID) -> None:
    st.session_state[WANTED_KEY] = view_id
    st.session_state[OPEN_KEY] = False


def _arrange() -> None:
    st.session_state[OPEN_KEY] = False
    begin_arranging()
