"""What was acknowledged is in the file itself once the store is closed, or has been quiet: a copy of it holds all."""

import os
import random
import shutil
import threading
import time
from pathlib import Path

import pytest

from lib.chats.notes import add_note
from lib.chats.removal import delete_chat
from lib.store import Store
from tests.worlds import chat, insert

DELETED = "SELECT count(*) AS n FROM chats WHERE deleted_at IS NOT NULL"


@pytest.fixture
def busy(tmp_path: Path) -> Store:
    """A store in a file, with three chats of which one was deleted and one has a note."""
    store = Store(str(tmp_path / "history.duckdb"))
    ids = [made["id"] for made in insert_chats(store)]
    delete_chat(store, ids[0], "Ann")
    add_note(store, ids[1], "called back", "Ann")
    return store


def insert_chats(store: Store) -> list[dict]:
    insert(store, [chat(f"chat {n}") for n in range(3)])
    return store.read("SELECT id FROM chats ORDER BY id")


def copied_alone(store: Store, tmp_path: Path) -> dict[str, int]:
    """How many deletions and notes a copy of the file alone holds."""
    copy = tmp_path / "copy.duckdb"
    shutil.copy(store.location, copy)
    opened = Store(str(copy))
    try:
        return {
            "deleted": opened.read(DELETED)[0]["n"],
            "notes": opened.read("SELECT count(*) AS n FROM events WHERE action = 'note'")[0]["n"],
        }
    finally:
        opened.close()


def test_a_closed_store_is_whole_in_its_file(busy, tmp_path):
    busy.close()
    assert copied_alone(busy, tmp_path) == {"deleted": 1, "notes": 1}


def test_it_is_whole_too_when_somebody_still_reads(busy, tmp_path):
    reads, closed = threading.Event(), threading.Event()

    def read() -> None:
        with busy.snapshot():
            busy.read("SELECT 1 AS one")
            reads.set()
            closed.wait(10)

    reader = threading.Thread(target=read)
    reader.start()
    reads.wait(10)
    busy.close()
    try:
        assert copied_alone(busy, tmp_path) == {"deleted": 1, "notes": 1}
    finally:
        closed.set()
        reader.join()


def test_who_is_in_the_midst_of_writing_is_waited_for_while_the_store_closes(busy, tmp_path):
    writes = threading.Event()

    def slowly(cursor) -> None:
        cursor.execute("UPDATE turns SET taken = taken + 1")
        writes.set()
        time.sleep(0.5)

    writer = threading.Thread(target=lambda: busy.write(slowly))
    writer.start()
    writes.wait(10)
    busy.close()
    writer.join()
    assert copied_alone(busy, tmp_path) == {"deleted": 1, "notes": 1}


def test_closing_twice_does_nothing_more(busy):
    busy.close()
    busy.close()


def test_after_a_quiet_while_the_log_is_written_back_and_not_before(busy, tmp_path):
    assert not busy.write_back(quiet_for_s=60)
    assert copied_alone(busy, tmp_path) == {"deleted": 0, "notes": 0}
    a_minute_ago = time.time() - 61
    os.utime(f"{busy.location}.wal", (a_minute_ago, a_minute_ago))
    assert busy.write_back(quiet_for_s=60)
    assert copied_alone(busy, tmp_path) == {"deleted": 1, "notes": 1}
    assert not busy.write_back(quiet_for_s=0), "there is nothing left to write"
    busy.close()


def test_no_commit_writes_a_log_back_that_an_import_has_left(busy):
    insert(busy, [chat("long", messages=[random.Random(1).randbytes(10 << 20).hex()])])
    before = busy.log_bytes
    add_note(busy, busy.read("SELECT id FROM chats LIMIT 1")[0]["id"], "a click", "Ann")
    assert busy.log_bytes > before > 16 << 20
    busy.close()
    assert busy.log_bytes == 0


def test_a_log_that_others_would_read_for_long_is_written_back_before_they_do(busy):
    with busy.kept_in_place():
        assert busy.log_bytes > 0, "a small one is read with the file"
    insert(busy, [chat("long", messages=[random.Random(1).randbytes(5 << 20).hex()])])
    with busy.kept_in_place():
        assert busy.log_bytes == 0
    busy.close()


def test_while_somebody_writes_the_log_is_left_for_later(busy):
    busy.write(lambda _cursor: busy_is_left(busy))
    assert busy.write_back()
    busy.close()


def busy_is_left(store: Store) -> None:
    with store.cursor() as other:
        other.execute("BEGIN")
        other.execute("UPDATE turns SET taken = taken + 1")
        assert not store.write_back()
        other.execute("ROLLBACK")
