"""Explore: questions in SQL, for those who know it; nothing can be changed."""

import streamlit as st

from lib.screen.explore.editor import explore_schema
from lib.screen.explore.form import explore_editor
from lib.screen.explore.result import explore_result
from lib.screen.explore.view import read_explore
from lib.screen.frame.page import EXPLORE, begin

with begin(EXPLORE):
    view = read_explore()
    query, schema = st.columns([3, 2], gap="small")
    with query:
        explore_editor(view)
    with schema:
        explore_schema()
    explore_result(view)
