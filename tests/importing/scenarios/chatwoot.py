"""Conversations as Chatwoot's interface lists them, with pages of their messages, and contacts."""

from datetime import datetime
from typing import Any

from tests.importing.scenarios.conversations import BOT, OPERATORS, Conversation, Line
from tests.importing.scenarios.plain_reading import System
from tests.importing.vendors.chatwoot_answers import contact, conversation, user

CHANNELS = {"line": "Line", "whatsapp": "Whatsapp", "facebook": "FacebookPage", "instagram": "Instagram"}
INBOXES = {None: 3, "line": 4, "whatsapp": 5, "facebook": 6, "instagram": 7}
TYPES = {"visitor": 0, "operator": 1, "bot": 1, "campaign": 1, "note": 1, "greeting": 3, "survey": 3}
ACTIVITIES = {
    "joined": "Assigned to {0} by {0}", "transferred": "Assigned to {0} by Cem",
    "closed": "Conversation was marked resolved by {0}", "reopened": "Conversation was reopened by {0}",
}  # fmt: skip
PAGE, LISTED = 4, 25


def seconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds())


def chat_id(chat: Conversation) -> str:
    return f"{INBOXES[chat.channel]}-{chat.number}"


def write(chats: list[Conversation]) -> dict[str, list[Any]]:
    """Lists of conversations, pages of messages (which overlap), and lists of contacts."""
    listed = [_conversation(chat) for chat in chats]
    people = {chat.visitor.number: _contact(chat) for chat in chats}
    return {
        "lists": [{"data": {"meta": {"all_count": len(chats)}, "payload": listed[at : at + LISTED]}}
                  for at in range(0, len(listed), LISTED - 1)],
        "pages": [{"meta": {"labels": list(chat.tags)}, "payload": _messages(chat)[at : at + PAGE]}
                  for chat in chats for at in range(0, len(chat.lines), PAGE - 1)],
        "visitors": [{"meta": {"count": len(people)}, "payload": list(people.values())}],
    }  # fmt: skip


def _conversation(chat: Conversation) -> dict[str, Any]:
    replied, messages = chat.of("operator"), _messages(chat)
    last = seconds(chat.moment(chat.lines[-1]))
    return conversation(
        chat.number,
        "open" if chat.is_open else "resolved",
        _contact(chat),
        inbox_id=INBOXES[chat.channel],
        messages=[{**messages[-1], "account_id": 1}],
        last_non_activity_message=next((said for said in messages[::-1] if said["message_type"] != 2), None),
        labels=list(chat.tags),
        created_at=seconds(chat.start),
        updated_at=last + 90_000.5,
        timestamp=last,
        # Somebody touched it a day later.
        last_activity_at=last + 90_000,
        first_reply_created_at=seconds(chat.moment(replied[0])) if replied else 0,
        waiting_since=0 if replied else seconds(chat.start),
        additional_attributes={"referer": chat.page, "browser_language": "en"},
        meta={
            "channel": f"Channel::{CHANNELS.get(chat.channel, 'WebWidget')}",
            "team": {"id": 2, "name": chat.department},
            **({"assignee": _user(chat.assigned), "assignee_type": "User"} if chat.assigned else {}),
        },
    )


def _contact(chat: Conversation) -> dict[str, Any]:
    visitor = chat.visitor
    return contact(
        1000 + visitor.number, visitor.name or f"long-flower-{visitor.number}", email=visitor.email,
        phone_number=visitor.phone, additional_attributes={"country_code": visitor.country, "city": "Osaka"},
    )  # fmt: skip


def _user(name: str) -> dict[str, Any]:
    return user(name, OPERATORS.index(name) + 1)


def _messages(chat: Conversation) -> list[dict[str, Any]]:
    return [_message(chat, place, line) for place, line in enumerate(chat.lines)]


def _message(chat: Conversation, place: int, line: Line) -> dict[str, Any]:
    words = ACTIVITIES[line.kind].format(line.who) if line.kind in ACTIVITIES else line.text
    message: dict[str, Any] = {
        "id": 10_000 + 50 * chat.number + place, "content": words, "account_id": 1, "inbox_id": INBOXES[chat.channel],
        "conversation_id": chat.number, "message_type": TYPES.get(line.kind, 2), "content_type": "text",
        "status": "sent", "content_attributes": {}, "created_at": seconds(chat.moment(line)),
        "private": line.kind == "note", "source_id": None,
    }  # fmt: skip
    if line.kind == "visitor":
        message |= {"sender_type": "Contact", "sender": {**_contact(chat), "type": "contact"}}
    elif line.kind == "bot":
        message |= {"sender_type": "AgentBot", "sender": {"id": 4, "name": BOT, "type": "agent_bot"}}
    elif line.kind in ("operator", "note", "campaign"):
        message |= {"sender_type": "User", "sender": _user(line.who)}
    if line.kind == "campaign":
        message["additional_attributes"] = {"campaign_id": 5}
    if line.kind == "survey":
        told = {"rating": chat.rating, "feedback_message": chat.comment}
        message |= {"content_type": "input_csat",
                    "content_attributes": {"submitted_values": {"csat_survey_response": told}}}  # fmt: skip
    if line.file:
        message["attachments"] = [{"id": 1, "message_id": message["id"], "file_type": "file", "file_size": 48213,
                                   "data_url": f"https://f.example.com/{line.file}?x=1"}]  # fmt: skip
    return message


SYSTEM = System(
    name="Chatwoot", write=write, id=chat_id, untold=frozenset(), survey="bot",
    lacking=frozenset(["offline form", "supervised"]),
)  # fmt: skip
