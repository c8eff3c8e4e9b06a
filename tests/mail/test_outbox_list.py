"""The list of the outbox: counts and rows of one moment, page by page, and the history of a mail."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from lib.mail.addresses import MailAddress
from lib.mail.composing import compose
from lib.mail.draft import draft_for, facts_of
from lib.mail.mails import Problem
from lib.mail.outbox import cancel, retry, send
from lib.mail.outbox_list import BOXES, PAGE_SIZE, fingerprint, history, outbox_page
from lib.mail.queueing import queue

WHEN = datetime(2026, 11, 3, 3, 4, 5)


@pytest.fixture
def enqueue(store, chat):
    def make(minute: int = 0):
        draft = replace(draft_for(facts_of(store, chat), "Ken", "UTC"), subject=f"{minute}")
        message = compose(draft, None, MailAddress("desk@example.com"), WHEN)
        return queue(store, draft, message, "ken", WHEN + timedelta(minutes=minute)).mail_id

    return make


def subjects(store, box, page=1):
    return [each.subject for each in outbox_page(store, box, page).mails]


def test_an_empty_outbox(store):
    found = outbox_page(store, "all", 3)
    assert (found.mails, found.page, found.pages, found.waiting) == ((), 1, 1, 0)
    assert found.counts == dict.fromkeys(BOXES, 0)
    assert fingerprint(store) == (0, None)


def test_parts_and_their_counts(store, enqueue, post):
    enqueue(2)
    post.answers["DATA"] = "554 5.7.1 no"
    failed = enqueue(1)
    send(store, failed, post.smtp, "mori")
    cancel(store, enqueue(3), "ken")
    found = outbox_page(store, "failed", 1)
    assert found.counts == dict.fromkeys(BOXES, 0) | {"all": 3, "queued": 1, "failed": 1, "cancelled": 1}
    assert found.waiting == 1
    [only] = found.mails
    assert (only.id, only.state, only.attempts, only.created_by) == (failed, "failed", 1, "ken")
    assert only.problem == Problem("rejected", "554 5.7.1 no")
    assert subjects(store, "all") == ["3", "2", "1"]
    assert subjects(store, "sent") == []


def test_pages(store, enqueue, monkeypatch):
    monkeypatch.setattr("lib.mail.outbox_list.PAGE_SIZE", 2)
    for minute in range(5):
        enqueue(minute)
    assert [subjects(store, "queued", page) for page in (1, 2, 3, 4)] == [["4", "3"], ["2", "1"], ["0"], ["0"]]
    last = outbox_page(store, "queued", 99)
    assert (last.page, last.pages) == (3, 3)
    assert PAGE_SIZE == 100


def test_every_change_changes_the_fingerprint(store, chat, enqueue, post):
    seen = {fingerprint(store)}
    queued, other = enqueue(), uuid4()
    unmoved = fingerprint(store, other)
    seen.add(fingerprint(store))
    post.answers["DATA"] = "554 no"
    for change in (lambda: send(store, queued, post.smtp, "ken"), lambda: retry(store, queued, "ken")):
        change()
        seen.add(fingerprint(store))
        assert fingerprint(store, chat)[0] == 1
    assert len(seen) == 4
    assert fingerprint(store, other) == unmoved


def test_the_history_of_a_mail(store, chat, enqueue, post):
    first, other = enqueue(), enqueue(1)
    post.answers["aiko@example.com"] = "451 4.7.1 Later"
    deferred = send(store, first, post.smtp, "mori")
    cancel(store, other, "ken")
    cancel(store, first, "abe")
    told = history(store, first, chat)
    assert [(each.action, each.actor) for each in told] == [
        ("mail_cancelled", "abe"),
        ("mail_deferred", "mori"),
        ("mail_queued", "ken"),
    ]
    assert told[1].problem == Problem("recipient_refused", "aiko@example.com: 451 4.7.1 Later")
    assert told[1].next_attempt_at == deferred.next_attempt_at
    assert told[0].problem is told[0].next_attempt_at is None
