"""What is somebody else's stays, however like it is to what is erased; what is the person's goes in any spelling."""

import json
from typing import Any
from uuid import UUID

import pytest

from lib.access.roles import give_role, policy_of
from lib.access.seals import seal
from lib.access.verifying import verify
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.link import private_part
from lib.chats.notes import add_note
from lib.chats.persons import Wanted
from lib.chats.removal import delete_chat
from lib.erasure.erasing import erase
from lib.erasure.finding import find
from lib.erasure.known import take_along
from lib.importing import undo_import
from lib.mail.do_not_contact import block
from lib.missed.team import add_colleague
from lib.settings import RoleSettings
from lib.store import Store, insert, now, record_event
from lib.views import saving
from lib.views.kept import keep
from tests.importing.files import json_lines, load

ANN = "ann@example.com"


def record(number: str, **visitor: Any) -> dict[str, Any]:
    """A chat of a visitor."""
    return {"id": number, "status": "missed", "started_at": "2026-03-01T09:00:00Z", "visitor": visitor}


def chat(store: Store, id: str) -> UUID:
    return store.read("SELECT id FROM chats WHERE vendor_id = $id", {"id": id})[0]["id"]


def notes(store: Store) -> list[str]:
    found = store.read("SELECT detail FROM events WHERE action = 'note' ORDER BY happened_at")
    return [json.loads(row["detail"])["text"] for row in found]


def test_an_address_that_is_a_part_of_another_one_takes_nothing_of_that_along(store):
    load(store, json_lines(record("1", email="ann@x.org"), record("2", email="joann@x.org")))
    load(store, json_lines({"id": "", "visitor": {"email": "joann@x.org"}}))
    add_note(store, chat(store, "2"), "wrote to joann@x.org", "Kai")
    keep(store, json.dumps({"words": "joann@x.org"}), "Kai")
    saving.save(store, "joann@x.org", "chats", "{}", "Kai")
    block(store, "joann@x.org", "asked", "", "Kai")
    found = find(store, Wanted("email", value="ann@x.org"))
    assert {part: count for part, count in found.counts.items() if count} == {"chats": 1}


@pytest.mark.parametrize("name", ["Anna", "Text", "Will", "Role", "Chats"])
def test_a_name_that_is_a_part_of_words_takes_nothing_of_others_along(store, name):
    load(store, json_lines(record("1", name=name, email="one@x.org"), record("2", name="Kim", email="two@x.org")))
    add_note(store, chat(store, "2"), "Savannah will write to them", "Kai")
    add_colleague(store, "Hannah", "Kai")
    saving.save(store, "Missed in Savannah", "chats", "{}", "Kai")
    before = store.read("FROM events ORDER BY id"), store.read("SELECT name FROM saved_views ORDER BY name")
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    left = [row for row in store.read("FROM events ORDER BY id") if row["action"] != "erased"]
    assert (left, store.read("SELECT name FROM saved_views ORDER BY name")) == before


def test_what_is_taken_along_is_of_that_person_alone(store):
    load(store, json_lines(record("1", name="Anna", email="ann@x.org")))
    load(store, json_lines({"id": "", "visitor": {"name": "Hannah Berg", "email": "joann@x.org"}}))
    known = take_along(store, Wanted("email", value="ann@x.org"), ANN)
    assert known["rejected"] == []


@pytest.mark.parametrize(
    "wanted",
    [Wanted("email", value="example"), Wanted("email", value="@example.org"), Wanted("phone", value="status")],
    ids=lambda wanted: wanted.value,
)
def test_what_is_no_address_and_no_number_is_nobody(store, wanted):
    load(store, json_lines(record("1", email="one@example.org")))
    load(store, json_lines({"id": "", "status": "odd", "visitor": {"email": "two@example.org"}}))
    add_note(store, chat(store, "1"), "the status is for example@example.org", "Kai")
    keep(store, json.dumps({"words": "example@example.org", "status": "missed"}), "Kai")
    assert find(store, wanted).is_nothing


