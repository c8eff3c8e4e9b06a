"""Why chats count as missed, and the switch of the rule for systems that know no missed chats."""

from datetime import datetime, timedelta

import pytest

from lib.importing.merge.verdict import MissedRule, apply_rules, missed_rules, switch_rule
from lib.store import now
from tests.importing.files import content, json_file, json_lines, load, only_chat
from tests.importing.vendors.chatwoot_answers import (
    AOI_SENDS,
    BOB,
    BOT,
    CONVERSATIONS,
    NINE,
    conversation,
    message,
    page,
)
from tests.importing.vendors.every_vendor import sources

JUDGED = {"Chatwoot", "Intercom", "Rocket.Chat"}
GREETING = message(2, 1, 3, "We are not here")
QUESTION = message(1, 0, 0, "Hello?")


def statuses(store):
    found = store.read("SELECT vendor_id, status, missed_reason FROM chats")
    return {row["vendor_id"]: (row["status"], row["missed_reason"]) for row in found}


def load_chat(store, status, *messages, **more):
    """The status and the reason of a conversation with these messages."""
    files = [json_file(page(101, *messages))] if messages else []
    load(store, json_file(conversation(101, status, BOB, **more)), *files)
    return only_chat(store)["status"], only_chat(store)["missed_reason"]


def test_reasons_are_kept(in_file):
    reasons = {}
    for code in ("zendesk", "zoho", "chatwoot"):
        load(in_file, *sources(code))
    for chat, (status, reason) in statuses(in_file).items():
        assert (status == "missed") == (reason is not None), chat
        reasons.setdefault(reason, chat)
    assert reasons.keys() == {
        None, "vendor_flag", "vendor_status", "offline_form", "no_human_reply", "bot_handoff_failed",
    }  # fmt: skip


@pytest.mark.parametrize("reason", ["vendor_flag", "vendor_status", "offline_form", "no_human_reply"])
def test_what_the_system_calls_missed_stays_so_with_its_reason(in_file, reason):
    said = [{"sender_type": "visitor", "text": "x"}, {"sender_type": "operator", "sender_name": "Aoi", "text": "y"}]
    load(in_file, json_lines({"id": 1, "status": "missed", "missed_reason": reason, "messages": said}))
    assert (only_chat(in_file)["status"], only_chat(in_file)["missed_reason"]) == ("missed", reason)
    assert not only_chat(in_file)["status_derived"]


OUTCOMES = [
    ([QUESTION], ("missed", "no_human_reply")),
    ([QUESTION, GREETING], ("missed", "no_human_reply")),
    ([QUESTION, message(3, 2, 1, "We are busy", content_attributes={"automation_rule_id": 3}, **AOI_SENDS)],
     ("missed", "no_human_reply")),
    ([QUESTION, message(3, 2, 1, "To myself", private=True, **AOI_SENDS)], ("missed", "no_human_reply")),
    ([QUESTION, message(3, 2, 1, "Nine to five", sender=BOT)], ("completed", None)),
    ([QUESTION, message(3, 2, 1, "Nine to five", sender=BOT), message(4, 3, 0, "And on Sunday?")],
     ("missed", "bot_handoff_failed")),
    ([QUESTION, message(3, 2, 1, "Yes?", sender=BOT), message(4, 3, 0, "You?"), message(5, 4, 1, "Hi", **AOI_SENDS)],
     ("completed", None)),
    ([QUESTION, GREETING, message(3, 2, 1, "Hi", **AOI_SENDS)], ("completed", None)),
]  # fmt: skip


@pytest.mark.parametrize(("said", "outcome"), OUTCOMES)
def test_only_a_reply_of_a_person_or_a_solution_of_a_bot_counts(in_file, said, outcome):
    assert load_chat(in_file, "resolved", *said) == outcome


