"""Deleted chats: what was deleted, when, by whom and why; the way back; and erasing for good."""

from lib.screen.deleted.deleted import deleted_list
from lib.screen.deleted.erasing import erasing_part
from lib.screen.frame.page import DELETED, begin

with begin(DELETED):
    deleted_list()
    erasing_part()
