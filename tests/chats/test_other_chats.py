from datetime import timedelta

import pytest

from lib.chats.chat import find_chat
from lib.chats.removal import delete_chat, restore_chats
from lib.chats.same_visitor import MOST, chats_of_visitor
from tests.worlds import NOW, chat, id_of, insert


def ago(days):
    return NOW - timedelta(days=days)


@pytest.fixture
def visits(store):
    """Chats of one visitor, who is known by several marks, and of others."""
    rin = {"visitor_id": "v-1", "visitor_email": "rin@example.com", "visitor_phone": "+81 3 1234"}
    insert(
        store,
        [
            chat("now", started_at=ago(5), **rin),
            chat("same id", started_at=ago(6), visitor_id="v-1"),
            chat("same id elsewhere", started_at=ago(6), visitor_id="v-1", system="other"),
            chat("same e-mail", started_at=ago(7), visitor_email="RIN@Example.COM", system="other"),
            chat("same phone", started_at=ago(8), visitor_phone="+81 3 1234"),
            chat("later", started_at=ago(4), **rin),
            chat("at the same moment", started_at=ago(5), **rin),
            chat("without a start", started_at=None, **rin),
            chat("deleted", started_at=ago(9), deleted_at=NOW, **rin),
            chat("somebody else", started_at=ago(9), visitor_id="v-2", visitor_email="ken@example.com"),
            chat("nobody", started_at=ago(9)),
            chat("nobody again", started_at=ago(5)),
            chat("only a name", started_at=ago(5), visitor_name="Rin"),
            chat("empty marks", started_at=ago(9), visitor_id="", visitor_email="", visitor_phone=""),
            chat("empty marks again", started_at=ago(5), visitor_id="", visitor_email="", visitor_phone=""),
        ],
    )
    return store


NAMES = ["now", "same id", "same id elsewhere", "same e-mail", "same phone", "later", "at the same moment"]
BY_ID = {id_of(name): name for name in [*NAMES, "without a start", "deleted", "somebody else"]}


def shown(store, name):
    return [BY_ID[chat_id] for chat_id in chats_of_visitor(store, find_chat(store, id_of(name)))["id"]]


RIN = ["later", "at the same moment", "now", "same id", "same e-mail", "same phone", "without a start"]


def test_later_and_earlier_chats_stand_in_the_order_of_time(visits):
    found = shown(visits, "now")
    assert sorted(found[1:3]) == ["at the same moment", "now"]
    assert [found[0], *found[3:]] == [RIN[0], *RIN[3:]]


@pytest.mark.parametrize("name", ["later", "at the same moment", "without a start"])
def test_each_chat_of_a_visitor_stands_among_the_same_ones(visits, name):
    assert shown(visits, name) == shown(visits, "now")


def test_an_id_of_another_system_is_another_visitor(visits):
    assert shown(visits, "same id elsewhere") == ["same id elsewhere"]


@pytest.mark.parametrize("name", ["nobody again", "only a name", "empty marks again", "somebody else"])
def test_a_visitor_without_marks_has_no_other_chats(visits, name):
    assert list(chats_of_visitor(visits, find_chat(visits, id_of(name)))["id"]) == [id_of(name)]


def test_a_chat_that_is_deleted_goes_and_comes_back(visits):
    delete_chat(visits, id_of("same e-mail"), "Ann")
    assert "same e-mail" not in shown(visits, "now")
    restore_chats(visits, [id_of("same e-mail"), id_of("deleted")], "Ann")
    assert shown(visits, "now")[-4:] == ["same e-mail", "same phone", "deleted", "without a start"]


def test_marks_are_compared_as_they_are(store):
    marks = {"visitor_email": "%@'_", "visitor_phone": "%"}
    insert(store, [chat("now", **marks), chat("same phone", started_at=ago(9), visitor_phone="+1", **{})])
    assert shown(store, "now") == ["now"]


def test_the_list_has_an_end_and_this_chat_is_in_it(store):
    count = 2 * MOST
    insert(store, [chat(str(n), started_at=ago(n), visitor_id="v") for n in range(count)])
    for n, first in ((0, 0), (MOST, MOST // 2), (count - 1, count - MOST)):
        found = chats_of_visitor(store, find_chat(store, id_of(str(n))))
        assert len(found) == MOST
        assert id_of(str(n)) in set(found["id"])
        assert abs([id_of(str(each)) for each in range(count)].index(found["id"][0]) - first) <= 1
    assert list(found.columns) == ["id", "started_at", "status", "operator", "question"]
