"""What the app does by itself begins and ends with its process."""

import asyncio
import os
import runpy
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from streamlit.web.server.app_discovery import discover_asgi_app

from lib.export.choice import Request
from lib.importing import inbox_files, keeping
from lib.importing.keeping import keeper
from lib.screen.export.files import exports
from lib.screen.frame import serving, session
from lib.settings import ROOT
from lib.store import Store
from tests.browser.server import running
from tests.thorough import rarely


def serve(seconds: float = 60.0, until=lambda: True) -> set[str]:
    """The threads of the app while it runs, until something has happened."""

    async def lifespan() -> set[str]:
        async with serving.keeping(None):
            names = {thread.name for thread in threading.enumerate()}
            end = time.monotonic() + seconds
            while not until() and time.monotonic() < end:
                await asyncio.sleep(0.02)
            return names

    return asyncio.run(lifespan())


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LOOK_EVERY_S", 0.02)
    # Tests look into the store afterwards.
    monkeypatch.setattr(session, "close_store", lambda: None)


def test_the_keeper_lives_as_long_as_the_app(world):
    world("empty")
    assert "keeper" in serve()
    assert "keeper" not in {thread.name for thread in threading.enumerate()}


def test_the_sender_lives_as_long_as_the_app_where_a_mail_server_is_set_up(world, set_up):
    world("empty")
    assert "sender" not in serve()
    set_up(SMTP_HOST="127.0.0.1", SMTP_SENDER="help@example.com")
    assert {"keeper", "sender"} <= serve()
    assert "sender" not in {thread.name for thread in threading.enumerate()}


def test_a_file_of_the_inbox_is_imported_while_the_app_runs(world, set_up, installation: Path):
    folder = installation / "inbox"
    folder.mkdir()
    set_up(INBOX=str(folder))
    store = world("empty")
    (folder / "chats.jsonl").write_text('{"id": "7"}', encoding="utf-8")
    os.utime(folder / "chats.jsonl", (0, 0))
    serve(until=lambda: inbox_files(store))
    assert [file.name for file in inbox_files(store)] == ["chats.jsonl"]
    assert store.read("SELECT vendor_id FROM chats") == [{"vendor_id": "7"}]


def test_without_an_inbox_nothing_is_imported(world, installation: Path):
    store = world("empty")
    serve(0.1, until=lambda: False)
    assert inbox_files(store) == []


def test_with_a_setting_that_cannot_be_used_the_pages_still_come(set_up):
    set_up(ZONE="Mars/Olympus")
    assert "keeper" not in serve()


def test_a_store_that_cannot_be_opened_is_tried_again(monkeypatch: pytest.MonkeyPatch, world, set_up):
    tries = []

    def fail():
        tries.append(1)
        raise OSError("not yet")

    monkeypatch.setattr(serving, "_threads", lambda: [keeper(fail, None, "UTC")])
    serve(until=lambda: len(tries) > 2)
    assert len(tries) > 2


def test_a_large_log_is_written_back_sooner_than_a_small_one():
    assert keeping.quiet_for_s(0) == keeping.quiet_for_s(1 << 20) == 60
    assert 5 < keeping.quiet_for_s(8 << 20) < 10
    assert keeping.quiet_for_s(16 << 20) < 1


def test_after_a_large_write_the_app_writes_the_log_back(world, monkeypatch):
    store = world("review")
    store.write(lambda cursor: cursor.execute("UPDATE turns SET taken = taken + 1"))
    assert store.log_bytes
    monkeypatch.setattr(keeping, "SMALL_LOG_BYTES", 1)
    serve(until=lambda: not store.log_bytes)
    assert not store.log_bytes


def test_files_of_exports_end_with_the_app(world):
    store = world("review")
    job = exports().start(store, Request(session.clock(), "Ann"))
    serve(until=lambda: job.state != "running")
    assert job.state == "done"
    assert not job.path.exists()


@pytest.mark.parametrize("stop", [signal.SIGTERM, *rarely([signal.SIGINT])])
def test_a_copy_of_the_file_holds_all_once_the_app_has_ended(stop, tmp_path: Path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    # The app says nothing of a file that it has imported, but that it refuses the one after it.
    for name, content in {"chats.jsonl": '{"id": "7"}', "letter.txt": "Dear all\n"}.items():
        (inbox / name).write_text(content, encoding="utf-8")
        os.utime(inbox / name, (0, 0))
    with running(tmp_path, INBOX=str(inbox)) as app:
        end = time.monotonic() + 60
        while "a file was refused" not in app.output:
            assert time.monotonic() < end, app.output
            time.sleep(0.1)
        assert (tmp_path / "history.duckdb.wal").exists()
        app.process.send_signal(stop)
        app.process.wait(60)
    copy = tmp_path / "copy.duckdb"
    shutil.copy(tmp_path / "history.duckdb", copy)
    store = Store(str(copy))
    assert store.read("SELECT vendor_id FROM chats") == [{"vendor_id": "7"}]
    store.close()


def test_what_everybody_types_starts_the_app_with_all_that_it_does():
    found = discover_asgi_app(ROOT / "app.py")
    assert found.import_string == "app:app"
    # As the server does; the page is not drawn by it.
    started = runpy.run_path(str(ROOT / "app.py"), run_name="app")["app"]
    assert Path(started._script_path) == ROOT / "app.py"
    assert started._user_lifespan is serving.keeping
    assert {"/exports/{token}", "/person/{token}"} <= {route.path for route in started._user_routes}
