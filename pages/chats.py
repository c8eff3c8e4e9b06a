"""Chats: filter the history, read a chat, delete it, answer it."""

import streamlit as st

from lib.screen.chats.list_line import list_line
from lib.screen.chats.review import category_tabs, chat_review
from lib.screen.chats.sidebar import sidebar_filters
from lib.screen.chats.view import read_view
from lib.screen.frame.page import CHATS, begin

with begin(CHATS):
    view = read_view()
    sidebar_filters(view.chosen)
    with st.container(gap="xsmall"):
        category_tabs(view.chosen)
        list_line(view)
    chat_review()
