"""Answers of the store are kept until the next write or the next day, and never longer."""

from datetime import timedelta

import pytest

from lib.chats import counts
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.removal import delete_chat
from lib.screen.frame import answers, session
from tests import worlds
from tests.worlds import NOW, id_of


@pytest.fixture
def asked(monkeypatch) -> list[ChatFilter]:
    """The filters for which the store was really asked."""
    filters = []
    ask = counts.category_counts
    monkeypatch.setattr(counts, "category_counts", lambda *args: filters.append(args[1]) or ask(*args))
    return filters


def test_the_same_question_is_asked_once(world, asked: list[ChatFilter]):
    world("review")
    assert answers.category_counts(EMPTY) == answers.category_counts(ChatFilter())
    assert asked == [EMPTY]


def test_another_question_gets_its_own_answer(world, asked: list[ChatFilter]):
    world("review")
    assert answers.category_counts(EMPTY)["all"] == 11
    assert answers.category_counts(ChatFilter(operator=("Aoi",)))["all"] == 2
    assert answers.category_counts(ChatFilter(words="umbrellas"))["all"] == 1
    assert len(asked) == 3


def test_a_write_makes_all_answers_old(world, asked: list[ChatFilter]):
    store = world("review")
    assert answers.category_counts(EMPTY)["all"] == 11
    delete_chat(store, id_of("done"), "Ann")
    assert answers.category_counts(EMPTY)["all"] == 10
    assert len(asked) == 2


def test_a_new_day_makes_all_answers_old(world, monkeypatch, asked: list[ChatFilter]):
    world("review")
    today = ChatFilter(period="today")
    assert answers.category_counts(today)["all"] == 2
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(days=1))
    assert answers.category_counts(today)["all"] == 0
    assert len(asked) == 2


def test_an_hour_later_on_the_same_day_the_answer_is_still_good(world, monkeypatch, asked: list[ChatFilter]):
    world("review")
    answers.category_counts(EMPTY)
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(hours=1))
    answers.category_counts(EMPTY)
    assert len(asked) == 1


def test_another_store_gets_its_own_answers(world, set_up, installation, asked: list[ChatFilter]):
    world("review")
    assert answers.category_counts(EMPTY)["all"] == 11
    session.settings.clear()
    session.store().close()
    session._open.clear()
    world("one")
    set_up(STORE=str(installation / "other.duckdb"))
    worlds.make_chat(session.store())
    assert answers.category_counts(EMPTY)["all"] == 1


def test_different_questions_with_the_same_arguments_do_not_mix(world):
    world("review")
    assert set(answers.category_counts(EMPTY)) != set(answers.loosened(EMPTY))
    assert answers.facets(EMPTY, ("operator",))["operator"].names == ["~", "Aoi"]
    assert answers.facets(EMPTY, ("tag",))["tag"].names == ["~", "vip", "order"]
    assert answers.sample_is_there() is False


def test_who_changes_an_answer_changes_it_for_nobody_else(world):
    world("review")
    answers.category_counts(EMPTY)["all"] = 99
    answers.facets(EMPTY, ("operator",)).clear()
    assert answers.category_counts(EMPTY)["all"] == 11
    assert answers.facets(EMPTY, ("operator",))["operator"].names == ["~", "Aoi"]