def test_an_id_of_a_visitor_is_another_one_s_in_another_account(store):
    load(store, json_lines(record("1", id="17", email="one@x.org")), account="tokyo")
    load(store, json_lines(record("1", id="17", email="two@x.org")), account="osaka")
    system = store.read("SELECT DISTINCT system FROM chats")[0]["system"]
    assert store.read("SELECT count(*) AS n FROM chats")[0]["n"] == 2
    assert find(store, Wanted("visitor", value="17", system=system)).counts["chats"] <= 1


@pytest.mark.parametrize("asked", ["090-1234-5678", "０９０－１２３４－５６７８", "0081 90 1234 5678", "+819012345678"])
@pytest.mark.parametrize("stored", ["+81 90-1234-5678", "090-1234-5678"])
def test_a_person_is_found_by_a_number_in_any_spelling(store, stored, asked):
    load(store, json_lines(record("1", phone=stored)), zone="Asia/Tokyo")
    assert find(store, Wanted("phone", value=asked)).counts["chats"] == 1


@pytest.mark.parametrize("again", ["090-1234-5678", "+81 90 1234 5678", "０９０－１２３４－５６７８"])
@pytest.mark.parametrize("stored", ["+81 90-1234-5678", "090-1234-5678"])
def test_no_import_brings_a_number_back_in_another_spelling(store, stored, again):
    load(store, json_lines(record("1", phone=stored)), zone="Asia/Tokyo")
    erase(store, Wanted("phone", value=stored), "asked", ANN)
    report = load(store, json_lines(record("2", phone=again)), zone="Asia/Tokyo")
    assert (report.held_back, report.new) == (1, 0)


@pytest.mark.parametrize("name", ["山田 花子", 'Ann "Annie" Sue'])
def test_links_and_views_that_name_the_person_go_however_they_spell_it(store, name):
    load(store, json_lines(record("1", name=name, email="one@x.org")))
    keep(store, private_part(ChatFilter(words=name)), "Kai")
    found = find(store, Wanted("email", value="one@x.org"))
    assert found.counts["links"] == 1


def test_a_note_on_another_chat_that_quotes_a_name_goes(store):
    name = 'Ann "Annie" Sue'
    load(store, json_lines(record("1", name=name, email="one@x.org"), record("2", name="Kim")))
    add_note(store, chat(store, "2"), f"It is {name}", "Kai")
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    assert notes(store) == []
    assert store.read("FROM note_texts") == []


def test_a_note_that_goes_is_not_found_by_its_words_any_more(store):
    load(store, json_lines(record("1", email="one@x.org"), record("2", name="Kim")))
    add_note(store, chat(store, "2"), "It is one@x.org", "Kai")
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    assert notes(store) == []
    assert store.read("FROM note_texts") == []


def test_what_an_import_replaced_goes_where_only_that_names_the_person(store):
    old = record("1", name="Ann Old", email="ann@x.org") | {"updated_at": "2026-03-01T10:00:00Z"}
    new = record("1", name="Bob New", email="bob@x.org") | {"updated_at": "2026-03-02T10:00:00Z"}
    load(store, json_lines(old))
    report = load(store, json_lines(new))
    assert report.updated == 1
    erase(store, Wanted("email", value="ann@x.org"), "asked", ANN)
    assert "ann@x.org" not in str(store.read("FROM replaced_chats"))
    undo_import(store, report.import_id, ANN)
    assert not store.read("FROM chats WHERE visitor_email = 'ann@x.org'")


def test_a_chat_of_another_account_with_the_same_id_is_not_held_back(store):
    load(store, json_lines(record("1", email="one@x.org")), account="tokyo")
    id = chat(store, "1")
    delete_chat(store, id, ANN, "over")
    erase(store, Wanted("chats", chats=(id,)), "over", ANN)
    report = load(store, json_lines(record("1", email="two@x.org")), account="osaka")
    assert (report.held_back, report.new) == (0, 1)


def test_a_visitor_of_another_account_with_the_same_id_is_not_held_back(store):
    load(store, json_lines(record("1", id="17", email="one@x.org")), account="tokyo")
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    report = load(store, json_lines(record("9", id="17", email="two@x.org")), account="osaka")
    assert (report.held_back, report.new) == (0, 1)


