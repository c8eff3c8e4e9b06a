"""Answers of Chatwoot in their documented shapes, about persons who are made up, and what a store holds after them."""

from datetime import datetime, timedelta
from typing import Any

NINE = 1_740_992_400  # 2025-03-03 09:00:00 UTC
FUTURE = 4_070_908_800  # a chat that has not waited at all


def at(minute: int) -> datetime:
    return datetime(2025, 3, 3, 9) + timedelta(minutes=minute)


def second(minute: int) -> int:
    return NINE + 60 * minute


def contact(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "additional_attributes": {}, "availability_status": "offline", "email": None, "id": number, "name": name,
        "phone_number": None, "blocked": False, "identifier": None, "thumbnail": "", "custom_attributes": {},
        "last_activity_at": second(0), "created_at": second(0), **more,
    }  # fmt: skip


def user(name: str, number: int = 7) -> dict[str, Any]:
    return {"id": number, "name": name, "available_name": name, "type": "user", "thumbnail": "",
            "availability_status": "online"}  # fmt: skip


def conversation(number: int, status: str, sender: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation as a list holds it; `meta` in `more` is added to its own one."""
    meta = {"sender": sender, "channel": "Channel::WebWidget", "hmac_verified": False, **more.pop("meta", {})}
    return {
        "meta": meta, "id": number, "messages": [], "account_id": 1, "uuid": f"uuid-{number}",
        "additional_attributes": {}, "agent_last_seen_at": 0, "assignee_last_seen_at": 0, "can_reply": True,
        "contact_last_seen_at": 0, "custom_attributes": {}, "inbox_id": 3, "labels": [], "muted": False,
        "snoozed_until": None, "status": status, "created_at": second(0), "updated_at": second(60) + 0.25,
        "timestamp": second(30), "first_reply_created_at": 0, "unread_count": 0, "last_non_activity_message": None,
        "last_activity_at": second(30), "priority": None, "waiting_since": 0, "sla_policy_id": None, **more,
    }  # fmt: skip


def message(number: int, minute: int, kind: Any, content: str | None, **more: Any) -> dict[str, Any]:
    """A message as a page holds it."""
    return {
        "id": number, "content": content, "inbox_id": 3, "conversation_id": 101, "message_type": kind,
        "content_type": "text", "status": "sent", "content_attributes": {}, "created_at": second(minute),
        "private": False, "source_id": None, **more,
    }  # fmt: skip


def page(number: int, *messages: dict[str, Any], inbox: int = 3) -> dict[str, Any]:
    meta = {"labels": [], "additional_attributes": {}, "contact": {"id": 1}, "assignee_last_seen_at": None}
    return {"meta": meta, "payload": [{**item, "conversation_id": number, "inbox_id": inbox} for item in messages]}


RIN, BOB = contact(51, "Rin Kato", email="rin@example.com"), contact(52, "Bob Stone")
ANON = contact(53, "long-flower-143", email="")
BOT = {"id": 4, "name": "Helper", "type": "agent_bot"}
CSAT = {"submitted_values": {"csat_survey_response": {"rating": 4, "feedback_message": "とても親切でした"}}}

# Last messages as a list holds them: with the account, and with the sender's kind as a word.
RESOLVED = message(9101, 20, 2, "Conversation was marked resolved by Aoi", account_id=1, sender_type=None)
REOPENED = message(9107, 25, 2, "Conversation was reopened by Aoi", conversation_id=107, account_id=1)
SURVEY = message(9106, 21, 3, "Please rate us", conversation_id=106, content_type="input_csat",
                 content_attributes=CSAT, account_id=1)  # fmt: skip
SOLVED_JA = message(9113, 12, 2, "Ben によって会話は解決済みになりました", conversation_id=113, account_id=1)
CAMPAIGN = message(9112, 0, 1, "Try our new plan", conversation_id=112, sender_type="User", sender=user("Aoi"),
                   additional_attributes={"campaign_id": 5}, account_id=1)  # fmt: skip

CONVERSATIONS = [
    conversation(
        101, "resolved", RIN, messages=[RESOLVED], labels=["order", "vip"], first_reply_created_at=second(1),
        meta={"assignee": user("Aoi"), "assignee_type": "User", "team": {"id": 2, "name": "Orders"}},
        additional_attributes={"referer": "https://shop.example.com/cart?a=1", "browser_language": "ja",
                               "country_code": "jp", "initiated_at": {"timestamp": "Mon Mar 3 2025"}},
        priority="high", custom_attributes={"plan": "gold"},
    ),
    conversation(102, "resolved", BOB, last_non_activity_message=message(
        9002, 0, 0, "Is anybody there?", conversation_id=102, sender_type="Contact", sender={**BOB, "type": "contact"}
    ), waiting_since=second(0)),
    conversation(103, "open", BOB, first_reply_created_at=second(2), meta={"assignee": user("Ben", 8)}),
    conversation(104, "open", ANON, meta={"channel": "Channel::Line"}, waiting_since=second(0),
                 last_activity_at=second(3)),
    conversation(105, "pending", BOB, created_at=FUTURE, last_activity_at=FUTURE, updated_at=FUTURE),
    conversation(106, "resolved", BOB, messages=[SURVEY], first_reply_created_at=second(5),
                 last_activity_at=second(22)),
    conversation(107, "open", BOB, messages=[REOPENED], first_reply_created_at=second(1)),
    conversation(108, "resolved", BOB, meta={"assignee": BOT, "assignee_type": "AgentBot"}),
    conversation(109, "resolved", BOB),
    conversation(110, "resolved", BOB),
    conversation(111, "snoozed", BOB, first_reply_created_at=second(1), snoozed_until=second(999)),
    conversation(112, "resolved", BOB, messages=[CAMPAIGN]),
    conversation(113, "resolved", BOB, messages=[SOLVED_JA], meta={"assignee": user("Ben", 8)}),
    conversation(101, "resolved", contact(90, "Mei Lin"), account_id=2, inbox_id=9, first_reply_created_at=second(4)),
]  # fmt: skip

PICTURES = [
    {"id": 1, "message_id": 3, "file_type": "image", "account_id": 1, "data_url": "https://f.example.com/a%20b.png?x=1",
     "thumb_url": "https://f.example.com/t.png", "file_size": 2048, "extension": None, "width": 8, "height": 8},
    {"id": 2, "message_id": 3, "file_type": "location", "account_id": 1, "coordinates_lat": 35.6,
     "coordinates_long": 139.7, "fallback_title": "Tokyo Station", "data_url": None},
]  # fmt: skip
RIN_SENDS, AOI_SENDS, BEN_SENDS = (
    {"sender": {**RIN, "type": "contact"}},
    {"sender": user("Aoi")},
    {"sender": user("Ben", 8)},
)

FILES: dict[str, Any] = {
    "conversations.json": {
        "data": {
            "meta": {"mine_count": 1, "assigned_count": 3, "unassigned_count": 11, "all_count": 14},
            "payload": CONVERSATIONS,
        }
    },
    "messages_101.json": page(
        101,
        message(1, 0, 0, "注文はどこですか", **RIN_SENDS),
        message(2, 0, 3, "We reply within an hour"),
        message(3, 1, 1, "調べます", attachments=PICTURES, **AOI_SENDS),
        message(4, 2, 1, "Sent to the wrong address", private=True, **BEN_SENDS),
        message(5, 3, 1, "This message was deleted", content_attributes={"deleted": True}, **BEN_SENDS),
        message(6, 4, 0, None, **RIN_SENDS, content_attributes={"in_reply_to": 3}, sentiment={}),
        message(9101, 20, 2, "Conversation was marked resolved by Aoi"),
    ),
    "messages_108.json": page(
        108,
        message(1081, 0, 0, "Opening hours?"),
        message(1082, 1, 1, "Nine to five.", sender=BOT),
        message(1083, 2, 2, "Conversation was marked resolved by Helper"),
    ),
    "messages_109.json": page(
        109,
        message(1091, 0, 0, "A refund, please"),
        message(1092, 1, 1, "I ask a colleague.", sender_type="AgentBot"),
        message(1093, 2, 0, "Hello?"),
        message(1094, 3, 1, "We are busy", content_attributes={"automation_rule_id": 3}),
        message(1095, 4, 1, "Call them back", private=True, **AOI_SENDS),
    ),
    "messages_110.json": page(110, message(1101, 0, 0, "Hi"), message(1102, 0, 3, "Thank you, we will answer")),
    "messages_101_of_another_account.json": page(
        101, message(2001, 1, 0, "Hello from elsewhere"), message(2002, 4, 1, "Hi Mei", **AOI_SENDS), inbox=9
    ),
    "conversation_200.json": {
        **conversation(200, "resolved", BOB, channel="Channel::Api", event="conversation_status_changed", channel_x=1),
        "meta": {"sender": BOB, "assignee": None},
        "created_at": "2025-03-03T09:00:00Z", "first_reply_created_at": "2025-03-03T09:02:30.500Z",
        "last_activity_at": "2025-03-03T09:40:00.000Z", "updated_at": "2025-03-03T09:41:00.000Z",
        "contact_inbox": {"id": 1, "source_id": "x"},
    },
    "webhook_messages.json": [
        {"event": "message_created", "id": 3001, "content": "It is broken", "message_type": "incoming",
         "private": False,
         "content_type": "text", "created_at": "2025-03-03T09:00:30.000Z", "content_attributes": {},
         "sender": {"id": 52, "name": "Bob Stone"}, "inbox": {"id": 3, "name": "Web"}, "account": {"id": 1},
         "conversation": {"id": 200, "inbox_id": 3, "status": "open"}},
        {"event": "message_created", "id": 3002, "content": "I send a new one", "message_type": "outgoing",
         "private": False, "created_at": "2025-03-03T09:02:30.500Z", "sender": {"id": 8, "name": "Ben", "type": "user"},
         "inbox": {"id": 3, "name": "Web"}, "conversation": {"id": 200, "inbox_id": 3}},
        {"event": "message_created", "id": 3003, "content": "Thanks, from my phone", "message_type": "outgoing",
         "private": False, "created_at": "2025-03-03T09:03:00.000Z", "sender": None,
         "content_attributes": {"external_echo": True}, "inbox": {"id": 3}, "conversation": {"id": 200, "inbox_id": 3}},
    ],
    "contacts.json": {
        "meta": {"count": 2, "current_page": 1},
        "payload": [
            contact(52, "Bob Stone", email="bob@example.com", phone_number="+815550101",
                    additional_attributes={"city": "Osaka", "country": "Japan", "created_at_ip": "203.0.113.9"}),
            contact(53, "long-flower-143", additional_attributes={"country_code": "FR"}, contact_inboxes=[{"x": 1}]),
        ],
    },
    "contact.json": {"payload": contact(90, "Mei Lin", email="mei@example.com", identifier="m-90")},
}  # fmt: skip

EXPECTED: dict[str, dict[str, Any]] = {
    "3-101": {
        "status": "completed", "missed_reason": None, "started_at": at(0), "ended_at": at(20), "channel": "web",
        "website": "shop.example.com", "page_url": "https://shop.example.com/cart?a=1", "department": "Orders",
        "operators": ["Aoi", "Ben"], "visitor_id": "51", "visitor_name": "Rin Kato", "visitor_email": "rin@example.com",
        "visitor_country": "JP", "question": "注文はどこですか", "tags": ["order", "vip"],
        "message_count": 7, "wait_s": 60.0,
        "kinds": ["visitor", "bot", "operator", "operator", "note", "operator", "visitor", "system"],
    },
    "3-102": {
        "status": "missed", "missed_reason": "no_human_reply", "ended_at": at(30), "operators": [],
        "question": "Is anybody there?", "visitor_email": "bob@example.com", "visitor_phone": "+815550101",
        "visitor_country": "JP", "visitor_ip": "203.0.113.9", "kinds": ["visitor"],
    },
    "3-103": {"status": "ongoing", "missed_reason": None, "ended_at": None, "operators": ["Ben"], "wait_s": 120.0},
    "3-104": {
        "status": "missed", "missed_reason": "no_human_reply", "channel": "line", "visitor_name": None,
        "visitor_email": None, "visitor_country": "FR", "ended_at": None, "kinds": [],
    },
    "3-105": {"status": "ongoing", "missed_reason": None, "ended_at": None},
    "3-106": {
        "status": "completed", "missed_reason": None, "rating": 4, "comment": "とても親切でした", "ended_at": at(22),
        "kinds": ["bot"],
    },
    "3-107": {"status": "reopened", "missed_reason": None, "ended_at": None, "kinds": ["system"]},
    "3-108": {
        "status": "completed", "missed_reason": None, "operators": [], "kinds": ["visitor", "bot", "system"],
    },
    "3-109": {
        "status": "missed", "missed_reason": "bot_handoff_failed", "operators": [], "message_count": 4,
        "kinds": ["visitor", "bot", "visitor", "bot", "note"],
    },
    "3-110": {"status": "missed", "missed_reason": "no_human_reply", "kinds": ["visitor", "bot"]},
    "3-111": {"status": "ongoing", "missed_reason": None},
    "3-112": {"status": "completed", "missed_reason": None, "operators": [], "kinds": ["bot"]},
    "3-113": {"status": "missed", "missed_reason": "no_human_reply", "ended_at": at(12), "operators": ["Ben"]},
    "9-101": {
        "status": "completed", "missed_reason": None, "operators": ["Aoi"], "question": "Hello from elsewhere",
        "visitor_name": "Mei Lin", "visitor_email": "mei@example.com", "kinds": ["visitor", "operator"],
    },
    "3-200": {
        "status": "completed", "missed_reason": None, "started_at": at(0), "ended_at": at(40), "channel": "api",
        "operators": ["Ben"], "wait_s": 120.5, "question": "It is broken", "kinds": ["visitor", "operator", "operator"],
    },
}  # fmt: skip
