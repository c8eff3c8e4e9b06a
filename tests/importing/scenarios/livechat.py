"""Conversations as LiveChat's archives give them, and some of them once more as single chats."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.importing.scenarios.conversations import BOT, DEPARTMENTS, SOCIAL, Conversation, Line
from tests.importing.scenarios.plain_reading import System

ARCHIVED = 25
HELPER = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
EVENTS = {"joined": "routing.assigned", "transferred": "chat_transferred", "closed": "manual_archived_agent",
          "survey": "rating.chat_rated"}  # fmt: skip
MARKS = {"greeting": {"lc2": {"welcome_message": True}}, "campaign": {"lc2": {"greeting_id": 7}}}


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000000Z"


def mail(name: str) -> str:
    return f"{sum(map(ord, name))}@shop.example.com"


def write(chats: list[Conversation]) -> dict[str, list[Any]]:
    """Pages of archives, some single chats, and customers."""
    told = [_chat(_part(chat)) for chat in chats]
    people = {chat.visitor.number: {**_customer(chat), "session_fields": []} for chat in chats}
    return {
        "lists": [{"chats": told[start : start + ARCHIVED], "found_chats": len(told)}
                  for start in range(0, len(told), ARCHIVED)],
        "pages": told[::10],
        "visitors": [{"customers": list(people.values()), "total_customers": len(people)}],
    }  # fmt: skip


def _part(chat: Conversation) -> Conversation:
    """Who comes back has a thread of its own, which is a chat; an agent greets; groups have ids, not names."""
    chat = replace(chat, department=str(DEPARTMENTS.index(chat.department)))
    if chat.is_form:
        (form,) = chat.lines
        return replace(chat, lines=(replace(form, text=f"Message: {form.text}"),))
    if not chat.of("reopened"):
        greeted = chat.of("campaign")
        return replace(chat, assigned=chat.assigned or greeted[0].who) if greeted else chat
    (again,) = chat.of("reopened")
    lines = tuple(replace(line, at=line.at - again.at) for line in chat.lines if line.at > again.at)
    return replace(chat, start=chat.start + timedelta(seconds=again.at), lines=lines, assigned=None)


def _chat(chat: Conversation) -> dict[str, Any]:
    names = sorted(
        {line.who for line in chat.of("operator", "joined", "transferred", "greeting", "campaign") if line.who}
    )
    agents = [{"id": mail(name), "type": "agent", "name": name, "email": mail(name)} for name in names]
    customer, bots = _customer(chat), [{"id": HELPER, "type": "agent", "name": BOT}] if chat.of("bot") else []
    return {
        "id": f"C{chat.visitor.number}", "users": [customer, *agents, *bots], "properties": {},
        "access": {"group_ids": [0]}, "is_followed": False,
        "thread": {
            "id": f"T{chat.number}", "created_at": at(chat.start), "active": chat.is_open,
            "user_ids": [customer["id"], *(agent["id"] for agent in (*agents, *bots))],
            "events": [_event(chat, place, line) for place, line in enumerate(chat.lines)],
            "properties": _properties(chat), "access": {"group_ids": [int(chat.department)]},
            "tags": list(chat.tags),
            **({"previous_thread_id": f"T{chat.number}-before"} if _came_back(chat) else {}),
        },
    }  # fmt: skip


def _properties(chat: Conversation) -> dict[str, Any]:
    nobody = bool(chat.of("visitor")) and not chat.of("operator", "bot")
    helped = chat.of("visitor", "bot")
    rated = {"rating": {"score": int(chat.rating > 3), "comment": chat.comment}} if chat.rating else {}
    solved = {"chats": {"resolved": True}} if chat.scenario == "bot thanked" and len(helped) % 2 else {}
    return {
        "routing": {"start_url": chat.page, "unreplied": nobody, **({"offline_message": True} if chat.is_form else {})},
        **rated, **solved,
    }  # fmt: skip


def _event(chat: Conversation, place: int, line: Line) -> dict[str, Any]:
    event: dict[str, Any] = {
        "id": f"E{chat.number}-{place}", "created_at": at(chat.moment(line)), "visibility": "all", "type": "message",
        "text": line.text,
    }  # fmt: skip
    if line.kind in EVENTS:
        return {**event, "type": "system_message", "system_message_type": EVENTS[line.kind], "text": "So it was"}
    customer = _customer(chat)["id"]
    event["author_id"] = {"visitor": customer, "bot": HELPER}.get(line.kind) or mail(line.who or "Aoi")
    if chat.is_form:
        asked = {"id": "1", "type": "textarea", "label": "Message:", "answer": line.text.removeprefix("Message: ")}
        return {**event, "type": "filled_form", "form_id": "F1", "form_type": "ticket", "fields": [asked]}
    if line.kind == "note":
        event["visibility"] = "agents"
    if line.file:
        event |= {"type": "file", "name": line.file, "url": "https://f.example.com/l.pdf", "size": 7,
                  "content_type": "application/pdf", "alternative_text": line.text}  # fmt: skip
    return {**event, "properties": MARKS.get(line.kind, {})}


def _customer(chat: Conversation) -> dict[str, Any]:
    visitor = chat.visitor
    return {
        "id": f"11111111-aaaa-4aaa-8aaa-{visitor.number:012}", "type": "customer", "email": visitor.email or "",
        "name": visitor.name or f"Visitor {12_000_000 + visitor.number}", "present": True, "phone": visitor.phone,
        "last_visit": {"geolocation": {"country": "", "country_code": visitor.country, "city": "Osaka"}},
    }  # fmt: skip


def _ended(chat: Conversation) -> datetime | None:
    # A thread has no end but its last event.
    return None if chat.is_open else chat.moment(chat.lines[-1])


def _came_back(chat: Conversation) -> bool:
    return chat.scenario.startswith("reopened")


SYSTEM = System(
    name="LiveChat", write=write, id=lambda chat: f"T{chat.number}", missed="vendor_flag", stars=2,
    untold=frozenset(["reopened"]), ends=_ended, part=_part,
    lacking=frozenset(["forgotten", "supervised", *SOCIAL]),
    reopened=lambda chat: _came_back(chat) and not chat.is_open,
)  # fmt: skip
