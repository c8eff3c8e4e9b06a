"""Answers that cannot be read as chats are refused by name, and the refusal says what to do."""

import pytest

from lib.importing import ImportRefused
from lib.importing.formats.unfit_answers import UNFIT
from tests.importing.files import json_file, load, zipped
from tests.importing.vendors import intercom_answers as intercom

OLD = {
    "type": "conversation", "id": "1", "created_at": 1772355600, "updated_at": 1772355900, "open": False,
    "conversation_message": {"type": "conversation_message", "id": "9", "body": "<p>Hi</p>",
                             "author": {"type": "user", "id": "5"}},
    "user": {"type": "user", "id": "5"}, "assignee": {"type": "admin", "id": "2"},
    "conversation_parts": {"type": "conversation_part.list", "conversation_parts": []},
}  # fmt: skip
TICKET = {"id": 35436, "subject": "Help", "status": "open", "requester_id": 1, "submitter_id": 2, "created_at": "2026"}
DAY = {"total": 12, "agents": 3}
ANSWERS = [
    (OLD, "intercom_1"),
    ({"type": "conversation.list", "conversations": [OLD], "pages": {}}, "intercom_1"),
    ({"tickets": [TICKET, TICKET], "count": 2, "next_page": None}, "zendesk_tickets"),
    ({"ticket": TICKET}, "zendesk_tickets"),
    ({"comments": [{"id": 1, "author_id": 2, "audit_id": 3, "html_body": "x", "body": "x"}], "count": 1},
     "zendesk_tickets"),
    ({"conversations": [{"id": "c", "type": "personal", "businessLastRead": "2026-03-01T09:00:00Z"}], "meta": {}},
     "zendesk_sunshine"),
    ({"messages": [{"id": "m", "received": "2026-03-01T09:00:00Z", "author": {"type": "user"},
                    "content": {"type": "text", "text": "Hi"}, "source": {"type": "web"}}], "meta": {}},
     "zendesk_sunshine"),
    ({"avg_first_response_time": "1", "conversations_count": 3, "incoming_messages_count": 4, "previous": {}},
     "chatwoot_report"),
    ([{"value": 3, "timestamp": 1772355600}, {"value": 4, "timestamp": 1772442000}], "chatwoot_report"),
    ({"name": "Total chats", "request": {"filters": {}}, "total": 12, "records": {"2026-03-01": DAY}},
     "livechat_report"),
    ({"2014-01-01": {"chats": 12, "missed_chats": 3}, "2014-01-02": {"chats": 1, "missed_chats": 0}},
     "livechat_report"),
    ({"totalizers": [{"title": "Total_conversations", "value": 3}], "success": True}, "rocketchat_report"),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "reason"), ANSWERS)
def test_an_answer_that_cannot_be_read_is_refused_by_name(store, answer, reason):
    with pytest.raises(ImportRefused) as refusal:
        load(store, json_file(answer))
    assert refusal.value.reason == reason
    with pytest.raises(ImportRefused) as refusal:
        load(store, zipped(json_file(answer)))
    assert refusal.value.reason == reason


def test_every_one_of_them_is_tried():
    assert {reason for _answer, reason in ANSWERS} == UNFIT.keys()


def test_beside_chats_in_a_zip_it_is_named(store):
    chat = json_file(intercom.conversation(1, "open", intercom.source("Hello")), "chat.json")
    report = load(store, zipped(chat, json_file(OLD, "old.json")))
    assert (report.new, report.skipped) == (1, ("all.zip/1/old.json",))
