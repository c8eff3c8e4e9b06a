from datetime import timedelta

from lib.chats.counts import Freshness, freshness
from lib.importing import Source, import_files
from lib.store import Store
from tests.worlds import NOW, make_chat


def test_an_empty_store_has_neither(store: Store):
    assert freshness(store) == Freshness(None, None)


def test_the_newest_chat_is_the_last_that_started(store: Store):
    for days in (3, 1, 2):
        make_chat(store, started_at=NOW - timedelta(days=days))
    make_chat(store, started_at=None)
    assert freshness(store).newest_chat == NOW - timedelta(days=1)


def test_a_deleted_chat_is_not_the_newest(store: Store):
    make_chat(store, started_at=NOW, deleted_at=NOW)
    make_chat(store, started_at=NOW - timedelta(days=1))
    assert freshness(store).newest_chat == NOW - timedelta(days=1)


def test_chats_without_a_start_have_no_newest(store: Store):
    make_chat(store, started_at=None)
    assert freshness(store) == Freshness(None, None)


def test_the_last_import_is_when_it_ended(store: Store):
    reports = [import_files(store, [Source("a", data=b'{"id": "%d"}' % n)], zone="UTC", actor="Ann") for n in range(2)]
    assert freshness(store).last_import == reports[1].finished_at
    assert freshness(store).newest_chat is None
