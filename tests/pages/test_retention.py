"""The page Retention: rules with what they would do, a word before one is carried out, what it did, and legal holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.chats.filter.filter import ChatFilter
from lib.chats.holds import holds, lift_hold, put_hold
from lib.chats.persons import Wanted
from lib.erasure.erasing import erasures
from lib.erasure.rules import new_rule, rules, save_rule
from lib.erasure.running import run, runs
from lib.screen.deleted.erased import ERASED_KINDS
from lib.store import now
from tests.pages.driving import CHATS, DELETED, body, click, outcome_key, visit
from tests.worlds import TOKYO, id_of, make_chat

PAGE = "pages/retention.py"
EMAIL = "old@example.com"
OLD = {"visitor_email": EMAIL, "visitor_name": "Old One", "messages": ["Hello"], "department": "Archive"}


@pytest.fixture
def store(world):
    """With two old chats of a person, of a department of their own."""
    store = world("review")
    for name in ("old-1", "old-2"):
        make_chat(store, name, started_at=now() - timedelta(days=900), **OLD)
    return store


@pytest.fixture
def rule(store):
    """A rule that is due for these two."""
    scope = ChatFilter(department=("Archive",))
    return save_rule(store, replace(new_rule(), name="Archive", scope=scope), "Tester")


def with_row(key: str, place: int = 0):
    return {key: {"selection": {"rows": [place], "columns": [], "cells": []}}}


def chosen(rules) -> dict:
    return with_row(f"rules_{hash(tuple(rules))}")


def badges(at) -> str:
    return "".join(each.value for each in at.markdown)


def test_a_rule_is_saved_after_what_it_would_do_was_seen(store):
    at = click(visit(PAGE), "new_rule")
    at.multiselect(key="rule_department").set_value(["Archive"])
    at.number_input(key="rule_months").set_value(12)
    at = at.run()
    assert "Chats due today: 2" in body(at)
    at.number_input(key="rule_months").set_value(60)
    assert "Chats due today: 0" in body(at.run())
    at.number_input(key="rule_months").set_value(12)
    at = click(at, "save_rule")
    assert "Give it a name." in badges(at) and not rules(store)
    at.text_input(key="rule_name").set_value("Archive *old*")
    at = click(at, "save_rule")
    (saved,) = rules(store)
    assert (saved.name, saved.months, saved.action, saved.saved_by) == ("Archive *old*", 12, "anonymise", "Tester")
    assert saved.scope == ChatFilter(department=("Archive",))
    assert not at.get("dialog") and "is saved" in body(at)


def test_a_rule_is_carried_out_after_a_word_was_typed(store, rule):
    at = click(visit(PAGE, session=chosen([rule])), "ask_to_run")
    assert "Chats due today: 2" in body(at)
    at.text_input(key="run_word").set_value("yes")
    at = click(at, "confirm_run")
    assert "Type the word to confirm." in badges(at) and not runs(store)
    at.text_input(key="run_word").set_value(" carry out ")
    at = click(at, "confirm_run")
    assert "The rule was carried out for 2 chats." in body(at)
    (only,) = runs(store)
    assert (only.chats, only.run_by) == (2, "Tester")
    assert not store.read("SELECT 1 FROM chats WHERE visitor_email = $e", {"e": EMAIL})
    assert "Anonymised chats" in {ERASED_KINDS[each.kind] for each in erasures(store)}
    visit(DELETED)


def test_its_chats_are_opened_and_it_is_removed_and_comes_back(store, rule):
    at = visit(PAGE, session=chosen([rule]))
    at = click(at, "remove_rule")
    assert not rules(store)
    click(at, outcome_key(at, "undo"))
    assert [each.id for each in rules(store)] == [rule.id]


def test_an_anonymised_chat_says_so_and_offers_nothing_that_needs_its_person(store, rule):
    run(store, rule.id, replace(TOKYO, now=now()))
    at = visit(CHATS, {"chat": str(id_of("old-1"))})
    assert "This chat is anonymised" in "".join(each.value for each in at.info)
    assert "Archive" in body(at) and "Old One" not in body(at)
    keys = {each.key for each in at.button} | {node.proto.id for node in at.get("download_button")}
    assert not any("reply_by_email" in key or "download_transcript" in key for key in keys if key)
    for tab in ("info", "notes", "earlier", "reply"):
        at = visit(CHATS, {"chat": str(id_of("old-1")), "tab": tab})
        assert not at.exception and not at.error, tab
        assert not any(each.key in ("add_note", "send_email") for each in at.button), tab


def test_a_person_is_held_and_the_hold_lifted_and_put_back(store, rule):
    at = click(visit(PAGE), "hold_person")
    assert "Write why." in badges(at)
    at.text_input(key="held_reason").set_value("a case")
    at = click(at, "hold_person")
    assert "Type a whole e-mail address" in badges(at)
    at.text_input(key="held_value").set_value(EMAIL.upper())
    at = click(at, "hold_person")
    (hold,) = holds(store)
    assert (hold.held_by, hold.reason) == ("Tester", "a case")
    at = click(visit(PAGE, session=chosen([rule])), "ask_to_run")
    assert "left alone under legal hold: 2" in body(at)
    at = click(visit(PAGE, session=with_row(f"holds_{hash((hold,))}")), "lift_chosen")
    assert holds(store)[0].lifted_at
    click(at, outcome_key(at, "undo"))
    assert holds(store) == [hold]


def test_a_chat_is_held_by_its_menu_and_then_not_deleted(store):
    query = {"chat": str(id_of("old-1"))}
    at = click(visit(CHATS, query), "hold_chat")
    at = click(at, "put_hold")
    assert "Write why." in badges(at)
    at.text_input(key="hold_of_chat_reason").set_value("a case")
    at = click(at, "put_hold")
    (hold,) = holds(store)
    assert hold.about == Wanted("chats", chats=(id_of("old-1"),))
    at = click(click(visit(CHATS, query), "delete_chat"), "confirm_deletion")
    assert "under legal hold" in body(at) and "a case" in body(at)
    assert store.read("SELECT 1 FROM chats WHERE id = $id AND deleted_at IS NULL", {"id": id_of("old-1")})
    facts = visit(CHATS, query | {"tab": "info"}).dataframe
    assert any("a case" in str(each.value.to_dict()) for each in facts)
    at = click(click(visit(CHATS, query), "hold_chat"), "lift_hold")
    assert holds(store)[0].lifted_by == "Tester"


def test_who_is_held_is_not_erased_and_the_page_says_why(store):
    hold = put_hold(store, Wanted("chats", chats=(id_of("old-2"),)), "a case", "Ann")
    at = visit(DELETED)
    at.text_input(key="erased_value").set_value(EMAIL)
    at = click(at, "see_known")
    assert "1 chat of it is under legal hold" in "".join(each.value for each in at.info)
    assert "a case · Ann" in body(at)
    assert not any(each.key == "confirm_erasure" for each in at.button)
    lift_hold(store, hold.id, "Ann")
    at = visit(DELETED)
    at.text_input(key="erased_value").set_value(EMAIL)
    assert any(each.key == "confirm_erasure" for each in click(at, "see_known").button)
