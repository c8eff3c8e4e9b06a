"""Words on the pages: what the list and the transcript show of the hits, and a search that takes its time."""

import re
import threading
import time
from datetime import timedelta

import pytest

from lib.chats.search import search as word_search
from tests.pages.driving import (
    CHATS,
    MISSED,
    body,
    captions,
    click,
    has,
    listed,
    names,
    open_chat,
    run,
    visit,
    with_words,
)
from tests.worlds import NOW, chat, id_of, insert, insert_derived


def typed(at, words):
    return run(at.text_input(key="words").input(words))


def badges(at):
    """The numbers on the entries with a hit."""
    return [int(n) for n in re.findall(r"badge\[\S+ hit (\d+) of", "\n".join(each.value for each in at.markdown))]


def test_the_list_shows_the_text_around_the_first_hit(world):
    world("review")
    at = typed(visit(CHATS), "umbrellas")
    assert list(listed(at)["snippet"]) == ["Visitor: Do you sell ⟦umbrellas⟧?"]
    at = typed(at, "from:operator look")
    assert list(listed(at)["snippet"]) == ["Operator: I will ⟦look⟧ it up."]
    at = typed(at, "-umbrellas")
    assert "snippet" not in listed(at)
    at = typed(at, "regular")
    assert list(listed(at)["snippet"]) == ["Note: A ⟦regular⟧"]


def test_after_a_search_for_an_id_the_old_words_do_not_come_back(world):
    world("review")
    at = typed(visit(CHATS), "umbrellas")
    assert len(listed(at)) == 1
    at = typed(at, str(id_of("again")))
    assert at.query_params["chat"] == str(id_of("again"))
    assert at.text_input(key="words").value == ""
    assert len(listed(at)) == 11
    at = run(at.segmented_control(key="w_category").select("missed"))
    assert at.text_input(key="words").value == ""


def test_an_address_that_only_one_chat_has_takes_the_place_of_the_old_words(world):
    world("queue")
    at = typed(typed(visit(CHATS), "question"), "held@example.com")
    assert at.query_params["chat"] == str(id_of("held"))
    assert at.text_input(key="words").value == "held@example.com"
    assert names(at) == ["Held"]


def test_the_transcript_begins_at_the_first_hit_and_steps_through_the_others(world):
    store = world("empty")
    said = [f"line {n}{' Needle' if n in (50, 60, 180) else ''};" for n in range(200)]
    insert(store, [chat("it", messages=said)])
    at = open_chat("it", query=with_words("needle"))
    assert "line 50 ⟦Needle⟧;" in body(at)
    assert "line 48;" in body(at)
    assert "line 47;" not in body(at)
    assert "Hit 1 of 3" in captions(at)
    assert "48 messages above are folded." in captions(at)
    assert badges(at) == [1, 2, 3]
    assert at.button(key="previous_hit").disabled
    at = click(at, "next_hit")
    assert "line 58;\n" in body(at)
    assert "line 57;" not in body(at)
    at = click(at, "next_hit")
    assert "line 178;" in body(at)
    assert "line 177;" not in body(at)
    assert "Hit 3 of 3" in captions(at)
    assert at.button(key="next_hit").disabled
    at = click(at, "unfold_above")
    assert "line 78;" in body(at)
    assert "78 messages above are folded." in captions(at)
    at = click(at, "previous_hit")
    assert "line 57;" not in body(at)


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("missed", "parcel", "The words are in the question of the chat"),
        ("done", "rin@example.com", "The words are in what is known of the visitor"),
        ("done", "regular", "The words are in a note"),
        ("done", "nowhere", "None of the words is in this chat."),
    ],
)
def test_hits_elsewhere_are_told(world, name, words, told):
    world("review")
    at = open_chat(name, query=with_words(words))
    assert any(told in info.value for info in at.info)
    assert not has(at, "next_hit")


def test_what_names_one_chat_opens_it(world):
    world("review")
    at = typed(visit(CHATS, {"operator": "Aoi"}), "again")
    assert dict(at.query_params) == {"operator": "Aoi", "chat": str(id_of("again"))}
    assert at.text_input(key="words").value == ""


def test_an_address_that_one_chat_has_opens_it_in_the_list(world):
    world("one")
    at = typed(visit(CHATS), "RIN@example.com")
    assert at.query_params["chat"] == str(id_of("only"))
    assert names(at) == ["Rin"]
    at = click(at, "close_chat")
    assert "chat" not in at.query_params


@pytest.fixture
def slices(monkeypatch):
    """The first search reads one slice for each time that this is released; the figures have searches of their own."""
    go_on, whole, searches = threading.Semaphore(0), word_search.hits_within, list[threading.Thread]()

    def wait(*arguments):
        searches.append(threading.current_thread())
        if searches[-1] is searches[0]:
            go_on.acquire(timeout=30)
        return whole(*arguments)

    monkeypatch.setattr(word_search, "hits_within", wait)
    word_search._searches.clear()
    yield go_on
    go_on.release(1000)


def reached(at):
    for _ in range(100):
        if "Searched back to" in captions(at):
            return at
        time.sleep(0.02)
        run(at)
    raise AssertionError(captions(at))


@pytest.mark.parametrize("page", [CHATS, MISSED])
def test_a_long_search_shows_what_there_is_and_can_be_stopped(world, slices, page):
    store = world("empty")
    for days in (1, 2, 40, 400):
        insert_derived(
            store,
            [chat(f"{days}", status="missed", visitor_name=f"{days}", visitor_email=f"x{days}@y.z",
                  started_at=NOW - timedelta(days=days), messages=["apple"])],
        )  # fmt: skip
    at = visit(page, with_words("apple"))
    assert "Searching…" in captions(at)
    assert not has(at, "w_page")
    slices.release()
    at = reached(at)
    assert names(at) == ["1", "2"]
    assert "Searched back to 16 Nov 2026, 2 chats so far" in captions(at)
    assert "**" not in "".join(option for control in at.segmented_control for option in control.options)
    at = click(at, "stop_search")
    assert at.query_params["from"] == "2026-11-16"
    slices.release(1000)
    assert "2 of 4" in captions(run(at))
    assert "only chats since 16 Nov 2026 are searched" in captions(at)
    at = click(at, "search_on")
    assert "from" not in at.query_params
    assert "4 of 4" in captions(at)
    assert "was stopped" not in captions(at)
