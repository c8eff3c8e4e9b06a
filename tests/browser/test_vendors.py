"""The exports of chat systems: recognised, looked at, imported; what came apart meets; rules, columns and the inbox."""

import json
import os
import re
import zipfile
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from lib.importing import VENDORS, Report, Source, import_files
from lib.store import Store
from tests.browser.conftest import OpenScreen, StartApp
from tests.browser.server import ZONE, App
from tests.browser.test_import import DONE
from tests.browser.verbs import Screen

CATEGORIES = {
    "Ongoing": "ongoing",
    "Missed": "missed",
    "Reopened": "reopened",
    "Completed": "completed",
}


def answers(code: str) -> ModuleType:
    """The made-up answers of a vendor, and what becomes of them."""
    return import_module(f"tests.importing.vendors.{code}_answers")


def zipped(folder: Path, code: str, files: dict[str, Any] | None = None, name: str | None = None) -> Path:
    """Answers of a vendor as one zip."""
    path = folder / f"{name or code}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, answer in (files or answers(code).FILES).items():
            archive.writestr(file, json.dumps(answer, ensure_ascii=False))
    return path


def report_of(path: Path, folder: Path) -> Report:
    """What an import of the file into an empty store reports."""
    store = Store(str(folder / f"{path.stem}.duckdb"))
    try:
        return import_files(store, [Source(path.name, path)], zone=ZONE, actor="test")
    finally:
        store.close()


def preview_names(screen: Screen, file: Path, code: str) -> None:
    """The table of files names the vendor, and what showed it."""
    expect(screen.cell(0, 0)).to_contain_text(f"{file.name}/")
    kinds = {f"{VENDORS[code].name}{mark}JSON" for mark in (", ", "、")}
    screen.until(screen.column(1).all_text_contents, lambda cells: cells and set(cells) <= kinds)
    screen.until(screen.column(2).all_text_contents, lambda cells: cells and all(cells))


@pytest.mark.thorough
def test_the_exports_of_six_systems_become_one_history(
    emptied: Path, start_app: StartApp, screens: OpenScreen, tmp_path: Path
) -> None:
    screen = screens(start_app(copy_of=emptied), "ja", path="imports")
    screen.drop_files(zipped(tmp_path, "livechat", name="cancelled"))
    screen.press("cancel_import")
    expect(screen.button("import")).to_have_count(0)
    screen.go_to("Chats")
    screen.counts("0", "0")
    screen.go_to_managed("Import")
    statuses: Counter[str] = Counter()
    for code in VENDORS:
        file = zipped(tmp_path, code)
        wanted = report_of(file, tmp_path)
        screen.drop_files(file)
        screen.shows(screen.word("**Preview**: nothing is stored yet").replace("**", ""))
        preview_names(screen, file, code)
        screen.figures(Chats_read=wanted.read, New=wanted.new, Rejected=wanted.rows_rejected)
        screen.confirm_import()
        screen.figures(New=wanted.new, Rejected=wanted.rows_rejected, Messages_stored=wanted.messages_stored)
        statuses.update(chat["status"] for chat in answers(code).EXPECTED.values())
    screen.go_to("Chats")
    screen.shows_all()
    screen.tab_counts(**{name: statuses[status] for name, status in CATEGORIES.items()})


@pytest.mark.thorough
def test_messages_meet_their_chats_in_any_order(importing: App, screens: OpenScreen, tmp_path: Path) -> None:
    files = answers("chatwoot").FILES
    pages = {name: answer for name, answer in files.items() if name.startswith("messages")}
    lists = {name: answer for name, answer in files.items() if name not in pages}
    screen = screens(importing, path="imports")
    screen.import_files(zipped(tmp_path, "chatwoot", pages, "pages"))
    screen.shows(screen.word("Waiting"))
    screen.import_files(zipped(tmp_path, "chatwoot", lists, "lists"))
    screen.shows_not(screen.word("Waiting"))
    at_once = report_of(zipped(tmp_path, "chatwoot"), tmp_path)
    screen.figures(New=at_once.new, Messages_stored=at_once.messages_stored)


