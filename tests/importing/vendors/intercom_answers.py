"""Answers of Intercom in their documented shapes, about persons who are made up, and what a store holds after them."""

from datetime import datetime, timedelta
from typing import Any

NINE = 1_740_992_400  # 2025-03-03 09:00:00 UTC
FUTURE = 4_070_908_800  # a chat that has not waited at all


def at(minute: int) -> datetime:
    return datetime(2025, 3, 3, 9) + timedelta(minutes=minute)


def second(minute: int) -> int:
    return NINE + 60 * minute


def person(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": f"{kind}-{name}", "name": name, "email": f"{name.lower()}@example.com", **more}


RIN, BOB, AOI, BEN = person("user", "Rin"), person("lead", "Bob"), person("admin", "Aoi"), person("admin", "Ben")
WORKFLOW = person("bot", "Operator", from_ai_agent=False, is_ai_answer=False)
SOLVER = person("bot", "Fin", from_ai_agent=True, is_ai_answer=True)


def source(body: str | None, author: dict[str, Any] = RIN, **more: Any) -> dict[str, Any]:
    return {
        "type": "conversation", "id": "4039", "delivered_as": "customer_initiated", "subject": "", "body": body,
        "author": author, "attachments": [], "url": None, "redacted": False, **more,
    }  # fmt: skip


def conversation(number: int, state: str, opening: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A conversation as a list holds it."""
    contact = {"type": "contact", "id": f"c-{number}", "external_id": "70"}
    return {
        "type": "conversation", "id": str(number), "created_at": second(0), "updated_at": second(60),
        "waiting_since": None, "snoozed_until": None, "source": opening,
        "contacts": {"type": "contact.list", "contacts": [contact]}, "first_contact_reply": None,
        "admin_assignee_id": 0, "team_assignee_id": 0, "open": state != "closed", "state": state, "read": True,
        "tags": {"type": "tag.list", "tags": []}, "priority": "not_priority", "sla_applied": None, "statistics": None,
        "conversation_rating": None, "teammates": None, "title": None, "custom_attributes": {}, "topics": {},
        "ticket": None, "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "ai_agent": None, "ai_agent_participated": False, **more,
    }  # fmt: skip


def part(number: int, minute: int, author: dict[str, Any], body: str | None, kind: str = "comment", **more: Any) -> Any:
    return {
        "type": "conversation_part", "id": str(number), "part_type": kind, "body": body, "created_at": second(minute),
        "updated_at": second(minute), "notified_at": second(minute), "assigned_to": None, "author": author,
        "attachments": [], "external_id": None, "redacted": False, "email_message_metadata": None, "state": "open",
        "tags": [], "event_details": None, "app_package_code": None, **more,
    }  # fmt: skip


def single(number: int, state: str, opening: dict[str, Any], *parts: Any, **more: Any) -> dict[str, Any]:
    """A conversation as it is given alone, with its parts."""
    given = {"type": "conversation_part.list", "conversation_parts": list(parts), "total_count": len(parts)}
    return conversation(number, state, opening, conversation_parts=given, **more)


def figures(**more: Any) -> dict[str, Any]:
    return {"type": "conversation_statistics", "first_admin_reply_at": None, "last_close_at": None, "count_reopens": 0,
            "count_assignments": 1, "time_to_admin_reply": None, **more}  # fmt: skip


def upload(name: str, url: str | None = None) -> dict[str, Any]:
    return {"type": "upload", "name": name, "url": url or f"https://f.example.com/{name}", "content_type": "image/png",
            "filesize": 512, "width": 10, "height": 10}  # fmt: skip


LISTED = [
    conversation(
        101, "closed", source("<p>注文は<b>どこ</b>ですか</p>", url="https://shop.example.com/cart"),
        statistics=figures(first_admin_reply_at=second(2), last_close_at=second(30)), updated_at=second(50),
    ),
    conversation(102, "closed", source("<p>Nobody there?</p>", BOB), statistics=figures(last_close_at=second(9))),
    conversation(103, "closed", source("<p>Who knows</p>", BOB)),
    conversation(104, "open", source("<p>Still waiting</p>"), statistics=figures(), waiting_since=second(0)),
    conversation(105, "open", source("<p>Just now</p>"), statistics=figures(), created_at=FUTURE, updated_at=FUTURE),
    conversation(106, "snoozed", source("<p>Later</p>"), snoozed_until=FUTURE,
                 statistics=figures(first_admin_reply_at=second(5))),
]  # fmt: skip

FILES: dict[str, Any] = {
    "conversations.json": {
        "type": "conversation.list",
        "pages": {"type": "pages", "page": 1, "per_page": 20, "total_pages": 1},
        "total_count": len(LISTED),
        "conversations": LISTED,
    },
    "conversation_101.json": single(
        101, "closed", source("<p>注文は<b>どこ</b>ですか</p>", url="https://shop.example.com/cart"),
        part(1011, 0, WORKFLOW, "<p>We reply within the hour</p>"),
        part(1012, 1, AOI, None, "assignment", assigned_to={"type": "admin", "id": "admin-Aoi"}),
        part(1013, 2, AOI, "<p>調べます</p><p>1 &lt; 2</p>", attachments=[upload("a.png"), upload("b.png")]),
        part(1014, 3, BEN, "<p>See order 7</p>", "note"),
        part(1015, 4, RIN, "<p>どうも</p>", "open"),
        part(1016, 5, BEN, "<p>さようなら</p>", "close", state="closed",
             tags=[{"type": "tag", "id": "1", "name": "x"}]),
        part(1017, 6, BEN, None, "conversation_attribute_updated_by_admin",
             event_details={"attribute": {"name": "reason"}, "value": {"name": "refund"}}),
        statistics=figures(first_admin_reply_at=second(2), last_close_at=second(30)),
        conversation_rating={"rating": 5, "remark": "Quick", "created_at": second(31), "teammate": {"id": "9"}},
        tags={"type": "tag.list", "tags": [{"type": "tag", "id": "1", "name": "order"},
                                           {"type": "tag", "name": "vip"}]},
        custom_attributes={"reason": "refund"}, channel={"initial": "messenger", "current": "email"}, brand="Shop",
        team_assignee_id=5, priority="priority", sla_applied={"sla_name": "gold", "sla_status": "missed"},
    ),
    "conversation_201.json": single(201, "closed", source("<p>Opening hours?</p>"),
        part(2011, 1, SOLVER, "<p>Nine to five.</p>"), part(2012, 2, RIN, "<p>Thanks</p>"),
        ai_agent_participated=True, ai_agent={"resolution_state": "confirmed_resolution", "rating": 4,
                                              "rating_remark": "ok", "source_type": "workflow"},
    ),
    "conversation_202.json": single(202, "closed", source("<p>A refund</p>", BOB),
        part(2021, 1, SOLVER, "<p>I ask a colleague</p>"), part(2022, 2, BOB, "<p>Hello?</p>"),
        part(2023, 9, AOI, None, "close", state="closed"),
        ai_agent_participated=True, ai_agent={"resolution_state": "routed_to_team"},
    ),
    "conversation_203.json": single(203, "closed", source("<p>Hi</p>"),
        part(2031, 0, WORKFLOW, "<p>Thank you, we will write soon</p>"),
        part(2032, 1, AOI, "<p>Looks like spam</p>", "note"),
    ),
    "conversation_204.json": single(204, "open", source("<p>It broke again</p>"),
        part(2041, 2, AOI, "<p>Fixed</p>"), part(2042, 3, AOI, None, "close"), part(2043, 4, RIN, "<p>No</p>", "open"),
        statistics=figures(first_admin_reply_at=second(2), count_reopens=1),
    ),
    "conversation_205.json": single(205, "closed", source("<p>New plan!</p>", AOI, delivered_as="automated")),
    "conversation_206.json": single(206, "closed", source("<p>May I help?</p>", BEN, delivered_as="admin_initiated",
                                                          attachments=[upload("c.png")])),
    "conversation_207.json": single(207, "closed", source(None, BOB, type="email", subject="Bill", redacted=True),
        part(2071, 3, AOI, None, redacted=True),
        part(2072, 4, AOI, None, "quick_reply", metadata={"quick_reply_options": [{"text": "Yes"}]}),
        part(2073, 5, AOI, "<p>Done</p>", "custom_action_finished"), part(2074, 6, {}, None, "merged_secondary"),
        contacts={"type": "contact.list", "contacts": []},
    ),
    "search.json": {
        "type": "conversation.list", "total_count": 1, "pages": {"type": "pages", "next": {"starting_after": "x"}},
        "conversations": [conversation(208, "closed",
                                       source("<p>Found</p>", person("user", "Visitor 12345678", email="")),
                                       statistics=figures(first_admin_reply_at=second(1), last_close_at=second(2)))],
    },
    "contacts.json": {
        "type": "list", "total_count": 2, "pages": {"type": "pages", "page": 1},
        "data": [
            {"type": "contact", "workspace_id": "w", "id": "c-102", "external_id": None, "role": "lead", "name": "Bob",
             "email": "other@example.com", "phone": "+815550101", "created_at": second(0),
             "custom_attributes": {"a": 1},
             "location": {"type": "location", "country": "Japan", "region": "Osaka", "country_code": "JPN"}},
            {"type": "contact", "workspace_id": "w", "id": "c-208", "role": "user", "name": "Mei Lin",
             "email": "mei@example.com", "phone": None, "location": {"country": "France", "country_code": "FR"}},
        ],
    },
    "contact.json": {"type": "contact", "id": "c-103", "role": "user", "name": None,
                     "phone": "5550103", "location": None},
}  # fmt: skip

EXPECTED: dict[str, dict[str, Any]] = {
    "101": {
        "status": "completed", "missed_reason": None, "started_at": at(0), "ended_at": at(30), "channel": "web",
        "website": "shop.example.com", "page_url": "https://shop.example.com/cart", "operators": ["Aoi", "Ben"],
        "visitor_id": "c-101", "visitor_name": "Rin", "visitor_email": "rin@example.com",
        "question": "注文はどこですか",
        "rating": 5, "comment": "Quick", "tags": ["order", "vip"], "message_count": 8, "wait_s": 120.0,
        "kinds": ["visitor", "bot", "system", "operator", "operator", "note", "visitor", "operator", "system"],
    },
    "102": {
        "status": "missed", "missed_reason": "no_human_reply", "ended_at": at(9), "visitor_phone": "+815550101",
        "visitor_email": "bob@example.com", "visitor_country": "JP", "question": "Nobody there?",
        "kinds": ["visitor"],
    },
    "103": {"status": "completed", "missed_reason": None, "ended_at": None, "visitor_phone": "5550103"},
    "104": {"status": "missed", "missed_reason": "no_human_reply", "ended_at": None},
    "105": {"status": "ongoing", "missed_reason": None},
    "106": {"status": "ongoing", "missed_reason": None, "wait_s": 300.0},
    "201": {
        "status": "completed", "missed_reason": None, "operators": [], "rating": 4, "comment": "ok",
        "kinds": ["visitor", "bot", "visitor"],
    },
    "202": {
        "status": "missed", "missed_reason": "bot_handoff_failed", "ended_at": at(9), "operators": [],
        "kinds": ["visitor", "bot", "visitor", "system"],
    },
    "203": {
        "status": "missed", "missed_reason": "no_human_reply", "message_count": 2, "kinds": ["visitor", "bot", "note"],
    },
    "204": {"status": "reopened", "missed_reason": None, "ended_at": None, "operators": ["Aoi"]},
    "205": {
        "status": "completed", "missed_reason": None, "operators": [], "visitor_name": None, "kinds": ["bot"],
    },
    "206": {"status": "completed", "missed_reason": None, "operators": ["Ben"], "kinds": ["operator"]},
    "207": {
        "status": "completed", "missed_reason": None, "channel": "email", "question": "Bill", "visitor_id": None,
        "visitor_name": "Bob", "kinds": ["visitor", "operator", "operator", "system", "system"],
    },
    "208": {
        "status": "completed", "missed_reason": None, "visitor_name": "Mei Lin", "visitor_email": "mei@example.com",
        "visitor_country": "FR", "wait_s": 60.0,
    },
}  # fmt: skip
