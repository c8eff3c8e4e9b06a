"""Who may do what here, and who has which role."""

from lib.screen.access.access import access_page
from lib.screen.frame.page import ACCESS, begin

with begin(ACCESS):
    access_page()
