"""The first version of a reply."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import pytest

from lib.mail.addresses import MailAddress
from lib.mail.draft import ChatFacts, draft_for, facts_of, filled, newest_facts, readdressed
from lib.mail.templates import Template

CHAT = ChatFacts(
    id=uuid4(),
    mails=0,
    status="missed",
    language="en",
    visitor_name="Aiko Sato",
    visitor_email="aiko@example.com",
    question="Where is\nmy order?",
    started_at=datetime(2026, 11, 2, 23, 30),
)


def test_missed_chat():
    draft = draft_for(CHAT, "Ken Mori", "Asia/Tokyo")
    assert draft.body == (
        "Dear Aiko Sato,\n\n"
        "We are sorry that nobody was there for you when you wrote to us in our chat on Tuesday, 3 November 2026.\n\n"
        "Your question was:\n\n"
        "> Where is\n> my order?\n\n"
        "If you still need an answer, please reply to this e-mail, and we will take care of it.\n\n"
        "Kind regards,\nKen Mori"
    )
    assert draft.subject == "Your question in our chat on Tuesday, 3 November 2026"
    assert (draft.recipient, draft.number, draft.copies, draft.language) == ("aiko@example.com", 1, (), "en")


@pytest.mark.parametrize("status", ["completed", "reopened", "ongoing"])
def test_other_chats_get_a_follow_up(status):
    draft = draft_for(replace(CHAT, status=status, mails=2), "Ken", "Asia/Tokyo")
    assert "Thank you for talking with us in our chat on Tuesday, 3 November 2026." in draft.body
    assert "sorry" not in draft.body
    assert (draft.number, draft.purpose) == (3, "follow_up")


@pytest.mark.parametrize(
    ("cause", "purpose", "words"),
    [
        ("out_of_hours", "missed_out_of_hours", "outside our working hours"),
        ("nobody_assigned", "missed_in_hours", "We are sorry"),
        (None, "missed_in_hours", "We are sorry"),
    ],
)
def test_the_purpose_of_a_missed_chat_is_by_its_cause(cause, purpose, words):
    draft = draft_for(replace(CHAT, missed_cause=cause), "Ken", "UTC")
    assert draft.purpose == purpose
    assert words in draft.body
    assert "outside" not in draft_for(replace(CHAT, missed_cause=cause), "Ken", "UTC", "missed_in_hours").body


def test_another_purpose_language_and_text():
    draft = draft_for(CHAT, "森", "Asia/Tokyo", "follow_up", language="ja")
    assert draft.body.startswith("Aiko Sato 様\n\nお問い合わせいただきありがとうございます。\n\n2026年11月3日火曜日に")
    assert (draft.language, draft.purpose) == ("ja", "follow_up")
    own = Template("blank", "en", "{website}", "{operator} of [{website}|us]\n{website}\n{question}")
    assert draft_for(CHAT, "Ken", "UTC", "blank", templates={("blank", "en"): own}).body == (
        "Ken of us\n> Where is\n> my order?"
    )


def test_a_subject_that_would_be_empty_is_a_general_one():
    own = Template("blank", "ja", "{website}", "x")
    assert filled(own, CHAT, "Ken", "UTC").subject == "チャットでのお問い合わせについて"
    assert filled(own, replace(CHAT, website="shop\n.example"), "Ken", "UTC").subject == "shop .example"


def test_a_question_in_the_subject_is_one_line():
    own = Template("blank", "en", "About: {question}", "x")
    assert filled(own, CHAT, "Ken", "UTC").subject == "About: Where is my order?"
    assert len(filled(own, replace(CHAT, question="long " * 99), "Ken", "UTC").subject) < 90


@pytest.mark.parametrize("status", ["missed", "completed"])
@pytest.mark.parametrize("language", ["en", "ja", "de"])
@pytest.mark.parametrize("name", [None, "", "  ", "\x00\n", "\u200b\ufeff"])
def test_no_name_no_time_no_question(status, language, name):
    chat = replace(CHAT, status=status, language=language, visitor_name=name, started_at=None, question=" ")
    draft = draft_for(chat, "Ken", "UTC")
    assert "Dear" not in draft.body
    assert not draft.body.startswith(("様", " 様", ","))
    assert "–" not in draft.subject + draft.body
    assert ">" not in draft.body
    assert draft.subject
    assert draft.language == ("ja" if language == "ja" else "en")


def test_japanese_dates_in_a_japanese_draft():
    assert "2026年11月3日火曜日" in draft_for(replace(CHAT, language="ja"), "森", "Asia/Tokyo").subject


@pytest.mark.parametrize("email", [None, "", "nobody", "a@example.com, b@example.com"])
def test_without_a_usable_address_the_recipient_is_empty(email):
    assert draft_for(replace(CHAT, visitor_email=email), "Ken", "UTC").recipient == ""


def test_hostile_name_and_question():
    name = "A\r\nBcc: e@example.com\u2028{person}" + "x" * 500
    draft = draft_for(replace(CHAT, visitor_name=name, question="a\x00\u2028b" + "c" * 9000), "K\r\nX: y", "UTC")
    first = draft.body.split("\n")[0]
    assert first.startswith("Dear A Bcc: e@example.com {person}x")
    assert len(first) < 120
    assert "\n> a\n> bccc" in draft.body
    assert "{person}" in draft.body
    assert draft.body.endswith("Kind regards,\nK X: y")
    assert len(draft.body) < 2500


def test_another_address_does_not_keep_the_name():
    draft = draft_for(CHAT, "Ken", "UTC")
    assert readdressed(draft, MailAddress("aiko@example.com"), []).name == "Aiko Sato"
    other = readdressed(draft, MailAddress("ken@example.com"), [MailAddress("c@example.com")])
    assert (other.name, other.recipient, other.copies) == ("", "ken@example.com", ("c@example.com",))


def test_facts_come_from_the_store(store, add):
    chat = add(visitor_name="花子", language="ja")
    facts = facts_of(store, chat)
    assert (facts.id, facts.mails, facts.visitor_name, facts.language) == (chat, 0, "花子", "ja")
    assert facts_of(store, uuid4()) is None
    assert facts_of(store, add(deleted_at=datetime(2026, 1, 1))) is None


def test_newest_chats_to_try_a_template_on(store, add):
    old, new = add(visitor_name="old", started_at=datetime(2026, 1, 1)), add(visitor_name="new", language="de")
    add(visitor_name="timeless", started_at=None)
    add(visitor_name="gone", deleted_at=datetime(2026, 1, 1))
    done, japanese = add(status="completed"), add(language="ja")
    found = newest_facts(store, "en", missed=True, most=2)
    assert [facts.id for facts in found] == [new, old]
    assert [facts.id for facts in newest_facts(store, "en", missed=False, most=9)] == [done]
    assert [facts.id for facts in newest_facts(store, "ja", missed=True, most=9)] == [japanese]
