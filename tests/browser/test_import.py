"""Import: files dropped or named, the report, and what is refused."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from lib.importing.wording import refusal_sentence
from tests.browser.conftest import OpenScreen
from tests.browser.server import App
from tests.browser.verbs import Screen
from tests.importing.files import BOTH, CHAT, OTHER_CHAT, Source, chats_csv, json_lines, messages_csv

DONE = "The import is done."
NOTHING_NEW = "The history had all of it already; nothing was changed."


def on_disk(folder: Path, source: Source, name: str | None = None) -> Path:
    """The file of a source made in memory."""
    path = folder / (name or source.name)
    path.write_bytes(source.data if isinstance(source.data, bytes) else b"")
    return path


def renamed(record: dict[str, Any], suffix: str) -> dict[str, Any]:
    """A chat that no other story has imported."""
    return record | {"id": f"{record['id']}-{suffix}"}


def refused(screen: Screen, reason: str) -> str:
    """The sentence of a refusal."""
    return screen.say(lambda: refusal_sentence(reason))


def test_a_file_is_imported_once_and_the_same_again_changes_nothing(
    importing: App, screens: OpenScreen, language: str, tmp_path: Path
) -> None:
    file = on_disk(tmp_path, json_lines(renamed(CHAT, language), renamed(OTHER_CHAT, language)))
    screen = screens(importing, language, path="imports")
    screen.import_files(file)
    screen.shows(screen.word(DONE))
    expect(screen.cell(0, 0)).to_have_text("chats.jsonl")
    screen.figures(Chats_read=2, New=2, Rejected=0, Messages_stored=4)
    screen.import_files(file)
    screen.shows(screen.word(NOTHING_NEW))
    screen.figures(Chats_read=2, New=0, Unchanged=2, Rejected=0)
    expect(screen.cell(0, 9, screen.page.get_by_test_id("stDataFrame").last)).to_have_text("chats.jsonl")
    screen.go_to("Chats")
    screen.shows_all()
    expect(screen.grid.get_by_text("加藤 凛", exact=True).first).to_be_attached()


@pytest.mark.thorough
def test_bad_rows_are_named_and_the_good_ones_stay(importing: App, screens: OpenScreen, tmp_path: Path) -> None:
    language = "ja"
    bad = renamed(CHAT, f"bad-{language}") | {"messages": "none"}
    file = on_disk(tmp_path, json_lines(renamed(OTHER_CHAT, f"good-{language}"), bad, "{oops"), "mixed.jsonl")
    screen = screens(importing, language, path="imports")
    screen.import_files(file)
    screen.shows(screen.word("The import is done; some rows were rejected."))
    screen.figures(New=1, Rejected=2)
    rejected = screen.page.get_by_test_id("stDataFrame").nth(1)
    for row, (number, field, reason) in enumerate([("2", "messages", "has the wrong type"), ("3", "", "is not JSON")]):
        expect(screen.cell(row, 0, rejected)).to_have_text("mixed.jsonl")
        expect(screen.cell(row, 1, rejected)).to_have_text(number)
        expect(screen.cell(row, 2, rejected)).to_have_text(field)
        expect(screen.cell(row, 4, rejected)).to_have_text(screen.word(reason))
    table = screen.download(screen.key_like("rejected_")).decode("utf-8-sig")
    _, first, second = csv.reader(io.StringIO(table))
    assert first[:4] == ["mixed.jsonl", "2", "messages", "none"]
    assert second[:4] == ["mixed.jsonl", "3", "", ""]


@pytest.mark.thorough
def test_a_file_that_is_no_chat_file_is_refused(importing: App, screens: OpenScreen, tmp_path: Path) -> None:
    screen = screens(importing, "ja")
    files = {
        "not_chats": b"Dear all\nplease find attached\n",
        "broken_zip": b"PK\x03\x04" + b"x" * 50,
        "not_text": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    }
    for reason, content in files.items():
        file = tmp_path / f"{reason}.txt"
        file.write_bytes(content)
        screen.open("imports").drop_files(file)
        screen.shows(refused(screen, reason), file.name)
        screen.shows_not(screen.word(DONE))


@pytest.mark.thorough
def test_two_files_of_csv_belong_together(importing: App, screens: OpenScreen, tmp_path: Path) -> None:
    chats = [renamed(chat, "csv") for chat in BOTH]
    screen = screens(importing, path="imports")
    screen.import_files(on_disk(tmp_path, chats_csv(chats)), on_disk(tmp_path, messages_csv(chats)))
    screen.shows(DONE)
    expect(screen.column(0)).to_have_text(["chats.csv", "messages.csv"])
    screen.figures(New=2, Messages_stored=4)


@pytest.mark.thorough
def test_a_file_of_the_import_folder_is_imported_by_its_name(importing: App, screens: OpenScreen) -> None:
    file = on_disk(importing.folder / "imports", json_lines(renamed(CHAT, "named")), "named.jsonl")
    screen = screens(importing, "ja", path="imports")
    screen.shows(str(file.parent))
    screen.import_by_name(file.name)
    screen.shows(screen.word(DONE))
    screen.figures(New=1)


@pytest.mark.thorough
def test_only_a_file_of_the_import_folder_can_be_named(importing: App, screens: OpenScreen) -> None:
    outside = importing.folder / "outside.jsonl"
    outside.write_text(json.dumps(CHAT))
    (importing.folder / "imports" / "link.jsonl").symlink_to(outside)
    screen = screens(importing, path="imports")
    for name in ("../history.duckdb", "/etc/passwd", "link.jsonl"):
        screen.name_file(name)
        screen.shows("Only files in the import folder can be named.", name)
        screen.shows_not(DONE)
    screen.name_file("nothing.jsonl")
    screen.shows(refused(screen, "unreadable"))