def test_an_open_chat_counts_as_missed_after_a_day(store):
    begun = now() - timedelta(hours=23)
    second = int((begun - datetime(1970, 1, 1)).total_seconds())
    bot = [QUESTION, message(2, 1, 1, "One moment", sender=BOT)]
    assert load_chat(store, "open", *bot, created_at=second) == ("ongoing", None)
    before = content(store)
    assert apply_rules(store, begun + timedelta(hours=23.9)) == 0
    generation = store.generation
    assert apply_rules(store, begun + timedelta(hours=24.1)) == 1
    assert store.generation > generation
    chat = only_chat(store)
    assert (chat["status"], chat["missed_reason"], chat["status_derived"]) == ("missed", "bot_handoff_failed", True)
    assert apply_rules(store, begun + timedelta(hours=30)) == 0
    assert apply_rules(store, begun) == 1
    assert content(store) == before


def test_the_next_import_finds_chats_that_have_waited_too_long(in_file):
    load_chat(in_file, "open", QUESTION, created_at=int((now() - datetime(1970, 1, 1)).total_seconds()))
    assert statuses(in_file) == {"3-101": ("ongoing", None)}
    in_file.write(lambda cursor: cursor.execute("UPDATE chats SET started_at = started_at - INTERVAL 25 HOUR"))
    load(in_file, json_lines({"id": 1, "status": "closed"}))
    assert statuses(in_file)["3-101"] == ("missed", "no_human_reply")


def test_the_rule_is_on_for_systems_that_know_no_missed_chats(in_file):
    assert {rule.system for rule in missed_rules(in_file)} == JUDGED
    assert {(rule.enabled, rule.chats) for rule in missed_rules(in_file)} == {(True, 0)}
    load(in_file, *sources("chatwoot"), *sources("zendesk"))
    decided = in_file.read("SELECT count(*) AS n FROM chats WHERE rule_reason IS NOT NULL AND judged")[0]["n"]
    assert decided > 5
    assert MissedRule("Chatwoot", True, decided) in missed_rules(in_file)


def test_switching_the_rule_off_and_on_again_gives_the_same_store(store):
    load(store, *sources("chatwoot"), *sources("intercom", ["conversations.json"]))
    before, with_rule = content(store), statuses(store)
    missed = [chat for chat, (status, _) in with_rule.items() if status == "missed" and chat.startswith("3-")]
    moment = now()
    assert switch_rule(store, "Chatwoot", False, "Ann", moment) == len(missed)
    assert [rule.system for rule in missed_rules(store) if not rule.enabled] == ["Chatwoot"]
    without_rule = statuses(store)
    assert {chat for chat in with_rule if with_rule[chat] != without_rule[chat]} == set(missed)
    assert {without_rule[chat] for chat in missed} == {("completed", None), ("ongoing", None)}
    assert switch_rule(store, "Chatwoot", False, "Ann", moment) == 0
    again = load(store, *sources("chatwoot"))
    assert (again.changed_nothing, statuses(store)) == (True, without_rule)
    assert switch_rule(store, "Chatwoot", True, "Ben", moment) == len(missed)
    assert content(store) == before
    told = store.read("SELECT actor, action FROM events WHERE action = 'switch_rule' ORDER BY happened_at, actor")
    assert [row["actor"] for row in told] == ["Ann", "Ann", "Ben"]


def test_what_is_imported_while_the_rule_is_off_equals_what_was_imported_before(in_file):
    load(in_file, *sources("chatwoot"))
    switch_rule(in_file, "Chatwoot", False, "Ann", now())
    wanted = content(in_file, "ordinal")
    in_file.write(lambda cursor: [cursor.execute(f"DELETE FROM {table}") for table in ("chats", "messages")])
    load(in_file, *sources("chatwoot")[::-1])
    assert content(in_file, "ordinal") == wanted
    newer = {**CONVERSATIONS[1], "updated_at": NINE + 10**6, "labels": ["new"]}
    assert load(in_file, json_file(newer)).updated == 1
    assert statuses(in_file)["3-102"] == ("completed", None)
