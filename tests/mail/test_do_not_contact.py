"""Addresses that are not written to: how they come on the list, what that stops, and how they leave it."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.mail.addresses import MailAddress
from lib.mail.composing import compose
from lib.mail.do_not_contact import block, blocked_addresses, is_blocked, put_back, unblock
from lib.mail.draft import draft_for, facts_of
from lib.mail.mails import Problem, Refusal, mails_of, refusal
from lib.mail.outbox import retry, send
from lib.mail.queueing import AlreadyQueued, NotQueued, Queued, queue

WHEN = datetime(2026, 11, 3, 3, 4, 5)
AIKO, MORI = "aiko@example.com", "mori@example.com"


def drafted(store, chat, **changes):
    draft = replace(draft_for(facts_of(store, chat), "Ken", "UTC"), **changes)
    return draft, compose(draft, None, MailAddress("desk@example.com"), WHEN)


def listed(store):
    return [(each.address, each.reason, each.detail, each.added_by) for each in blocked_addresses(store)]


def told(store, action):
    sql = "SELECT actor, chat_id, detail FROM events WHERE action = $action ORDER BY happened_at"
    found = store.read(sql, {"action": action})
    return [(row["actor"], row["chat_id"], json.loads(row["detail"])) for row in found]


def test_added_and_removed(store):
    assert block(store, "Aiko Sato <Aiko@Example.COM>", "asked", "by\n telephone ", "ken") == "added"
    assert block(store, AIKO, "other", "", "mori") == "present"
    assert block(store, "nobody", "asked", "", "ken") == "invalid"
    assert listed(store) == [(AIKO, "asked", "by telephone", "ken")]
    assert is_blocked(store, [MORI, "AIKO@example.com"]) == ("AIKO@example.com",)
    (taken_off,) = blocked_addresses(store)
    assert unblock(store, [MORI, "AIKO@example.com"], "mori") == ["AIKO@example.com"]
    assert unblock(store, [AIKO], "mori") == []
    assert listed(store) == []
    assert is_blocked(store, [AIKO]) == ()
    detail = {"address": AIKO, "reason": "asked", "words": "by telephone"}
    assert told(store, "do_not_contact_added") == [("ken", None, detail)]
    assert told(store, "do_not_contact_removed") == [("mori", None, {"address": AIKO})]
    assert put_back(store, [taken_off], "mori") == [AIKO]
    assert put_back(store, [taken_off], "mori") == []
    assert listed(store) == [(AIKO, "asked", "by telephone", "mori")]


def test_nothing_is_queued_to_an_address_on_the_list(store, chat):
    block(store, AIKO, "asked", "", "ken")
    draft, message = drafted(store, chat, copies=(MORI,))
    assert queue(store, draft, message, "ken", WHEN) == NotQueued("do_not_contact", (AIKO,))
    assert mails_of(store, chat) == []
    assert facts_of(store, chat).mails == 0
    block(store, MORI, "asked", "", "ken")
    draft, message = drafted(store, chat, recipient="Mori@example.com", name="")
    assert queue(store, draft, message, "ken", WHEN) == NotQueued("do_not_contact", ("Mori@example.com",))
    unblock(store, [MORI], "ken")
    queued = queue(store, draft, message, "ken", WHEN)
    assert isinstance(queued, Queued)
    block(store, MORI, "asked", "", "ken")
    assert queue(store, draft, message, "ken", WHEN) == AlreadyQueued(queued.mail_id, "ken", WHEN, "queued")


def test_a_queued_mail_is_not_sent_to_an_address_that_came_on_the_list(store, chat, post):
    identifier = queue(store, *drafted(store, chat, copies=(MORI,)), "ken", WHEN).mail_id
    block(store, MORI, "asked", "", "ken")
    failed = send(store, identifier, post.smtp, "ken")
    assert (failed.state, failed.attempts, failed.problem) == ("failed", 0, Problem("do_not_contact", MORI))
    assert failed.problem.refusals == (Refusal(MORI, ""),)
    retry(store, identifier, "ken")
    assert send(store, identifier, post.smtp, "ken").state == "failed"
    assert post.received == []
    unblock(store, [MORI], "ken")
    retry(store, identifier, "ken")
    assert send(store, identifier, post.smtp, "ken").state == "sent"


@pytest.mark.parametrize(
    ("answer", "is_on_it"),
    [("550 5.1.1 No such user", True), ("550 5.7.1 Not from you", False), ("451 4.7.1 Later", False)],
)
def test_an_address_that_does_not_exist_comes_on_the_list(store, chat, post, answer, is_on_it):
    post.answers[AIKO] = answer
    identifier = queue(store, *drafted(store, chat), "ken", WHEN).mail_id
    send(store, identifier, post.smtp, "ken")
    assert listed(store) == ([(AIKO, "bounced", answer, "Chat History")] if is_on_it else [])
    detail = {"address": AIKO, "reason": "bounced", "words": answer}
    assert told(store, "do_not_contact_added") == ([("Chat History", chat, detail)] if is_on_it else [])


def test_a_copy_that_does_not_exist_comes_on_the_list(store, chat, post):
    post.answers |= {MORI: "550 No such user", "abe@example.com": "552 5.2.2 Full"}
    copies = (MORI, "abe@example.com")
    send(store, queue(store, *drafted(store, chat, copies=copies), "ken", WHEN).mail_id, post.smtp, "ken")
    assert listed(store) == [(MORI, "bounced", "550 No such user", "Chat History")]


@pytest.mark.parametrize(
    "reply",
    ["550 No such user", "551 User not local", "553 5.1.3 Malformed", "550 5.1.10 Null MX", "554 5.2.1 Disabled"],
)
def test_words_that_mean_a_bounce(reply):
    assert Refusal(AIKO, reply).is_bounce


@pytest.mark.parametrize(
    "reply",
    [
        "450 4.1.1 Unknown now",
        "550 5.1.8 Bad sender",
        "550 5.7.1 Relaying denied",
        "550 relay not permitted",
        "550 rejected as spam",
        "552 5.2.2 Mailbox full",
        "554 No",
        "550 5.4.1 Access denied",
        "",
        "no answer",
    ],
)
def test_words_that_mean_something_else(reply):
    assert not Refusal(AIKO, reply).is_bounce


@given(st.text())
def test_any_line_is_read(line):
    found = refusal(line)
    assert found.address in line
    assert isinstance(found.is_bounce, bool)
    assert Problem("copies_refused", f"{AIKO}: {found.reply}").refusals[0].address == AIKO
