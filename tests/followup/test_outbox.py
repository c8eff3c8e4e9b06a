"""The outbox: queued once, sent at most once, and every change of state with its event."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from lib.followup import outbox
from lib.followup.addresses import MailAddress, check_address
from lib.followup.composing import compose, mail_id
from lib.followup.drafting import draft_for, facts_of, readdressed
from lib.followup.mails import Problem, eml, mail, mails_of
from lib.followup.outbox import (
    AlreadyQueued,
    NotQueued,
    Queued,
    cancel,
    queue,
    resolve_unknown,
    retry,
    send,
    settle_abandoned,
)
from lib.followup.smtp import Delivered, Undelivered
from lib.followup.transcribing import transcript_of
from lib.store import now

SENDER = MailAddress("desk@example.com", "Example Desk")
WHEN = datetime(2026, 11, 3, 3, 4, 5)
NAMES = {"From", "To", "Subject", "Date", "Message-ID", "Content-Language", "MIME-Version", "Content-Type"}


@dataclass(frozen=True)
class Said:
    kind: str
    text: str
    sent_at: datetime | None = WHEN
    name: str | None = None
    attachment_name: str | None = None


@pytest.fixture
def drafted(store):
    """Makes the next draft of a chat with its finished mail."""

    def make(chat: UUID, transcript=None, **changes):
        draft = replace(draft_for(facts_of(store, chat), "Ken", "Asia/Tokyo"), **changes)
        return draft, compose(draft, transcript, SENDER, WHEN)

    return make


@pytest.fixture
def queued(store, chat, drafted) -> UUID:
    return queue(store, *drafted(chat), "ken", WHEN).mail_id


def state(store, identifier):
    return mail(store, identifier).state


def told(store, identifier) -> list[str]:
    """The mail's events in order; the last one must account for its state."""
    found = store.read("SELECT action, detail FROM events ORDER BY happened_at")
    return [each["action"] for each in found if json.loads(each["detail"])["mail"] == str(identifier)]


def test_queue(store, chat, drafted):
    draft, message = drafted(chat, copies=("mori@example.com",))
    assert queue(store, draft, message, "ken", WHEN) == Queued(mail_id(chat, 1))
    [only] = mails_of(store, chat)
    assert (only.state, only.number, only.created_by, only.created_at) == ("queued", 1, "ken", WHEN)
    assert (only.recipient, only.copies, only.subject) == (draft.recipient, draft.copies, draft.subject)
    assert (only.body, only.attempts, only.problem) == (draft.body, 0, None)
    assert eml(store, only.id) == message
    assert facts_of(store, chat).mails == 1
    assert told(store, only.id) == ["mail_queued"]
    [row] = store.read("SELECT message_id FROM mails")
    assert row["message_id"] == f"<{only.id}@example.com>"


def test_second_tab(store, chat, drafted, queued):
    draft, message = drafted(chat, number=1, body="another text")
    told_first = queue(store, draft, message, "mori", WHEN + timedelta(minutes=1))
    assert told_first == AlreadyQueued(queued, "ken", WHEN, "queued")
    assert len(mails_of(store, chat)) == 1
    assert facts_of(store, chat).mails == 1


def test_a_second_mail_on_purpose(store, chat, drafted, queued):
    assert queue(store, *drafted(chat), "ken", WHEN) == Queued(mail_id(chat, 2))
    assert [each.number for each in mails_of(store, chat)] == [2, 1]


def test_nothing_is_queued_for_a_chat_that_is_gone(store, chat, drafted, add):
    draft, message = drafted(chat)
    ahead = drafted(chat, number=5)
    assert queue(store, *ahead, "ken", WHEN) == NotQueued("out_of_date")
    store.write(lambda cursor: cursor.execute("UPDATE chats SET deleted_at = now()::TIMESTAMP") and None)
    assert queue(store, draft, message, "ken", WHEN) == NotQueued("no_chat")
    assert store.read("SELECT * FROM mails") == []
    assert store.read("SELECT * FROM events") == []


def test_only_the_finished_mail_of_the_draft_is_queued(store, chat, drafted, add):
    draft, _message = drafted(chat)
    for other in (drafted(add())[1], compose(draft, None, None, WHEN)):
        with pytest.raises(ValueError, match="not the finished mail"):
            queue(store, draft, other, "ken", WHEN)
    assert store.read("SELECT * FROM mails") == []


def test_sent(store, chat, queued, post):
    sent = send(store, queued, post.smtp, "ken")
    assert (sent.state, sent.attempts, sent.problem) == ("sent", 1, None)
    assert post.received == [eml(store, queued)]
    assert told(store, queued) == ["mail_queued", "mail_sent"]


def test_rerun_after_sent(store, chat, drafted, queued, post):
    send(store, queued, post.smtp, "ken")
    first = queue(store, *drafted(chat, number=1), "ken", WHEN)
    assert first == AlreadyQueued(queued, "ken", WHEN, "sent")
    assert send(store, queued, post.smtp, "ken").state == "sent"
    assert not retry(store, queued, "ken")
    assert not resolve_unknown(store, queued, as_sent=False, actor="ken")
    assert not cancel(store, queued, "ken")
    assert settle_abandoned(store, now() + timedelta(days=1)) == 0
    assert len(post.received) == 1
    assert told(store, queued) == ["mail_queued", "mail_sent"]


