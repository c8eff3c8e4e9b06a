"""Today: what needs me now."""

from lib.screen.page import TODAY, begin
from lib.screen.today import category_cards, freshness_line, last_days, waiting_chats

begin(TODAY)
freshness_line()
category_cards()
waiting_chats()
last_days()
