"""Beside every missed chat of generated stores: the sentence on why it was missed is true of its transcript."""

import random
from datetime import timedelta

import pytest

from lib.chats.chat import find_chat
from lib.importing.merge.verdict import switch_rule
from lib.missed.derive import derive_due
from lib.missed.evidence import evidence
from lib.missed.settings import rules_of
from tests.importing.files import json_file, json_lines, load
from tests.importing.vendors.chatwoot_answers import BOB, BOT, conversation, message, page, user
from tests.missed.plain_reading import is_open
from tests.thorough import rarely
from tests.worlds import NOW

ZONE = "Asia/Tokyo"
KINDS = ["visitor", "visitor", "bot", "bot", "operator"]


def some_message(rng):
    kind = rng.choice(KINDS)
    automatic = {"automatic": True} if kind != "visitor" and rng.random() < 0.4 else {}
    return {"sender_type": kind, "sender_name": kind.title(), "text": rng.choice(["x", "x", "x", None])} | automatic


def some_record(rng, number):
    start = NOW - timedelta(minutes=rng.randrange(5 * 24 * 60))
    return {
        "id": number,
        "status": rng.choice(["missed", "missed", None]),
        "missed_reason": rng.choice([None, None, "offline_form", "bot_handoff_failed", "vendor_flag"]),
        "started_at": rng.choice([None, *[start.isoformat() + "Z"] * 6]),
        "ended_at": (start + timedelta(seconds=rng.choice([5, 30, 31, 900]))).isoformat() + "Z",
        "operators": rng.choice([[], [], ["Aoi"], ["Aoi", "Ben"]]),
        "messages": [some_message(rng) for _ in range(rng.randrange(4))],
    }


def some_answer(rng, number):
    """Files of a system that knows no missed chats, so that a rule that can be switched off decides."""
    says = [(0, {"sender": BOB}), (1, {"sender": BOT}), (1, {"sender": user("Aoi")}), (3, {})]
    said = [message(n, n, kind, "x", **who) for n, (kind, who) in enumerate(rng.choices(says, k=3))]
    return [json_file(conversation(number, "resolved", BOB)), json_file(page(number, *said))]


def is_true(sentence, chat, said, rules):
    """Whether what a sentence says can be read in the chat."""
    answered = any(m["kind"] == "operator" and not m["automatic"] for m in said)
    bot_wrote = any(m["kind"] == "bot" and not m["automatic"] and m["text"] for m in said)
    in_hours = chat.started_at is not None and is_open(rules, ZONE, chat.started_at)
    cause, _colon, shown = sentence.partition(": ")
    return {
        "Offline form": chat.missed_reason == "offline_form" and chat.system in shown,
        "Out of hours": chat.started_at is not None and not in_hours,
        "Visitor left at once": chat.duration_s is not None
        and chat.duration_s <= rules.left_within_s
        and not answered
        and f"after {chat.duration_s:.0f} s" in shown,
        "Bot hand-off failed": bot_wrote and not answered and not chat.operators,
        "Assigned but silent": in_hours and not answered and shown.startswith((*chat.operators[:1], "?")[0]),
        "Nobody there": in_hours and not answered and not chat.operators,
        "Unknown": answered if "an operator answered" in shown else chat.started_at is None,
    }[cause], cause


@pytest.mark.parametrize("seed", [0, *rarely(range(1, 5))])
def test_the_sentence_of_evidence_is_true_of_the_transcript(store, seed):
    rng = random.Random(seed)
    answers = [file for number in range(101, 106) for file in some_answer(rng, number)]
    load(store, json_lines(*(some_record(rng, number) for number in range(60))))
    load(store, *answers)
    causes = set()
    for enabled in (True, False, True):
        switch_rule(store, "Chatwoot", enabled, "Ann", NOW)
        derive_due(store, ZONE, NOW)
        rules = rules_of(store)
        for row in store.read("SELECT id, ordinal FROM chats WHERE status = 'missed'"):
            chat = find_chat(store, row["id"])
            said = store.read("SELECT kind, automatic, text FROM messages WHERE chat_id = $id", {"id": row["id"]})
            sentence = evidence(chat, rules, ZONE)
            true, cause = is_true(sentence, chat, said, rules)
            assert true, (sentence, chat, said)
            causes.add(cause)
    assert len(causes) >= 6
