"""What is to be erased in some days: listed, cancelled, and carried out when it is due, whatever happens meanwhile."""

import json
from datetime import timedelta

import pytest

from lib.access.seals import seal
from lib.access.verifying import verify
from lib.chats.holds import Held, lift_hold, put_hold, put_hold_back
from lib.chats.notes import add_note
from lib.chats.persons import Wanted
from lib.chats.removal import delete_chat, restore_chats
from lib.commands import NotAllowed
from lib.erasure import erasing, later
from lib.erasure.erasing import Erased, erase, erasures
from lib.erasure.finding import find
from lib.erasure.later import DELAYS, Due, cancel, erase_due, erase_later, to_be_erased
from lib.erasure.leaving import _Nights
from lib.store import Store, now
from tests.erasure.test_of_others import chat, record
from tests.importing.files import json_lines, load

ANN, BEN = "ann@example.com", "ben@example.com"
WANTED = Wanted("email", value=" One@X.org ")


@pytest.fixture
def two(store):
    """A store with a chat of each of two people."""
    load(store, json_lines(record("1", email="one@x.org", phone="+819055500001"), record("2", email="two@x.org")))
    return store


def at(moment, monkeypatch) -> None:
    """What follows happens then."""
    for module in (later, erasing):
        monkeypatch.setattr(module, "now", lambda: moment)


def left(store) -> set[str]:
    return {row["e"] for row in store.read("SELECT visitor_email AS e FROM chats")}


def actions(store) -> list[str]:
    sql = "SELECT action FROM events WHERE action LIKE 'eras%' ORDER BY happened_at"
    return [row["action"] for row in store.read(sql)]


@pytest.mark.parametrize("days", DELAYS)
def test_it_is_erased_when_it_is_due_and_not_before(two, monkeypatch, days):
    due = erase_later(two, WANTED, " asked  by letter ", days, ANN)
    assert isinstance(due, Due) and to_be_erased(two) == [due] and due.wanted.value == "One@X.org"
    assert (due.reason, due.asked_by, due.due_at - due.asked_at) == ("asked by letter", ANN, timedelta(days=days))
    at(due.due_at - timedelta(seconds=1), monkeypatch)
    assert erase_due(two) == [] and left(two) == {"one@x.org", "two@x.org"}
    at(due.due_at, monkeypatch)
    (erased,) = erase_due(two)
    assert left(two) == {"two@x.org"} and to_be_erased(two) == []
    assert erasures(two) == [erased]
    assert (erased.erased_by, erased.reason, erased.counts["chats"]) == (ANN, "asked by letter", 1)
    assert erase_due(two) == []
    assert actions(two) == ["erasure_scheduled", "erased"]
    assert (
        "one@x.org" not in str([two.read(f"FROM {table}") for table in ("events", "erasures", "erasures_due")]).lower()
    )
    assert load(two, json_lines(record("1", email="one@x.org"))).held_back == 1


def test_the_app_does_it_by_itself_also_where_it_was_off_on_that_day(tmp_path, monkeypatch):
    path = str(tmp_path / "history.duckdb")
    store = Store(path)
    load(store, json_lines(record("1", email="one@x.org"), record("2", email="two@x.org")))
    due = erase_later(store, WANTED, "asked", 7, ANN)
    store.close()
    store, heard = Store(path), []
    look = _Nights("UTC", lambda: heard.append("erased")).look
    look(store)
    assert left(store) == {"one@x.org", "two@x.org"} and heard == []
    at(due.due_at + timedelta(days=40), monkeypatch)
    look(store)
    look(store)
    assert left(store) == {"two@x.org"} and heard == ["erased"]
    store.close()


def test_what_is_there_at_that_time_goes_and_is_counted(two, monkeypatch):
    due = erase_later(two, WANTED, "asked", 1, ANN)
    load(two, json_lines(record("3", email="one@x.org"), record("4", email="two@x.org")))
    at(due.due_at, monkeypatch)
    expected = find(two, WANTED).counts | {"later": 0}
    (erased,) = erase_due(two)
    assert erased.counts == expected and expected["chats"] == 2


def test_the_seals_know_that_it_was_rightly_removed(two, monkeypatch):
    add_note(two, chat(two, "1"), "a note", "Kai")
    due = erase_later(two, WANTED, "asked", 1, ANN)
    seal(two)
    at(due.due_at, monkeypatch)
    erase_due(two)
    seal(two)
    found = verify(two)
    assert not found.faults and found.removed


def test_the_chats_stay_without_their_person_where_it_was_wished(two, monkeypatch):
    due = erase_later(two, WANTED, "asked", 1, ANN, keeps_chats=True)
    assert to_be_erased(two) == [due] and due.keeps_chats
    at(due.due_at, monkeypatch)
    (erased,) = erase_due(two)
    assert (erased.kind, erased.counts["chats"]) == ("anonymised", 1)
    assert left(two) == {None, "two@x.org"}


