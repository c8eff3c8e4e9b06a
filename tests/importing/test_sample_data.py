import threading
from datetime import datetime, timedelta

import pytest

from lib.importing import has_sample, load_sample, past_imports, remove_sample
from lib.store import Store, record_event
from tests.importing.files import CHAT, check_consistent, json_lines, load

NOW = datetime(2027, 5, 5, 3, 0)


@pytest.fixture
def store(location):
    """A store of its own: the sample is loaded once in the life of a store."""
    store = Store(location)
    yield store
    store.close()


def test_the_sample_fills_an_empty_store_once(store):
    report = load_sample(store, "Asia/Tokyo", NOW)
    assert report.rejected == 0
    assert report.new == report.read > 100
    assert has_sample(store)
    assert past_imports(store) == []
    (times,) = store.read("SELECT min(started_at) AS first, max(ended_at) AS last FROM chats")
    assert NOW - timedelta(days=367) < times["first"] < times["last"] <= NOW
    assert NOW - times["last"] < timedelta(days=3)
    assert load_sample(store, "Asia/Tokyo", NOW) is None
    check_consistent(store)
    assert remove_sample(store, "Ann") == report.new
    assert load_sample(store, "Asia/Tokyo", NOW) is None


def test_two_who_fill_the_store_at_once_fill_it_once(store):
    reports = []
    threads = [threading.Thread(target=lambda: reports.append(load_sample(store, "UTC", NOW))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report is None for report in reports) == [False, True]
    check_consistent(store)


def test_a_store_with_chats_gets_no_sample(store):
    load(store, json_lines(CHAT))
    assert load_sample(store, "UTC", NOW) is None
    assert not has_sample(store)


def test_removing_the_sample_leaves_what_is_not_of_it(store):
    load_sample(store, "UTC", NOW)
    load(store, json_lines(CHAT))
    (chat,) = store.read("SELECT id FROM chats WHERE system = 'sample' LIMIT 1")
    store.write(lambda cursor: record_event(cursor, "note", "Ann", chat["id"], NOW))
    removed = remove_sample(store, "Ann")
    assert store.read("SELECT system FROM chats") == [{"system": "import"}]
    assert [row["action"] for row in store.read("SELECT action FROM events ORDER BY action")] == [
        "import",
        "remove_sample",
    ]
    assert removed > 100
    assert not has_sample(store)
    check_consistent(store)
    assert remove_sample(store, "Ann") == 0
