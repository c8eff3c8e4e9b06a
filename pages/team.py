"""The team, its working hours, and the rules of missed chats."""

from lib.screen.frame.page import TEAM, begin
from lib.screen.team.team import team_page

with begin(TEAM):
    team_page()
