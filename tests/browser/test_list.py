"""Chats: the list in its orders and pages, and the way from one chat to the next."""

import pytest
from playwright.sync_api import expect

from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import PAGE_SIZE, Sort, chat_page
from lib.screen.chats.table import NARROW, SHOWN
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App
from tests.browser.verbs import Screen


def emails(sample: Sample, sort: Sort, page: int = 1, chosen: ChatFilter | None = None) -> list[str]:
    """The e-mail addresses of a page, in order."""
    return list(chat_page(sample.store, chosen or ChatFilter(), sample.clock, sort, page)["visitor_email"].fillna(""))


def lists(screen: Screen, expected: list[str], *, beside: bool = False) -> None:
    """Waits until the list (or the narrow one beside an open chat) begins with these chats."""
    column = list(NARROW if beside else SHOWN).index("visitor_email")
    for row, email in enumerate(expected[:8]):
        expect(screen.cell(row, column)).to_have_text(email)


@pytest.mark.thorough
def test_order_and_page_by_link(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading).open_chats(sort="duration", order="asc", page=3)
    lists(screen, emails(sample, Sort("duration", descending=False), 3))
    expect(screen.keyed("w_sort").locator("input")).to_have_value("Sort by: Duration")


@pytest.mark.thorough
def test_order_and_page_by_hand(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading, "ja").open_chats(category="completed")
    completed = ChatFilter(category="completed")
    screen.pick("w_sort", screen.word("Sort by: {key}", key=screen.word("Messages")))
    screen.address_has(sort="messages")
    lists(screen, emails(sample, Sort("messages"), chosen=completed))
    screen.press("w_order")
    screen.address_has(order="asc")
    lists(screen, emails(sample, Sort("messages", descending=False), chosen=completed))
    with screen.rerun():
        screen.keyed("w_page").get_by_label(screen.word("Page {field}", field=2), exact=True).click()
    screen.address_has(page="2")
    lists(screen, emails(sample, Sort("messages", descending=False), 2, completed))
    screen.choose_category("Missed")
    screen.address_has(page=None, sort="messages")


@pytest.mark.thorough
def test_a_page_beyond_the_last_is_the_last(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading).open_chats(category="ongoing", page=7)
    lists(screen, emails(sample, Sort(), chosen=ChatFilter(category="ongoing")))


def test_after_a_list_of_few_pages_a_long_one_has_its_pages_again(reading: App, screens: OpenScreen) -> None:
    screen = screens(reading).open_chats(category="monitored")
    screen.choose_category("All")
    for page in (1, 2, 3, 21):
        expect(screen.keyed("w_page").get_by_label(screen.word("Page {field}", field=page), exact=True)).to_be_visible()


def test_a_click_anywhere_on_a_row_opens_its_chat(reading: App, screens: OpenScreen, sample: Sample) -> None:
    expected = emails(sample, Sort(), chosen=ChatFilter(email="yes"))
    screen = screens(reading).open_chats(email="yes")
    for row, x in ((4, 20), (2, 300), (6, 480)):
        screen.open_row(row, x=x)
        screen.pane_shows(expected[row])
        lists(screen, expected, beside=True)
    screen.press("close_chat")
    expect(screen.pane).to_have_count(0)
    screen.address_has(chat=None)
    screen.open_row(1, x=1000)
    screen.pane_shows(expected[1])


def test_a_closed_chat_opens_again_by_a_click_on_its_row(reading: App, screens: OpenScreen, sample: Sample) -> None:
    expected = emails(sample, Sort(), chosen=ChatFilter(email="yes"))
    screen = screens(reading).open_chats(email="yes")
    screen.open_row(4)
    screen.open_row(2)
    screen.press("close_chat")
    expect(screen.pane).to_have_count(0)
    screen.open_row(2)
    screen.pane_shows(expected[2])


def test_the_next_and_previous_chat_by_buttons_and_keys_over_a_page_border(
    reading: App, screens: OpenScreen, sample: Sample
) -> None:
    chosen = ChatFilter(category="completed", email="yes")
    first, second = (emails(sample, Sort(), page, chosen) for page in (1, 2))
    assert len(first) == PAGE_SIZE
    border = chat_page(sample.store, chosen, sample.clock, Sort(), 1)["id"].iloc[-1]
    screen = screens(reading).open_chats(category="completed", email="yes", chat=border)
    screen.pane_shows(first[-1])
    screen.next_chat()
    screen.pane_shows(second[0])
    screen.address_has(page="2")
    lists(screen, second, beside=True)
    screen.type_key("j")
    screen.pane_shows(second[1])
    screen.type_key("k")
    screen.type_key("k")
    screen.pane_shows(first[-1])
    screen.address_has(page=None)
    lists(screen, first, beside=True)
    screen.previous_chat()
    screen.pane_shows(first[-2])


@pytest.mark.thorough
def test_the_keys_do_nothing_while_one_writes(reading: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.rows("status = 'completed' AND visitor_email IS NOT NULL")[3]
    screen = screens(reading).open_chat(chat["id"], tab="notes")
    screen.keyed("note_text").locator("textarea").click()
    screen.page.keyboard.type("jkjk")
    screen.settled()
    screen.pane_shows(chat["visitor_email"])
    screen.address_has(chat=str(chat["id"]))


@pytest.mark.thorough
def test_the_first_chat_has_no_previous_one(reading: App, screens: OpenScreen) -> None:
    screen = screens(reading).open_chats(category="completed")
    screen.open_row(0)
    expect(screen.button("previous_chat")).to_be_disabled()
    expect(screen.button("next_chat")).to_be_enabled()
