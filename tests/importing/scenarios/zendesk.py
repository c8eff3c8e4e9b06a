"""Conversations as Zendesk Chat's incremental export gives them, and some of them once more by their ids."""

from datetime import datetime
from typing import Any

from tests.importing.scenarios.conversations import BOT, OPERATORS, SOCIAL, Conversation, Line
from tests.importing.scenarios.plain_reading import System
from tests.importing.vendors.zendesk_answers import session

LISTED = 30
EVENTS = {"joined": "chat.memberjoin", "transferred": "chat.transfer", "closed": "chat.memberleave",
          "survey": "chat.rating"}  # fmt: skip
SENDERS = {"visitor": "Visitor", "operator": "Agent", "bot": "Bot", "greeting": "Trigger", "campaign": "Trigger"}


def at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


def chat_id(chat: Conversation) -> str:
    return f"2603.{chat.number}"


def write(chats: list[Conversation]) -> dict[str, list[Any]]:
    """Pages of an incremental export, and chats by their ids."""
    told = [_form(chat) if chat.is_form else _chat(chat) for chat in chats]
    again = [told[start : start + 7] for start in range(0, len(told), 40)]
    return {
        "lists": [{"chats": told[start : start + LISTED], "count": len(told), "end_time": 1_772_000_000 + start}
                  for start in range(0, len(told), LISTED)],
        "pages": [{"docs": {chat["id"]: chat for chat in some}, "count": len(some)} for some in again],
        "visitors": [],
    }  # fmt: skip


def _common(chat: Conversation) -> dict[str, Any]:
    visitor = chat.visitor
    return {
        "id": chat_id(chat), "timestamp": at(chat.start), "unread": False, "tags": list(chat.tags),
        "visitor": {"id": f"1.{visitor.number}", "name": visitor.name or f"Visitor {10_000_000 + visitor.number}",
                    "email": visitor.email or "", "phone": visitor.phone or "", "notes": ""},
        "session": session(country_code=visitor.country, country_name="", ip=""), "deleted": False,
        "department_id": 5, "department_name": chat.department, "zendesk_ticket_id": None,
        "webpath": [{"from": "", "to": page, "title": "Shop", "timestamp": at(chat.start)}
                    for page in ("https://shop.example.com/", chat.page)],
    }  # fmt: skip


def _form(chat: Conversation) -> dict[str, Any]:
    return {**_common(chat), "type": "offline_msg", "message": chat.lines[0].text}


def _chat(chat: Conversation) -> dict[str, Any]:
    last, replies = chat.closed, chat.of("operator", "bot")
    began = next((line.kind for line in chat.of("visitor", "operator", "campaign")), "visitor")
    names = sorted({line.who for line in chat.of("operator", "joined", "transferred")})
    return {
        **_common(chat), "type": "chat", "end_timestamp": at(chat.moment(last)), "duration": last.at,
        "update_timestamp": at(chat.moment(chat.lines[-1])), "missed": is_missed(chat), "dropped": False,
        "started_by": {"operator": "agent", "campaign": "trigger"}.get(began, "visitor"),
        "triggered": began == "campaign", "triggered_response": began == "campaign" and bool(chat.of("visitor")),
        "agent_ids": [str(OPERATORS.index(name)) for name in names], "agent_names": names,
        "rating": ("good" if chat.rating > 3 else "bad") if chat.rating else None, "comment": chat.comment,
        "count": {"total": 3, "agent": len(replies), "visitor": len(chat.of("visitor"))},
        # It counts from the beginning, and answers of bots, too.
        "response_time": {"first": replies[0].at if replies else None, "avg": None, "max": None},
        "conversions": [], "history": [_item(chat, line) for line in chat.lines if line.kind != "note"],
    }  # fmt: skip


def is_missed(chat: Conversation) -> bool:
    """What systems mark that know missed chats: a visitor wanted something last, and nobody served."""
    spoken = [line for line in chat.of("visitor", "bot") if line.wants]
    return bool(chat.of("visitor")) and not chat.is_open and not chat.of("operator") and spoken[-1].kind == "visitor"


def _item(chat: Conversation, line: Line) -> dict[str, Any]:
    nicks = {"visitor": "visitor", "survey": "visitor", "greeting": "agent:trigger", "campaign": "agent:trigger",
             "bot": "agent:99"}  # fmt: skip
    names = {"visitor": chat.visitor.name or f"Visitor {10_000_000 + chat.visitor.number}", "bot": BOT,
             "greeting": "Customer Service", "campaign": "Customer Service"}  # fmt: skip
    item: dict[str, Any] = {
        "type": EVENTS.get(line.kind, "chat.msg"), "timestamp": at(chat.moment(line)), "channel": "#c1",
        "name": names.get(line.kind, line.who), "nick": nicks.get(line.kind) or f"agent:{OPERATORS.index(line.who)}",
    }  # fmt: skip
    if line.kind == "survey":
        return {**item, "name": names["visitor"], "rating": None, "new_rating": "good"}
    if line.kind == "transferred":
        return {**item, "department_id": "4", "department_name": chat.department}
    if line.kind in EVENTS:
        return item
    message = {**item, "msg": line.text, "msg_id": f"m{line.at}", "options": "", "sender_type": SENDERS[line.kind]}
    if line.file:
        file = {"name": line.file, "mime_type": "application/pdf", "size": 7, "url": "https://f.example.com/l.pdf"}
        return {**message, "type": "chat.file", "attachment": file}
    return message


SYSTEM = System(
    name="Zendesk Chat", write=write, id=chat_id, missed="vendor_flag", empty=None, stars=2,
    untold=frozenset(["note"]),
    lacking=frozenset([
        "ongoing", "waiting", "forgotten", "supervised", "reopened open", "reopened closed", *SOCIAL,
    ]),
)  # fmt: skip
