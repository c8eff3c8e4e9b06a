"""The team, its working hours, and the rules of missed chats."""

from lib.screen.page import TEAM, begin
from lib.screen.team_page import team_page

with begin(TEAM):
    team_page()