def test_sixteen_clicks_at_once_send_one_mail(store, chat, drafted, post):
    draft, message = drafted(chat)
    ready = threading.Barrier(16)

    def click(n: int):
        ready.wait()
        outcome = queue(store, draft, message, f"person {n}", now())
        send(store, outcome.mail_id, post.smtp, f"person {n}")
        return outcome

    with ThreadPoolExecutor(16) as people:
        outcomes = list(people.map(click, range(16)))
    assert sum(isinstance(each, Queued) for each in outcomes) == 1
    assert sum(isinstance(each, AlreadyQueued) for each in outcomes) == 15
    assert len(post.received) == 1
    [only] = mails_of(store, chat)
    assert (only.state, only.attempts) == ("sent", 1)
    assert told(store, only.id) == ["mail_queued", "mail_sent"]


def test_eight_workers_claim_one_queued_mail_once(store, queued, post):
    ready = threading.Barrier(8)

    def work(n: int):
        ready.wait()
        return send(store, queued, post.smtp, f"person {n}")

    with ThreadPoolExecutor(8) as people:
        list(people.map(work, range(8)))
    assert len(post.received) == 1
    assert (state(store, queued), mail(store, queued).attempts) == ("sent", 1)


def test_retry_after_failure_sends_once(store, queued, post):
    post.answers["aiko@example.com"] = "451 4.7.1 Later"
    failed = send(store, queued, post.smtp, "ken")
    assert failed.state == "failed"
    assert failed.problem == Problem("recipient_refused", "aiko@example.com: 451 4.7.1 Later")
    assert send(store, queued, post.smtp, "ken").state == "failed"
    post.answers.clear()
    assert retry(store, queued, "mori")
    assert not retry(store, queued, "mori")
    again = send(store, queued, post.smtp, "mori")
    assert (again.state, again.attempts, again.problem) == ("sent", 2, None)
    assert send(store, queued, post.smtp, "mori").state == "sent"
    assert len(post.received) == 1
    assert told(store, queued) == ["mail_queued", "mail_failed", "mail_retried", "mail_sent"]


def test_wrong_password_tells_no_secret(store, queued, post):
    failed = send(store, queued, replace(post.smtp, password="hunter2"), "ken")
    assert (failed.state, failed.problem.code) == ("failed", "sign_in_failed")
    assert "hunter2" not in failed.problem.reply
    assert "hunter2" not in str(store.read("SELECT * FROM events"))


def test_a_refused_copy_is_named(store, chat, drafted, post):
    post.answers["mori@example.com"] = "550 No such user"
    identifier = queue(store, *drafted(chat, copies=("mori@example.com",)), "ken", WHEN).mail_id
    sent = send(store, identifier, post.smtp, "ken")
    assert (sent.state, sent.problem) == ("sent", Problem("copies_refused", "mori@example.com: 550 No such user"))


@pytest.mark.parametrize("as_sent", [True, False])
def test_unknown_waits_for_a_person(store, queued, post, as_sent):
    post.drop_after_data = True
    unknown = send(store, queued, post.smtp, "ken")
    assert (unknown.state, unknown.problem.code) == ("unknown", "lost_connection_after_data")
    assert send(store, queued, post.smtp, "ken").state == "unknown"
    assert not retry(store, queued, "ken")
    assert not cancel(store, queued, "ken")
    assert len(post.received) == 1
    assert resolve_unknown(store, queued, as_sent, "mori")
    assert not resolve_unknown(store, queued, not as_sent, "mori")
    last = "sent" if as_sent else "queued"
    assert state(store, queued) == last
    assert told(store, queued) == ["mail_queued", "mail_unknown", f"mail_resolved_{last}"]


def test_cancel(store, queued, post):
    assert cancel(store, queued, "ken")
    assert not cancel(store, queued, "ken")
    assert send(store, queued, post.smtp, "ken").state == "cancelled"
    assert post.received == []
    assert told(store, queued) == ["mail_queued", "mail_cancelled"]


def test_cancel_after_failure(store, queued, post):
    post.answers["MAIL"] = "550 no"
    send(store, queued, post.smtp, "ken")
    assert cancel(store, queued, "ken")
    assert told(store, queued) == ["mail_queued", "mail_failed", "mail_cancelled"]


def test_no_such_mail(store, post):
    for call in (mail, eml):
        with pytest.raises(LookupError):
            call(store, uuid4())
    with pytest.raises(LookupError):
        send(store, uuid4(), post.smtp, "ken")
    assert not retry(store, uuid4(), "ken")


def test_settling_leaves_a_mail_that_is_just_being_sent(store, queued, monkeypatch):
    def look(*_args):
        assert settle_abandoned(store, now()) == 0
        assert state(store, queued) == "sending"
        return Delivered()

    monkeypatch.setattr(outbox, "deliver", look)
    assert send(store, queued, None, "ken").state == "sent"


