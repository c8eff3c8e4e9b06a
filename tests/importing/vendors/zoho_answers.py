"""Answers of Zoho SalesIQ in its documented shapes, about made-up persons, and what a store holds after them."""

from datetime import datetime, timedelta
from typing import Any

NINE = 1_740_992_400_000  # 2025-03-03 09:00:00 UTC


def at(minute: int) -> str:
    return str(NINE + 60_000 * minute)


def moment(minute: int) -> datetime:
    return datetime(2025, 3, 3, 9) + timedelta(minutes=minute)


def person(name: str, number: int, *, is_bot: bool = False) -> dict[str, Any]:
    return {"id": f"7000{number}", "name": name, "email": f"{name.lower()}@example.com", "is_bot": is_bot,
            "call_enabled": True, "image_key": f"1_{number}", "aboutme": "Support"}  # fmt: skip


def state(key: str, status: str = "open") -> dict[str, Any]:
    return {"state_key": key, "status_key": status, "label": key.title(), "state": 2, "status_code": 0, "id": "20"}


AOI, BEN, CEM = person("Aoi", 1), person("Ben", 2), person("Cem", 3)
HELPER = person("Helper", 9, is_bot=True)
RIN = {"id": "$501", "name": "Rin Kato", "email_id": "rin@example.com", "phone": "+81355500101", "type": "lead",
       "country_code": "JP", "ip": "203.0.113.7", "current_page": "https://shop.example.com/cart", "page_title": "Cart",
       "city": "Kyoto"}  # fmt: skip
MEI = {"id": "$502", "name": "Mei Lin", "email": "", "phone_no": "+815550102", "countryCode": "FR", "ip_address": "::1"}
NOBODY = {"id": "$503", "name": "Visitor 48213377", "email": None}


def conversation(number: int, key: str, status: str = "open", **more: Any) -> dict[str, Any]:
    """A conversation as a list of v2 holds it."""
    return {
        "id": f"19{number:03}", "chat_id": f"LD_19{number:03}_1", "reference_id": str(number), "type": "chat",
        "app_name": "Shop", "question": "Where is my order?", "uvid": f"uv-{number}", "start_time": at(0),
        "last_modified_time": at(30), "visitor": MEI, "department": {"id": "801", "name": "Orders"},
        "participants": [], "supervisors": [], "status_code": 3, "chat_status": state(key, status),
        "unread_chats": False, "notes": False,
        "last_message_info": {"sequence_id": "2", "sender": {"name": "Aoi", "id": "70001"}, "type": "text",
                              "message": {"text": "Bye"}, "time": at(9)},
        **more,
    }  # fmt: skip


def message(number: int, minute: int, sender: dict[str, str] | None, text: str | None, **more: Any) -> dict[str, Any]:
    """A message as a page of v2 holds it."""
    return {
        "id": f"{at(minute)}_{number}", "sequence_id": str(number), "time": at(minute), "type": "text",
        "sender": sender, "message": {"text": text} if text else {}, "last_message_time": "-1", **more,
    }  # fmt: skip


def page(number: int, *messages: dict[str, Any]) -> dict[str, Any]:
    return {"url": f"/api/v2/acme/conversations/19{number:03}/messages", "object": "list", "data": list(messages)}


