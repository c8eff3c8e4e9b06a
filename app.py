"""Today: what needs me now."""

from lib.screen.inbox_news import inbox_news
from lib.screen.page import TODAY, begin
from lib.screen.today import category_cards, freshness_line, last_days, missed_last_days, waiting_chats

with begin(TODAY):
    freshness_line()
    category_cards()
    missed_last_days()
    waiting_chats()
    inbox_news()
    last_days()
