"""What offices have: two accounts of one system, workbooks, tables without ids; and an import that is taken back."""

from datetime import datetime
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.browser.server import App
from tests.browser.test_import import DONE, on_disk
from tests.browser.verbs import Screen
from tests.importing.files import csv_file, raw
from tests.importing.workbooks import xlsx


def import_for(screen: Screen, account: str, file: Path) -> None:
    """Types whose files these are, and drops them at once: without Tab, without a pause."""
    field = screen.keyed(screen.key_like("import_account")).locator("input")
    field.click()
    screen.page.keyboard.type(account)
    screen.drop_files(file)
    screen.confirm_import()
    screen.shows(screen.word(DONE))


def test_two_shops_with_the_same_ids_stay_apart_and_can_be_filtered(
    importing: App, screens: OpenScreen, language: str, tmp_path: Path
) -> None:
    screen = screens(importing, language, path="imports")
    for shop in ("North", "South"):
        rows = [{"id": n, "system": f"till {language}", "visitor_name": f"{shop} {n}"} for n in (1, 2)]
        import_for(screen, f"{shop} {language}", on_disk(tmp_path, csv_file(rows, f"{shop}.csv")))
        screen.figures(New=2, Updated=0)
    screen.open_chats(system=f"till {language}")
    screen.shows("North 1", "North 2", "South 1", "South 2")
    screen.open_chats(system=f"till {language}", account=f"South {language}")
    screen.shows("South 1", "South 2")
    expect(screen.grid.get_by_text("North 1", exact=True)).to_have_count(0)


def test_a_workbook_without_ids_is_imported_and_taken_back(
    importing: App, screens: OpenScreen, language: str, tmp_path: Path
) -> None:
    rows = [
        ["started_at", "visitor_name", "question", "status"],
        [datetime(2026, 3, 1, 9, 30), f"凛 {language}", "荷物はどこですか", "missed"],
        [datetime(2026, 3, 2, 10, 0), f"Aoi {language}", "Where is it?", "completed"],
    ]
    screen = screens(importing, language, path="imports")
    file = on_disk(tmp_path, xlsx({"Chats": rows}, f"chats-{language}.xlsx"))
    screen.drop_files(file)
    if screen.button("use_columns").count():
        screen.press("use_columns")
    screen.confirm_import()
    screen.shows(screen.word(DONE))
    screen.figures(New=2, Rejected=0)
    screen.open("imports")
    screen.click_row(0, x=12, grid=screen.page.get_by_test_id("stDataFrame").last)
    screen.press("undo_import")
    screen.press("confirm_undo_import")
    screen.shows(screen.word("Undone"))
    screen.open_chats()
    expect(screen.grid.get_by_text(f"凛 {language}", exact=True)).to_have_count(0)
    # The same file brings the same chats again.
    screen.open("imports")
    screen.drop_files(file)
    if screen.button("use_columns").count():
        screen.press("use_columns")
    screen.confirm_import()
    screen.figures(New=2, Updated=0)


def test_a_file_that_cannot_be_read_is_read_in_the_encoding_that_is_chosen(
    importing: App, screens: OpenScreen, language: str, tmp_path: Path
) -> None:
    screen = screens(importing, language, path="imports")
    korean = f"id,system,comment,visitor_name\n1,{language} shop,빨라요,배송이 {language}\n".encode("cp949")
    screen.drop_files(on_disk(tmp_path, raw(korean, "korean.csv")))
    screen.pick("import_encoding_0", "UTF-8")
    screen.shows(screen.word("The first line that cannot be read as {encoding}: {line}", encoding="UTF-8", line=2))
    screen.pick("import_encoding_0", "EUC-KR")
    screen.confirm_import()
    screen.shows(screen.word(DONE))
    screen.figures(New=1)
    screen.open_chats(system=f"{language} shop")
    screen.shows(f"배송이 {language}")
