"""Deleted chats: what was deleted, when, by whom and why; and the way back."""

from lib.screen.deleted_list import deleted_list
from lib.screen.page import DELETED, begin

with begin(DELETED):
    deleted_list()
