"""Visitors: who wrote, the list of contacts and of those who gave no address, and one person with all chats."""

from lib.screen.frame.page import VISITORS, begin
from lib.screen.visitors.visitors import visitors_page

with begin(VISITORS):
    visitors_page()
