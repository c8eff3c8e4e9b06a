"""A store that a fault has stopped opens itself again: nothing acknowledged is lost, and the next click works."""

import shutil
import threading

import duckdb
import pytest

from lib.store import Store, StoreError
from tests.faults import full_disk
from tests.worlds import make_chat


@pytest.fixture
def held(tmp_path):
    store = Store(str(tmp_path / "history.duckdb"))
    make_chat(store, "one")
    yield store
    store.close()


def stop(store):
    """Makes the engine stop as it does in earnest: what it writes back finds no room."""
    with full_disk(), pytest.raises(StoreError):
        store.write_back()


def count(store):
    return store.read("SELECT count(*) AS n FROM chats")[0]["n"]


def test_the_next_question_is_answered(held):
    stop(held)
    assert count(held) == 1
    make_chat(held, "two")
    assert count(held) == 2
    assert held.write_back()


def test_it_can_stop_any_number_of_times(held):
    for number in range(2, 6):
        stop(held)
        make_chat(held, f"chat {number}")
        assert count(held) == number


def test_what_was_acknowledged_is_there_after_a_kill_of_the_stopped_store(held, tmp_path):
    make_chat(held, "two")
    stop(held)
    for end in ("", ".wal"):
        shutil.copyfile(f"{held.path}{end}", tmp_path / f"copy.duckdb{end}")
    copy = Store(str(tmp_path / "copy.duckdb"))
    assert count(copy) == 2
    copy.close()


def test_who_reads_meanwhile_is_told_once(held):
    with pytest.raises(StoreError) as told, held.snapshot():
        assert count(held) == 1
        stop(held)
        count(held)
    assert told.value.reason in ("stopped", "closed")
    assert count(held) == 1


def test_who_holds_a_cursor_keeps_nobody_else_out(held):
    with held.cursor() as kept:
        kept.execute("CREATE TEMP TABLE read_before AS SELECT 1 AS a")
        stop(held)
        assert count(held) == 1
        with pytest.raises(duckdb.Error):
            kept.execute("SELECT * FROM read_before")
    assert count(held) == 1


def test_many_who_ask_at_once_get_their_answers(held):
    found = []

    def ask():
        for _ in range(20):
            try:
                found.append(count(held))
            except StoreError as error:
                found.append(error.reason)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    stop(held)
    for each in threads:
        each.join()
    assert set(found) <= {1, "stopped", "closed"}
    assert count(held) == 1


def test_answers_of_before_are_not_taken_for_those_of_after(held):
    before = held.generation
    stop(held)
    count(held)
    assert held.generation > before


def test_a_disk_without_room_is_not_written_to_by_itself(held, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
        assert not held.write_back()
    assert count(held) == 1
