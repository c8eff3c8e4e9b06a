"""From a list of chats to its query on the page Explore."""

import streamlit as st

from lib.explore.from_filter import sql_of
from lib.language import _
from lib.screen.chats.view import ChatView
from lib.screen.explore.view import to_explore_address
from lib.screen.frame import session
from lib.screen.frame.page import EXPLORE, go


def see_sql(view: ChatView) -> None:
    """Draws the button that opens what is listed as a query."""
    if st.button("", key="see_sql", icon=":material/code:", type="tertiary", help=_("See the SQL")):
        sql, params = sql_of(session.store(), view.chosen, view.sort, session.clock())
        go(EXPLORE, to_explore_address({"sql": sql, "params": params}))
