"""Until when each person has seen what is new."""

from datetime import timedelta

import pytest

from lib.missed.news import Mark, move_mark, move_mark_back, seen_until
from tests.worlds import NOW

LATER = NOW + timedelta(hours=1)


def at(moment):
    return Mark(moment, moment)


def move(store, person, moment):
    return store.write(lambda cursor: move_mark(cursor, person, at(moment)))


def move_back(store, person, moment, before):
    return store.write(lambda cursor: move_mark_back(cursor, person, at(moment), before and at(before)))


def test_nobody_has_a_mark_at_first(store):
    assert seen_until(store, "Ann") is None


def test_each_person_has_their_own(store):
    assert move(store, "Ann", NOW)
    assert move(store, "Ben", LATER)
    assert (seen_until(store, "Ann"), seen_until(store, "Ben"), seen_until(store, "ann")) == (at(NOW), at(LATER), None)


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(microseconds=1)])
def test_it_never_moves_backwards(store, moment):
    move(store, "Ann", NOW)
    assert not move(store, "Ann", moment)
    assert seen_until(store, "Ann") == at(NOW)


def test_it_moves_forward_without_a_second_row(store):
    move(store, "Ann", NOW)
    assert move(store, "Ann", LATER)
    assert store.read("SELECT seen_at FROM review_marks WHERE person = 'Ann'") == [{"seen_at": LATER}]


def test_two_windows_that_were_first_at_once_count_as_one_mark(store):
    for moment in (NOW, LATER):
        values = {"moment": moment}
        store.write(
            lambda cursor, v=values: cursor.execute("INSERT INTO review_marks VALUES ('Ann', $moment, $moment)", v)
        )
    assert seen_until(store, "Ann") == at(LATER)
    assert not move(store, "Ann", NOW + timedelta(minutes=1))
    assert move(store, "Ann", LATER + timedelta(hours=1))
    assert seen_until(store, "Ann") == at(LATER + timedelta(hours=1))


def test_of_two_windows_each_part_of_the_mark_is_the_later_one(store):
    assert store.write(lambda cursor: move_mark(cursor, "Ann", Mark(NOW, LATER))) == Mark(NOW, LATER)
    assert store.write(lambda cursor: move_mark(cursor, "Ann", Mark(LATER, NOW))) == at(LATER)
    assert seen_until(store, "Ann") == at(LATER)


def test_it_can_be_put_back(store):
    move(store, "Ann", NOW)
    assert move_back(store, "Ann", NOW, None)
    assert seen_until(store, "Ann") is None
    move(store, "Ann", NOW)
    move(store, "Ann", LATER)
    assert move_back(store, "Ann", LATER, NOW)
    assert seen_until(store, "Ann") == at(NOW)


def test_it_stays_where_another_window_has_moved_it_on(store):
    move(store, "Ann", NOW)
    move(store, "Ann", LATER)
    assert not move_back(store, "Ann", NOW, None)
    assert seen_until(store, "Ann") == at(LATER)
