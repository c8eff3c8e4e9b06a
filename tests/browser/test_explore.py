"""Explore: a question in SQL, its link, and the way there from a list."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App

ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = -1"


def test_a_list_becomes_a_query_that_a_second_browser_sees_and_that_can_be_stopped(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    missed = sample.rows("status = 'missed' AND deleted_at IS NULL")
    screen = screens(reading, language).open_chats(category="missed")
    screen.press("see_sql")
    rows = screen.counted("{n} row", "{n} rows", len(missed))
    screen.shows(rows)
    expect(screen.page.locator("textarea")).to_contain_text("status = 'missed'")

    other = screens(reading, language).open("explore", **screen.query)
    other.shows(rows, other.word("This query came with the link or the example, and was run: it can only read."))

    other.page.locator("textarea").fill(ENDLESS)
    other.page.keyboard.press("Control+Enter")
    expect(other.button("stop_query")).to_be_visible(timeout=15_000)
    other.button("stop_query").click()
    other.shows(other.word("Stopped. Run it again when you like."))

    screen.page.locator("textarea").fill("DELETE FROM chats")
    screen.press("run_query")
    screen.shows(screen.word("Only a SELECT can be run here: it reads, and changes nothing. Write a SELECT."))
