"""Missed chats: who looks after each of them, until when, and what became of it."""

import streamlit as st

from lib.screen.chats.list_line import list_line
from lib.screen.chats.searching import is_searching
from lib.screen.chats.sidebar import sidebar_filters
from lib.screen.chats.view import read_view
from lib.screen.frame.page import MISSED, begin
from lib.screen.missed.definitions import folded_definitions
from lib.screen.missed.figures import figures
from lib.screen.missed.news import missed_news
from lib.screen.missed.review import queue_review, queue_tabs

with begin(MISSED):
    view = read_view()
    sidebar_filters(view.chosen)
    if not view.chat:
        missed_news(view.chosen)
    with st.container(gap="xsmall"):
        queue_tabs(view.chosen)
        list_line(view)
    queue_review()
    if not is_searching(view.chosen):
        figures(view.chosen)
    folded_definitions()
