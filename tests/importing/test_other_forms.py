"""Answers that differ from the usual ones, as older or other interfaces of a system give them, are read whole."""

from datetime import datetime
from pathlib import Path

from lib.chats.chat import find_chat, messages
from lib.importing.sources import Source
from tests.importing.files import json_file, load, only_chat

INPUTS = Path(__file__).parent / "field_inputs"


def load_input(store, name):
    return load(store, Source(name, data=(INPUTS / name).read_bytes()))


def kinds(store):
    return [(row["kind"], row["name"]) for row in store.read("SELECT kind, name FROM messages ORDER BY position")]


def test_who_wrote_is_told_by_the_name_where_nothing_else_does(in_file):
    load_input(in_file, "08-zendesk-history-without-nick.json")
    assert kinds(in_file) == [("system", "Visitor 1001"), ("visitor", None), ("system", "Aoi"), ("operator", "Aoi")]
    chat = only_chat(in_file)
    assert (chat["question"], chat["status"], chat["wait_s"]) == ("Where is my order?", "completed", 10.0)


def test_ids_are_no_names_of_operators(in_file):
    load_input(in_file, "13-salesiq-webhook.json")
    chat = only_chat(in_file)
    assert (chat["started_at"], chat["ended_at"]) == (datetime(2026, 3, 1, 9), datetime(2026, 3, 1, 9, 2))
    assert (chat["status"], chat["operators"]) == ("missed", ["Patricia"])


def test_a_session_of_a_webhook_is_a_chat_with_its_messages(in_file):
    report = load_input(in_file, "32-rocketchat-session-webhook.json")
    assert (report.new, report.rejected, report.messages_stored) == (1, 0, 3)
    chat = only_chat(in_file)
    assert (chat["status"], chat["visitor_name"], chat["visitor_email"]) == ("completed", "Mina", "mina@example.com")
    assert (chat["visitor_phone"], chat["operators"]) == ("55 51 5555-0000", ["aoi", "ben"])
    assert kinds(in_file) == [("visitor", "Mina"), ("operator", "ben"), ("operator", "aoi")]


DELETED = [
    {"id": 1, "conversation_id": 5, "inbox_id": 3, "message_type": 0, "private": False, "created_at": 1772355600,
     "content": "Here is my card number", "sender": {"name": "Rin", "type": "contact"}},
    {"id": 1, "conversation_id": 5, "inbox_id": 3, "message_type": 0, "private": False, "created_at": 1772355600,
     "content": "This message was deleted", "content_attributes": {"deleted": True},
     "sender": {"name": "Rin", "type": "contact"}},
]  # fmt: skip


def test_a_message_that_was_deleted_says_nothing_any_more(in_file):
    chat = {"id": 5, "inbox_id": 3, "meta": {}, "status": "open", "created_at": 1772355600}
    load(in_file, json_file(chat), json_file({"payload": DELETED[:1]}))
    assert only_chat(in_file)["question"] == "Here is my card number"
    load(in_file, json_file({"payload": DELETED[1:]}))
    (message,) = messages(in_file, find_chat(in_file, only_chat(in_file)["id"]))
    assert (message.text, message.is_deleted, message.kind) == (None, True, "visitor")
    assert only_chat(in_file)["question"] is None
