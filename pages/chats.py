"""Chats: filter the history, read a chat, delete it, answer it."""

import streamlit as st

from lib.screen.category_tabs import category_tabs
from lib.screen.chat_review import chat_review
from lib.screen.chat_view import read_view
from lib.screen.filters import sidebar_filters
from lib.screen.histogram import histogram
from lib.screen.list_line import list_line
from lib.screen.page import CHATS, begin

with begin(CHATS):
    view = read_view()
    sidebar_filters(view.chosen)
    with st.container(gap="xsmall"):
        category_tabs(view.chosen)
        list_line(view)
    if not view.chat:
        histogram(view.chosen)
    chat_review(view)
