"""The sender in the background: what it sends, in which order, how fast, and what holds it up."""

import json
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from lib.background import Loop
from lib.mail import outbox
from lib.mail import sender as sending
from lib.mail.addresses import MailAddress
from lib.mail.composing import compose
from lib.mail.draft import draft_for, facts_of
from lib.mail.mails import mail
from lib.mail.outbox import send
from lib.mail.queueing import queue
from lib.mail.sender import mail_sender, send_next, wake
from lib.settings import Smtp
from lib.store import StoreError, now

WHEN = datetime(2026, 11, 3, 3, 4, 5)
SOON_S = 20


@pytest.fixture
def enqueue(store, add):
    """Queues a mail to a chat of its own; the id of it."""

    def make(name: str = "aiko", minute: int = 0, actor: str = "ken") -> UUID:
        chat = add(visitor_email=f"{name}@example.com")
        draft = draft_for(facts_of(store, chat), "Ken", "UTC")
        queued_at = WHEN + timedelta(minutes=minute)
        return queue(
            store, draft, compose(draft, None, MailAddress("desk@example.com"), WHEN), actor, queued_at
        ).mail_id

    return make


@pytest.fixture
def begin(store, post):
    """Starts a sender, which is stopped after the test."""
    running: list[Loop] = []

    def run(open_store=lambda: store, smtp: Smtp = post.smtp) -> Loop:
        loop = mail_sender(open_store, smtp)
        loop.start()
        running.append(loop)
        return loop

    yield run
    for loop in running:
        loop.stop()


def wait_until(holds) -> None:
    deadline = time.monotonic() + SOON_S
    while not holds():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.01)


def states(store, mails):
    return [mail(store, each).state for each in mails]


def recipients(post):
    return [recipients[0].partition("@")[0] for _sender, recipients in post.envelopes]


def test_what_is_queued_is_sent_oldest_first_and_in_the_writers_name(store, enqueue, begin, post):
    mails = [enqueue("b", 2, "mori"), enqueue("c", 3), enqueue("a", 1)]
    begin()
    wait_until(lambda: states(store, mails) == ["sent"] * 3)
    assert recipients(post) == ["a", "b", "c"]
    events = store.read("SELECT actor, detail FROM events WHERE action = 'mail_sent'")
    assert {(json.loads(row["detail"])["mail"], row["actor"]) for row in events} == {
        (str(each), mail(store, each).created_by) for each in mails
    }


def test_it_wakes_at_once(store, enqueue, begin, post, monkeypatch):
    monkeypatch.setattr(sending, "LOOK_EVERY_S", 600)
    looked = threading.Event()
    monkeypatch.setattr(sending, "settle_abandoned", lambda *_args: looked.set())
    begin()
    assert looked.wait(SOON_S)
    queued = enqueue()
    wake()
    wait_until(lambda: states(store, [queued]) == ["sent"])


def test_it_waits_for_the_next_attempt(store, enqueue, post, monkeypatch):
    first, second = enqueue("a"), enqueue("b", 1)
    post.answers["a@example.com"] = "451 4.7.1 Later"
    assert send_next(store, post.smtp)
    assert states(store, [first, second]) == ["queued", "queued"]
    assert send_next(store, post.smtp)
    assert states(store, [first, second]) == ["queued", "sent"]
    assert not send_next(store, post.smtp)
    post.answers.clear()
    monkeypatch.setattr(sending, "now", lambda: now() + timedelta(minutes=1, seconds=1))
    assert send_next(store, post.smtp)
    assert states(store, [first, second]) == ["sent", "sent"]
    assert recipients(post) == ["b", "a"]


def test_one_mail_that_keeps_failing_does_not_hold_up_the_rest(store, enqueue, begin, post):
    post.answers |= {"a@example.com": "451 4.7.1 Later", "b@example.com": "550 5.7.1 No"}
    mails = [enqueue(name, n) for n, name in enumerate("abcd")]
    begin()
    wait_until(lambda: states(store, mails) == ["queued", "failed", "sent", "sent"])


def test_it_keeps_to_the_rate_limit_and_writes_nothing_while_it_waits(store, enqueue, post, monkeypatch):
    smtp = replace(post.smtp, per_minute=2)
    mails = [enqueue(name, n) for n, name in enumerate("abc")]
    assert [send_next(store, smtp) for _ in range(4)] == [True, True, False, False]
    before = store.generation
    assert not send_next(store, smtp)
    assert store.generation == before
    assert states(store, mails) == ["sent", "sent", "queued"]
    later = now() + timedelta(seconds=61)
    monkeypatch.setattr(outbox, "now", lambda: later)
    assert send_next(store, smtp)
    assert states(store, mails) == ["sent"] * 3


def test_what_was_abandoned_is_settled_and_not_sent(store, enqueue, begin, post):
    queued = enqueue()
    long_ago = now() - timedelta(minutes=3)
    sql = "UPDATE mails SET state = 'sending', worker = 'gone', state_since = $since"
    store.write(lambda cursor: cursor.execute(sql, {"since": long_ago}) and None)
    begin()
    wait_until(lambda: states(store, [queued]) == ["unknown"])
    assert post.received == []


def test_trouble_with_the_store_is_tried_again(store, enqueue, begin, monkeypatch, caplog):
    monkeypatch.setattr(sending, "LOOK_EVERY_S", 0.01)
    trouble = iter([StoreError("locked", "x"), RuntimeError("boom")])

    def open_store():
        error = next(trouble, None)
        if error:
            raise error
        return store

    queued = enqueue()
    begin(open_store)
    wait_until(lambda: states(store, [queued]) == ["sent"])
    ours = [record.message for record in caplog.records if record.name == "lib.background"]
    assert len(ours) == 3
    assert ours[1:] == ["sender: trying again", "sender: the store works again"]


def test_it_ends_after_the_mail_that_is_being_sent(store, enqueue, begin, post):
    post.hold = threading.Event()
    mails = [enqueue(name, n) for n, name in enumerate("ab")]
    sender = begin()
    assert post.in_data.wait(SOON_S)
    stopping = threading.Thread(target=sender.stop)
    stopping.start()
    post.hold.set()
    stopping.join(SOON_S)
    assert not stopping.is_alive()
    assert states(store, mails) == ["sent", "queued"]


@pytest.mark.parametrize("location", [""], indirect=True)
def test_a_person_and_two_senders_send_each_mail_once(store, enqueue, begin, post):
    mails = [enqueue(f"v{n}", n) for n in range(12)]
    begin()
    begin()
    for each in reversed(mails):
        send(store, each, post.smtp, "mori")
    wait_until(lambda: states(store, mails) == ["sent"] * 12)
    assert sorted(recipients(post)) == sorted(f"v{n}" for n in range(12))
