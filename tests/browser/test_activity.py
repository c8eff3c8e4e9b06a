"""Activity: what was read stands there, leads back to its chat, can be taken along, and is proved to be as it was."""

import csv
import io

from playwright.sync_api import expect

from tests.browser.conftest import IN_ONE, OpenScreen, Sample, StartApp
from tests.browser.server import PERSON
from tests.browser.verbs import Screen


def choose_group(screen: Screen, name: str) -> None:
    """Chooses all of a group; the key that closes other lists would empty this one."""
    option = screen.word("{group} (all)", group=screen.word(name))
    screen.keyed("w_what").locator("input").first.click()
    with screen.rerun():
        screen.page.get_by_role("option", name=option, exact=True).click()


@IN_ONE
def test_what_was_read_stands_in_activity(
    start_app: StartApp, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.unused()[0]
    screen = screens(start_app(copy_of=sample.file), language)
    screen.open_chat(chat["id"])
    screen.pane.wait_for()
    read = screen.word("Read the chat")
    screen.go_to_managed("Activity")
    # It is written a moment after the chat was drawn.
    told = screen.counted("{n} entry", "{n} entries", 1)
    screen.until(lambda: screen.open("activity", what="chat_read").text, lambda text: told in text)
    screen.open("activity")
    row, _line = screen.row_with(read)
    expect(screen.cell(row, 3)).to_have_text(chat["visitor_name"])

    choose_group(screen, "Reading and searching")
    screen.address_has(what="reading")
    screen.has_rows(1)
    choose_group(screen, "Chats")
    screen.shows(screen.word("No entry fits these filters. Take one away to see more."))
    screen.page.go_back()
    screen.address_has(what="reading")
    screen.has_rows(1)

    _heading, line = csv.reader(io.StringIO(screen.download("download_activity").decode("utf-8-sig")))
    assert [PERSON, read, chat["visitor_name"], str(chat["id"])] == line[2:6]

    screen.press("check_log")
    expect(screen.keyed("check_result").get_by_test_id("stAlert")).to_be_visible()
    expect(screen.keyed("check_result")).to_contain_text("verify --head")

    screen.click_row(0, x=300)
    screen.pane.wait_for()
    screen.address_has(chat=str(chat["id"]))
    screen.open_tab("Info")
    screen.pane_shows(f"{PERSON} (")
