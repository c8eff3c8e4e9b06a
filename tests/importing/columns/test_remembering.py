"""Mappings that are kept by name."""

import pytest

from lib.importing.columns import ColumnMapping, forget, matching, remember, remembered
from lib.store import Store

CHATS = ColumnMapping("chats", (("番号", "id"), ("Mail", "visitor_email")), "dmy")
MESSAGES = ColumnMapping("messages", (("a", "id"), ("b", "sender_type")), senders=(("お客様", "visitor"),))


@pytest.fixture(autouse=True)
def no_mappings(store: Store) -> None:
    store.write(lambda cursor: cursor.execute("DELETE FROM column_mappings"))


def events(store: Store) -> list[tuple[str, str, str]]:
    rows = store.read("SELECT action, actor, detail FROM events ORDER BY happened_at")
    return [(row["action"], row["actor"], row["detail"]) for row in rows]


def test_nothing_is_remembered_at_first(store):
    assert list(remembered(store)) == []
    assert matching(store, ["番号"]) is None


def test_a_mapping_is_found_again_by_the_columns_of_its_table(store):
    remember(store, "店 chats", ["番号", "Mail"], CHATS, "Ann")
    assert list(remembered(store)) == [("店 chats", ("番号", "Mail"), CHATS)]
    assert matching(store, ["Mail", "番号"]) == ("店 chats", CHATS)
    assert matching(store, ["Mail", "番号", "x"]) is None
    assert matching(store, ["Mail"]) is None


def test_a_name_is_used_once(store):
    remember(store, "x", ["a", "b"], CHATS, "Ann")
    remember(store, "x", ["a"], MESSAGES, "Ben")
    assert list(remembered(store)) == [("x", ("a",), MESSAGES)]
    assert store.read("SELECT saved_by FROM column_mappings") == [{"saved_by": "Ben"}]
    assert events(store) == [("save_mapping", "Ann", '{"name": "x"}'), ("save_mapping", "Ben", '{"name": "x"}')]


def test_the_newest_mapping_counts(store):
    remember(store, "old", ["a"], CHATS, "Ann")
    remember(store, "new", ["a"], MESSAGES, "Ann")
    assert [found.name for found in remembered(store)] == ["new", "old"]
    assert matching(store, ["a"]) == ("new", MESSAGES)
    remember(store, "old", ["a"], CHATS, "Ann")
    assert matching(store, ["a"]) == ("old", CHATS)


def test_a_mapping_can_be_forgotten(store):
    remember(store, "x", ["a"], CHATS, "Ann")
    remember(store, "y", ["b"], CHATS, "Ann")
    assert forget(store, "x", "Ben")
    assert not forget(store, "x", "Ben")
    assert [found.name for found in remembered(store)] == ["y"]
    assert events(store)[-1] == ("forget_mapping", "Ben", '{"name": "x"}')
    assert len(events(store)) == 3


def test_two_who_saved_a_name_at_the_same_time_leave_one_mapping(store):
    insert = "INSERT INTO column_mappings VALUES ('x', $columns, $mapping, $at, 'Ann')"
    for columns, at in (('["a"]', "2026-03-01 10:00:00"), ('["b"]', "2026-03-01 10:00:01")):
        values = {"columns": columns, "mapping": CHATS.to_json(), "at": at}
        store.write(lambda cursor, values=values: cursor.execute(insert, values))
    assert list(remembered(store)) == [("x", ("b",), CHATS)]
    assert forget(store, "x", "Ann")
    assert list(remembered(store)) == []


@pytest.mark.parametrize(
    ("columns", "mapping"), [('["a"]', "{}"), ("no JSON", CHATS.to_json()), ("3", CHATS.to_json())]
)
def test_what_another_version_saved_is_passed_over(store, columns, mapping):
    remember(store, "x", ["a"], CHATS, "Ann")
    values = {"columns": columns, "mapping": mapping}
    sql = "INSERT INTO column_mappings VALUES ('later', $columns, $mapping, '2030-01-01', 'Ann')"
    store.write(lambda cursor: cursor.execute(sql, values))
    assert matching(store, ["a"]) == ("x", CHATS)