def test_an_erased_entry_of_the_log_is_no_reason_for_an_alarm(store):
    load(store, json_lines(record("1", email="one@x.org"), record("2", name="Email", email="two@x.org")))
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    seal(store)
    erase(store, Wanted("email", value="two@x.org"), "asked", ANN)
    seal(store)
    assert verify(store).faults == []
    assert store.read("SELECT count(*) AS n FROM events WHERE action = 'erased'")[0]["n"] == 2


def test_messages_of_others_that_wait_for_their_chat_stay_as_those_of_a_chat_do(store):
    load(store, json_lines(record("1", name="Anna", email="one@x.org")))
    said = {"chat_id": "far", "at": "2026-03-01T09:40:00Z", "sender_type": "visitor", "text": "I live in Savannah"}
    load(store, json_lines(said, name="messages.jsonl"))
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    assert len(store.read("FROM waiting_messages")) == 1


def test_a_visitor_s_record_of_another_spelling_of_a_number_goes(store):
    load(store, json_lines(record("1", phone="+81 90-1234-5678")), zone="Asia/Tokyo")
    row = {"system": "zendesk", "visitor_id": "v", "name": "n", "phone": "090-1234-5678", "account": ""}
    store.write(lambda cursor: insert(cursor, "visitors", row))
    erase(store, Wanted("phone", value="+819012345678"), "asked", ANN)
    assert store.read("FROM visitors") == []


def test_a_short_address_goes_too(store):
    load(store, json_lines(record("1", email="a@b.c"), record("2", email="z@z.example")))
    block(store, "a@b.co", "asked", "", "Kai")
    store.write(lambda c: c.execute("UPDATE do_not_contact SET address = 'a@b.c'"))
    erase(store, Wanted("email", value="a@b.c"), "asked", ANN)
    assert store.read("FROM do_not_contact") == []


@pytest.mark.parametrize("value", ["otto@example.com", "export", "link"])
def test_no_erasure_takes_out_of_the_log_what_colleagues_did(store, value):
    """Else an administrator could take any entry out of it, and the seals would call that right."""
    policy = policy_of(RoleSettings(frozenset({ANN}), None, {}, {}, "viewer"))
    give_role(store, policy, "otto@example.com", "administrator", ANN)
    store.write(
        lambda cursor: record_event(cursor, "export", "otto@example.com", None, now(), link="x", filter="export")
    )
    seal(store)
    erase(store, Wanted("email", value=value), "asked", ANN)
    assert {row["action"] for row in store.read("SELECT action FROM events")} >= {"role_given", "export"}


def test_an_address_stays_among_those_that_are_not_written_to_where_only_a_chat_is_erased(store):
    """Who asked not to be written to would else be written to when they come again."""
    load(store, json_lines(record("1", email="one@x.org")))
    block(store, "one@x.org", "asked", "", "Kai")
    id = chat(store, "1")
    delete_chat(store, id, ANN, "over")
    erase(store, Wanted("chats", chats=(id,)), "over", ANN)
    assert len(store.read("FROM do_not_contact")) == 1


@pytest.mark.parametrize("name", ["Visitor 1", "2026", "佐藤花"])
def test_a_name_with_a_number_takes_nothing_of_the_next_one_along(store, name):
    load(store, json_lines(record("1", name=name, email="one@x.org"), record("2", name=f"{name}2", email="two@x.org")))
    load(store, json_lines({"id": "", "visitor": {"name": f"{name}2"}, "started_at": "2026-01-01"}))
    found = find(store, Wanted("email", value="one@x.org"))
    assert not found.counts["rejected"]


def test_a_short_name_in_a_link_goes_too(store):
    """Most Japanese names have fewer signs than a Latin one."""
    load(store, json_lines(record("1", name="佐藤花", email="one@x.org")))
    keep(store, json.dumps({"words": "佐藤花"}, ensure_ascii=False), "Kai")
    assert find(store, Wanted("email", value="one@x.org")).counts["links"] == 1
