"""Which chats are one person's: as merging them pair by pair finds it, whatever happens in whatever order."""

from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.persons import Wanted
from lib.chats.removal import delete_chat, restore_chats
from lib.chats.stale import mark_due
from lib.erasure.erasing import erase
from lib.importing import remove_sample
from lib.importing.merge.undoing import undo_import
from lib.missed.derive import derive_due
from lib.visitors.joining import Joined, join, part, put_together, unjoin
from lib.visitors.persons import connected
from tests.importing.files import json_lines, load
from tests.missed.plain_reading import keys, persons_of
from tests.worlds import NOW, chat, empty, id_of, insert, make_chat

EMAILS = [None, None, *(f"{name}@example.com" for name in ("rin", "RIN", "tom", "pia"))]
PHONES = [None, None, "+81 3 1234", "+49 30 99"]
VISITORS = [None, "", "v-1", "v-2"]
NAMES = [f"chat {n}" for n in range(9)]

some_visitor = st.fixed_dictionaries(
    {
        "visitor_email": st.sampled_from(EMAILS),
        "visitor_phone": st.sampled_from(PHONES),
        "visitor_id": st.sampled_from(VISITORS),
        "system": st.sampled_from(["Zoho", "Intercom"]),
        "status": st.sampled_from(["missed", "completed"]),
        "started_at": st.none() | st.integers(0, 90).map(lambda days: NOW - timedelta(days=days)),
    }
)
name = st.sampled_from(NAMES)
step = st.one_of(
    st.tuples(st.just("come"), name, some_visitor),
    st.tuples(st.just("delete"), name),
    st.tuples(st.just("restore"), name),
    st.tuples(st.just("erase"), name),
    st.tuples(st.just("join"), st.tuples(name, name)),
    st.tuples(st.just("unjoin"), st.integers(0, 3)),
    st.tuples(st.just("part"), name, st.sampled_from(["email", "phone", "visitor"])),
    st.tuples(st.just("put_together"), name, st.sampled_from(["email", "phone", "visitor"])),
    st.just(("look",)),
)


def look(store):
    derive_due(store, "Asia/Tokyo", NOW)


def found(store):
    """The chats of each person."""
    look(store)
    rows = store.read("SELECT person, list(id) AS ids FROM person_chats JOIN chats USING (ordinal) GROUP BY person")
    return {frozenset(row["ids"]) for row in rows}


def alike(persons):
    return {frozenset(chat for chat in persons if persons[chat] == person) for person in persons.values()}


class Plain:
    """What is known of persons, in plain Python."""

    def __init__(self):
        self.chats, self.joined, self.parted = {}, {}, set()

    def persons(self):
        chats = [
            entry
            | {f"visitor_{sign}": None for sign in ("email", "phone", "id") if self.key(entry, sign) in self.parted}
            for entry in self.chats.values()
        ]
        return persons_of(chats, self.joined.values())

    def key(self, entry, sign):
        of_sign = {"email": "email", "phone": "phone", "id": "visitor", "visitor": "visitor"}[sign]
        return next((key for key in keys(entry) if key[0] == of_sign), None)


def carry_out(store, plain, done):
    what, *given_ = done
    chats = plain.chats
    if what == "look":
        look(store)
    elif what == "come":
        at, fields = given_
        if id_of(at) not in chats:
            insert(store, [chat(at, **fields)])
            chats[id_of(at)] = chat(at, **fields)
    elif what == "unjoin":
        if given_[0] < len(plain.joined):
            joined = [*plain.joined][given_[0]]
            look(store)
            assert unjoin(store, min(plain.joined[joined]), joined, "Ann")
            del plain.joined[joined]
    elif what == "join":
        ids = tuple(id_of(each) for each in given_[0])
        look(store)
        outcome = join(store, ids, "Ann")
        persons = plain.persons()
        if not {*ids} <= chats.keys():
            assert outcome == "unknown"
        elif persons[ids[0]] == persons[ids[1]]:
            assert outcome == "same"
        else:
            assert isinstance(outcome, Joined)
            plain.joined[outcome.id] = {each for each in persons if persons[each] in {persons[of] for of in ids}}
            assert outcome.chats == len(plain.joined[outcome.id])
    else:
        chat_id = id_of(given_[0])
        if chat_id not in chats:
            return
        if what == "delete":
            delete_chat(store, chat_id, "Ann")
            chats[chat_id]["deleted_at"] = NOW
        elif what == "restore":
            restore_chats(store, [chat_id], "Ann")
            chats[chat_id]["deleted_at"] = None
        elif what == "erase":
            delete_chat(store, chat_id, "Ann")
            erase(store, Wanted("chats", (chat_id,)), "asked for", "Ann")
            del chats[chat_id]
            plain.joined = {joined: ids - {chat_id} for joined, ids in plain.joined.items()}
            plain.joined = {joined: ids for joined, ids in plain.joined.items() if ids}
        else:
            look(store)
            key = plain.key(chats[chat_id], given_[1])
            is_parted = key in plain.parted
            with_it = [each for each in chats.values() if key in keys(each)]
            done = (part if what == "part" else put_together)(store, chat_id, given_[1], "Ann")
            assert done == (len(with_it) if key and is_parted is (what == "put_together") else "nothing")
            if key:
                plain.parted = plain.parted | {key} if what == "part" else plain.parted - {key}


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(step, max_size=25))
def test_persons_are_those_of_a_plain_reading(workbench, steps):
    empty(workbench)
    plain = Plain()
    for done in steps:
        carry_out(workbench, plain, done)
    persons = plain.persons()
    assert found(workbench) == alike(persons)
    facts = {
        (row["first_at"], row["last_at"], row["chats"], row["missed"], row["is_contact"])
        for row in workbench.read("FROM persons")
    }
    there = [[plain.chats[each] for each in ids if not plain.chats[each]["deleted_at"]] for ids in alike(persons)]
    assert facts == {facts_of(chats) for chats in there if chats}


