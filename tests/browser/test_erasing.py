"""Erasing a person: seen before, confirmed in a hurry, gone in every window, and not brought back."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import IN_ONE, OpenScreen, Sample
from tests.browser.server import App


def test_a_person_is_erased_and_another_window_finds_nothing_of_them(
    writing: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL")[0]
    other = screens(writing, "en").open_chat(chat["id"])
    other.pane_shows(chat["visitor_email"])

    screen = screens(writing, language).open("deleted")
    screen.type_into("erased_value", f" {chat['visitor_email'].upper()}")
    screen.strike("see_known")
    question = screen.page.get_by_role("dialog")
    expect(question).to_contain_text(screen.word("What is known of a person"))
    told = screen.word("{what}: {told}", what=screen.word("Messages"), told=chat["message_count"])
    count = len(sample.rows("lower(visitor_email) = lower($email)", email=chat["visitor_email"]))
    if count == 1:
        expect(question).to_contain_text(told)
    assert chat["visitor_email"].encode() in screen.download("known_json")

    screen.type_into("erasure_reason", "asked by letter")
    screen.strike("confirm_erasure")
    expect(question).to_contain_text(screen.word("Type the word to confirm."))
    screen.type_into("erasure_word", screen.word("ERASE"))
    screen.strike("confirm_erasure")
    screen.shows(screen.counted("{n} chat is erased for good.", "{n} chats are erased for good.", count))
    expect(question).to_have_count(0)

    other.reload()
    other.shows(other.word("There is no chat with this link. It may have been erased, or removed with the sample."))
    screen.press("compact_now")
    screen.shows(screen.word("What was erased has left the database's file."))
    content = Path(writing.folder / "history.duckdb").read_bytes()
    assert chat["visitor_email"].encode() not in content


@IN_ONE
def test_the_chats_of_a_person_stay_without_them(
    writing: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL AND operator IS NOT NULL")[0]
    screen = screens(writing, language).open("deleted")
    screen.type_into("erased_value", chat["visitor_email"])
    screen.strike("see_known")
    screen.choose("erasure_chats", screen.word("Stay, without the person"))
    screen.type_into("erasure_reason", "asked by letter")
    screen.type_into("erasure_word", screen.word("ERASE"))
    screen.strike("confirm_erasure")
    count = len(sample.rows("lower(visitor_email) = lower($email)", email=chat["visitor_email"]))
    screen.shows(screen.counted("{n} chat is anonymised.", "{n} chats are anonymised.", count))
    screen.open_chat(chat["id"])
    screen.shows(screen.word("This chat is anonymised: what was said in it is gone, and who it was with."))
