"""Today: every number opens exactly its rows."""

import re

import pytest
from playwright.sync_api import expect

from lib.chats.counts import category_counts
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.missed.queue import QUEUE_SORT, queue_counts, queue_page
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App

WAITING = ChatFilter(category="missed", queue="open")


def test_the_cards_count_and_open_their_lists(reading: App, screens: OpenScreen, language: str, sample: Sample) -> None:
    counts = queue_counts(sample.store, EMPTY, sample.clock, "akiko")
    screen = screens(reading, language, path="")
    screen.figures(Overdue=counts["overdue"], Mine=counts["mine"])
    screen.press("card_overdue")
    screen.address_has(category="missed", queue="overdue")
    expect(screen.page).to_have_url(re.compile("/missed"))
    screen.has_rows(counts["overdue"])
    screen.page.go_back()
    expect(screen.page).to_have_url(re.compile(r":\d+/$"))
    screen.figures(Overdue=counts["overdue"], Mine=counts["mine"])


def test_the_queue_shows_what_is_due_first_and_opens_a_chat_in_its_list(
    reading: App, screens: OpenScreen, sample: Sample
) -> None:
    waiting = queue_page(sample.store, WAITING, sample.clock, QUEUE_SORT, 1)
    screen = screens(reading, "ja", path="")
    screen.has_rows(len(waiting))
    for row, question in enumerate(waiting["question"].fillna("")):
        expect(screen.cell(row, 3)).to_have_text(question)
    screen.click_row(1)
    screen.address_has(chat=str(waiting["id"].iloc[1]), category="missed", period=None, queue="open", sort="due")
    screen.pane_shows(screen.word("To do"))
    screen.has_rows(len(waiting))


@pytest.mark.thorough
def test_the_queue_opens_as_a_list_and_the_chart_is_there(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading, "en", path="")
    expect(screen.page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    screen.shows(screen.word("**The last {n} days by status**", n=14).strip("*"))
    screen.press("open_open")
    screen.address_has(category="missed", period=None, queue="open", sort="due")
    screen.has_rows(category_counts(sample.store, WAITING, sample.clock)["missed"])
