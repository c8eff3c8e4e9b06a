"""Today: every number opens exactly its rows."""

import re

from playwright.sync_api import expect

from lib.chats.chat_filter import EMPTY, ChatFilter
from lib.chats.counts import category_counts
from lib.chats.listing import Sort, chat_page
from lib.language import number
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App

WAITING = ChatFilter(category="missed", period="last_7", reply="no")
OLDEST_FIRST = Sort("start", descending=False)


def test_the_cards_count_and_open_their_lists(reading: App, screens: OpenScreen, language: str, sample: Sample) -> None:
    counts = category_counts(sample.store, EMPTY, sample.clock)
    screen = screens(reading, language, path="")
    for name in ("All", "Ongoing", "Missed", "Reopened", "Completed", "Monitored"):
        shown = screen.say(lambda name=name: number(counts[name.lower()]))  # type: ignore[misc]
        assert screen.figure(name) == shown
    screen.press("card_missed")
    screen.address_has(category="missed")
    expect(screen.page).to_have_url(re.compile("/chats"))
    screen.shows(screen.word("Missed chats"))


def test_the_queue_shows_the_oldest_first_and_opens_a_chat_in_its_list(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    waiting = chat_page(sample.store, WAITING, sample.clock, OLDEST_FIRST, 1)
    screen = screens(reading, language, path="")
    screen.has_rows(len(waiting))
    for row, question in enumerate(waiting["question"].fillna("")):
        expect(screen.cell(row, 5)).to_have_text(question)
    screen.click_row(1)
    screen.address_has(chat=str(waiting["id"].iloc[1]), category="missed", period="last_7", reply="no", order="asc")
    screen.pane_shows(screen.word("Missed"))
    screen.has_rows(len(waiting))


def test_the_queue_opens_as_a_list_and_the_chart_is_there(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    screen = screens(reading, language, path="")
    expect(screen.page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    screen.shows(screen.word("**The last {n} days by status**", n=14).strip("*"))
    screen.press("open_waiting")
    screen.address_has(category="missed", period="last_7", reply="no", order="asc")
    screen.has_rows(category_counts(sample.store, WAITING, sample.clock)["missed"])
