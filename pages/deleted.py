"""Deleted chats: what was deleted, when, by whom and why; and the way back."""

from lib.screen.deleted.deleted import deleted_list
from lib.screen.frame.page import DELETED, begin

with begin(DELETED):
    deleted_list()
