"""The outbox: queued once, sent at most once, and every change of state with its event."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import duckdb
import pytest

from lib.mail import outbox
from lib.mail.addresses import MailAddress, check_address
from lib.mail.composing import compose, mail_id
from lib.mail.draft import draft_for, facts_of, readdressed
from lib.mail.mails import Problem, Refusal, eml, mail, mails_of
from lib.mail.outbox import (
    PAUSES_MIN,
    attempts_left,
    cancel,
    cancel_all,
    resolve_unknown,
    retry,
    retry_all,
    send,
    settle_abandoned,
)
from lib.mail.pause import pause_of
from lib.mail.queueing import AlreadyQueued, NotQueued, Queued, queue, queue_in
from lib.mail.smtp import Delivered, Undelivered
from lib.mail.transcript import transcript_of
from lib.settings import Smtp
from lib.store import now

NOWHERE = Smtp("mail.invalid", 25, "none", None, None, "desk@example.com")
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
    return [each["action"] for each in found if json.loads(each["detail"]).get("mail") == str(identifier)]


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
    post.answers["aiko@example.com"] = "554 5.7.1 Not today"
    failed = send(store, queued, post.smtp, "ken")
    assert (failed.state, failed.next_attempt_at) == ("failed", None)
    assert failed.problem == Problem("recipient_refused", "aiko@example.com: 554 5.7.1 Not today")
    assert failed.problem.refusals == (Refusal("aiko@example.com", "554 5.7.1 Not today"),)
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
    assert send(store, queued, replace(post.smtp, password="hunter2"), "ken").state == "queued"
    found = pause_of(store)
    assert found.problem.code == "sign_in_failed"
    assert "hunter2" not in found.problem.reply
    assert "hunter2" not in str(store.read("SELECT * FROM events"))


def test_each_refused_copy_is_named(store, chat, drafted, post):
    copies = ("mori@example.com", "abe@example.com", "ito@example.com")
    post.answers |= {"mori@example.com": "550 No such user", "ito@example.com": "452 4.2.2 Full: later"}
    identifier = queue(store, *drafted(chat, copies=copies), "ken", WHEN).mail_id
    sent = send(store, identifier, post.smtp, "ken")
    assert (sent.state, sent.problem.code) == ("sent", "copies_refused")
    assert sent.problem.refusals == (
        Refusal("mori@example.com", "550 No such user"),
        Refusal("ito@example.com", "452 4.2.2 Full: later"),
    )
    assert post.envelopes[0][1] == ["aiko@example.com", "abe@example.com"]


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
    post.answers["aiko@example.com"] = "554 5.7.1 No"
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
    assert send(store, queued, NOWHERE, "ken").state == "sent"


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
    assert send(store, queued, NOWHERE, "ken").state == last


def test_a_late_worker_does_not_touch_anothers_attempt(store, queued, monkeypatch):
    def slow(*_args):
        settle_abandoned(store, now() + timedelta(seconds=121))
        resolve_unknown(store, queued, False, "mori")
        monkeypatch.setattr(outbox, "deliver", lambda *_args: Undelivered("rejected", "550"))
        assert send(store, queued, NOWHERE, "mori").state == "failed"
        return Delivered()

    monkeypatch.setattr(outbox, "deliver", slow)
    assert send(store, queued, NOWHERE, "ken").state == "failed"


@pytest.fixture
def clock(monkeypatch):
    """Stands still, until it is moved by minutes."""
    moment = [now()]
    monkeypatch.setattr(outbox, "now", lambda: moment[0])

    def move(minutes: float) -> datetime:
        moment[0] += timedelta(minutes=minutes)
        return moment[0]

    return move


def test_a_refusal_that_may_pass_waits_longer_each_time(store, queued, post, clock):
    post.answers["aiko@example.com"] = "451 4.7.1 Later"
    for attempt, pause in enumerate(PAUSES_MIN, 1):
        moment = clock(0)
        found = send(store, queued, post.smtp, "ken")
        assert (found.state, found.attempts) == ("queued", attempt)
        assert found.problem == Problem("recipient_refused", "aiko@example.com: 451 4.7.1 Later")
        assert found.next_attempt_at == moment + timedelta(minutes=pause)
        clock(pause)
    last = send(store, queued, post.smtp, "ken")
    assert (last.state, last.attempts, last.next_attempt_at) == ("failed", 6, None)
    assert told(store, queued) == ["mail_queued", *["mail_deferred"] * 5, "mail_failed"]
    assert post.received == []


def test_a_person_need_not_wait_for_the_next_attempt(store, queued, post):
    post.answers["aiko@example.com"] = "451 4.3.2 Busy"
    assert send(store, queued, post.smtp, "ken").next_attempt_at > now()
    post.answers.clear()
    sent = send(store, queued, post.smtp, "mori")
    assert (sent.state, sent.attempts, sent.problem, sent.next_attempt_at) == ("sent", 2, None, None)
    assert told(store, queued) == ["mail_queued", "mail_deferred", "mail_sent"]


@pytest.mark.parametrize("location", [""], indirect=True)
@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Undelivered("timeout", "", is_temporary=True), "queued"),
        (Undelivered("rejected", "554 5.7.1 Spam"), "failed"),
        (Undelivered("lost_connection_after_data", "", is_unknown=True, is_temporary=True), "unknown"),
        (Delivered(), "sent"),
    ],
)
def test_only_what_may_pass_and_surely_did_not_arrive_is_tried_again(store, queued, monkeypatch, outcome, expected):
    monkeypatch.setattr(outbox, "deliver", lambda *_args: outcome)
    found = send(store, queued, NOWHERE, "ken")
    assert found.state == expected
    assert (found.next_attempt_at is not None) == (expected == "queued")


def test_the_rate_limit_counts_the_attempts_of_the_last_minute(store, add, drafted, post, clock):
    smtp = replace(post.smtp, per_minute=2)
    mails = [queue(store, *drafted(add()), "ken", WHEN).mail_id for _ in range(4)]
    post.answers["aiko@example.com"] = "554 5.7.1 No"
    assert send(store, mails[0], smtp, "ken").state == "failed"
    clock(0.5)
    post.answers.clear()
    assert attempts_left(store, smtp) == 1
    assert send(store, mails[1], smtp, "ken").state == "sent"
    assert attempts_left(store, smtp) == 0
    limited = send(store, mails[2], smtp, "ken")
    assert (limited.state, limited.attempts, told(store, mails[2])) == ("queued", 0, ["mail_queued"])
    clock(0.51)
    assert send(store, mails[2], smtp, "ken").state == "sent"
    assert send(store, mails[3], smtp, "ken").state == "queued"
    assert len(post.received) == 2


@pytest.mark.parametrize("location", [""], indirect=True)
def test_many_at_once_keep_to_the_rate_limit(store, add, drafted, post):
    smtp = replace(post.smtp, per_minute=3)
    mails = [queue(store, *drafted(add()), "ken", WHEN).mail_id for _ in range(10)]
    with ThreadPoolExecutor(10) as people:
        states = list(people.map(lambda each: send(store, each, smtp, "ken").state, mails))
    assert sorted(states) == ["queued"] * 7 + ["sent"] * 3
    assert len(post.received) == 3


def test_mails_of_one_transaction_are_queued_together_or_not_at_all(store, add, drafted):
    drafts = [drafted(add()) for _ in range(3)]

    def work(cursor):
        return [queue_in(cursor, *each, "ken", WHEN, purpose="missed") for each in drafts]

    def fail(cursor):
        work(cursor)
        raise ValueError

    with pytest.raises(ValueError):
        store.write(fail)
    assert store.read("SELECT * FROM mails") == store.read("SELECT * FROM events") == []
    queued = store.write(work)
    assert [mail(store, each.mail_id).purpose for each in queued] == ["missed"] * 3
    assert store.write(work) == [AlreadyQueued(each.mail_id, "ken", WHEN, "queued") for each in queued]


def test_several_are_retried_or_cancelled_together(store, add, drafted, post):
    first, second, third = (queue(store, *drafted(add()), "ken", WHEN).mail_id for _ in range(3))
    post.answers["aiko@example.com"] = "554 5.7.1 No"
    for each in (first, second):
        send(store, each, post.smtp, "ken")
    assert retry_all(store, [first, second, third, uuid4()], "mori") == [first, second]
    assert [state(store, each) for each in (first, second, third)] == ["queued"] * 3
    assert cancel(store, third, "ken")
    assert cancel_all(store, [first, second, third], "mori") == [first, second]
    assert told(store, first) == ["mail_queued", "mail_failed", "mail_retried", "mail_cancelled"]


def contact(store, chat):
    sql = "SELECT contacted_at, contacted_by, contacted_how, follow_up_version FROM chats WHERE id = $id"
    return tuple(store.read(sql, {"id": chat})[0].values())


def moment_of(store, action):
    return store.read("SELECT happened_at FROM events WHERE action = $action", {"action": action})[0]["happened_at"]


def test_the_first_mail_that_was_sent_is_the_contact(store, chat, drafted, queued, post):
    post.answers["aiko@example.com"] = "554 5.7.1 No"
    send(store, queued, post.smtp, "ken")
    assert contact(store, chat)[:3] == (None, None, None)
    post.answers.clear()
    retry(store, queued, "ken")
    send(store, queued, post.smtp, "ken")
    first = (moment_of(store, "mail_sent"), "ken", "mail", 1)
    assert contact(store, chat) == first
    send(store, queue(store, *drafted(chat), "mori", WHEN).mail_id, post.smtp, "mori")
    assert contact(store, chat) == first


@pytest.mark.parametrize("as_sent", [True, False])
def test_a_mail_that_counts_as_sent_is_a_contact(store, chat, queued, post, as_sent):
    post.drop_after_data = True
    send(store, queued, post.smtp, "ken")
    assert contact(store, chat)[0] is None
    resolve_unknown(store, queued, as_sent, "mori")
    assert contact(store, chat)[1:3] == (("mori", "mail") if as_sent else (None, None))


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


def test_a_mail_whose_result_could_not_be_stored_is_not_taken_for_unsent(store, queued, post, monkeypatch):
    def full(*_arguments):
        raise duckdb.IOException('Could not write file "history.duckdb.wal": No space left on device')

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_report", full)
        assert send(store, queued, post.smtp, "ken").state == "sending"
    assert len(post.received) == 1
    settle_abandoned(store, now() + timedelta(seconds=outbox.ABANDONED_S + 1))
    assert mail(store, queued).state == "unknown"
