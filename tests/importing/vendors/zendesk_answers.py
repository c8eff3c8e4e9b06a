"""Answers of Zendesk Chat in its documented shapes, about made-up persons, and what a store holds after them."""

from datetime import datetime
from typing import Any


def at(minute: int, second: int = 0) -> str:
    return f"2025-03-03T09:{minute:02}:{second:02}Z"


def moment(minute: int, second: int = 0) -> datetime:
    return datetime(2025, 3, 3, 9, minute, second)


def visitor(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"1.{number}", "name": name, "email": "", "phone": "", "notes": "", **more}


def session(**more: Any) -> dict[str, Any]:
    return {
        "id": "250303.12.abc", "ip": "203.0.113.7", "city": "Kyoto", "region": "", "country_code": "JP",
        "country_name": "Japan", "browser": "Firefox", "platform": "Linux", "user_agent": "Mozilla/5.0",
        "start_date": at(0), "end_date": at(30), **more,
    }  # fmt: skip


def page(path: str, title: str) -> dict[str, Any]:
    return {"from": "", "to": f"https://shop.example.com{path}", "title": title, "timestamp": at(0)}


def chat(number: int, *history: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A chat as an incremental export holds it."""
    return {
        "id": f"2503.{number}", "type": "chat", "timestamp": at(0), "end_timestamp": at(20), "duration": 1200,
        "update_timestamp": at(21), "missed": False, "unread": False, "started_by": "visitor", "triggered": False,
        "triggered_response": False, "department_id": None, "department_name": None, "agent_ids": [],
        "agent_names": [], "tags": [], "rating": None, "comment": None, "count": {"total": 2, "agent": 1, "visitor": 1},
        "response_time": {"first": 12, "avg": 20, "max": 40}, "visitor": visitor(number, "Bob Stone"),
        "session": session(), "webpath": [], "conversions": [], "history": list(history), **more,
    }  # fmt: skip


def item(minute: int, nick: str, name: str | None, msg: str | None = None, **more: Any) -> dict[str, Any]:
    """An item of a history; `nick` is "visitor", "agent:7", "agent:trigger"."""
    senders = {"visitor": "Visitor", "agent:trigger": "Trigger"}
    told = {"msg": msg, "msg_id": f"m{minute}", "options": "", "sender_type": senders.get(nick, "Agent")} if msg else {}
    return {"type": "chat.msg" if msg else "chat.memberjoin", "timestamp": at(minute), "name": name, "nick": nick,
            "channel": "#c1", **told, **more}  # fmt: skip


def without(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {field: value for field, value in record.items() if field not in fields}


def event(minute: int, kind: str, **more: Any) -> dict[str, Any]:
    return {**item(minute, "visitor", "Rin Kato"), "type": kind, **more}


GREETING = item(1, "agent:trigger", "Customer Service", "Thanks for your message, one moment please.")
LABEL = {"name": "label.pdf", "mime_type": "application/pdf", "size": 48213, "url": "https://files.example.com/l.pdf"}

FULL = chat(
    1,
    item(0, "visitor", "Visitor 48213377", department_id=None, department_name="Orders"),
    item(0, "visitor", "Visitor 48213377", "注文はどこですか"),
    GREETING,
    item(2, "agent:7", "Aoi"),
    item(3, "agent:7", "Aoi", "<b> & co.: I look it up"),
    {**without(item(4, "agent:7", "Aoi"), "msg"), "type": "chat.file", "attachment": LABEL},
    event(5, "chat.rating", rating=None, new_rating="good"),
    event(6, "chat.comment", comment=None, new_comment="とても親切でした"),
    event(7, "chat.tags", tags=["order"], new_tags=["order", "vip"]),
    item(8, "agent:7", "Aoi", "Yes or no?", options="Yes/No", sentiment="calm"),
    {**item(9, "agent:7", "Aoi"), "type": "chat.memberleave", "reason": "agent_leave"},
    visitor=visitor(1, "Rin Kato", email="rin@example.com", phone="+81 3 5550 0101", notes="Prefers e-mail", vip=True),
    department_id=5, department_name="Orders", agent_ids=["7", "8"], agent_names=["Aoi", "Ben"], rating="good",
    comment="とても親切でした", tags=["order", "vip"], webpath=[page("/", "Shop"), page("/cart?a=1", "Cart")],
    zendesk_ticket_id=83, dropped=True, session=session(language="ja"),
)  # fmt: skip
MISSED = chat(
    2, item(0, "visitor", "Visitor 12345678", "Is anybody there?"), GREETING,
    missed=True, visitor=visitor(2, "Visitor 12345678"), unread=2, session=session(country_code="", ip=""),
)  # fmt: skip
HANDED_OFF = chat(
    3, item(0, "visitor", "Bob Stone", "A refund, please"),
    item(1, "agent:9", "Helper", "I ask a colleague.", sender_type="Bot"), missed=True,
)  # fmt: skip
SOLVED_BY_BOT = chat(
    4, item(0, "visitor", "Bob Stone", "Opening hours?"),
    item(1, "agent:9", "Helper", "Nine to five.", sender_type="Bot"),
)  # fmt: skip
OFFLINE = {
    "id": "2503.5", "type": "offline_msg", "timestamp": at(5), "update_timestamp": at(6), "unread": False, "tags": [],
    "message": "返金をお願いします", "visitor": visitor(5, "Mei Lin", email="mei@example.com"), "session": session(),
    "department_id": 1, "department_name": "Billing", "webpath": [], "deleted": False, "zendesk_ticket_id": None,
}  # fmt: skip
# Without sender_type, as older exports are, and without an end.
OLD = without(
    chat(
        6,
        without(item(0, "visitor", "Bob Stone", "Hello"), "sender_type"),
        without(GREETING, "sender_type"),
        without(item(2, "agent:12", "Ben", "Good morning"), "sender_type"),
        {**item(3, "agent:12", "Ben"), "type": "chat.transfer", "department_name": "Billing", "department_id": "4"},
        {**item(4, "agent:12", "Ben"), "type": "chat.file"},
        rating="bad", duration=90, end_timestamp="", agent_ids=["12"], agent_names=["Ben"], tags=None,
        webpath=[page("/help", "Help"), ["", "https://shop.example.com/x", "X"]],
    ),
    "update_timestamp",
)  # fmt: skip
UNFLAGGED = without(chat(7, item(0, "visitor", "Bob Stone", "Anyone?"), end_timestamp=None, duration=None), "missed")
# As an export gives them whose `fields` were chosen.
BARE = {"id": "2503.8", "timestamp": at(0), "agent_names": ["Aoi"], "agent_ids": ["7"], "visitor": "", "history": None}
SPOKEN = chat(9, item(0, "visitor", "Bob Stone", "Hi"), item(2, "agent:7", "Aoi", "Hi Bob"))

FILES: dict[str, Any] = {
    "export.json": {
        "chats": [FULL, MISSED, HANDED_OFF, BARE], "count": 4, "end_id": "2503.8", "end_time": 1740994000,
        "next_page": "https://x.example.com/api/v2/chat/incremental/chats?start_time=1740994000",
    },
    "chats_by_id.json": {"docs": {"2503.4": SOLVED_BY_BOT, "2503.6": OLD}, "count": 2},
    "search.json": {"results": [UNFLAGGED], "count": 1, "next_url": None, "prev_url": None},
    "offline.json": OFFLINE,
    "chat.json": SPOKEN,
}  # fmt: skip

EXPECTED: dict[str, dict[str, Any]] = {
    "2503.1": {
        "status": "completed", "missed_reason": None, "started_at": moment(0), "ended_at": moment(20), "channel": "web",
        "website": "shop.example.com", "page_url": "https://shop.example.com/cart?a=1", "page_title": "Cart",
        "department": "Orders", "operators": ["Aoi", "Ben"], "supervisors": [], "visitor_id": "1.1",
        "visitor_name": "Rin Kato", "visitor_email": "rin@example.com", "visitor_phone": "+81 3 5550 0101",
        "visitor_country": "JP", "visitor_ip": "203.0.113.7", "question": "注文はどこですか", "rating": 5,
        "comment": "とても親切でした", "tags": ["order", "vip"], "message_count": 11,
        "kinds": ["system", "visitor", "bot", "system", "operator", "operator", "system", "system", "system",
                  "operator", "system", "note"],
    },
    "2503.2": {
        "status": "missed", "missed_reason": "vendor_flag", "visitor_name": None, "visitor_email": None,
        "visitor_phone": None, "visitor_country": "JP", "visitor_ip": None, "operators": [], "channel": None,
        "website": None, "page_url": None, "rating": None, "kinds": ["visitor", "bot"], "message_count": 2,
    },
    "2503.3": {
        "status": "missed", "missed_reason": "bot_handoff_failed", "operators": [], "question": "A refund, please",
        "kinds": ["visitor", "bot"],
    },
    "2503.4": {"status": "completed", "missed_reason": None, "operators": [], "kinds": ["visitor", "bot"]},
    "2503.5": {
        "status": "missed", "missed_reason": "offline_form", "started_at": moment(5), "ended_at": None,
        "department": "Billing", "visitor_name": "Mei Lin", "visitor_email": "mei@example.com",
        "question": "返金をお願いします", "message_count": 1, "kinds": ["visitor"],
    },
    "2503.6": {
        "status": "completed", "missed_reason": None, "ended_at": moment(1, 30), "rating": 1, "operators": ["Ben"],
        "page_title": "Help", "tags": [], "kinds": ["visitor", "bot", "operator", "system", "operator"],
    },
    "2503.7": {"status": "missed", "missed_reason": "no_human_reply", "ended_at": None, "kinds": ["visitor"]},
    "2503.8": {
        "status": "completed", "missed_reason": None, "operators": ["Aoi"], "visitor_id": None, "message_count": 0,
        "kinds": [],
    },
    "2503.9": {"status": "completed", "missed_reason": None, "operators": ["Aoi"], "kinds": ["visitor", "operator"]},
}  # fmt: skip