@pytest.mark.thorough
def test_a_newer_export_names_the_chats_that_changed_their_status(
    importing: App, screens: OpenScreen, tmp_path: Path
) -> None:
    chat = {"id": "N-1", "started_at": "2026-03-01T09:00:00Z", "status": "ongoing", "visitor": {"name": "Rin"}}
    done = chat | {"status": "completed", "ended_at": "2026-03-01T09:20:00Z", "rating": 5}
    screen = screens(importing, "ja", path="imports")
    for name, record in (("before", chat), ("after", done)):
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps([record]))
        screen.import_files(file)
    change = screen.word(
        "{before} → {after}: {n}", before=screen.word("Ongoing"), after=screen.word("Completed"), n="1"
    )
    screen.shows(screen.word("Chats whose status changes: {n} ({changes})", n="1", changes=change))


@pytest.mark.thorough
def test_the_rule_of_a_system_without_missed_chats_is_switched_on_the_page(
    emptied: Path, start_app: StartApp, screens: OpenScreen, tmp_path: Path
) -> None:
    screen = screens(start_app(copy_of=emptied), "en", path="imports")
    screen.import_files(zipped(tmp_path, "rocketchat"))
    missed = sum(chat["status"] == "missed" for chat in answers("rocketchat").EXPECTED.values())
    with screen.rerun():
        screen.keyed("missed_rules").locator("summary").click()
    with screen.rerun():
        screen.keyed("rule_rocketchat").locator("label").first.click()
    toast = screen.counted("One chat changed its status.", "{n} chats changed their status.", missed)
    expect(screen.page.get_by_test_id("stToast")).to_contain_text(toast)
    screen.go_to("Chats")
    screen.shows_all()
    screen.tab_counts(Missed=0)


@pytest.mark.thorough
def test_an_unknown_table_is_read_once_its_columns_are_named(
    emptied: Path, start_app: StartApp, screens: OpenScreen, tmp_path: Path
) -> None:
    def table(name: str, first: int) -> Path:
        rows = [f"{first + n};2026/03/0{n + 1} 10:00;加藤 凛;rin@example.com;Aoi;荷物はどこですか" for n in range(3)]
        path = tmp_path / name
        path.write_bytes("\r\n".join(["会話ID;開始日時;お客様;メール;担当;内容", *rows, ""]).encode("cp932"))
        return path

    screen = screens(start_app(copy_of=emptied), "ja", path="imports")
    screen.drop_files(table("march.csv", 1))
    fields = [screen.word(label) for label in ("Chat id", "Start", "Visitor's name", "Visitor's e-mail", "Operator")]
    screen.until(screen.column(2).all_text_contents, lambda cells: cells[:5] == fields)
    screen.press("use_columns")
    screen.figures(Chats_read=3, New=3)
    expect(screen.column(1).first).to_contain_text("Shift_JIS")
    expect(screen.column(1).first).to_contain_text("march")
    screen.confirm_import()
    screen.import_files(table("april.csv", 4))
    screen.shows(screen.word(DONE))
    screen.figures(Chats_read=3, New=3)
    screen.go_to("Chats")
    screen.shows(screen.word("{n} of {total} chats", n="6", total="6"))


@pytest.mark.thorough
def test_what_arrives_in_the_inbox_folder_is_imported_by_itself(
    emptied: Path, start_app: StartApp, screens: OpenScreen, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    letter = inbox / "letter.txt"
    letter.write_text("Dear all\n")
    for file in (letter, zipped(inbox, "zendesk")):
        # What may still be on its way is waited for; these have lain there for a while.
        os.utime(file, (file.stat().st_mtime - 300,) * 2)
    screen = screens(start_app(copy_of=emptied, INBOX=str(inbox)), "ja", path="")
    new = screen.word("{new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected",
                      new=str(len(answers("zendesk").EXPECTED)), updated="0", unchanged="0", rejected="0")  # fmt: skip
    inbox_table = screen.page.get_by_test_id("stDataFrame").filter(has_text="letter.txt").filter(has_text=new)
    screen.until(lambda: appears_anew(screen, inbox_table), bool)
    refused = re.compile("^" + re.escape(screen.word("Refused: {why}", why="")[:4]))
    expect(screen.column(2, inbox_table).filter(has_text=refused)).to_have_count(1)
    expect(screen.column(2, inbox_table).filter(has_text=new)).to_have_count(1)
    screen.go_to_managed("Import")
    screen.shows(str(inbox))


def appears_anew(screen: Screen, part: Locator) -> bool:
    """Whether a part of the page is there, soon after the page is loaded once more."""
    screen.reload()
    try:
        expect(part).to_have_count(1, timeout=2000)
    except AssertionError:
        return False
    return True
