"""When nobody uses it, a store can be opened anew, which gives back what the engine holds in memory."""

import pytest

from lib.store import Store, StoreError
from lib.store import engine as engine_module
from tests.worlds import make_chat


@pytest.fixture
def held(tmp_path):
    store = Store(str(tmp_path / "history.duckdb"))
    make_chat(store, "one")
    store.write_back()
    yield store
    store.close()


def count(store):
    return store.read("SELECT count(*) AS n FROM chats")[0]["n"]


def cached_bytes(store):
    found = store.read("SELECT sum(memory_usage_bytes)::BIGINT AS n FROM duckdb_memory() WHERE tag = 'BASE_TABLE'")
    return found[0]["n"]


def test_what_the_engine_had_gathered_is_given_back(held):
    assert count(held) == 1
    held.read("SELECT * FROM chats")
    before, generation = cached_bytes(held), held.generation
    assert held.open_anew()
    assert cached_bytes(held) < before
    assert (count(held), held.generation) == (1, generation)
    make_chat(held, "two")
    assert count(held) == 2


def test_who_reads_or_has_written_is_not_disturbed(held):
    with held.snapshot():
        assert not held.open_anew()
        assert count(held) == 1
    with held.kept_in_place():
        assert not held.open_anew()
    make_chat(held, "two")
    assert not held.open_anew()
    assert held.write_back()
    assert held.open_anew()
    assert count(held) == 2


def test_what_cannot_be_opened_at_once_is_opened_with_the_next_question(held, monkeypatch):
    def refuse(*_given):
        raise StoreError("locked", str(held.path))

    with monkeypatch.context() as patch:
        patch.setattr(engine_module, "open_file", refuse)
        with pytest.raises(StoreError):
            held.open_anew()
    assert count(held) == 1