def test_whoever_may_cancels_it_once(two, monkeypatch):
    due = erase_later(two, WANTED, "asked", 1, ANN)
    assert cancel(two, due.id, BEN)
    assert not cancel(two, due.id, ANN)
    at(due.due_at, monkeypatch)
    assert erase_due(two) == [] and left(two) == {"one@x.org", "two@x.org"}
    (event,) = two.read("SELECT actor, detail FROM events WHERE action = 'erasure_cancelled'")
    assert (event["actor"], json.loads(event["detail"])) == (BEN, {"kind": "email"})


def test_it_is_not_cancelled_once_it_was_done(two, monkeypatch):
    due = erase_later(two, WANTED, "asked", 1, ANN)
    at(due.due_at, monkeypatch)
    erase_due(two)
    assert not cancel(two, due.id, BEN)


def test_deleted_chats_that_are_restored_before_stay(two, monkeypatch):
    ids = [chat(two, "1"), chat(two, "2")]
    for each in ids:
        delete_chat(two, each, ANN, "over")
    due = erase_later(two, Wanted("chats", tuple(ids)), "over", 1, ANN)
    restore_chats(two, ids[:1], BEN)
    at(due.due_at, monkeypatch)
    erase_due(two)
    assert left(two) == {"one@x.org"}


def test_a_wish_goes_with_the_person_whatever_they_were_erased_by(two, monkeypatch):
    by_phone = Wanted("phone", value="+81 90 5550 0001")
    erase_later(two, by_phone, "asked", 1, ANN)
    erase_later(two, WANTED, "asked", 7, ANN)
    other = erase_later(two, Wanted("email", value="two@x.org"), "asked", 7, ANN)
    assert find(two, WANTED).counts["later"] >= 1
    assert isinstance(erase(two, WANTED, "asked", BEN), Erased)
    assert "one@x.org" not in str(two.read("FROM erasures_due"))
    assert other in to_be_erased(two)
    at(now() + timedelta(days=8), monkeypatch)
    erase_due(two)
    assert left(two) == set()


def test_where_nothing_is_left_of_it_that_is_told(two, monkeypatch):
    delete_chat(two, chat(two, "1"), ANN, "over")
    wanted = Wanted("chats", (chat(two, "1"),))
    due = erase_later(two, wanted, "over", 7, ANN)
    erase(two, wanted, "over", BEN)
    at(due.due_at, monkeypatch)
    (erased,) = erase_due(two)
    assert not any(erased.counts.values()) and to_be_erased(two) == []


@pytest.mark.parametrize(
    ("wanted", "reason", "told"),
    [
        (WANTED, "  ", "no_reason"),
        (Wanted("email", value="x"), "asked", "nobody"),
        (Wanted("email", value="nobody@x.org"), "asked", "nothing"),
        (Wanted("email", value="TWO@x.org"), "asked", "already"),
    ],
)
def test_what_cannot_be_done_later_is_told_now(two, wanted, reason, told):
    erase_later(two, Wanted("email", value="two@x.org"), "asked", 1, ANN)
    assert erase_later(two, wanted, reason, 1, BEN) == told
    assert len(to_be_erased(two)) == 1


def test_only_whoever_may_asks_for_it_and_cancels_it(two, monkeypatch):
    due = erase_later(two, WANTED, "asked", 1, ANN)

    def guard(person, right, command):
        raise NotAllowed(right)

    two.guard = guard
    try:
        with pytest.raises(NotAllowed):
            erase_later(two, WANTED, "asked", 1, BEN)
        with pytest.raises(NotAllowed):
            cancel(two, due.id, BEN)
        at(due.due_at, monkeypatch)
        assert len(erase_due(two)) == 1, "the app itself may, as the one who asked could then"
    finally:
        two.guard = None


def test_what_is_under_legal_hold_waits_until_the_hold_is_lifted(two, monkeypatch):
    hold = put_hold(two, WANTED, "in court", ANN)
    assert isinstance(erase_later(two, WANTED, "asked for it", 1, ANN), Held)
    lift_hold(two, hold.id, ANN)
    due = erase_later(two, WANTED, "asked for it", 1, ANN)
    put_hold_back(two, hold.id, ANN)
    at(due.due_at, monkeypatch)
    assert erase_due(two) == []
    (waiting,) = to_be_erased(two)
    assert waiting.due_at == due.due_at + timedelta(days=1)
    lift_hold(two, hold.id, ANN)
    at(waiting.due_at, monkeypatch)
    assert [each.counts["chats"] for each in erase_due(two)] == [1]
    assert to_be_erased(two) == []
