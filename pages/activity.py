"""Activity: who did and read what, and whether the log of it is as it was written."""

from lib.screen.activity.activity import activity_page
from lib.screen.frame.page import ACTIVITY, begin

with begin(ACTIVITY):
    activity_page()
