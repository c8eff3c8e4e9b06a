"""E-mails to several visitors at once: each with its own values, once, and nobody left out without a reason."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from uuid import uuid4

import pytest

from lib.mail import batch as many
from lib.mail.addresses import MailAddress
from lib.mail.batch import MOST_AT_ONCE, TooManyError, drafts_for, queue_many
from lib.mail.composing import compose, mail_id
from lib.mail.do_not_contact import block
from lib.mail.draft import draft_for, facts_of
from lib.mail.headers import ForgedHeader
from lib.mail.mails import eml, mails_of
from lib.mail.queueing import Queued, queue
from lib.mail.templates import SHIPPED, save_template
from tests.mail.conftest import NOON

DESK = MailAddress("desk@example.com", "Desk")


@pytest.fixture
def said(store):
    """Adds a message to a chat."""

    def add(chat_id, text, kind="visitor", position=0):
        sql = (
            "INSERT INTO messages (chat_id, ordinal, position, sent_at, kind, name, text)"
            " SELECT id, ordinal, $position, $sent, $kind, 'Aiko', $text FROM chats WHERE id = $id"
        )
        values = {"id": chat_id, "position": position, "sent": NOON, "kind": kind, "text": text}
        store.write(lambda cursor: cursor.execute(sql, values) and None)

    yield add
    store.write(lambda cursor: cursor.execute("DELETE FROM messages") and None)


def prepared(store, chat_ids, **how):
    return drafts_for(store, chat_ids, "Ken", "Asia/Tokyo", **how)


def queued(store, batch, actor="Ann"):
    return queue_many(store, batch, DESK, "Asia/Tokyo", actor)


def reasons(found):
    return {each.chat_id: each.reason for each in found.left_out}


def mail(store, chat_id):
    return message_from_bytes(eml(store, mails_of(store, chat_id)[0].id), policy=policy.default)


def test_each_chat_has_its_own_values_language_and_purpose(store, add):
    first = add(visitor_email="a@example.com", visitor_name="Aiko")
    second = add(visitor_email="b@example.com", visitor_name="健", language="ja", missed_cause="out_of_hours")
    third = add(visitor_email="c@example.com", status="completed", visitor_name=None)
    save_template(store, replace(SHIPPED["follow_up", "en"], body="Saved [{name}|for you]"), "Ann")
    batch = prepared(store, [third, first, second, first])
    assert [draft.chat_id for draft in batch.drafts] == [third, first, second]
    assert [draft.purpose for draft in batch.drafts] == ["follow_up", "missed_in_hours", "missed_out_of_hours"]
    assert batch.drafts[0].body == "Saved for you"
    assert batch.drafts[1] == draft_for(facts_of(store, first), "Ken", "Asia/Tokyo")
    assert batch.drafts[2].body.startswith("健 様")
    assert {draft.purpose for draft in prepared(store, [first, third], purpose="follow_up").drafts} == {"follow_up"}
    assert prepared(store, []).drafts == batch.left_out == ()


@pytest.fixture
def crowd(store, add):
    """One chat for each reason to leave it out, and one without any."""
    chats = {
        None: add(visitor_email="fine@example.com"),
        "no_chat": add(deleted_at=NOON, visitor_email="gone@example.com"),
        "no_address": add(visitor_email=" "),
        "bad_address": add(visitor_email="nobody"),
        "do_not_contact": add(visitor_email="No.More@Example.com"),
        "on_its_way": add(visitor_email="q@example.com"),
        "may_have_been_sent": add(visitor_email="u@example.com"),
        "contacted": add(visitor_email="done@example.com", contacted_at=NOON),
        "same_address": add(visitor_email="FINE@example.com", started_at=NOON - timedelta(days=1)),
    }
    block(store, "no.more@example.com", "asked", "", "Ann")
    for reason in ("on_its_way", "may_have_been_sent"):
        draft = draft_for(facts_of(store, chats[reason]), "Ken", "UTC")
        queue(store, draft, compose(draft, None, DESK, NOON), "Bo", NOON)
    sql = "UPDATE mails SET state = 'unknown' WHERE chat_id = $id"
    store.write(lambda cursor: cursor.execute(sql, {"id": chats["may_have_been_sent"]}) and None)
    return chats


def test_who_is_left_out_is_named_with_the_reason(store, crowd):
    unknown = uuid4()
    batch = prepared(store, [*crowd.values(), unknown])
    assert [draft.chat_id for draft in batch.drafts] == [crowd[None]]
    assert reasons(batch) == {chat_id: reason for reason, chat_id in crowd.items() if reason} | {unknown: "no_chat"}
    names = {each.reason: (each.visitor_name, each.visitor_email) for each in batch.left_out}
    assert names["bad_address"] == ("Aiko Sato", "nobody")
    again = prepared(store, list(crowd.values()), again=True)
    assert {draft.chat_id for draft in again.drafts} == {crowd[None], crowd["contacted"]}
    assert "contacted" not in reasons(again).values()


def test_a_chat_that_is_left_out_does_not_stand_for_another_of_the_same_address(store, add):
    old = add(visitor_email="a@example.com", started_at=NOON - timedelta(days=1))
    new = add(visitor_email="a@example.com", contacted_at=NOON)
    assert [draft.chat_id for draft in prepared(store, [old, new]).drafts] == [old]
    assert reasons(prepared(store, [old, new], again=True)) == {old: "same_address"}


def test_all_are_queued_with_their_transcripts(store, add, said):
    chats = [add(ordinal=n, visitor_email=f"v{n}@example.com", visitor_name=f"V{n}") for n in range(3)]
    for n, chat_id in enumerate(chats[:2]):
        said(chat_id, f"second {n}", position=1)
        said(chat_id, f"first {n}")
        said(chat_id, "internal", kind="note", position=2)
        said(chat_id, "V joined", kind="system", position=3)
    done = queued(store, prepared(store, chats))
    assert done.left_out == ()
    assert done.mail_ids == tuple(mail_id(chat_id, 1) for chat_id in chats)
    (kept,) = mails_of(store, chats[1])
    assert (kept.state, kept.created_by, kept.recipient, kept.purpose) == (
        "queued", "Ann", "v1@example.com", "missed_in_hours",
    )  # fmt: skip
    message = mail(store, chats[1])
    assert message["To"] == "V1 <v1@example.com>"
    assert message["Message-ID"] == f"<{mail_id(chats[1], 1)}@example.com>"
    text = message.get_body(("plain",)).get_content()
    assert text.index("Dear V1,") < text.index("first 1") < text.index("second 1")
    assert not [word for word in ("internal", "joined", "first 0") if word in text]
    assert [facts_of(store, chat_id).mails for chat_id in chats] == [1, 1, 1]


def test_what_is_queued_is_as_if_each_was_queued_alone(store, add):
    one, other = add(visitor_email="a@example.com"), add(visitor_email="b@example.com")
    queued(store, prepared(store, [one]), "Ann")
    draft = draft_for(facts_of(store, other), "Ken", "Asia/Tokyo")
    queue(store, draft, compose(draft, None, DESK, NOON), "Ann", NOON, purpose=draft.purpose)
    differing = {"id", "chat_id", "message_id", "source", "recipient", "state_since", "created_at", "detail"}
    for table in ("mails", "events"):
        first, second = store.read(f"SELECT * EXCLUDE ({', '.join(differing & columns(store, table))}) FROM {table}")
        assert {**first, "happened_at": None} == {**second, "happened_at": None}
    details = [json.loads(row["detail"]) for row in store.read("SELECT detail FROM events")]
    assert sorted(map(str, details)) == sorted(
        str({"mail": str(mail_id(each, 1)), "number": 1}) for each in (one, other)
    )


def columns(store, table):
    return {row["column_name"] for row in store.read(f"DESCRIBE {table}")}


def test_what_happens_after_the_preview_counts(store, add):
    chats = {name: add(visitor_email=f"{name}@example.com") for name in "abcdefg"}
    batch = prepared(store, list(chats.values()))
    draft = draft_for(facts_of(store, chats["a"]), "Ken", "UTC")
    assert isinstance(queue(store, draft, compose(draft, None, DESK, NOON), "Bo", NOON), Queued)
    block(store, "b@example.com", "asked", "", "Bo")
    for name, change in {
        "c": "deleted_at = now()",
        "d": "contacted_at = now()",
        "e": "visitor_email = 'new@example.com'",
        "f": "mails = 4",
    }.items():
        sql = f"UPDATE chats SET {change} WHERE id = $id"
        store.write(lambda cursor, sql=sql, name=name: cursor.execute(sql, {"id": chats[name]}) and None)
    done = queued(store, batch)
    assert done.mail_ids == (mail_id(chats["g"], 1),)
    assert reasons(done) == {
        chats["a"]: "on_its_way",
        chats["b"]: "do_not_contact",
        chats["c"]: "no_chat",
        chats["d"]: "contacted",
        chats["e"]: "changed",
        chats["f"]: "changed",
    }
    assert len(store.read("SELECT * FROM mails")) == 2


def test_the_same_batch_twice_sends_nothing_twice(store, add):
    batch = prepared(store, [add(visitor_email="a@example.com"), add(visitor_email="")])
    assert len(queued(store, batch).mail_ids) == 1
    again = queued(store, batch)
    assert again.mail_ids == ()
    assert sorted(reasons(again).values()) == ["no_address", "on_its_way"]
    assert len(store.read("SELECT * FROM mails")) == 1


def test_a_mail_that_could_be_another_is_left_out_and_the_rest_goes(store, add, monkeypatch):
    fine, odd = add(visitor_email="a@example.com"), add(visitor_email="b@example.com")

    def refuse(draft, *rest):
        if draft.chat_id == odd:
            raise ForgedHeader("To")
        return compose(draft, *rest)

    monkeypatch.setattr("lib.mail.batch_rows.compose", refuse)
    done = queued(store, prepared(store, [fine, odd]))
    assert (done.mail_ids, reasons(done)) == ((mail_id(fine, 1),), {odd: "unfit"})


def test_nothing_is_queued_if_anything_fails(store, add, monkeypatch):
    batch = prepared(store, [add(visitor_email="a@example.com"), add(visitor_email="b@example.com")])
    monkeypatch.setattr(many, "_left_out", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        queued(store, batch)
    assert store.read("SELECT * FROM mails") == store.read("SELECT * FROM events") == []
    assert store.read("SELECT max(mails) AS n FROM chats") == [{"n": 0}]


def test_a_mail_without_any_text_is_left_out(store, add):
    save_template(store, replace(SHIPPED["blank", "en"], body="Hello {name}"), "Ann")
    named, unnamed = add(visitor_email="a@example.com"), add(visitor_email="b@example.com", visitor_name=None)
    batch = prepared(store, [named, unnamed], purpose="blank")
    assert [draft.chat_id for draft in batch.drafts] == [named]
    assert reasons(batch) == {unnamed: "empty"}


def test_more_than_can_be_looked_through_are_refused(store):
    with pytest.raises(TooManyError):
        prepared(store, [uuid4() for _ in range(MOST_AT_ONCE + 1)])


def test_the_number_of_statements_does_not_grow_with_the_chats(store, add, monkeypatch):
    calls = []
    read, cursor = type(store).read, type(store).cursor
    monkeypatch.setattr(type(store), "read", lambda self, *args: calls.append("read") or read(self, *args))
    monkeypatch.setattr(type(store), "cursor", lambda self: calls.append("cursor") or cursor(self))
    counts = []
    for size in (1, 12):
        chats = [add(visitor_email=f"{size}.{n}@example.com", started_at=datetime(2026, 1, 1)) for n in range(size)]
        calls.clear()
        assert len(queued(store, prepared(store, chats)).mail_ids) == size
        counts.append(len(calls))
    assert counts[0] == counts[1] < 10
