"""The page Visitors: lists with counts, one person, joining and parting, with the way back."""

from datetime import timedelta

import pytest

from lib.visitors.listing import KINDS, TABS
from tests.pages.driving import body, captions, click, press, run, table, visit
from tests.worlds import NOW, chat, id_of, insert

VISITORS = "pages/visitors.py"


@pytest.fixture
def known(world):
    store = world("empty")
    rin, tom = {"visitor_name": "Rin", "visitor_email": "rin@example.com"}, {"visitor_email": "tom@example.com"}
    insert(
        store,
        [
            chat("rin 1", started_at=NOW - timedelta(days=90), status="missed", **rin),
            chat("rin 2", started_at=NOW - timedelta(minutes=1), question="A lamp?", rating=4, **rin),
            chat("tom", started_at=NOW - timedelta(days=70), visitor_phone="+81312345678", **tom),
            chat("nobody", started_at=NOW - timedelta(days=2), visitor_id="v-77"),
        ],
    )
    return store


def rows(at):
    found = table(at, "visitors_")
    return [] if found is None else list(found["name"])


def test_contacts_stand_first_the_last_contact_on_top(known):
    at = visit(VISITORS)
    assert rows(at) == ["Rin", "tom@example.com"]
    assert list(table(at, "visitors_")["chats"]) == [2, 1]
    assert "2 visitors" in captions(at)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"visitors": "returning"}, ["Rin"]),
        ({"visitors": "today"}, ["Rin"]),
        ({"visitors": "cold"}, ["tom@example.com"]),
        ({"visitors": "new"}, []),
        ({"kind": "unidentified"}, ["v-77"]),
        ({"kind": "unidentified", "visitors": "new"}, ["v-77"]),
        ({"sort": "first_at"}, ["tom@example.com", "Rin"]),
        ({"sort": "newer", "visitors": "newer", "kind": "newer", "visitors_page": "9"}, ["Rin", "tom@example.com"]),
    ],
)
def test_each_list_has_its_visitors(known, query, names):
    assert rows(visit(VISITORS, query)) == names


def test_each_tab_lists_as_many_as_it_says(known):
    for kind in KINDS:
        for tab in TABS:
            at = visit(VISITORS, {"kind": kind, "visitors": tab})
            control = next(each for each in at.button_group if each.key == "w_tab")
            assert f"**{len(rows(at))}**" in control.options[TABS.index(tab)]


def test_words_find_a_person_by_a_number_of_theirs(known):
    at = visit(VISITORS)
    at = run(at.text_input(key="visitor_words").set_value("12345678"))
    assert rows(at) == ["tom@example.com"]
    at = run(at.text_input(key="visitor_words").set_value("nobody at all"))
    assert rows(at) == []
    assert at.info


def test_a_person_is_all_their_chats_and_all_that_is_known(known):
    at = visit(VISITORS, {"chat": str(id_of("rin 1"))})
    assert list(table(at, "person_chats_")["question"].dropna()) == ["A lamp?"]
    assert "2 chats · 1 missed" in captions(at)
    assert "E-mail: rin@example.com · in 2 chats" in body(at)


def test_nobody_is_there_for_a_chat_that_is_not(known):
    at = visit(VISITORS, {"chat": str(id_of("no such chat"))})
    assert [each.value for each in at.info] == ["There is no chat with this link any more."]


def persons(store):
    return store.read("SELECT count(DISTINCT person) AS n FROM person_chats")[0]["n"]


def test_parting_has_a_way_back(known):
    at = visit(VISITORS, {"chat": str(id_of("rin 1"))})
    at = click(at, "part_0")
    assert "It joins nobody any more" in body(at)
    assert rows(at) == ["Rin", "tom@example.com", "Rin"]
    at = press(at, "undo")
    assert "It makes its chats one person's again." in body(at)
    assert rows(at) == ["Rin", "tom@example.com"]
    at = click(at, "part_0")
    at = click(at, "together_0")
    assert rows(at) == ["Rin", "tom@example.com"]


def test_two_that_are_ticked_become_one_and_two_again(known):
    at = visit(VISITORS)
    assert at.button(key="join_persons").disabled
    key = next(each.key for each in at.dataframe if each.key.startswith("visitors_"))
    at.session_state[key] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    at = run(at)
    at = click(at, "join_persons")
    assert "3 chats are one person's now." in body(at)
    assert "Joined by hand: 3 chats" in body(at)
    assert rows(at) == ["Rin"]
    at = press(at, "undo")
    assert "They are not joined any more." in body(at)
    assert rows(at) == ["Rin", "tom@example.com"]


def test_without_chats_it_says_what_to_do(world):
    world("empty")
    at = visit(VISITORS)
    assert "Nobody has written yet" in at.info[0].value
