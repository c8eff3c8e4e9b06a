"""Texts that try to break out of what holds them, wherever they can be seen: nothing asked for, nothing run."""

import csv
import io
from typing import Any

from playwright.sync_api import expect

from lib.importing import chat_id
from tests.browser.conftest import OpenScreen, Sample, StartApp
from tests.browser.server import App
from tests.browser.verbs import Screen

ODD_TEXT = "odd text"
IDS = [chat_id("sample", None, f"S-{number}") for number in range(900001, 900010)]


def test_the_hostile_chats_do_no_harm_in_any_tab(reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading)
    for chat in (sample.rows("id = $id", id=each)[0] for each in IDS):
        screen.open_chat(chat["id"], tag=ODD_TEXT, sort="visitor")
        said = sample.store.read("FROM messages WHERE chat_id = $id AND text IS NOT NULL", {"id": chat["id"]})
        screen.says(*(entry["text"] for entry in said))
        unharmed(screen)
        # The other tabs show names and texts in the same ways for all chats.
        if chat["id"] in IDS[::3]:
            in_the_other_tabs(screen, chat)


def in_the_other_tabs(screen: Screen, chat: dict[str, Any]) -> None:
    """Looks through the other tabs of the open chat."""
    screen.open_tab("Info")
    visitor = screen.pane.get_by_test_id("stDataFrame").first
    expect(screen.cell(0, 1, visitor)).to_have_text(chat["visitor_name"])
    expect(screen.cell(6, 1, visitor)).to_have_text(chat["page_title"])
    unharmed(screen)
    for name in ("Notes", "Other chats"):
        screen.open_tab(name)
        unharmed(screen)
    screen.press("reply_by_email")
    expect(screen.mail_field("to")).to_have_value(chat["visitor_email"])
    screen.page.get_by_role("tab", name="Preview").click()
    unharmed(screen)


def test_hostile_notes_reasons_words_and_deleted_chats_do_no_harm(
    start_app: StartApp, screens: OpenScreen, sample: Sample
) -> None:
    nasty = "![x](https://evil.example/p.png) <img src=x onerror=alert(1)> :red[hot] [a](javascript:alert(1))"
    screen = screens(start_app(copy_of=sample.file)).open_chat(IDS[0], tab="notes")
    screen.act_as(nasty)
    screen.write_note(nasty)
    screen.pane_shows(nasty)
    screen.fill("words", nasty)
    screen.shows(f"with the words “{nasty}”")
    screen.fill("words", "")
    screen.delete_chat(nasty)
    unharmed(screen)
    screen.open_chat(IDS[0])
    screen.pane_shows(nasty)
    unharmed(screen)
    screen.go_to_managed("Deleted chats")
    _, line = screen.row_with("**Bold** <b>Name</b>")
    expect(line).to_contain_text(nasty)
    unharmed(screen)


def test_a_hostile_file_does_no_harm_in_its_report(importing: App, screens: OpenScreen, tmp_path: Any) -> None:
    nasty = "![x](https://evil.example/p.png) <img src=x onerror=alert(1)>"
    file = tmp_path / "![x](https:evil.example).jsonl"
    file.write_text(f'{{"id": "H-1", "{nasty}": 1}}\n{{"id": "H-2", "messages": "=1+1 {nasty}"}}\n')
    screen = screens(importing, path="imports")
    screen.import_files(file)
    screen.shows(file.name, nasty)
    # Behind the tables of files and of other fields.
    rejected = screen.page.get_by_test_id("stDataFrame").nth(2)
    expect(screen.cell(0, 3, rejected)).to_contain_text(nasty)
    (_, row) = csv.reader(io.StringIO(screen.download(screen.key_like("rejected_")).decode("utf-8-sig")))
    assert row[3].startswith("'=1+1")
    unharmed(screen)


def unharmed(screen: Screen) -> None:
    """Nothing of a text has become a part of the page."""
    found = screen.page.locator("main img, main iframe, main script, main a[href^='javascript']")
    assert found.evaluate_all("parts => parts.map(part => part.outerHTML)") == []
