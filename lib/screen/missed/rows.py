"""Opens the missed chats that a number counts."""

from typing import NoReturn

from lib.chats.filter.filter import ChatFilter
from lib.screen.chats.view import ChatView, show_chosen, to_address
from lib.screen.frame.page import MISSED, go


def show_missed(chosen: ChatFilter) -> None:
    """Shows the rows of a filter on the page Missed chats itself; for the callback of a widget."""
    show_chosen(chosen)


def open_missed(chosen: ChatFilter) -> NoReturn:
    """Opens the page Missed chats with the rows of a filter."""
    go(MISSED, to_address(ChatView(chosen)))
