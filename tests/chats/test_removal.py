import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from lib.chats.counts import category_counts, daily_counts, loosened, total
from lib.chats.facets import facet
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.listing import Sort, chat_page, neighbours
from lib.chats.notes import add_note
from lib.chats.removal import (
    AlreadyDeleted,
    Deleted,
    Deletion,
    NoSuchChat,
    delete_chat,
    deleted_chats,
    deletion_of,
    restore_chats,
)
from lib.store import now
from tests.worlds import HOSTILE_TEXTS, TOKYO, chat, id_of, insert, make_chat

SORT = Sort()


@pytest.fixture
def two(store):
    """A store with the chats "kept" and "gone", which are alike."""
    insert(store, [chat(name, tags=[name], operator=name, messages=["apple"]) for name in ("kept", "gone")])
    return store


def events(store, action):
    return store.read("SELECT actor, chat_id FROM events WHERE action = $action", {"action": action})


def seen(store):
    """All that a store shows of its chats."""
    chosen = ChatFilter(words="apple")
    return {
        "list": list(chat_page(store, EMPTY, TOKYO, SORT, 1)["id"]),
        "search": list(chat_page(store, chosen, TOKYO, SORT, 1)["id"]),
        "total": total(store, TOKYO),
        "counts": category_counts(store, EMPTY, TOKYO),
        "daily": daily_counts(store, EMPTY, TOKYO).to_dict("records"),
        "loosened": loosened(store, chosen, TOKYO),
        "tags": facet(store, EMPTY, "tag", TOKYO).names,
        "operators": facet(store, EMPTY, "operator", TOKYO).names,
        "neighbours": [neighbours(store, EMPTY, TOKYO, SORT, id_of(name)) for name in ("kept", "gone")],
    }


def test_a_deleted_chat_is_nowhere_and_comes_back_as_it_was(two):
    before = seen(two)
    assert delete_chat(two, id_of("gone"), "Ann") == Deleted(id_of("gone"))
    after = seen(two)
    assert after["list"] == after["search"] == [id_of("kept")]
    assert after["total"] == after["counts"]["all"] == after["counts"]["completed"] == after["loosened"]["words"] == 1
    assert [day["chats"] for day in after["daily"]] == [1]
    assert after["tags"] == after["operators"] == ["kept", "~"]
    assert (after["neighbours"][0].following, after["neighbours"][1]) == (None, None)
    assert restore_chats(two, [id_of("gone")], "Ann") == 1
    assert seen(two) == before


def test_the_second_to_delete_is_told_who_was_first_and_when(two):
    earliest = now()
    delete_chat(two, id_of("gone"), "Ann", "spam")
    answer = delete_chat(two, id_of("gone"), "Ben", "mine")
    assert isinstance(answer, AlreadyDeleted)
    assert answer.actor == "Ann"
    assert earliest <= answer.deleted_at <= now()
    assert events(two, "delete") == [{"actor": "Ann", "chat_id": id_of("gone")}]


def test_the_last_deletion_counts(two):
    delete_chat(two, id_of("gone"), "Ann", "first")
    restore_chats(two, [id_of("gone")], "Ben")
    delete_chat(two, id_of("gone"), "Chie", "second")
    answer = delete_chat(two, id_of("gone"), "Dai")
    assert answer.actor == "Chie"
    assert deletion_of(two, id_of("gone")) == Deletion("Chie", answer.deleted_at, "second")
    assert [(row.actor, row.reason) for row in deleted_chats(two).itertuples()] == [("Chie", "second")]


def test_a_chat_that_is_not_there(two):
    assert delete_chat(two, uuid4(), "Ann") == NoSuchChat()
    assert restore_chats(two, [uuid4()], "Ann") == 0
    assert deletion_of(two, id_of("kept")) is None
    assert two.read("SELECT * FROM events") == []


