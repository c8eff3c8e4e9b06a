"""Chats: filter the history, read a chat, delete it, answer it."""

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
    category_tabs(view.chosen)
    list_line(view)
    histogram(view.chosen)
    chat_review(view)
