"""From a chat to its person, by hand joined with another one, and back."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App

# Where the box of a row is to tick.
TICK = 15


def test_from_a_missed_chat_to_the_person_and_two_are_joined_and_parted(
    language: str, writing: App, screens: OpenScreen, sample: Sample
) -> None:
    found = sample.rows("status = 'missed' AND visitor_email IS NOT NULL AND visitor_name IS NOT NULL")[3]
    screen = screens(writing, language)
    screen.open("missed", category="missed", chat=found["id"], tab="info")
    screen.page.get_by_role("link", name=screen.word("All about this person")).click()
    expect(screen.page).to_have_url(re.compile(r"/visitors\?.*chat="))
    expect(screen.page.get_by_text(found["visitor_email"], exact=False).first).to_be_visible()
    for row in (0, 1):
        screen.click_row(row, x=TICK)
    screen.press("join_persons")
    expect(screen.page.get_by_role("button", name=screen.word("Take back"))).to_be_visible()
    screen.press_outcome("undo")
    expect(screen.page.get_by_text(screen.word("They are not joined any more."))).to_be_visible()
