"""Deleting a chat, and every way back."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import PERSON, App
from tests.browser.verbs import Screen

DELETED = "The chat is deleted."


@pytest.mark.thorough
def test_cancelling_deletes_nothing(writing: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.unused("visitor_email IS NOT NULL")[0]
    screen = screens(writing, "en").open_chat(chat["id"])
    question = screen.ask_to_delete()
    expect(question).to_contain_text(screen.word("Delete this chat?"))
    expect(question).to_contain_text(chat["visitor_name"])
    expect(question).to_contain_text(screen.counted("{n} message", "{n} messages", chat["message_count"]))
    screen.press("cancel_deletion")
    expect(question).to_have_count(0)
    screen.ask_to_delete()
    screen.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    screen.reload()
    screen.pane_shows(chat["visitor_email"])
    screen.shows_not(screen.word(DELETED))


def test_deleting_with_a_reason_undoing_and_restoring(
    writing: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL")[0]
    screen = screens(writing, language).open_chat(chat["id"])
    screen.delete_chat("wrong visitor")
    screen.shows(screen.word(DELETED))
    expect(screen.pane).to_have_count(0)
    screen.undo()
    screen.pane_shows(chat["visitor_email"])
    screen.shows_not(screen.word(DELETED))

    screen.delete_chat("試験 <b>1</b>")
    screen.open_chat(chat["id"])
    screen.pane_shows(screen.word("This chat is deleted."), PERSON, "試験 <b>1</b>")
    screen.open("deleted")
    row, line = screen.row_with(chat["visitor_email"])
    for text in (chat["visitor_name"], PERSON, "試験 <b>1</b>"):
        expect(line).to_contain_text(text)
    tick(screen, row)
    expect(screen.button("restore")).to_contain_text(screen.counted("Restore {n} chat", "Restore {n} chats", 1))
    screen.press("restore")
    screen.shows(screen.counted("{n} chat is back.", "{n} chats are back.", 1))
    screen.press_outcome("open")
    screen.pane_shows(chat["visitor_email"])


def tick(screen: Screen, row: int) -> None:
    """Ticks a row of the Deleted chats page: its first column is the tick."""
    screen.click_row(row, x=15)


@pytest.mark.thorough
def test_a_deleted_chat_is_in_no_list_and_no_count(writing: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.unused("visitor_email IS NOT NULL")[0]
    screen = screens(writing).open_chats(chat=chat["id"])
    screen.fill("words", chat["question"] or "")
    before = screen.tab_text("All")
    screen.delete_chat()
    expect(screen.keyed("w_category")).not_to_contain_text(before)


def test_two_people_delete_the_same_chat(writing: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.unused()[0]
    first, second = (screens(writing, language).open_chat(chat["id"]) for language in ("ja", "en"))
    first.act_as("Berta")
    first.ask_to_delete()
    second.ask_to_delete()
    first.press("confirm_deletion")
    first.shows(first.word(DELETED))
    second.press("confirm_deletion")
    second.shows(second.word("This chat was deleted before, by {actor}.", actor="Berta"))
    expect(second.page.locator("[class*='st-key-undo_outcome']")).to_have_count(0)


@pytest.mark.thorough
def test_what_is_done_bears_the_name_under_acting_as(writing: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.unused()[0]
    screen = screens(writing).open_chat(chat["id"], tab="notes")
    screen.act_as("山田 <i>花子</i>")
    screen.write_note("seen")
    screen.pane_shows("山田 <i>花子</i>")
    # The name stays on other pages of the same tab.
    screen.go_to_managed("Import")
    screen.go_to("Chats")
    expect(screen.person()).to_have_value("山田 <i>花子</i>")
