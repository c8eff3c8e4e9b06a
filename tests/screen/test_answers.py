"""Answers of the store are kept until the next write or the next day, and never longer."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from functools import wraps
from threading import Event

import pytest

from lib.chats import counts
from lib.chats.facets import facets
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.removal import delete_chat
from lib.importing import has_sample
from lib.missed.queue import queue_counts
from lib.screen.frame import session
from lib.screen.frame.answers import MOST_KEPT, answer
from lib.store import StoreError
from tests import worlds
from tests.worlds import NOW, id_of


@pytest.fixture
def asked(monkeypatch) -> list[ChatFilter]:
    """The filters for which the store was really asked."""
    filters = []
    ask = counts.category_counts

    @wraps(ask)
    def noting(**given):
        filters.append(given["chosen"])
        return ask(**given)

    monkeypatch.setattr(counts, "category_counts", noting)
    return filters


def test_the_same_question_is_asked_once(world, asked: list[ChatFilter]):
    world("review")
    assert answer(counts.category_counts, EMPTY) == answer(counts.category_counts, ChatFilter())
    assert asked == [EMPTY]


def test_another_question_gets_its_own_answer(world, asked: list[ChatFilter]):
    world("review")
    assert answer(counts.category_counts, EMPTY)["all"] == 11
    assert answer(counts.category_counts, ChatFilter(operator=("Aoi",)))["all"] == 2
    assert answer(counts.category_counts, ChatFilter(words="umbrellas"))["all"] == 1
    assert len(asked) == 3


def test_a_write_makes_all_answers_old(world, asked: list[ChatFilter]):
    store = world("review")
    assert answer(counts.category_counts, EMPTY)["all"] == 11
    delete_chat(store, id_of("done"), "Ann")
    assert answer(counts.category_counts, EMPTY)["all"] == 10
    assert len(asked) == 2


def test_a_new_day_makes_all_answers_old(world, monkeypatch, asked: list[ChatFilter]):
    world("review")
    today = ChatFilter(period="today")
    assert answer(counts.category_counts, today)["all"] == 2
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(days=1))
    assert answer(counts.category_counts, today)["all"] == 0
    assert len(asked) == 2


def test_an_hour_later_on_the_same_day_the_answer_is_still_good(world, monkeypatch, asked: list[ChatFilter]):
    world("review")
    answer(counts.category_counts, EMPTY)
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(hours=1))
    answer(counts.category_counts, EMPTY)
    assert len(asked) == 1


def test_another_store_gets_its_own_answers(world, set_up, installation, asked: list[ChatFilter]):
    world("review")
    assert answer(counts.category_counts, EMPTY)["all"] == 11
    session.settings.cache_clear()
    session.close_store()
    world("one")
    set_up(STORE=str(installation / "other.duckdb"))
    worlds.make_chat(session.store())
    assert answer(counts.category_counts, EMPTY)["all"] == 1


def test_different_questions_with_the_same_arguments_do_not_mix(world):
    world("review")
    assert set(answer(counts.category_counts, EMPTY)) != set(answer(counts.loosened, EMPTY))
    assert answer(facets, EMPTY, ("operator",))["operator"].names == ["~", "Aoi"]
    assert answer(facets, EMPTY, ("tag",))["tag"].names == ["~", "vip", "order"]
    assert answer(has_sample) is False


def test_who_changes_an_answer_changes_it_for_nobody_else(world):
    world("review")
    answer(counts.category_counts, EMPTY)["all"] = 99
    answer(facets, EMPTY, ("operator",)).clear()
    assert answer(counts.category_counts, EMPTY)["all"] == 11
    assert answer(facets, EMPTY, ("operator",))["operator"].names == ["~", "Aoi"]


def test_of_several_who_ask_the_same_at_once_one_asks_the_store(world, monkeypatch):
    world("review")
    ask, asked, is_waited_for = counts.category_counts, [], Event()

    @wraps(ask)
    def slowly(**given):
        asked.append(given["chosen"])
        assert is_waited_for.wait(60)
        return ask(**given)

    monkeypatch.setattr(counts, "category_counts", slowly)
    with ThreadPoolExecutor(4) as people:
        answers = [people.submit(answer, counts.category_counts, EMPTY) for _person in range(4)]
        # The others come while the first one is being answered, or after that: in no case a second one is asked.
        wait(answers, timeout=0.2)
        is_waited_for.set()
        assert {each.result()["all"] for each in answers} == {11}
    assert asked == [EMPTY]


def test_who_asks_for_what_failed_asks_anew(world, monkeypatch):
    world("review")
    ask, results = counts.category_counts, [StoreError("busy", "history.duckdb"), None]

    @wraps(ask)
    def failing_once(**given):
        if failure := results.pop(0):
            raise failure
        return ask(**given)

    monkeypatch.setattr(counts, "category_counts", failing_once)
    with pytest.raises(StoreError):
        answer(counts.category_counts, EMPTY)
    assert answer(counts.category_counts, EMPTY)["all"] == 11


def test_many_answers_to_one_question_push_out_none_to_another(world, asked: list[ChatFilter]):
    world("review")
    answer(counts.category_counts, EMPTY)
    for n in range(MOST_KEPT + 1):
        answer(queue_counts, ChatFilter(tag=(f"tag {n}",)), "Ann")
    answer(counts.category_counts, EMPTY)
    assert asked == [EMPTY]
