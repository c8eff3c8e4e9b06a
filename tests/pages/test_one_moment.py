"""Whatever a page shows in one run is of one moment of the store, however much is written meanwhile."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from itertools import cycle
from typing import Any

import pytest

from lib.chats.removal import delete_chat, restore_chats
from lib.chats.search.query import parse
from lib.screen.chats import searching
from lib.screen.frame import answers, session
from lib.store import Store
from tests.importing.files import json_lines, load
from tests.pages.driving import CHATS, MISSED, TODAY, visit, with_words
from tests.worlds import id_of

QUESTIONS = {"category_counts", "facets", "histogram", "chat_page", "queue_counts", "queue_page", "figures", "groups"}
PLAIN = """
    SELECT id, status, len(supervisors) > 0 AS watched, coalesce(contains(question, 'parcel'), false) AS has_word,
        follow_up_version, deleted_at IS NULL AS here FROM chats
"""


@pytest.fixture
def beside(world, monkeypatch) -> Iterator[Store]:
    """A store in which somebody writes before each single question of a page."""
    store, one_at_a_time = world("review"), threading.Lock()
    writes = cycle(_writes(store))

    def before(ask: Callable[..., Any]) -> Callable[..., Any]:
        def asked(*args: Any, **named: Any) -> Any:
            if one_at_a_time.acquire(blocking=False):  # What a write itself asks is no question of the page.
                try:
                    pool.submit(next(writes)).result()
                finally:
                    one_at_a_time.release()
            return ask(*args, **named)

        return asked

    with_words("parcel")
    monkeypatch.setattr(searching, "UNNOTICED_S", 60)
    for name in ("read", "frame"):
        monkeypatch.setattr(Store, name, before(getattr(Store, name)))
    with ThreadPoolExecutor(1) as pool:
        yield store


def _writes(store: Store) -> list[Callable[[], object]]:
    said = [{"sender_type": "visitor", "text": "My parcel, please"}]
    load(store, json_lines(*({"id": f"new {n}", "status": "missed", "messages": said} for n in range(3))))
    new = [row["id"] for row in store.read("SELECT id FROM chats WHERE status = 'missed'")]
    return [
        *(partial(delete_chat, store, chat_id, "Ann") for chat_id in new),
        partial(load, store, json_lines({"id": "latest", "status": "missed", "messages": said})),
        partial(store.write, lambda cursor: cursor.execute("UPDATE chats SET status = 'missed' WHERE rating = 5")),
        partial(restore_chats, store, new, "Ann"),
        partial(store.write, lambda cursor: cursor.execute("UPDATE chats SET status = 'completed' WHERE rating = 5")),
    ]


@pytest.fixture
def answered(monkeypatch) -> list[tuple[str, Any, Any, Any]]:
    """What was asked, with which filter, what the answer was, and all chats as the one who asks could read them."""
    found: list[tuple[str, Any, Any, Any]] = []

    kept = answers._kept.__wrapped__

    def recorded(question: Callable[..., Any]) -> Callable[..., Any]:
        name = question.__name__.lstrip("_")

        @wraps(question)
        def asked(**given: Any) -> Any:
            answer = question(**given)
            if name in QUESTIONS:
                read = given["store"].frame(PLAIN).sort_values("id", ignore_index=True)
                found.append((name, given["chosen"], answer, read))
            return answer

        return asked

    monkeypatch.setattr(answers, "_kept", lambda question: kept(recorded(question)))
    return found


@pytest.mark.parametrize("words", ["", "parcel"])
@pytest.mark.parametrize("page", [CHATS, MISSED, TODAY])
def test_a_page_shows_one_moment_while_others_import_delete_and_change(page, words, beside, answered):
    visit(page, with_words(words) if words else None)
    plain = answered[0][3]
    assert {name for name, *_ in answered} >= {
        CHATS: {"category_counts", "facets", "histogram", "chat_page"},
        MISSED: {"queue_counts", "facets", "queue_page", "groups"},
        TODAY: {"category_counts", "figures"},
    }[page]
    for name, chosen, answer, read in answered:
        assert read.equals(plain), name
        rows = read[read["here"] & (read["has_word"] | (not parse(chosen.words).terms))]
        if name == "category_counts" and chosen.without("category").without("words").is_empty:
            assert answer["all"] == len(rows)
            assert answer["missed"] == (rows["status"] == "missed").sum()
            assert answer["monitored"] == (rows["watched"] & (rows["status"] == "ongoing")).sum()
        if chosen.without("words").is_empty:
            if name == "chat_page":
                assert set(answer["id"]) == set(rows["id"])
            if name == "histogram":
                assert answer.bars["chats"].sum() + answer.unknown + answer.outside == len(rows)
            if name == "facets":
                assert {facet.chats for facet in answer.values()} == {len(rows)}
        if name == "queue_counts":
            assert answer["any"] == (rows["status"] == "missed").sum()


def test_what_the_page_itself_writes_is_what_it_reads_next(world):
    store = world("review")
    with store.snapshot():
        before = store.moment
        delete_chat(store, id_of("done"), "Ann")
        assert store.moment != before
        assert store.read("SELECT deleted_at IS NULL AS here FROM chats WHERE id = $id", {"id": id_of("done")}) == [
            {"here": False}
        ]


def test_no_page_leaves_a_transaction_open(world):
    store = world("review")
    visit(CHATS)
    visit(MISSED, {"chat": str(id_of("missed"))})
    assert session.store() is store
    store.write(lambda cursor: cursor.execute("UPDATE turns SET taken = taken + 1"))
    with store.cursor() as cursor:
        cursor.execute("CHECKPOINT")
