"""Legal holds: what stands under one is neither deleted nor erased, whoever asks and however its person is known."""

import pytest

from lib.chats.holds import Held, Hold, holds, holds_of, lift_hold, put_hold, put_hold_back, write_held
from lib.chats.notes import add_note, notes
from lib.chats.persons import Wanted
from lib.chats.removal import Deleted, delete_chat
from lib.commands import NotAllowed
from lib.erasure.erasing import Erased, erase
from lib.erasure.finding import find
from tests.worlds import chat as made
from tests.worlds import id_of, insert, make_chat

ANN = "ann@example.com"
EMAIL, PHONE = Wanted("email", value=" One@X.org "), Wanted("phone", value="090-5550-0001")
VISITOR = Wanted("visitor", value="v1", system="test")


@pytest.fixture
def store(store):
    """Three chats of a person who is known in three ways, and one of somebody else."""
    person = {"visitor_phone": "+81 90 5550 0001", "visitor_phone_e164": "+819055500001", "visitor_id": "v1"}
    insert(
        store,
        [
            *(made(name, visitor_email="one@x.org", messages=["Hi"], **person) for name in ("1", "2", "3")),
            made("other", visitor_email="two@x.org", messages=["Hi"]),
        ],
    )
    return store


def held_in(store) -> set:
    with store.cursor() as cursor:
        write_held(cursor)
        return {row[0] for row in cursor.execute("SELECT chat_id FROM held_chats").fetchall()}


@pytest.mark.parametrize("about", [EMAIL, PHONE, VISITOR], ids=lambda about: about.kind)
def test_all_chats_of_a_person_are_held_those_too_that_come_later(store, about):
    hold = put_hold(store, about, " a case \n of ours ", ANN)
    assert (hold.reason, hold.held_by) == ("a case of ours", ANN)
    assert held_in(store) == {id_of(name) for name in ("1", "2", "3")}
    assert delete_chat(store, id_of("1"), ANN) == Held((hold,), 1)
    new = {"visitor_email": "ONE@x.org", "visitor_phone": "+81-9055500001", "visitor_id": "v1"}
    make_chat(store, "4", visitor_phone_e164="+819055500001", **new)
    assert holds_of(store, id_of("4")) == (hold,)
    assert holds_of(store, id_of("other")) == ()
    assert isinstance(delete_chat(store, id_of("other"), ANN), Deleted)


def test_a_single_chat_is_held_and_its_event_stands_with_it(store):
    hold = put_hold(store, Wanted("chats", chats=(id_of("2"),)), "a case", ANN)
    assert held_in(store) == {id_of("2")}
    assert isinstance(delete_chat(store, id_of("2"), ANN), Held)
    assert isinstance(delete_chat(store, id_of("1"), ANN), Deleted)
    (event,) = store.read("SELECT actor, chat_id FROM events WHERE action = 'hold_put'")
    assert event == {"actor": ANN, "chat_id": id_of("2")}
    assert holds(store) == [hold]


def test_a_hold_is_lifted_once_and_can_be_put_back(store):
    hold = put_hold(store, EMAIL, "a case", ANN)
    assert lift_hold(store, hold.id, "Kai") and not lift_hold(store, hold.id, "Kai")
    assert held_in(store) == set()
    (lifted,) = holds(store)
    assert lifted.lifted_by == "Kai" and lifted.lifted_at
    assert put_hold_back(store, hold.id, ANN) and not put_hold_back(store, hold.id, ANN)
    assert holds(store) == [hold]
    assert isinstance(delete_chat(store, id_of("1"), ANN), Held)
    actions = store.read("SELECT action FROM events WHERE action LIKE 'hold%' ORDER BY happened_at")
    assert [row["action"] for row in actions] == ["hold_put", "hold_lifted", "hold_put"]


def test_nobody_is_erased_who_is_held_in_whatever_way_they_are_asked_for(store):
    hold = put_hold(store, Wanted("chats", chats=(id_of("2"),)), "a case", ANN)
    for wanted in (EMAIL, PHONE, VISITOR):
        assert find(store, wanted).held == Held((hold,), 1)
        assert erase(store, wanted, "asked", ANN) == Held((hold,), 1)
    assert len(store.read("FROM chats")) == 4
    assert not store.read("FROM tombstones") and not store.read("FROM erasures")
    lift_hold(store, hold.id, ANN)
    assert isinstance(erase(store, EMAIL, "asked", ANN), Erased)


def test_a_person_without_a_chat_is_held_too(store):
    hold = put_hold(store, Wanted("email", value="three@x.org"), "a case", ANN)
    assert erase(store, Wanted("email", value="THREE@x.org"), "asked", ANN) == Held((hold,), 0)


def test_deleted_chats_that_are_held_are_not_erased(store):
    for name in ("1", "other"):
        delete_chat(store, id_of(name), ANN)
    put_hold(store, EMAIL, "a case", ANN)
    ticked = Wanted("chats", chats=(id_of("1"), id_of("other")))
    assert isinstance(erase(store, ticked, "over", ANN), Held)
    assert isinstance(erase(store, Wanted("chats", chats=(id_of("other"),)), "over", ANN), Erased)


def test_what_names_an_erased_person_in_a_held_chat_stays_there(store):
    add_note(store, id_of("1"), "wrote to two@x.org", "Kai")
    add_note(store, id_of("2"), "wrote to two@x.org", "Kai")
    put_hold(store, Wanted("chats", chats=(id_of("1"),)), "a case", ANN)
    assert find(store, Wanted("email", value="two@x.org")).kept_by_holds == 1
    erased = erase(store, Wanted("email", value="two@x.org"), "asked", ANN)
    assert (erased.counts["chats"], erased.counts["notes"]) == (1, 1)
    assert [note.text for note in notes(store, id_of("1"))] == ["wrote to two@x.org"]
    assert notes(store, id_of("2")) == []


@pytest.mark.parametrize("about", [EMAIL, PHONE, VISITOR], ids=lambda about: about.kind)
def test_a_hold_that_was_lifted_goes_with_its_person(store, about):
    other = put_hold(store, Wanted("email", value="two@x.org"), "another case", ANN)
    lift_hold(store, put_hold(store, about, "a case", ANN).id, ANN)
    lift_hold(store, put_hold(store, Wanted("chats", chats=(id_of("1"),)), "a case", ANN).id, ANN)
    erased = erase(store, EMAIL, "asked", ANN)
    assert erased.counts["holds"] == 2
    assert holds(store) == [other]


def test_a_hold_without_a_reason_or_a_person_is_refused(store):
    assert put_hold(store, EMAIL, " ", ANN) == "no_reason"
    assert put_hold(store, Wanted("email", value="x"), "a case", ANN) == "nobody"
    assert put_hold(store, Wanted("phone", value="12"), "a case", ANN) == "nobody"
    assert holds(store) == []


def test_only_whoever_may_erase_holds_and_lifts(store):
    def guard(person, right, command):
        assert right == "erase"
        raise NotAllowed(right)

    hold = put_hold(store, EMAIL, "a case", ANN)
    assert isinstance(hold, Hold)
    store.guard = guard
    try:
        for tried in (lambda: put_hold(store, EMAIL, "x", "kai"), lambda: lift_hold(store, hold.id, "kai")):
            with pytest.raises(NotAllowed):
                tried()
    finally:
        store.guard = None
