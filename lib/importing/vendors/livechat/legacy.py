"""Chats of LiveChat's older REST API 2.0 (`/chats`).

The shape: platform.text.com/docs/management/configuration-api/v2.0, "Chats".
The times are taken from the epoch seconds beside the wall-clock texts, whose zone is the account's.
"""

from typing import Any

from lib.importing.records.fields import CHAT_FIELDS, MESSAGE_FIELDS, VISITOR_FIELDS
from lib.importing.records.values import flag, text
from lib.importing.vendors.livechat.people import completed, department
from lib.importing.vendors.livechat.threads import unanswered
from lib.importing.vendors.markup import host
from lib.importing.vendors.vendor import (
    Answer,
    LeftOut,
    Record,
    drop,
    first,
    named,
    objects,
    others,
    part,
    parts,
    rated,
    spread,
)

SIGNS = frozenset(["started_timestamp", "started", "visitor", "messages", "rate"])
LEFT_OUT = ("type", "started", "ended")
USED = frozenset([
    *LEFT_OUT, "id", "visitor", "agents", "supervisors", "rate", "chat_start_url", "group", "tags", "messages",
    "events", "started_timestamp", "ended_timestamp", "pending",
])  # fmt: skip
VISITOR = frozenset(["id", "name", "email", "ip", "country", "country_code"])
EVENT_LEFT_OUT = ("date", "agent_id")
EVENT = frozenset([
    *EVENT_LEFT_OUT, "author_name", "text", "timestamp", "user_type", "type", "files", "welcome_message",
])  # fmt: skip
# What supervisors write in a chat is seen by its operators only.
SENDERS = {"visitor": "visitor", "agent": "operator", "supervisor": "note"}


def is_legacy(record: Answer) -> bool:
    """Whether a chat has the older shape."""
    return "thread" not in record and "threads" not in record and bool(SIGNS & record.keys())


def legacy_chat(chat: Answer, left_out: LeftOut) -> Record:
    """A chat of the older interface; without operators' words it counts as missed."""
    drop(chat, LEFT_OUT, left_out, "chats[].")
    messages = _transcript(chat, left_out)
    url = chat.get("chat_start_url")
    visitor = part(chat, "visitor")
    survey = ((answer.get("key"), answer.get("value")) for answer in objects(chat, "prechat_survey"))
    person = {
        **others(visitor, VISITOR, VISITOR_FIELDS),
        "id": visitor.get("id"),
        "name": named(visitor.get("name")),
        "email": visitor.get("email"),
        "country": first(visitor.get("country_code"), visitor.get("country")),
        "ip": visitor.get("ip"),
    }
    return {
        **others(chat, USED, CHAT_FIELDS),
        "id": chat.get("id"),
        "started_at": chat.get("started_timestamp"),
        "ended_at": chat.get("ended_timestamp"),
        "updated_at": first(chat.get("ended_timestamp"), chat.get("started_timestamp")),
        **_verdict(chat, messages),
        "channel": "web" if url else None,
        "website": host(url),
        "page_url": url,
        "department": department(parts(chat, "group"), "group"),
        "operators": _names(chat, "agents"),
        "supervisors": _names(chat, "supervisors"),
        "visitor": completed(person, survey),
        **rated(chat.get("rate")),
        "tags": chat.get("tags"),
        "messages": messages,
    }


def _verdict(chat: Answer, messages: list[Record] | None) -> Record:
    if flag(chat.get("pending"), "pending", written=False):
        return {"status": "ongoing"}
    if messages is None:
        return {}
    if any(message["sender_type"] == "operator" for message in messages):
        return {"status": "completed"}
    return unanswered(messages)


def _names(chat: Answer, field: str) -> list[Any]:
    return [first(person.get("display_name"), person.get("email")) for person in objects(chat, field)]


def _transcript(chat: Answer, left_out: LeftOut) -> list[Record] | None:
    # The events hold the messages once more, with files and what happened.
    field = "events" if chat.get("events") else "messages"
    if chat.get(field) is None:
        return None
    if field == "events":
        drop(chat, ["messages"], left_out, "chats[].")
    return spread(field, objects(chat, field), lambda event: _entries(event, left_out, f"chats[].{field}[]."))


def _entries(event: Answer, left_out: LeftOut, path: str) -> list[Record]:
    drop(event, EVENT_LEFT_OUT, left_out, path)
    automatic = flag(event.get("welcome_message"), "welcome_message", written=False)
    user_type = text(event.get("user_type"), "user_type")
    kind = "system" if event.get("type") == "event" else SENDERS.get(user_type or "", "system")
    said = {
        "at": event.get("timestamp"),
        "sender_type": "bot" if automatic and kind == "operator" else kind,
        "sender_name": named(event.get("author_name")) if kind == "visitor" else event.get("author_name"),
        "automatic": automatic or None,
    }
    urls = [text(url, f"files[{n}]") for n, url in enumerate(parts(event, "files"))]
    file, *further = [*({"name": url.rpartition("/")[2], "url": url} for url in urls if url), None]
    spoken = {**others(event, EVENT, MESSAGE_FIELDS), **said, "text": event.get("text"), "attachment": file}
    return [spoken, *({**said, "attachment": other} for other in further if other)]
