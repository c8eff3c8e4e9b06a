"""What a person sees where the store cannot be opened."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lib.screen.frame.storing import STORE_ERRORS
from tests.browser.conftest import OpenScreen, StartApp

HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@contextmanager
def held(file: Path) -> Iterator[int]:
    """Another process has the file open; gives its id."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process.pid
        process.communicate()


def test_a_locked_store_is_told_in_a_sentence_and_opens_when_it_is_free(
    start_app: StartApp, screens: OpenScreen, emptied: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(emptied, tmp_path / "history.duckdb"))
    # Before the app starts, which opens the store by itself as soon as it can.
    with held(file) as pid:
        app = start_app(str(file))
        english, japanese = screens(app, "en"), screens(app, "ja")
        for screen, path in ((english, "chats"), (japanese, "")):
            screen.open(path)
            screen.shows(screen.word(STORE_ERRORS["locked"]), f"PID {pid}", str(tmp_path))
            expect(screen.page.get_by_test_id("stAlert")).to_have_count(1)
    with english.rerun():
        english.page.get_by_role("button", name="Try again").click()
    english.shows("There are no chats yet.")


@pytest.mark.thorough
def test_a_file_that_is_no_store_is_told_and_left_alone(
    start_app: StartApp, screens: OpenScreen, tmp_path: Path
) -> None:
    broken = tmp_path / "history.duckdb"
    broken.write_text("this is no database, and long enough to be looked at\n" * 100)
    screen = screens(start_app(copy_of=broken), "ja", path="imports")
    screen.shows(screen.word(STORE_ERRORS["damaged"]))
    assert broken.read_text().startswith("this is no database")


@pytest.mark.thorough
def test_a_wrong_setting_is_told(start_app: StartApp, screens: OpenScreen) -> None:
    screen = screens(start_app(ZONE="Mars/Olympus"), "ja", path="chats")
    screen.shows(
        screen.word("A setting cannot be used. Correct it, then start the app again."),
        "CHAT_HISTORY_ZONE = Mars/Olympus",
    )
