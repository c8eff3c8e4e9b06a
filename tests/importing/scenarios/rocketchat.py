"""Conversations as Rocket.Chat's interface lists them as rooms, with pages of their messages, and visitors."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.importing.scenarios.conversations import BOT, Conversation, Line
from tests.importing.scenarios.plain_reading import System

ROOMS, PAGE = 50, 5
EVENTS = {"joined": "uj", "transferred": "livechat_transfer_history", "closed": "livechat-close"}
SOURCES = {None: {"type": "widget"}, "line": {"type": "app", "alias": "LINE"},
           "whatsapp": {"type": "app", "alias": "WhatsApp"}, "facebook": {"type": "app", "alias": "Facebook Messenger"},
           "instagram": {"type": "app", "alias": "Instagram"}}  # fmt: skip


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def paged(field: str, items: list[Any], size: int, overlap: int = 0) -> list[dict[str, Any]]:
    """Pages of a list, as they are answered."""
    return [{field: items[start : start + size], "count": size, "offset": start, "total": len(items), "success": True}
            for start in range(0, len(items), size - overlap)]  # fmt: skip


def write(chats: list[Conversation]) -> dict[str, list[Any]]:
    """Lists of rooms, pages of messages (the newest first, overlapping), and visitors."""
    chats = [_part(chat) for chat in chats]
    people = {chat.visitor.number: _visitor(chat) for chat in chats}
    return {
        "lists": paged("rooms", [_room(chat) for chat in chats], ROOMS),
        "pages": [page for chat in chats for page in paged("messages", _messages(chat)[::-1], PAGE, 1)],
        "visitors": paged("visitors", [*people.values()], ROOMS),
    }


def _part(chat: Conversation) -> Conversation:
    """A room is closed once; who writes after that opens it again."""
    if chat.scenario != "reopened closed":
        return chat
    last = max(place for place, line in enumerate(chat.lines) if line.kind == "closed")
    return replace(chat, lines=tuple(line for line in chat.lines[:last] if line.kind != "reopened"))


def _room(chat: Conversation) -> dict[str, Any]:
    closed, visitor = chat.closed, chat.visitor
    ended = {"closedAt": at(chat.moment(closed)), "closer": "user"} if closed else {}
    served = {"_id": f"u-{chat.assigned}", "username": chat.assigned, "ts": at(chat.start)} if chat.assigned else None
    said = chat.of("visitor", "operator", "bot", "greeting", "note")
    survey = {"satisfaction": str(chat.rating), "additionalFeedback": chat.comment} if chat.rating else {}
    return {
        "_id": f"room{chat.number}", "t": "l", "fname": visitor.name or f"guest-{visitor.number}",
        "ts": at(chat.start), "lm": at(chat.moment(said[-1])) if said else None, "msgs": len(chat.lines),
        "v": {"_id": f"v{visitor.number}", "username": f"guest-{visitor.number}", "token": f"t{visitor.number}"},
        **ended, **({"open": True} if chat.is_open else {}), **({"servedBy": served} if served else {}),
        "department": {"_id": "d1", "name": chat.department}, "departmentId": "d1", "tags": list(chat.tags),
        "source": SOURCES[chat.channel], "surveyFeedback": survey, "metrics": {"response": {"avg": 0.2, "fd": 0.2}},
        "_updatedAt": at(chat.moment(chat.lines[-1])),
    }  # fmt: skip


def _messages(chat: Conversation) -> list[dict[str, Any]]:
    return [_message(chat, place, line) for place, line in enumerate(chat.lines) if line.kind not in SYSTEM.untold]


def _message(chat: Conversation, place: int, line: Line) -> dict[str, Any]:
    visitor, moment = chat.visitor, at(chat.moment(line))
    message: dict[str, Any] = {
        "_id": f"m{chat.number}-{place:02}", "rid": f"room{chat.number}", "ts": moment, "_updatedAt": moment,
        "msg": line.text, "u": {"_id": f"u-{line.who}", "username": line.who, "name": line.who},
        "urls": [], "mentions": [], "md": [{"type": "PARAGRAPH"}],
    }  # fmt: skip
    if line.kind == "visitor":
        name = f"guest-{visitor.number}"
        message |= {"token": f"t{visitor.number}", "alias": visitor.name or name,
                    "u": {"_id": f"v{visitor.number}", "username": name, "name": visitor.name or name}}  # fmt: skip
    elif line.kind == "bot":
        message |= {"u": {"_id": "b1", "username": "helper.bot", "name": BOT}, "bot": {"i": "app"}}
    elif line.kind == "greeting":
        message |= {"u": {"_id": "rocket.cat", "username": "rocket.cat", "name": "Rocket.Cat"}}
    elif line.kind == "note":
        message |= {"private": True}
    elif line.kind in EVENTS:
        message |= {"t": EVENTS[line.kind], "transferData": {"scope": "agent"}}
    if line.file:
        message |= {"attachments": [{"title": line.file, "type": "file", "title_link": f"/file-upload/f1/{line.file}"}],
                    "file": {"_id": "f1", "name": line.file, "type": "application/pdf", "size": 7}}  # fmt: skip
    return message


def _visitor(chat: Conversation) -> dict[str, Any]:
    visitor = chat.visitor
    name = f"guest-{visitor.number}"
    return {
        "_id": f"v{visitor.number}", "username": name, "name": visitor.name or name, "token": f"t{visitor.number}",
        "visitorEmails": [{"address": visitor.email}] if visitor.email else [],
        "phone": [{"phoneNumber": visitor.phone}] if visitor.phone else [], "status": "offline",
    }  # fmt: skip


def _ended(chat: Conversation) -> datetime | None:
    # Beside a room that is open again stands when it was closed before.
    return chat.moment(chat.closed) if chat.closed else None


SYSTEM = System(
    name="Rocket.Chat", write=write, id=lambda chat: f"room{chat.number}",
    lacking=frozenset(["offline form", "supervised", "campaign unanswered", "campaign ignored", "campaign served"]),
    untold=frozenset(["survey", "reopened"]), facts=frozenset(["visitor_country", "page_url"]), ends=_ended, part=_part,
    reopened=lambda chat: chat.scenario.startswith("reopened"),
)  # fmt: skip