LATE = {
    "nothing": lambda store, each: None,
    "resolved as sent": lambda store, each: resolve_unknown(store, each, True, "mori"),
    "resolved as not sent": lambda store, each: resolve_unknown(store, each, False, "mori"),
    "cancelled": lambda store, each: resolve_unknown(store, each, False, "mori") and cancel(store, each, "mori"),
}


@pytest.mark.parametrize(
    ("meanwhile", "outcome", "last"),
    [
        ("nothing", Delivered(), "sent"),
        ("nothing", Undelivered("rejected", "550"), "failed"),
        ("nothing", Undelivered("lost_connection_after_data", "", True), "unknown"),
        ("resolved as sent", Delivered(), "sent"),
        ("resolved as sent", Undelivered("rejected", "550"), "sent"),
        ("resolved as not sent", Delivered(), "sent"),
        ("resolved as not sent", Undelivered("rejected", "550"), "queued"),
        ("cancelled", Delivered(), "sent"),
        ("cancelled", Undelivered("rejected", "550"), "cancelled"),
    ],
)
@pytest.mark.parametrize("location", [""], indirect=True)
def test_a_worker_that_reports_late(store, queued, monkeypatch, meanwhile, outcome, last):
    def slow(*_args):
        assert settle_abandoned(store, now() + timedelta(seconds=121)) == 1
        LATE[meanwhile](store, queued)
        return outcome

    monkeypatch.setattr(outbox, "deliver", slow)
    assert send(store, queued, None, "ken").state == last


def test_a_late_worker_does_not_touch_anothers_attempt(store, queued, monkeypatch):
    def slow(*_args):
        settle_abandoned(store, now() + timedelta(seconds=121))
        resolve_unknown(store, queued, False, "mori")
        monkeypatch.setattr(outbox, "deliver", lambda *_args: Undelivered("rejected", "550"))
        assert send(store, queued, None, "mori").state == "failed"
        return Delivered()

    monkeypatch.setattr(outbox, "deliver", slow)
    assert send(store, queued, None, "ken").state == "failed"


HOSTILE = [
    "Aiko\r\nBcc: e@example.com",
    "Aiko\nReply-To: e@example.com\n\nbody",
    "Aiko\x85Bcc: e@example.com",
    "Aiko\u2028Bcc: e@example.com\u2029X: y",
    "Aiko\x00\x0bX: y\x0c",
    "=?utf-8?q?a=0d=0aBcc:_e@example.com?=",
    "=?utf-8?b?YQ0KQmNjOiBlQGV4YW1wbGUuY29t?=",
    "x" * 5000,
    "= ? " * 500,
    "👨‍👩‍👧 Aiko 😀",
    "\u202emoc.elpmaxe@e\u202c שלום",
    'a, b <e@example.com>, "c',
    "e@example.com",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("location", [""], indirect=True)
def test_hostile_names_and_subjects_forge_nothing(store, add, drafted, post, text):
    chat = add(visitor_name=text)
    identifier = queue(store, *drafted(chat, subject=text), "ken", WHEN).mail_id
    assert send(store, identifier, post.smtp, "ken").state == "sent"
    [source], [received] = post.received, post.mails()
    lines = source.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert sorted(line.split(b":")[0].decode() for line in lines if line[:1] not in b" \t") == sorted(NAMES)
    assert sorted(received.keys()) == sorted(NAMES)
    assert [each.addr_spec for each in received["To"].addresses] == ["aiko@example.com"]
    assert post.envelopes == [("desk@example.com", ["aiko@example.com"])]
    assert len(str(received["Subject"])) <= 200


@pytest.mark.parametrize("location", [""], indirect=True)
def test_japanese_mail_arrives_whole(store, add, drafted, post):
    chat = add(visitor_name="佐藤 愛子", language="ja", question="注文はどこですか。")
    messages = [
        Said("visitor", "注文はどこですか。<b>", name="佐藤 愛子"),
        Said("note", "内部メモ"),
        Said("system", "入室しました"),
    ]
    transcript = transcript_of(messages, "ja", "Asia/Tokyo", with_system=False)
    draft, _message = drafted(chat, transcript, subject="ご注文について")
    copied = readdressed(draft, check_address(draft.recipient), [check_address("mori@example.com")])
    identifier = queue(store, copied, compose(copied, transcript, SENDER, WHEN), "森", WHEN).mail_id
    assert send(store, identifier, post.smtp, "森").state == "sent"
    [received] = post.mails()
    text, html = (received.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert received["To"].addresses[0].display_name == "佐藤 愛子"
    assert received["Subject"] == "ご注文について"
    assert received["Content-Language"] == "ja"
    assert post.envelopes[0][1] == ["aiko@example.com", "mori@example.com"]
    assert "> 注文はどこですか。" in text
    assert "    注文はどこですか。<b>" in text
    assert "注文はどこですか。&lt;b&gt;" in html
    assert "内部メモ" not in text + html
    assert "入室" not in text + html
