"""What people saw is written in the background: once where once is enough, and never in a person's way."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest

from lib.access import accesses
from lib.access.accesses import access_keeper, flush, note, remove_old
from lib.store import Store, StoreError, now
from tests.faults import full_disk

ONE, OTHER = uuid4(), uuid4()


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accesses, "_waiting", {})


def written(store: Store) -> list[tuple[object, ...]]:
    found = store.read("SELECT actor, action, chat_id, address, detail FROM accesses ORDER BY happened_at")
    return [tuple(row.values()) for row in found]


def test_an_access_is_written_with_all_that_is_known_of_it(store: Store):
    generation = store.generation
    note(store, "chat_read", "Ann", ONE, "192.0.2.7")
    note(store, "query", "Ben", rows=3)
    assert written(store) == []
    assert flush(store) == 2
    assert written(store) == [
        ("Ann", "chat_read", ONE, "192.0.2.7", "{}"),
        ("Ben", "query", None, None, '{"rows": 3}'),
    ]
    assert flush(store) == 0
    # No answer of a page is stale by it.
    assert store.generation == generation


def test_a_reading_is_written_once_for_a_person_a_chat_and_a_day(store: Store, monkeypatch: pytest.MonkeyPatch):
    for _time in range(3):
        note(store, "chat_read", "Ann", ONE)
    note(store, "chat_read", "Ann", OTHER)
    note(store, "chat_read", "Ben", ONE)
    flush(store)
    # As after a new start, when nothing is known any more.
    accesses._waiting.clear()
    note(store, "chat_read", "Ann", ONE)
    flush(store)
    assert len(written(store)) == 3
    monkeypatch.setattr(accesses, "now", lambda: now() + timedelta(days=1))
    note(store, "chat_read", "Ann", ONE)
    note(store, "search", "Ann")
    note(store, "search", "Ann")
    flush(store)
    assert len(written(store)) == 6


def test_what_cannot_be_written_waits_and_nobody_is_disturbed(store: Store):
    if store.is_lake:
        pytest.skip("a lake has no log of its own")
    note(store, "chat_read", "Ann", ONE)
    with full_disk(store.log_bytes), pytest.raises(StoreError):
        flush(store)
    note(store, "chat_read", "Ben", ONE)
    flush(store)
    assert [row[0] for row in written(store)] == ["Ann", "Ben"]


def test_so_many_wait_and_the_others_are_told(store: Store, monkeypatch: pytest.MonkeyPatch, caplog):
    monkeypatch.setattr(accesses, "MOST_WAITING", 5)
    for place in range(8):
        note(store, "search", f"Person {place}")
    flush(store)
    assert [row[0] for row in written(store)] == [f"Person {place}" for place in range(5)]
    assert [record.getMessage()[:20] for record in caplog.records] == ["accesses: 3 were not"]
    flush(store)
    assert len(caplog.records) == 1


def test_none_are_kept_for_no_days(store: Store):
    note(store, "search", "Ann")
    flush(store, kept_days=0)
    flush(store)
    assert written(store) == []


def test_old_ones_go_and_leave_word(store: Store, monkeypatch: pytest.MonkeyPatch):
    moment = now()
    for days in (400, 366, 364, 0):
        monkeypatch.setattr(accesses, "now", lambda days=days: moment - timedelta(days=days))
        note(store, "search", f"{days} days ago")
        flush(store)
    assert remove_old(store, 365, moment) == 2
    assert [row[0] for row in written(store)] == ["364 days ago", "0 days ago"]
    removed = store.read("SELECT reason, removed_at FROM removed_events")
    assert removed == [{"reason": "age", "removed_at": moment}] * 2
    events = store.read("SELECT action, happened_at, detail FROM events")
    assert events == [{"action": "accesses_removed", "happened_at": moment, "detail": '{"accesses": 2}'}]
    assert remove_old(store, 365, moment) == 0


def test_the_loop_writes_at_once_and_all_once_it_is_stopped(store: Store):
    loop = access_keeper(lambda: store, 365)
    loop.start()
    note(store, "search", "Ann")
    latest = time.monotonic() + 30
    while not written(store) and time.monotonic() < latest:
        time.sleep(0.01)
    loop.stop()
    assert len(written(store)) == 1


def test_many_threads_write_each_access_once(store: Store):
    def work(person: int) -> None:
        for _time in range(50):
            note(store, "search", f"Person {person}")
            flush(store)

    threads = [threading.Thread(target=work, args=(person,)) for person in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    flush(store)
    assert len(written(store)) == 200
    assert store.read("SELECT count(DISTINCT id) AS n FROM accesses")[0]["n"] == 200
