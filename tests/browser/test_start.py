"""The first minutes: the sample, its banner, and the way to one's own chats; links to every page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LOCALES, OpenScreen, StartApp
from tests.browser.server import App
from tests.browser.verbs import Screen

EMPTY = "There are no chats yet. Import an export of your chat system to begin."
BANNER = "There are made-up chats here, to try things on."
# Path of each page, and a sentence or word that is nowhere else.
PAGES = {
    "": "**Waiting for a reply**",
    "chats": "Website",
    "imports": "Or the name of a file in the server's import folder",
    "deleted": "No chat is deleted. A chat that you delete stays here, and can be restored.",
}


def heading(screen: Screen, path: str) -> str:
    """What tells that a page is there, as it can be read."""
    return screen.word(PAGES[path]).strip("*")


def test_the_first_start_shows_the_sample_and_removing_it_leads_to_import(
    start_app: StartApp, screens: OpenScreen
) -> None:
    app = start_app()
    english, japanese = (screens(app, language, path="") for language in ("en", "ja"))
    for screen in (english, japanese):
        screen.shows(screen.word(BANNER), heading(screen, ""))
    japanese.press("remove_sample")
    question = japanese.page.get_by_role("dialog")
    expect(question).to_contain_text(japanese.word("Chats that were imported stay, with all that was done about them."))
    japanese.press("keep_sample")
    japanese.shows(japanese.word(BANNER))
    japanese.press("remove_sample")
    japanese.press("confirm_remove_sample")
    expect(japanese.page).to_have_url(re.compile("/imports"))
    japanese.shows(japanese.word("Import folder:"))
    japanese.shows_not(japanese.word(BANNER))
    japanese.go_to("Chats")
    japanese.shows(japanese.word(EMPTY))
    english.open_chats()
    english.shows(english.word(EMPTY))
    english.shows_not(english.word(BANNER))
    english.go_to("Today")
    english.shows(english.word(EMPTY))


@pytest.mark.thorough
def test_a_link_to_a_page_opens_it_cold(language: str, reading: App, screens: OpenScreen) -> None:
    for path in PAGES:
        screen = screens(reading, language, path=path)
        # Where chats are read, the menu is all that there is room for.
        if path == "chats":
            screen.button("sample").click()
        screen.shows(heading(screen, path))
        expect(screen.page.get_by_text(screen.word(BANNER))).to_be_visible()
        for name in ("Today", "Chats", "Missed chats", "Manage"):
            screen.shows(screen.word(name))


@pytest.mark.thorough
def test_a_store_in_a_lake_starts_with_the_sample_too_at_a_deep_link(
    tmp_path: Path, start_app: StartApp, screens: OpenScreen
) -> None:
    screen = screens(start_app(f"ducklake:{tmp_path / 'history.lake'}"), path="chats?category=completed")
    screen.shows("Completed chats")
    screen.open_row(1)
    assert screen.transcript()
    screen.go_to("Today")
    screen.shows(BANNER, heading(screen, ""))


def waited(page: Page) -> None:
    """Lets the seconds pass after which a page that is empty says what it waits for."""
    page.locator("#waiting").evaluate("told => told.getAnimations().forEach(each => each.finish())")


def test_a_page_whose_websocket_is_refused_says_what_the_proxy_has_to_do(
    language: str, reading: App, chromium: Browser, screens: OpenScreen
) -> None:
    with chromium.new_context(locale=LOCALES[language]) as context:
        page = context.new_page()
        page.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
        page.goto(reading.url)
        expect(page.get_by_test_id("stAppSkeleton")).to_be_attached()
        expect(page.locator("#waiting")).to_be_hidden()
        waited(page)
        expect(page.locator("#waiting")).to_be_visible()
        expect(page.locator("#waiting")).to_contain_text("Behind a proxy")
    screen = screens(reading, language, path="")
    screen.shows(heading(screen, ""))
    waited(screen.page)
    expect(screen.page.locator("#waiting")).to_be_hidden()
