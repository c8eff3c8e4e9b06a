"""Erasing for good on the page of deleted chats."""

import json

import pytest

from lib.chats.persons import Wanted
from lib.chats.removal import delete_chat, deleted_chats
from lib.erasure.erasing import erasures
from lib.erasure.later import to_be_erased
from lib.screen.deleted.deleted import table_key
from lib.screen.deleted.erased import certificate
from lib.screen.deleted.erasing import _known_file
from lib.screen.deleted.waiting import table_key as table_key_of_waiting
from tests.pages.driving import DELETED, body, click, outcome_key, run, visit


@pytest.fixture
def store(world):
    return world("review")


def visitor(store) -> dict[str, object]:
    """A chat whose visitor gave an address."""
    condition = "visitor_email IS NOT NULL AND deleted_at IS NULL"
    return store.read(f"SELECT id, visitor_email FROM chats WHERE {condition} ORDER BY id LIMIT 1")[0]


def look(store, address: str):
    at = visit(DELETED)
    at.text_input(key="erased_value").set_value(address)
    return click(at, "see_known")


def confirm(at, reason: str, word: str):
    at.text_input(key="erasure_reason").set_value(reason)
    at.text_input(key="erasure_word").set_value(word)
    return click(at, "confirm_erasure")


def test_a_person_is_erased_after_what_goes_was_seen_and_a_word_typed(store):
    chat = visitor(store)
    count = store.read("SELECT count(*) AS n FROM chats WHERE visitor_email = $e", {"e": chat["visitor_email"]})[0]["n"]
    at = look(store, f" {str(chat['visitor_email']).upper()} ")
    assert f"• Chats: {count}" in body(at)
    at = confirm(at, "asked by letter", "yes")
    assert "Type the word to confirm." in "".join(each.value for each in at.markdown)
    at = confirm(at, "", "erase")
    assert "Write why, in words that name nobody" in "".join(each.value for each in at.markdown)
    assert store.read("SELECT 1 FROM chats WHERE id = $id", {"id": chat["id"]})
    at = confirm(at, "asked by letter", " erase ")
    assert outcome_key(at, "close")
    assert not at.get("dialog")
    assert not store.read("SELECT 1 FROM chats WHERE id = $id", {"id": chat["id"]})
    (erased,) = erasures(store)
    assert (erased.erased_by, erased.reason, erased.counts["chats"]) == ("Tester", "asked by letter", count)


def test_the_chats_of_a_person_stay_where_it_is_chosen(store):
    address = str(visitor(store)["visitor_email"])
    at = look(store, address)
    at.get_by_key("erasure_chats").set_value(True)
    at = confirm(run(at), "asked", "erase")
    (erased,) = erasures(store)
    told = body(at)
    assert erased.kind == "anonymised" and f"{erased.counts['chats']} chat" in told and "anonymised" in told
    assert len(store.read("FROM chats WHERE anonymised_at IS NOT NULL")) == erased.counts["chats"]


def test_what_was_erased_leaves_the_file_at_once_where_somebody_asks(store):
    chat = visitor(store)
    at = confirm(look(store, str(chat["visitor_email"])), "asked", "ERASE")
    at = click(at, "compact_now")
    assert erasures(store)[0].compacted_at or "Others are using the database" in body(at)


def test_what_is_known_can_be_taken_along_before(store):
    chat = visitor(store)
    at = look(store, str(chat["visitor_email"]))
    keys = [node.proto.id for node in at.get("download_button")]
    assert [any(f"known_{kind}" in key for key in keys) for kind in ("html", "json")] == [True, True]
    known = _known_file(Wanted("email", value=str(chat["visitor_email"])), "json", "en", "Tester")
    assert str(chat["id"]) in known.decode()
    assert store.read("SELECT actor FROM events WHERE action = 'person_taken'") == [{"actor": "Tester"}]


def test_nothing_that_is_known_is_said_so(store):
    at = look(store, "nobody@example.com")
    assert [info.value for info in at.info] == ["There is nothing of it here."]
    at = click(visit(DELETED), "see_known")
    assert "Type a whole e-mail address" in "".join(each.value for each in at.markdown)


def test_ticked_chats_are_erased_and_others_stay(store):
    chat = visitor(store)
    delete_chat(store, chat["id"], "Tester", "over")
    at = visit(DELETED)
    assert at.button(key="erase").disabled
    rows = deleted_chats(store)
    place = list(rows["id"]).index(chat["id"])
    at = visit(DELETED, session={table_key(rows): {"selection": {"rows": [place], "columns": [], "cells": []}}})
    at = confirm(click(at, "erase"), "over", "erase")
    assert not store.read("SELECT 1 FROM chats WHERE id = $id", {"id": chat["id"]})
    assert len(deleted_chats(store)) == len(rows) - 1


def test_later_it_stands_in_a_list_and_can_be_cancelled(store):
    address = str(visitor(store)["visitor_email"])
    at = look(store, address)
    at.get_by_key("erasure_delay").set_value(7)
    at = run(at)
    assert "can be read by everybody until then" in body(at) and "cannot be undone" not in body(at)
    assert at.button(key="confirm_erasure").label == "Erase in 7 days"
    at = confirm(at, "asked", "erase")
    (due,) = to_be_erased(store)
    assert (due.wanted.value, due.reason) == (address, "asked")
    assert "It will be erased at" in body(at) and store.read(
        "SELECT 1 FROM chats WHERE visitor_email = $e", {"e": address}
    )
    at.text_input(key="erased_value").set_value(address)
    at = click(at, "see_known")
    at.get_by_key("erasure_delay").set_value(1)
    at = confirm(run(at), "asked", "erase")
    assert "It is going to be erased already" in "".join(each.value for each in at.markdown)
    ticked = {table_key_of_waiting([due]): {"selection": {"rows": [0], "columns": [], "cells": []}}}
    at, second = visit(DELETED, session=ticked), visit(DELETED, session=ticked)
    at = click(at, "cancel_due")
    assert "It is not erased." in body(at) and to_be_erased(store) == []
    assert "erased or cancelled before" in body(click(second, "cancel_due"))


def test_the_certificate_names_nobody(store):
    chat = visitor(store)
    confirm(look(store, str(chat["visitor_email"])), "asked", "ERASE")
    told = json.loads(certificate(erasures(store)[0]))
    assert (told["erased_by"], told["kind"], told["state"]) == ("Tester", "email", "file not yet rewritten")
    assert str(chat["visitor_email"]) not in json.dumps(told)