def test_restoring_several_counts_those_that_came_back(store):
    ids = [make_chat(store, str(n)) for n in range(4)]
    for chat_id in ids[:3]:
        delete_chat(store, chat_id, "Ann")
    assert restore_chats(store, [*ids, ids[0], uuid4()], "Ben") == 3
    assert restore_chats(store, ids, "Ben") == 0
    assert restore_chats(store, [], "Ben") == 0
    assert sorted(event["chat_id"] for event in events(store, "restore")) == sorted(ids[:3])
    assert len(deleted_chats(store)) == 0


def test_a_chat_can_be_deleted_and_restored_again_and_again(two):
    for _ in range(3):
        assert isinstance(delete_chat(two, id_of("gone"), "Ann"), Deleted)
        assert restore_chats(two, [id_of("gone")], "Ann") == 1
    assert len(events(two, "delete")) == len(events(two, "restore")) == 3


def test_reason_and_actor_are_kept(store):
    texts = ["", "  spam \n", *HOSTILE_TEXTS]
    insert(store, [chat(str(n), visitor_name=str(n)) for n in range(len(texts))])
    for n, text in enumerate(texts):
        delete_chat(store, id_of(str(n)), text, text)
    kept = {int(row.visitor_name): (row.actor, row.reason) for row in deleted_chats(store).itertuples()}
    assert kept == {n: (text, text.strip()) for n, text in enumerate(texts)}


def test_deleted_chats_last_deleted_first(store):
    for name in ("one", "two", "three"):
        delete_chat(store, make_chat(store, name, visitor_name=name, messages=["a", "b"]), "Ann")
    found = deleted_chats(store)
    assert list(found["visitor_name"]) == ["three", "two", "one"]
    assert list(found["message_count"]) == [2, 2, 2]
    assert found["deleted_at"].is_monotonic_decreasing


def test_two_at_once_make_one_event_and_the_other_is_told(store, kind):
    # A step in a lake takes half a second.
    times = 20 if kind == "file" else 6
    insert(store, [chat(f"chat {n}") for n in range(times)])
    start = threading.Barrier(2)

    def run(actor):
        answers = []
        for n in range(times):
            start.wait()
            answers.append(delete_chat(store, id_of(f"chat {n}"), actor))
        return answers

    with ThreadPoolExecutor(2) as pool:
        pairs = list(zip(*pool.map(run, ["Ann", "Ben"]), strict=True))
    for n, (ann, ben) in enumerate(pairs):
        winner, told = ("Ann", ben) if ann == Deleted(id_of(f"chat {n}")) else ("Ben", ann)
        assert isinstance(told, AlreadyDeleted)
        assert told.actor == winner
        assert events_of(store, n) == [winner]


def events_of(store, n):
    found = store.read("SELECT actor FROM events WHERE chat_id = $id", {"id": id_of(f"chat {n}")})
    return [row["actor"] for row in found]


def deleted_at_from_events(store):
    state = {}
    for row in store.read("SELECT * FROM events WHERE action IN ('delete', 'restore') ORDER BY happened_at"):
        state[row["chat_id"]] = row["happened_at"] if row["action"] == "delete" else None
    return state


@pytest.mark.parametrize("seed", range(2))
def test_the_events_tell_the_state_of_every_chat(store, seed):
    chance = random.Random(seed)
    ids = [make_chat(store, str(n)) for n in range(5)]
    for _ in range(25):
        match chance.choice(["delete", "restore", "note"]):
            case "delete":
                delete_chat(store, chance.choice(ids), "Ann")
            case "restore":
                restore_chats(store, chance.sample(ids, 2), "Ben")
            case "note":
                add_note(store, chance.choice(ids), "Hello", "Chie")
    state = deleted_at_from_events(store)
    assert state
    rows = store.read("SELECT id, deleted_at FROM chats")
    assert {row["id"]: row["deleted_at"] for row in rows} == {chat_id: state.get(chat_id) for chat_id in ids}
