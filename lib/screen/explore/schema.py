"""The views that a query may read, with their columns."""

import pandas as pd
import streamlit as st

from lib.explore.views import VIEWS
from lib.language import _
from lib.screen.frame import session


def explore_schema() -> None:
    """Draws the choice of a view, and its columns with their types and meanings."""
    name = st.selectbox(_("Views that can be read"), list(VIEWS), key="w_schema", persist_state="session")
    view = VIEWS[name or "chats"]
    st.caption(_(view.meaning))
    column = st.column_config
    st.dataframe(
        pd.DataFrame([(each.name, each.type, _(each.meaning)) for each in view.columns], columns=["c", "t", "m"]),
        key=f"schema_{view.name}_{session.language_query()}",
        hide_index=True,
        row_height=28,
        height=270,
        column_config={
            "c": column.TextColumn(_("Column"), width=130),
            "t": column.TextColumn(_("Type"), width=85),
            "m": column.TextColumn(_("Meaning")),
        },
        alt=_("Columns of the view"),
    )
