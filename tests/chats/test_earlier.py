from datetime import timedelta

import pytest

from lib.chats.chat import find_chat
from lib.chats.earlier import MOST, earlier_chats
from lib.chats.removal import delete_chat, restore_chats
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


def earlier(store, name):
    return [BY_ID[chat_id] for chat_id in earlier_chats(store, find_chat(store, id_of(name)))["id"]]


def test_the_same_visitor_is_known_by_id_email_or_phone(visits):
    assert earlier(visits, "now") == ["same id", "same e-mail", "same phone"]


def test_later_chats_see_this_one(visits):
    assert set(earlier(visits, "later")) == {"now", "at the same moment", "same id", "same e-mail", "same phone"}


def test_an_id_of_another_system_is_another_visitor(visits):
    assert earlier(visits, "same id elsewhere") == []


@pytest.mark.parametrize("name", ["nobody again", "only a name", "empty marks again", "somebody else"])
def test_a_visitor_without_marks_has_no_earlier_chats(visits, name):
    assert earlier(visits, name) == []


def test_a_chat_without_a_start_shows_all_others_of_its_visitor(visits):
    found = earlier(visits, "without a start")
    assert set(found) == {"now", "later", "at the same moment", "same id", "same e-mail", "same phone"}
    assert found[0] == "later"


def test_a_chat_that_is_deleted_goes_and_comes_back(visits):
    delete_chat(visits, id_of("same e-mail"), "Ann")
    assert earlier(visits, "now") == ["same id", "same phone"]
    restore_chats(visits, [id_of("same e-mail"), id_of("deleted")], "Ann")
    assert earlier(visits, "now") == ["same id", "same e-mail", "same phone", "deleted"]


def test_marks_are_compared_as_they_are(store):
    marks = {"visitor_email": "%@'_", "visitor_phone": "%"}
    insert(store, [chat("now", **marks), chat("same phone", started_at=ago(9), visitor_phone="+1", **{})])
    assert earlier(store, "now") == []


def test_the_list_has_an_end(store):
    insert(store, [chat(str(n), started_at=ago(n), visitor_id="v") for n in range(MOST + 5)])
    found = earlier_chats(store, find_chat(store, id_of("0")))
    assert list(found["id"]) == [id_of(str(n)) for n in range(1, MOST + 1)]
    assert list(found.columns) == ["id", "started_at", "status", "operator", "question"]