def without(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {field: value for field, value in record.items() if field not in fields}


VISITOR, OPERATOR, BOT = (
    {"id": "$501", "name": "Rin Kato"},
    {"id": "70001", "name": "Aoi"},
    {"id": "b9000", "name": "Helper"},
)
ATTENDED = {"attender": AOI, "owner": AOI, "attended_time": at(1)}
LABEL = {"file_name": "label.pdf", "content_type": "application/pdf", "size": "48213",
         "url": "https://files.example.com/label.pdf", "pages": 2}  # fmt: skip
SUGGESTED = {"suggestions": ["Orders", "Refunds"], "hand_off": True}

CONVERSATIONS = [
    conversation(1, "closed", "closed", **ATTENDED, end_time=at(20), visitor=RIN, participants=[AOI, BEN, HELPER],
                 supervisors=[CEM], question="注文はどこですか", rating="5", feedback="とても親切でした", tags=["vip"],
                 language="ja", mood="calm"),
    conversation(2, "missed", "closed", missed_time=at(5), visitor=NOBODY),
    conversation(3, "missed", "closed", missed_time="-1", end_time=at(6), department="Billing"),
    conversation(4, "missed", "closed", missed_time=at(7)),
    conversation(5, "closed", "closed", attender=HELPER, owner=HELPER, end_time=at(8), visitor=None),
    conversation(6, "connected", **ATTENDED, supervisors=[CEM, BEN]),
    conversation(7, "waiting", end_time="-1", missed_time="0", attended_time=""),
    conversation(8, "connected", attender=BEN, attended_time=at(30), end_time=at(20)),
    conversation(9, "triggered", end_time="-1", app_name=None, visitor=RIN),
    conversation(10, "missed", "closed", missed_time=at(5)),
    conversation(11, "closed", "end", attender=BEN, attended_time=at(9), missed_time=at(5), end_time=at(15),
                 rating="0"),
    without(conversation(12, "closed", **ATTENDED, end_time=at(12), department=None), "chat_status", "visitor"),
]  # fmt: skip

V1 = {
    "chat_id": "282", "chat_title": "Shop", "question": "Do you ship abroad?", "chatinitiated_time": at(0),
    "pickup_time": at(2), "end_time": at(10), "waited_duration": "25000", "chat_duration": "480000",
    "visitor_name": "Bob Stone", "visitor_email": "bob@example.com", "visitor_phoneno": "1-541-555-0103",
    "visitor_ip": "203.0.113.9", "country_code": "US", "attender_name": "Aoi", "attender_email": "aoi@example.com",
    "attender_id": "70001", "department_id": "801", "department_name": "Sales", "embed_id": "901", "embed_name": "Shop",
    "participants": ["70001", "70002"], "supervisor": [], "chat_initiated_url": "https://shop.example.com/abroad",
}  # fmt: skip
UNATTENDED = without(V1, "pickup_time", "attender_name", "attender_email", "attender_id", "participants")

FILES: dict[str, Any] = {
    "conversations.json": {"url": "/api/v2/acme/conversations", "object": "list", "data": CONVERSATIONS},
    "conversation.json": {
        "url": "/api/v2/acme/conversations/19013",
        "object": "conversations",
        "data": conversation(13, "closed", "closed", **ATTENDED, end_time=at(3)),
    },
    "messages_1_new.json": page(
        1,
        message(5, 4, OPERATOR, None, type="file", message={"file": LABEL, "comment": "The label"}),
        message(6, 5, None, "Aoi left the chat", type="info"),
        message(7, 6, VISITOR, "ありがとう", mood="calm"),
    ),
    "messages_1_old.json": page(
        1,
        message(1, 0, BOT, "Hello! Choose one.", meta=SUGGESTED),
        message(2, 1, {"id": "$501", "name": "Visitor 48213377"}, "注文はどこですか"),
        message(3, 2, BOT, "I ask a colleague."),
        message(4, 3, OPERATOR, "Looking it up"),
    ),
    "messages_4.json": page(4, message(1, 0, VISITOR, "A refund, please"), message(2, 1, BOT, "I ask a colleague.")),
    "messages_5.json": page(5, message(1, 0, VISITOR, "Opening hours?"), message(2, 1, BOT, "Nine to five.")),
    "messages_10.json": page(10, message(1, 0, BOT, "Hello! Choose one."), message(2, 1, VISITOR, "A person, please")),
    "messages_6.json": [
        message(1, 0, VISITOR, "Hello", conversation_id="19006"),
        message(2, 2, {"id": "70001", "name": "Aoi"}, "Hi", chat_id="19006"),
    ],
    "chats.json": {
        "data": [
            {**V1, "customer_info": {"Band": "Premium"}, "crm_info": "Lead", "notes_available": True},
            {**UNATTENDED, "chat_id": "277", "missed_time": at(3), "end_time": at(0), "visitor_name": "Visitor 12345"},
            {**without(V1, "end_time"), "chat_id": "283", "supervisor": ["70003"]},
            {**UNATTENDED, "chat_id": "284"},
        ]
    },
}  # fmt: skip

EXPECTED: dict[str, dict[str, Any]] = {
    "19001": {
        "status": "completed", "missed_reason": None, "started_at": moment(0), "ended_at": moment(20),
        "channel": "web", "website": "Shop", "page_url": "https://shop.example.com/cart", "page_title": "Cart",
        "department": "Orders", "operators": ["Aoi", "Ben"], "supervisors": ["Cem"], "visitor_id": "$501",
        "visitor_name": "Rin Kato", "visitor_email": "rin@example.com", "visitor_phone": "+81355500101",
        "visitor_country": "JP", "visitor_ip": "203.0.113.7", "question": "注文はどこですか", "rating": 5,
        "comment": "とても親切でした", "tags": ["vip"], "message_count": 7,
        "kinds": ["bot", "visitor", "bot", "operator", "operator", "system", "visitor"],
    },
    "19002": {
        "status": "missed", "missed_reason": "vendor_flag", "ended_at": moment(5), "operators": [],
        "visitor_name": None, "visitor_email": None, "visitor_id": "$503", "rating": None, "tags": [],
        "message_count": 0, "kinds": [],
    },
    "19003": {
        "status": "missed", "missed_reason": "vendor_status", "ended_at": moment(6), "department": "Billing",
        "visitor_phone": "+815550102", "visitor_country": "FR", "visitor_ip": "::1", "visitor_email": None,
    },
    "19004": {"status": "missed", "missed_reason": "bot_handoff_failed", "kinds": ["visitor", "bot"]},
    "19005": {
        "status": "completed", "missed_reason": None, "operators": [], "visitor_id": "uv-5",
        "kinds": ["visitor", "bot"],
    },
    "19006": {
        "status": "ongoing", "missed_reason": None, "operators": ["Aoi"], "supervisors": ["Cem", "Ben"],
        "ended_at": None, "kinds": ["visitor", "operator"],
    },
    "19007": {"status": "ongoing", "missed_reason": None, "operators": [], "ended_at": None},
    "19008": {"status": "reopened", "missed_reason": None, "operators": ["Ben"], "ended_at": moment(20)},
    "19009": {"status": "ongoing", "missed_reason": None, "website": "shop.example.com", "ended_at": None},
    "19010": {"status": "missed", "missed_reason": "vendor_flag", "kinds": ["bot", "visitor"]},
    "19011": {
        "status": "completed", "missed_reason": None, "operators": ["Ben"], "ended_at": moment(15), "rating": None,
    },
    "19012": {"status": "completed", "missed_reason": None, "visitor_id": "uv-12", "department": None},
    "19013": {"status": "completed", "missed_reason": None, "operators": ["Aoi"], "ended_at": moment(3)},
    "282": {
        "status": "completed", "missed_reason": None, "started_at": moment(0), "ended_at": moment(10), "channel": None,
        "website": "Shop", "page_url": "https://shop.example.com/abroad", "department": "Sales",
        "operators": ["Aoi"], "wait_s": 25.0, "supervisors": [], "visitor_id": None, "visitor_name": "Bob Stone",
        "visitor_email": "bob@example.com", "visitor_phone": "1-541-555-0103", "visitor_country": "US",
        "visitor_ip": "203.0.113.9", "question": "Do you ship abroad?", "message_count": 0,
    },
    "277": {
        "status": "missed", "missed_reason": "vendor_flag", "visitor_name": None, "operators": [],
        "ended_at": moment(0),
    },
    "283": {"status": "ongoing", "missed_reason": None, "supervisors": ["70003"], "ended_at": None},
    "284": {"status": "completed", "missed_reason": None, "operators": [], "ended_at": moment(10)},
}  # fmt: skip