def facts_of(chats):
    starts = [entry["started_at"] for entry in chats if entry["started_at"]]
    missed = sum(entry["status"] == "missed" for entry in chats)
    is_contact = any(entry["visitor_email"] or entry["visitor_phone"] for entry in chats)
    return min(starts, default=None), max(starts, default=None), len(chats), missed, is_contact


@given(
    pairs=st.integers(1, 12).flatmap(
        lambda count: st.tuples(st.just(count), st.lists(st.tuples(*[st.integers(0, count - 1)] * 2)))
    )
)
def test_what_is_connected_has_one_label(pairs):
    count, edges = pairs
    plain = [*range(count)]
    for one, other in edges:
        merged = min(plain[one], plain[other]), max(plain[one], plain[other])
        plain = [merged[0] if label == merged[1] else label for label in plain]
    ones, others = (np.array([edge[end] for edge in edges], dtype=np.int64) for end in (0, 1))
    assert connected(count, ones, others).tolist() == plain


def record(number, **visitor):
    return {"id": str(number), "started_at": f"2026-11-20T03:00:{number:02}Z", "visitor": visitor}


def persons(store):
    """The numbers of the chats of each person, by what their system calls them."""
    called = {row["id"]: row["vendor_id"] for row in store.read("SELECT id, vendor_id FROM chats")}
    return sorted(sorted(called[each] for each in ids) for ids in found(store))


def test_imports_join_part_and_are_undone(store):
    load(store, json_lines(record(1, email="rin@example.com"), record(2, phone="+81312345678")))
    assert persons(store) == [["1"], ["2"]]
    load(store, json_lines(record(3, email="rin@example.com", phone="+81312345678")))
    assert persons(store) == [["1", "2", "3"]]
    undo_import(store, newest_import(store), "Ann")
    assert persons(store) == [["1"], ["2"]]


def newest_import(store) -> UUID:
    return store.read("SELECT id FROM imports ORDER BY finished_at DESC LIMIT 1")[0]["id"]


def test_what_was_parted_stays_parted_when_an_import_says_otherwise(store):
    load(store, json_lines(record(1, email="desk@example.com"), record(2, email="desk@example.com")))
    assert persons(store) == [["1", "2"]]
    one = store.read("SELECT id FROM chats WHERE vendor_id = '1'")[0]["id"]
    assert part(store, one, "email", "Ann") == 2
    assert persons(store) == [["1"], ["2"]]
    load(store, json_lines(record(3, email="Desk@example.com"), record(1, email="desk@example.com", name="Rin")))
    assert persons(store) == [["1"], ["2"], ["3"]]
    assert put_together(store, one, "email", "Ann") == 3
    assert persons(store) == [["1", "2", "3"]]


def test_what_too_many_share_is_not_put_together(store):
    load(store, json_lines(*(record(n, email="desk@example.com", name=f"Name {n}") for n in range(20))))
    look(store)
    one = store.read("SELECT id FROM chats LIMIT 1")[0]["id"]
    part(store, one, "email", "Ann")
    load(store, json_lines(record(20, email="desk@example.com", name="One more")))
    look(store)
    assert put_together(store, one, "email", "Ann") == "shared"
    assert len(persons(store)) == 21


def test_an_anonymised_chat_is_nobodys(store):
    one, other = (make_chat(store, visitor_email="rin@example.com") for _ in range(2))
    assert len(found(store)) == 1
    delete_chat(store, one, "Ann")
    erase(store, Wanted("chats", (one,)), "asked for", "Ann", keeps_chats=True)
    assert found(store) == {frozenset([other])}


def test_the_sample_takes_its_persons_along(store):
    insert(store, [chat("own"), chat("of the sample", system="sample")])
    look(store)
    remove_sample(store, "Ann")
    look(store)
    assert store.read("SELECT count(*) AS n FROM persons") == [{"n": 1}]


def test_a_chat_that_is_marked_again_keeps_its_person(store):
    insert(store, [chat("one", visitor_email="rin@example.com"), chat("two", visitor_email="rin@example.com")])
    before = found(store)
    store.write(lambda cursor: mark_due(cursor, [id_of("one")]))
    assert found(store) == before


@pytest.mark.parametrize("is_all", [True, False])
def test_few_chats_among_many_and_all_at_once_come_to_the_same(store, is_all, monkeypatch):
    monkeypatch.setattr("lib.visitors.persons.ALL_FROM", -1 if is_all else 2)
    insert(store, [chat(str(n), visitor_email=f"p{n % 4}@example.com") for n in range(12)])
    assert sorted(len(ids) for ids in found(store)) == [3, 3, 3, 3]
    insert(store, [chat("bridge", visitor_email="p0@example.com", visitor_id="v")])
    insert(store, [chat("other", visitor_email="p1@example.com", visitor_id="v")])
    assert sorted(len(ids) for ids in found(store)) == [3, 3, 8]
