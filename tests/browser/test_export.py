"""Export: a filtered search is exported with a password, downloaded by its link, and imported into an empty store."""

import io
import json
import zipfile
from pathlib import Path

import pyzipper
from playwright.sync_api import expect

from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.importing import Source, import_files
from lib.store import Store
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App
from tests.export.exporting import CHATS

CHOSEN = ChatFilter(category="completed", words="order")
MESSAGES = (
    "SELECT * EXCLUDE (ordinal) FROM messages WHERE chat_id IN (SELECT id FROM chosen) ORDER BY chat_id, position"
)


def meant(store: Store, clock) -> dict[str, list]:
    """The chats of the filter, and their messages, as the store has them."""
    found = matching(store, CHOSEN, clock)
    ids = store.read(found.select("id", "ORDER BY id"), found.params, found.tables)
    chosen = f"WITH chosen AS (SELECT unnest({[str(row['id']) for row in ids]}::UUID[]) AS id)"
    chats = CHATS.replace("WHERE", "WHERE id IN (SELECT id FROM chosen) AND")
    return {"chats": store.read(f"{chosen} {chats}"), "messages": store.read(f"{chosen} {MESSAGES}")}


def test_a_filtered_search_is_exported_and_imported_again(
    reading: App, screens: OpenScreen, language: str, sample: Sample, tmp_path: Path
) -> None:
    screen = screens(reading, language).open_chats(category="completed")
    screen.fill("words", CHOSEN.words)
    screen.press("export")
    expect(screen.page.get_by_role("dialog")).to_be_visible()
    screen.press("export_password_made")
    field = screen.keyed("export_password").get_by_role("textbox")
    expect(field).not_to_have_value("")
    password = field.input_value()
    screen.press("start_export")
    link = screen.page.get_by_role("dialog").get_by_role("link", name=screen.word("Download"))
    expect(link).to_be_visible()
    answer = screen.page.request.get(str(link.evaluate("link => link.href")))
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    with pyzipper.AESZipFile(io.BytesIO(answer.body())) as locked:
        locked.setpassword(password.encode())
        files = {name: locked.read(name) for name in locked.namelist()}
    expect(screen.page.get_by_text(password)).to_have_count(0)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as unlocked:
        for name, content in files.items():
            unlocked.writestr(name, content)
    told = json.loads(files["manifest.json"])
    store = Store(str(tmp_path / "history.duckdb"))
    report = import_files(store, [Source("export.zip", data=packed.getvalue())], zone="UTC", actor="Ann")
    before = meant(sample.store, sample.clock)
    assert (told["chats"], report.new, told["filter"]["language"]) == (len(before["chats"]),) * 2 + (language,)
    assert told["chats"] > 0 and "order" not in told["filter"]["link"]
    assert meant(store, sample.clock) == before
    store.close()
