"""Missed chats: who looks after each of them, until when, and what became of it."""

import streamlit as st

from lib.screen.chat_view import read_view
from lib.screen.filters import sidebar_filters
from lib.screen.list_line import list_line
from lib.screen.missed_definitions import folded_definitions
from lib.screen.missed_figures import figures
from lib.screen.missed_news import missed_news
from lib.screen.page import MISSED, begin
from lib.screen.queue_review import queue_review
from lib.screen.queue_tabs import queue_tabs
from lib.screen.searching import is_searching

with begin(MISSED):
    view = read_view()
    sidebar_filters(view.chosen)
    if not view.chat:
        missed_news(view.chosen)
    with st.container(gap="xsmall"):
        queue_tabs(view.chosen)
        list_line(view)
    queue_review(view)
    if not is_searching(view.chosen):
        figures(view.chosen)
    folded_definitions()
