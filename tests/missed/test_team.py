"""The team: who is in it, who comes and goes, and what each has to do."""

import json
from datetime import timedelta

import pytest

from lib.missed.team import (
    LONGEST_NAME,
    Added,
    AlreadyThere,
    NameRefused,
    NotThere,
    Removed,
    Workload,
    add_colleague,
    colleagues,
    note_colleague,
    remove_colleague,
    workloads,
)
from lib.store import now
from tests.worlds import NOW, chat, insert


def events(store):
    found = store.read("SELECT action, actor, detail FROM events ORDER BY happened_at")
    return [(row["action"], row["actor"], json.loads(row["detail"])["name"]) for row in found]


def note(store, name):
    store.write(lambda cursor: note_colleague(cursor, name, now()))


def test_names_are_in_order(store):
    for name in ("ben", "Ann", "加藤 凛", "Zoe"):
        assert add_colleague(store, name, "Tester") == Added(name, again=False)
    assert colleagues(store) == ["Ann", "ben", "Zoe", "加藤 凛"]


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "\x00", "a\x1bb"])
def test_a_name_of_nothing_is_refused(store, name):
    assert add_colleague(store, name, "Tester") == NameRefused("blank")
    assert (colleagues(store), events(store)) == ([], [])


def test_a_name_may_have_a_hundred_characters(store):
    assert add_colleague(store, "é" * LONGEST_NAME, "Tester") == Added("é" * LONGEST_NAME, again=False)
    assert add_colleague(store, "é" * LONGEST_NAME + "x", "Tester") == NameRefused("too_long")


@pytest.mark.parametrize("again", ["Ann Lee", "ann lee", " ANN   LEE "])
def test_nobody_is_in_the_team_twice(store, again):
    add_colleague(store, "Ann Lee", "Tester")
    assert add_colleague(store, again, "Ben") == AlreadyThere("Ann Lee")
    assert (colleagues(store), len(events(store))) == (["Ann Lee"], 1)


def test_who_left_can_come_back(store):
    add_colleague(store, "Ann", "Tester")
    assert remove_colleague(store, "Ann", "Ben") == Removed("Ann", 0)
    assert colleagues(store) == []
    assert remove_colleague(store, "Ann", "Ben") == NotThere("Ann")
    assert add_colleague(store, "ann", "Cleo") == Added("Ann", again=True)
    assert colleagues(store) == ["Ann"]
    assert events(store) == [
        ("add_colleague", "Tester", "Ann"), ("remove_colleague", "Ben", "Ann"), ("add_colleague", "Cleo", "Ann"),
    ]  # fmt: skip


def test_who_acts_becomes_a_colleague_once(store):
    note(store, "Ann")
    note(store, "Ann")
    note(store, "ANN")
    assert colleagues(store) == ["Ann"]
    assert events(store) == [("add_colleague", "Ann", "Ann")]


def test_two_rows_of_a_race_are_one_person(store):
    for name in ("Ann", "ann"):
        store.write(lambda cursor, n=name: cursor.execute("INSERT INTO colleagues VALUES (?, ?, 'x', NULL)", [n, NOW]))
    assert colleagues(store) == ["Ann"]
    assert [person.name for person in workloads(store, NOW)] == ["Ann"]
    assert remove_colleague(store, "Ann", "Ben") == Removed("Ann", 0)
    assert colleagues(store) == []
    note(store, "ann")
    assert len(colleagues(store)) == 1


def held(name, by="Ann", **fields):
    values = {"status": "missed", "visitor_email": "x@example.com", "due_derived_at": NOW + timedelta(hours=1)}
    return chat(name, assignee=by, **(values | fields))


def test_what_each_has_to_do(store):
    late = {"due_derived_at": NOW - timedelta(minutes=1)}
    insert(
        store,
        [
            held("one"),
            held("two", **late),
            held("three", by="ann", **late),
            held("of one who left", by="Zoe", **late),
            held("completed", status="completed", **late),
            held("deleted", deleted_at=NOW, **late),
            held("contacted", contacted_at=NOW, **late),
            held("not needed", not_needed="spam", **late),
            held("came back", came_back_at=NOW, **late),
            held("mute", visitor_email=None, **late),
        ],
    )
    for name in ("Ann", "Ben"):
        add_colleague(store, name, "Tester")
    assert workloads(store, NOW) == [
        Workload("Ann", True, 3, 2), Workload("Ben", True, 0, 0), Workload("Zoe", False, 1, 1),
    ]  # fmt: skip
    assert remove_colleague(store, "Ann", "Ben") == Removed("Ann", 3)
    assert workloads(store, NOW)[1:] == [Workload("Ann", False, 3, 2), Workload("Zoe", False, 1, 1)]
