"""The open chat: reading a short and a very long one, its tabs, and the language of the screen."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from lib.importing import chat_id
from lib.language import moment, number
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import PERSON, ZONE, App

LONG = chat_id("sample", None, "S-900100")
FOLDED = "{n} messages are folded here."


def test_an_open_chat_shows_its_head_and_every_message(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.rows("status = 'completed' AND rating = 5 AND language = $language", language=language)[0]
    said = sample.store.read(
        "FROM messages WHERE chat_id = $id AND kind <> 'note' ORDER BY position", {"id": chat["id"]}
    )
    screen = screens(reading, language).open_chat(chat["id"])
    for operator in chat["operators"]:
        screen.pane_shows(operator)
    start = screen.say(lambda: moment(chat["started_at"], ZONE))
    screen.pane_shows(chat["department"], start, ZONE, screen.word("Rating {n} of 5", n=5), screen.word("Completed"))
    screen.says(*(entry["text"] for entry in said if entry["text"]))
    for name in ("Visitor", "Operator"):
        screen.pane_shows(screen.word(name))
    expect(screen.button("reply_by_email")).to_contain_text(screen.word("Reply by e-mail"))


@pytest.mark.thorough
def test_the_longest_chat_opens_with_its_middle_folded(reading: App, screens: OpenScreen) -> None:
    screen = screens(reading, "ja").open_chat(LONG)
    folded = 2500 - 60
    screen.pane_shows(screen.word(FOLDED, n=screen.say(lambda: number(folded))))
    few = len(screen.transcript())
    assert few < 400
    screen.press("unfold")
    screen.pane_shows(screen.word(FOLDED, n=screen.say(lambda: number(folded - 100))))
    screen.until(lambda: len(screen.transcript()), lambda parts: parts >= few + 100)


@pytest.mark.thorough
def test_info_tells_everything_about_visitor_and_chat(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.rows("status = 'completed' AND visitor_email IS NOT NULL AND visitor_phone IS NOT NULL")[0]
    screen = screens(reading, language).open_chat(chat["id"])
    screen.open_tab("Info")
    screen.address_has(tab="info")
    tables = screen.pane.get_by_test_id("stDataFrame")
    for value in (chat["visitor_name"], chat["visitor_email"], chat["visitor_phone"]):
        expect(tables.nth(0)).to_contain_text(value)
    for value in (screen.word("Completed"), chat["department"], chat["vendor_id"]):
        expect(tables.nth(1)).to_contain_text(value)


@pytest.mark.thorough
def test_a_note_is_added_with_author_and_time(writing: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.unused()[0]
    screen = screens(writing, "ja").open_chat(chat["id"])
    screen.open_tab("Notes")
    screen.pane_shows(screen.word("New note"))
    screen.write_note("請求書を送りました **not bold**")
    screen.pane_shows("請求書を送りました **not bold**", PERSON, screen.say(lambda: moment(sample.clock.now, ZONE))[:8])
    screen.reload()
    screen.pane_shows("請求書を送りました **not bold**")
    expect(screen.keyed("note_text").locator("textarea")).to_have_value("")


@pytest.mark.thorough
def test_an_empty_note_is_not_taken(writing: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(writing).open_chat(sample.unused()[0]["id"], tab="notes")
    screen.write_note("   ")
    screen.pane_shows("Write something first.")


def test_another_chat_of_the_visitor_opens_and_back_returns(reading: App, screens: OpenScreen, sample: Sample) -> None:
    newer, older = visits(sample)
    screen = screens(reading, "en").open_chat(newer["id"])
    screen.open_tab("Other chats")
    table = screen.pane.get_by_test_id("stDataFrame")
    row, _line = screen.row_with(screen.word("this chat"), table)
    screen.click_row(row + 1, grid=table)
    screen.address_has(chat=str(older["id"]), from_chat=str(newer["id"]))
    screen.pane_shows(screen.say(lambda: moment(older["started_at"], ZONE)))
    expect(screen.button("back")).to_contain_text(screen.word("Back"))
    screen.press("back")
    screen.address_has(chat=str(newer["id"]), tab="earlier", from_chat=None)
    # The browser's own button takes each of these steps back at once.
    screen.page.go_back()
    screen.address_has(chat=str(older["id"]), from_chat=str(newer["id"]), tab=None)
    screen.page.go_back()
    screen.address_has(chat=str(newer["id"]), tab="earlier", from_chat=None)
    screen.page.go_back()
    screen.address_has(chat=str(newer["id"]), tab=None, from_chat=None)


def visits(sample: Sample) -> tuple[dict, dict]:
    """The two last chats of a visitor who came at least twice."""
    (row,) = sample.store.read(
        "FROM chats SELECT visitor_email WHERE status = 'completed' AND visitor_email IS NOT NULL"
        " GROUP BY ALL HAVING count(*) > 1 ORDER BY count(*) DESC, visitor_email LIMIT 1"
    )
    newer, older, *_ = sample.rows("visitor_email = $email", email=row["visitor_email"])
    return newer, older


def test_the_transcript_can_be_downloaded(reading: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.rows("status = 'completed' AND question IS NOT NULL")[5]
    screen = screens(reading).open_chat(chat["id"])
    screen.open_menu()
    expect(screen.page.get_by_text(f"{reading.url}/chats?chat={chat['id']}")).to_be_visible()
    text = screen.download("download_transcript").decode()
    (first, *_) = sample.store.read("FROM messages WHERE chat_id = $id AND text IS NOT NULL", {"id": chat["id"]})
    assert first["text"] in text


@pytest.mark.thorough
def test_a_link_to_a_chat_that_is_not_there(reading: App, screens: OpenScreen) -> None:
    screen = screens(reading, "ja").open_chats(chat=UUID(int=0))
    screen.pane_shows(
        screen.word("There is no chat with this link. It may have been erased, or removed with the sample.")
    )
    screen.press("close_chat")
    expect(screen.pane).to_have_count(0)


@pytest.mark.thorough
def test_switching_the_language_keeps_page_filter_and_chat(reading: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.rows("status = 'missed' AND visitor_email IS NOT NULL")[0]
    screen = screens(reading).open_chats(category="missed", period="last_90", chat=chat["id"], tab="info")
    screen.speak("ja")
    screen.address_has(lang="ja", category="missed", period="last_90", chat=str(chat["id"]), tab="info")
    screen.shows(screen.word("Missed chats"), screen.word("Send e-mail"), screen.word("Website"))
    expect(screen.page.locator("html")).not_to_contain_text("Traceback")
    screen.page.keyboard.press("Escape")
    screen.go_to_managed("Import")
    screen.shows(screen.word("Import folder:"))
    screen.speak("en")
    screen.shows("Import folder:")


@pytest.mark.thorough
def test_the_browser_chooses_the_language_and_a_link_may_override_it(reading: App, screens: OpenScreen) -> None:
    japanese = screens(reading, "ja").open_chats(lang="en")
    japanese.language = "en"
    japanese.shows_all()
    japanese.shows("Website")
