"""Conversations as Zoho SalesIQ's interface (v2) lists them, with pages of their messages."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.importing.scenarios.chatwoot import seconds
from tests.importing.scenarios.conversations import BOT, SOCIAL, Conversation, Line
from tests.importing.scenarios.plain_reading import System
from tests.importing.scenarios.zendesk import is_missed
from tests.importing.vendors.zoho_answers import person, state

LISTED, PAGE = 99, 4
UNTOLD = frozenset(["note", "survey", "joined", "closed", "reopened"])


def at(moment: datetime) -> str:
    return f"{seconds(moment)}000"


def write(chats: list[Conversation]) -> dict[str, list[Any]]:
    """Lists of conversations, and pages of messages, which overlap."""
    chats = [_part(chat) for chat in chats]
    listed = [_conversation(chat) for chat in chats]
    return {
        "lists": [{"url": "/api/v2/acme/conversations", "object": "list", "data": listed[start : start + LISTED]}
                  for start in range(0, len(listed), LISTED)],
        "pages": [page for chat in chats for page in _pages(chat)],
        "visitors": [],
    }  # fmt: skip


def _part(chat: Conversation) -> Conversation:
    """A text of the system stands only at the beginning among the messages."""
    return replace(chat, lines=tuple(line for line in chat.lines if line.kind != "greeting" or line.at == 0))


def _conversation(chat: Conversation) -> dict[str, Any]:
    asked, served, missed = chat.of("visitor"), chat.of("joined"), is_missed(chat)
    attended = chat.of("reopened")[-1:] or served[:1] or chat.of("operator")[:1]
    closed, visitor = chat.closed, chat.visitor
    solver = person(BOT, 9, is_bot=True) if chat.of("bot") and not chat.assigned else None
    attender = _person(chat.assigned) if chat.assigned else solver
    key = "missed" if missed else "closed" if not chat.is_open else "connected" if attended else "waiting"
    attention: dict[str, Any] = {"owner": attender} if attender else {}
    if attender and not missed:
        attention |= {"attender": attender, "attended_time": at(chat.moment((attended or chat.lines[:1])[0]))}
    others = [_person(name) for name in sorted({line.who for line in chat.of("operator")} - {chat.assigned})]
    return {
        "id": f"19{chat.number:03}", "chat_id": f"LD_19{chat.number:03}_1", "type": "chat", "app_name": "Shop",
        "question": asked[0].text if asked else "", "uvid": f"uv-{visitor.number}", "start_time": at(chat.start),
        "last_modified_time": at(chat.moment(chat.lines[-1])), "status_code": 3, "unread_chats": False, "notes": False,
        "end_time": at(chat.moment(closed)) if closed and not missed else "-1",
        "missed_time": at(chat.moment(closed)) if closed and missed else "-1",
        "visitor": {"id": f"${visitor.number}", "name": visitor.name or f"Visitor {48_000_000 + visitor.number}",
                    "email": visitor.email or "", "phone": visitor.phone or "", "country_code": visitor.country,
                    "current_page": chat.page, "page_title": "Shop"},
        "department": {"id": "801", "name": chat.department}, **attention, "participants": others,
        "supervisors": [_person(name) for name in chat.supervisors],
        "chat_status": state(key, "open" if chat.is_open else "closed"), "tags": list(chat.tags),
        **({"rating": str(chat.rating), "feedback": chat.comment or ""} if chat.rating else {}),
    }  # fmt: skip


def _person(name: str) -> dict[str, Any]:
    return person(name, sum(map(ord, name)))


def _pages(chat: Conversation) -> list[dict[str, Any]]:
    rows = [_message(chat, place, line) for place, line in enumerate(chat.lines, 1) if line.kind not in UNTOLD]
    url = f"/api/v2/acme/conversations/19{chat.number:03}/messages"
    return [{"url": url, "object": "list", "data": rows[start : start + PAGE]}
            for start in range(0, len(rows) or 1, PAGE - 1)]  # fmt: skip


def _message(chat: Conversation, place: int, line: Line) -> dict[str, Any]:
    visitor, moment = chat.visitor, at(chat.moment(line))
    bot, name = {"id": "b9000", "name": BOT}, visitor.name or f"Visitor {48_000_000 + visitor.number}"
    senders = {"visitor": {"id": f"${visitor.number}", "name": name}, "transferred": None, "bot": bot, "greeting": bot,
               "campaign": bot}  # fmt: skip
    sender = senders.get(line.kind, {"id": f"{sum(map(ord, line.who))}", "name": line.who})
    body: dict[str, Any] = {"text": line.text} if line.text else {}
    if line.file:
        body = {"file": {"file_name": line.file, "content_type": "application/pdf", "size": "48213",
                         "url": "https://f.example.com/l.pdf"}, "comment": line.text}  # fmt: skip
    return {
        "id": f"{moment}_{place}", "sequence_id": str(place), "time": moment, "sender": sender, "message": body,
        "type": "info" if line.kind == "transferred" else "file" if line.file else "text", "last_message_time": "-1",
    }  # fmt: skip


def _ended(chat: Conversation) -> datetime | None:
    # Of one that is open again the former end; of a missed one, when it was missed.
    return chat.moment(chat.closed) if chat.closed else None


SYSTEM = System(
    name="Zoho SalesIQ", write=write, id=lambda chat: f"19{chat.number:03}", missed="vendor_flag", empty=None,
    untold=UNTOLD, lacking=frozenset(["offline form", "forgotten", *SOCIAL]), ends=_ended, part=_part,
)  # fmt: skip
