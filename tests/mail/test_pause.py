"""What concerns the mail account stops the outbox as a whole, once, until an attempt works; no mail is lost or sent
twice."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from lib.mail import outbox
from lib.mail import sender as sending
from lib.mail.addresses import MailAddress
from lib.mail.composing import compose
from lib.mail.draft import draft_for, facts_of
from lib.mail.mails import Problem, mail
from lib.mail.outbox import send
from lib.mail.pause import TRIED_AFTER_MIN, pause_of
from lib.mail.queueing import queue
from lib.mail.sender import mail_sender, send_next, try_now
from lib.mail.smtp import Delivered, Undelivered
from lib.settings import Smtp
from lib.store import now
from tests.mail.test_sender import wait_until

NOWHERE = Smtp("mail.invalid", 25, "none", None, None, "desk@example.com", per_minute=1000)
EXPIRED = Undelivered("sign_in_failed", "535 5.7.8 Expired", concerns_account=True)
UNCLEAR = Undelivered("lost_connection_after_data", "", is_unknown=True)
REFUSED = Undelivered("recipient_refused", "a@example.com: 554 5.7.1 No")


@pytest.fixture
def enqueue(store, add):
    """Queues mails to these visitors, one after the other; their ids."""

    written = [now() - timedelta(hours=1)]

    def make(*names: str) -> list[UUID]:
        mails = []
        for name in names:
            draft = draft_for(facts_of(store, add(visitor_email=f"{name}@example.com")), "Ken", "UTC")
            message = compose(draft, None, MailAddress("desk@example.com"), now())
            written.append(written[-1] + timedelta(seconds=1))
            mails.append(queue(store, draft, message, "ken", written[-1]).mail_id)
        return mails

    return make


@pytest.fixture
def clock(monkeypatch):
    """Stands still for the outbox and its sender, until it is moved by minutes."""
    moment = [now()]
    for module in (outbox, sending):
        monkeypatch.setattr(module, "now", lambda: moment[0])

    def move(minutes: float = 0):
        moment[0] += timedelta(minutes=minutes)
        return moment[0]

    return move


@pytest.fixture
def server(monkeypatch):
    """What comes of each attempt, which is to be changed; and to whom attempts were made."""
    outcome, tried = [EXPIRED], []

    def deliver(_message, recipient, *_args):
        tried.append(recipient.partition("@")[0])
        return outcome[0]

    monkeypatch.setattr(outbox, "deliver", deliver)
    return outcome, tried


def states(store, mails):
    return [mail(store, each).state for each in mails]


def test_a_fault_of_the_account_keeps_all_mails_and_is_told_once(store, enqueue, server, clock):
    mails = enqueue(*"abc")
    began = clock()
    assert send_next(store, NOWHERE)
    assert not send_next(store, NOWHERE)
    assert server[1] == ["a"]
    found = pause_of(store)
    assert (found.since, found.problem, found.attempts) == (began, Problem("sign_in_failed", "535 5.7.8 Expired"), 1)
    assert found.next_attempt_at == began + timedelta(minutes=1)
    for each in mails:
        kept = mail(store, each)
        assert (kept.state, kept.problem, kept.attempts, kept.next_attempt_at) == ("queued", None, 0, None)
    [event] = store.read("SELECT detail FROM events WHERE action = 'mail_deferred'")
    assert json.loads(event["detail"])["problem"] == "sign_in_failed"


def test_one_mail_is_tried_at_growing_pauses_for_as_long_as_it_takes(store, enqueue, server, clock):
    mails, began = enqueue(*"abcd"), clock()
    for pause in (*TRIED_AFTER_MIN, TRIED_AFTER_MIN[-1]):
        assert send_next(store, NOWHERE)
        assert not send_next(store, NOWHERE)
        clock(pause - 0.01)
        assert not send_next(store, NOWHERE)
        clock(0.01)
    # No mail that could be at fault itself stands in the way of the others.
    assert server[1] == [*"abcd", "a"]
    assert (pause_of(store).attempts, pause_of(store).since) == (5, began)
    assert states(store, mails) == ["queued"] * 4
    server[0][0] = Delivered()
    while send_next(store, NOWHERE):
        pass
    assert pause_of(store) is None
    assert states(store, mails) == ["sent"] * 4
    assert sorted(server[1][5:]) == [*"abcd"]
    assert [mail(store, each).attempts for each in mails] == [1] * 4


@pytest.mark.parametrize(("outcome", "state"), [(REFUSED, "failed"), (UNCLEAR, "unknown"), (Delivered(), "sent")])
def test_what_is_no_fault_of_the_account_ends_the_pause(store, enqueue, server, clock, outcome, state):
    mails = enqueue(*"ab")
    send_next(store, NOWHERE)
    clock(1)
    server[0][0] = outcome
    assert send_next(store, NOWHERE)
    assert pause_of(store) is None
    assert sorted(states(store, mails)) == sorted([state, "queued"])
    server[0][0] = Delivered()
    assert send_next(store, NOWHERE)
    assert sorted(states(store, mails)) == sorted([state, "sent"])


def test_a_fault_of_a_recipient_pauses_nothing(store, enqueue, server):
    mails = enqueue(*"ab")
    server[0][0] = REFUSED
    send_next(store, NOWHERE)
    assert pause_of(store) is None
    server[0][0] = Delivered()
    send_next(store, NOWHERE)
    assert states(store, mails) == ["failed", "sent"]


def test_a_mail_that_is_written_during_the_pause_waits_unless_somebody_wants_an_attempt(store, enqueue, server):
    [first, second] = enqueue(*"ab")
    send(store, first, NOWHERE, "ken")
    assert send(store, second, NOWHERE, "ken").state == "queued"
    assert server[1] == ["a"]
    send(store, second, NOWHERE, "ken", in_spite_of_pause=True)
    assert server[1] == ["a", "b"]
    assert pause_of(store).attempts == 2
    server[0][0] = Delivered()
    assert send(store, second, NOWHERE, "ken", in_spite_of_pause=True).state == "sent"
    assert pause_of(store) is None


def test_who_cannot_wait_has_one_mail_tried_now(store, enqueue, server, clock):
    mails = enqueue(*"ab")
    send_next(store, NOWHERE)
    assert try_now(store, NOWHERE, "Mika")
    assert (server[1], pause_of(store).attempts) == ([*"ab"], 2)
    clock(0.1)
    server[0][0] = Delivered()
    assert try_now(store, NOWHERE, "Mika")
    assert (pause_of(store), states(store, mails)) == (None, ["sent", "queued"])
    assert send_next(store, NOWHERE)
    assert not try_now(store, NOWHERE, "Mika")


def test_what_is_to_be_tried_now_need_not_be_due(store, enqueue, server):
    [only] = enqueue("a")
    server[0][0] = Undelivered("recipient_refused", "a@example.com: 451 Later", is_temporary=True)
    send_next(store, NOWHERE)
    server[0][0] = EXPIRED
    send(store, only, NOWHERE, "ken")
    assert pause_of(store).attempts == 1
    server[0][0] = Delivered()
    assert try_now(store, NOWHERE, "Mika")
    assert (pause_of(store), states(store, [only])) == (None, ["sent"])


@pytest.mark.parametrize("location", [""], indirect=True)
def test_when_the_next_attempt_is_due_only_one_of_many_makes_it(store, enqueue, server, clock, monkeypatch):
    mails = enqueue(*"abcdefgh")
    send_next(store, NOWHERE)
    clock(1)
    ready, tried = threading.Barrier(8), []

    def deliver(_message, recipient, *_args):
        tried.append(recipient)
        return EXPIRED

    def work(each):
        ready.wait()
        send(store, each, NOWHERE, "ken")

    monkeypatch.setattr(outbox, "deliver", deliver)
    with ThreadPoolExecutor(8) as people:
        list(people.map(work, mails))
    assert len(tried) == 1
    assert pause_of(store).attempts == 2
    assert states(store, mails) == ["queued"] * 8


def test_an_attempt_that_the_program_did_not_outlive_is_not_repeated_and_others_follow(store, enqueue, server, clock):
    mails = enqueue(*"ab")
    send_next(store, NOWHERE)
    clock(1)

    def stop(*_args):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(outbox, "deliver", stop)
        send_next(store, NOWHERE)
    assert not send_next(store, NOWHERE)
    server[0][0] = Delivered()
    assert outbox.settle_abandoned(store, clock(2.01)) == 1
    while send_next(store, NOWHERE):
        pass
    assert sorted(states(store, mails)) == ["sent", "unknown"]
    assert pause_of(store) is None


@pytest.mark.parametrize("location", [""], indirect=True)
def test_after_a_wrong_password_a_start_with_the_right_one_sends_everything_at_once(store, enqueue, post):
    mails = enqueue(*"abc")
    wrong = replace(post.smtp, password="old")
    send_next(store, wrong)
    assert pause_of(store).problem.code == "sign_in_failed"
    assert post.received == []
    loop = mail_sender(lambda: store, post.smtp)
    loop.start()
    try:
        wait_until(lambda: states(store, mails) == ["sent"] * 3)
    finally:
        loop.stop()
    assert sorted(recipients[0][0] for _sender, recipients in post.envelopes) == [*"abc"]
    assert pause_of(store) is None


def test_a_mail_that_was_erased_while_it_was_being_sent_does_no_harm(store, enqueue, monkeypatch):
    enqueue("a")

    def erase(*_args):
        for table in ("mails", "chats"):
            store.write(lambda cursor, table=table: cursor.execute(f"DELETE FROM {table}") and None)
        return Undelivered("recipient_refused", "a@example.com: 451 Later", is_temporary=True)

    monkeypatch.setattr(outbox, "deliver", erase)
    assert send_next(store, NOWHERE)
    assert not send_next(store, NOWHERE)
