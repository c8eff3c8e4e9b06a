"""Answers of LiveChat, made up after its documented shapes, and what a store holds after importing all of them."""

from datetime import datetime
from typing import Any

Record = dict[str, Any]

MINA, REN, BOT = "mina@shop.example.com", "ren@shop.example.com", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
RIN = "11111111-aaaa-4aaa-8aaa-000000000001"
KENTO = "22222222-bbbb-4bbb-8bbb-000000000002"
NOBODY = "33333333-cccc-4ccc-8ccc-000000000003"
AYA = "44444444-dddd-4ddd-8ddd-000000000004"
OLDER = "S1700000000.ab12cd34ef"


def at(minute: int) -> str:
    return f"2026-03-02T01:{minute:02}:00.000000Z"


def moment(minute: int) -> datetime:
    return datetime(2026, 3, 2, 1, minute)


def event(minute: int, author: str | None, text: str | None = None, **more: Any) -> Record:
    own = {"author_id": author} if author else {}
    words = {"text": text} if text else {}
    base = {"id": f"E_{minute}", "created_at": at(minute), "visibility": "all", "type": "message"}
    return {**base, **own, **words, **more}


def system(minute: int, kind: str, text: str | None = None) -> Record:
    return event(minute, None, text, type="system_message", system_message_type=kind, text_vars={"agent": "Mina"})


def welcome(minute: int, author: str = MINA) -> Record:
    return event(minute, author, "いらっしゃいませ。ご用件をどうぞ。", properties={"lc2": {"welcome_message": True}})


def form(minute: int, author: str, *fields: Record, kind: str = "prechat") -> Record:
    return event(minute, author, type="filled_form", form_id=f"F_{kind}", form_type=kind, fields=list(fields))


def field(kind: str, label: str, answer: Any) -> Record:
    name = "answers" if isinstance(answer, list) else "answer"
    return {"id": f"{kind}-1", "type": kind, "label": label, name: answer}


AGENTS: list[Record] = [
    {"id": MINA, "type": "agent", "name": "Mina Abe", "email": MINA, "present": True, "avatar": "a.png",
     "visibility": "all"},
    {"id": REN, "type": "agent", "name": "", "email": REN, "present": False},
    {"id": BOT, "type": "agent", "name": "Helper", "present": True},
]  # fmt: skip
RIN_USER: Record = {
    "id": RIN, "type": "customer", "name": "加藤 凛", "email": "rin@example.com", "present": True,
    "created_at": at(0), "statistics": {"chats_count": 2}, "session_fields": [{"plan": "gold"}],
    "last_visit": {
        "started_at": at(0), "ip": "198.51.100.7", "user_agent": "Browser/1.0",
        "geolocation": {"country": "Japan", "country_code": "JP", "city": "Osaka"},
        "last_pages": [{"opened_at": at(0), "url": "https://shop.example.com/shoes", "title": "靴"}],
    },
}  # fmt: skip
KENTO_USER: Record = {"id": KENTO, "type": "customer", "name": "Visitor 12345678", "email": "", "present": False}


def thread(thread_id: str, users: list[str], events: list[Record] | None, **more: Any) -> Record:
    given = {} if events is None else {"events": events}
    base = {"id": thread_id, "created_at": at(0), "active": False, "user_ids": users, "properties": {}}
    return {**base, **given, "access": {"group_ids": [3]}, **more}


def chat(chat_id: str, of: Record, visitor: Record = KENTO_USER, **more: Any) -> Record:
    shared = {"properties": {}, "access": {"group_ids": [0]}, "is_followed": False}
    return {"id": chat_id, "users": [visitor, *AGENTS], **shared, "thread": of, **more}


SERVED = thread(
    "T_SERVED", [RIN, MINA],
    [
        form(0, RIN, field("name", "Name:", "加藤 凛"), field("email", "E-mail:", "other@example.com"),
             field("question", "Phone:", "+81 3 1234 5678"),
             field("checkbox", "Topics:", [{"id": "1", "label": "Orders"}, {"id": "2", "label": "返品"}])),
        welcome(1),
        system(2, "routing.assigned", "Chat assigned to Mina"),
        event(3, RIN, "靴はいつ届きますか?", custom_id="c1"),
        event(4, MINA, "お調べします。", properties={"translation": {"source_lang_code": "ja"}}),
        event(5, MINA, "Parcel is late again", visibility="agents"),
        event(6, MINA, type="file", name="label.pdf", url="https://files.example.com/label.pdf",
              content_type="application/pdf", size=48213),
        event(7, RIN, "Thank you", properties={"lc2": {"welcome_message": False}}),
        system(8, "rating.chat_rated", "加藤 凛 rated the chat as good"),
        system(9, "manual_archived_agent", "Mina closed the chat"),
    ],
    properties={
        "routing": {"start_url": "https://shop.example.com/shoes", "unreplied": False, "idle": False,
                    "referrer": "https://search.example.com/"},
        "rating": {"score": 1, "comment": "親切でした"}, "source": {"client_id": "widget-1"},
    },
    tags=["order", "delivery"], next_thread_id="T_AGAIN", queues_duration=12,
)  # fmt: skip
AGAIN = thread(
    "T_AGAIN", [RIN, REN],
    [event(10, RIN, "Hello again"), event(11, REN, "Welcome back"), event(12, REN, type="message", deleted=True)],
    created_at=at(10), previous_thread_id="T_SERVED", properties={"rating": {"score": 0}}, access={},
    customer_visit={"ip": "203.0.113.9", "geolocation": {"country": "France", "country_code": "FR"}},
)  # fmt: skip
OFFLINE_FORM = form(
    0, KENTO, field("name", "Name", "Kento Ito"), field("email", "E-mail", "kento@example.com"),
    field("textarea", "Message:", "営業時間は?"), field("subject", "Subject", ""), kind="ticket",
)  # fmt: skip
RICH = event(
    3, BOT, type="rich_message", template_id="cards",
    elements=[
        {"title": "Shoes", "subtitle": "Size 24", "image": {"name": "a.png", "url": "https://files.example.com/a.png",
                                                            "content_type": "image/png", "size": 10},
         "buttons": [{"text": "Buy", "type": "url", "value": "https://shop.example.com/buy", "postback_id": "buy"}]},
        {"title": "Boots", "image": {"url": "https://files.example.com/b.png"}},
    ],
)  # fmt: skip
FLAGGED = {"routing": {"unreplied": True}}

ARCHIVES: Record = {
    "chats": [
        chat("C_RIN", SERVED, RIN_USER),
        chat("C_RIN", AGAIN, RIN_USER),
        chat("C_1", thread("T_UNREPLIED", [KENTO], [welcome(1), event(2, KENTO, "Is anybody there?"),
                                                    system(3, "routing.archived_offline")], properties=FLAGGED)),
        chat("C_2", thread("T_OFFLINE", [KENTO], [OFFLINE_FORM],
                           properties={"routing": {"offline_message": True, "unreplied": True}})),
        chat("C_3", thread("T_WELCOME", [KENTO, MINA], [welcome(1), event(2, KENTO, "返事がない"),
                                                        system(3, "routing.archived_inactive", "Archived")])),
        chat("C_4", thread("T_GREETING", [KENTO, MINA],
                           [event(1, MINA, "Need help?", properties={"lc2": {"greeting_id": 7}})])),
        chat("C_5", thread("T_BOT", [KENTO, BOT], [event(1, KENTO, "A person, please"), event(2, BOT, "One moment"),
                                                   RICH, event(4, KENTO, "Hello?")])),
        chat("C_6", thread("T_BOT_THEN_MINA", [KENTO, BOT, MINA],
                           [event(1, KENTO, "人と話したい"), event(2, BOT, "はい"), event(3, MINA, "担当です")])),
        chat("C_7", thread("T_WITHHELD", [KENTO, MINA], None, restricted_access="plan_limit")),
        chat("C_8", thread("T_WITHHELD_MISSED", [KENTO], None, restricted_access="plan_limit", properties=FLAGGED)),
        chat("C_9", thread("T_WAITING", [KENTO], [event(1, KENTO, "Hello")], active=True, properties=FLAGGED)),
    ],
    "found_chats": 11, "next_page_id": "bmV4dA==",
}  # fmt: skip
SINGLE = chat(
    "C_SINGLE",
    thread("T_SINGLE", [RIN, MINA], [event(1, RIN, "Hi"), event(2, MINA, "Hello")], active=True,
           queue={"position": 1, "wait_time": 30, "queued_at": at(0)}),
    RIN_USER, mood="good",
)  # fmt: skip
# As one documented sample has it: several threads in one chat, and a key misspelt.
SAMPLE: Record = {
    "chats": [
        {"id": "C_SAMPLE", "users": [RIN_USER, *AGENTS], "properites": {"a": {"b": "c"}}, "access": {},
         "threads": [thread("T_SAMPLE_1", [MINA, RIN], [event(1, RIN, "One"), event(2, MINA, "Yes")]),
                     thread("T_SAMPLE_2", [MINA, RIN], [event(3, RIN, "Two"), event(4, MINA, "No")],
                            created_at=at(3), previous_thread_id="T_SAMPLE_1")]},
    ],
    "pagination": {"page": 1, "total": 1},
}  # fmt: skip
# In version 3.2 the visibility is called recipients.
THREADS: Record = {
    "threads": [
        thread("T_ALONE", [AYA, MINA, BOT],
               [event(1, AYA, "Hi", visibility=None, recipients="all"), event(2, BOT, "Hi, I am a machine"),
                event(3, MINA, "Hi, I am not", recipients="all"),
                event(4, MINA, "VIP", visibility=None, recipients="agents")]),
    ],
    "found_threads": 1, "previous_page_id": "cHJldg==",
}  # fmt: skip
SUMMARIES: Record = {
    "chats_summary": [
        {"id": "C_RIN", "last_thread_id": "T_AGAIN", "users": [RIN_USER, *AGENTS], "properties": {}, "access": {},
         "last_thread_summary": thread("T_AGAIN", [RIN, REN], None, created_at=at(10), active=None),
         "last_event_per_type": {"message": {"thread_id": "T_AGAIN", "event": event(11, REN, "Welcome back")}}},
        {"id": "C_SHORT", "last_thread_id": "T_SHORT", "users": [RIN_USER, *AGENTS], "properties": {},
         "access": {"group_ids": [0, 2]}, "is_followed": True,
         "last_thread_summary": {"id": "T_SHORT", "created_at": at(20), "user_ids": [RIN, MINA], "tags": ["vip"]}},
        {"id": "C_NEW", "users": [RIN_USER], "last_thread_info": {**thread("T_NEW", [RIN], None), "active": True}},
    ],
    "found_chats": 3,
}  # fmt: skip
AYA_CUSTOMER: Record = {
    "id": AYA, "type": "customer", "name": "Aya Mori", "email": "aya@example.com", "email_verified": True,
    "last_visit": {"ip": "192.0.2.4", "geolocation": {"country": "Brazil"}}, "chat_ids": ["C_RIN"],
    "customer_last_event_created_at": at(4),
}  # fmt: skip
CUSTOMERS: Record = {
    "customers": [{"id": NOBODY, "type": "customer", "name": "Customer", "session_fields": []}],
    "total_customers": 1,
}


def said(minute: int, who: str, text: str, **more: Any) -> Record:
    names = {"visitor": "Older Visitor", "agent": "Mina Abe", "supervisor": "Ren"}
    date = {"date": "Mon, 03/02/26 02:00:00 am", "timestamp": 1772413200 + 60 * minute}
    return {"author_name": names[who], "text": text, **date, "user_type": who, "type": "message", **more}


def legacy(chat_id: str, **more: Any) -> Record:
    times = {"started": "Mon, 03/02/26 02:00:00 am", "started_timestamp": 1772413200, "timezone": "Europe/Berlin"}
    visitor = {"id": OLDER, "name": "Older Visitor", "ip": "198.51.100.9", "country": "Hong Kong", "country_code": "HK",
               "city": "Central"}  # fmt: skip
    return {"type": "chat", "id": chat_id, "visitor": visitor, **times, **more}


LEGACY: Record = {
    "chats": [
        legacy(
            "L_SERVED", ended="Mon, 03/02/26 02:09:00 am", ended_timestamp=1772413740, duration=540, rate="rated_good",
            agents=[{"display_name": "Mina Abe", "email": MINA}], group=[3, 4], tags=["order"],
            supervisors=[{"display_name": "", "email": REN}], chat_start_url="https://old.example.com/",
            prechat_survey=[{"key": "E-mail:", "value": "older@example.com", "id": "1"},
                            {"key": "電話番号", "value": "03-1234-5678", "id": "2"}],
            messages=[said(1, "agent", "Hello", agent_id=MINA)],
            events=[
                said(0, "agent", "Welcome!", agent_id=MINA, welcome_message=True),
                said(1, "visitor", "Where is it?"),
                said(2, "agent", "On its way", agent_id=MINA),
                said(3, "visitor", "uploaded two files", type="attachment",
                     files=["https://files.example.com/1.jpg", "https://files.example.com/2.jpg"]),
                said(4, "supervisor", "Be kind", agent_id=REN),
                said(5, "visitor", "closed the chat", type="event", event_type="closed"),
            ],
            custom_variables=[{"key": "login", "value": "older"}], queue={"duration": 20},
        ),
        legacy("L_MISSED", ended_timestamp=1772413500, rate="rated_bad", messages=[said(1, "visitor", "誰かいますか")]),
        legacy("L_RUNNING", pending=True, rate="not_rated", supervisors=[{"display_name": "Ren", "email": REN}],
               agents=[{"display_name": "Mina Abe", "email": MINA}], messages=[said(1, "visitor", "Hi")]),
    ],
    "total": 3, "pages": 1,
}  # fmt: skip

FILES: dict[str, Any] = {
    "livechat_archives.json": ARCHIVES,
    "livechat_single.json": SINGLE,
    "livechat_sample.json": SAMPLE,
    "livechat_threads.json": THREADS,
    "livechat_summaries.json": SUMMARIES,
    "livechat_customer.json": AYA_CUSTOMER,
    "livechat_customers.json": CUSTOMERS,
    "livechat_legacy.json": LEGACY,
}

EXPECTED: dict[str, Record] = {
    "T_SERVED": {
        "status": "completed", "missed_reason": None, "started_at": moment(0), "ended_at": moment(9),
        "channel": "web", "website": "shop.example.com", "department": "3", "operators": ["Mina Abe"],
        "visitor_id": RIN, "visitor_name": "加藤 凛", "visitor_email": "rin@example.com",
        "visitor_phone": "+81 3 1234 5678", "visitor_country": "JP", "visitor_ip": "198.51.100.7",
        "page_url": "https://shop.example.com/shoes", "page_title": "靴", "question": "靴はいつ届きますか?",
        "rating": 5, "comment": "親切でした", "tags": ["order", "delivery"], "message_count": 9,
        "kinds": ["visitor", "bot", "system", "visitor", "operator", "note", "operator", "visitor", "system", "system"],
    },
    "T_AGAIN": {
        "status": "reopened", "missed_reason": None, "started_at": moment(10), "ended_at": moment(12),
        "department": "0", "operators": [REN], "rating": 1, "visitor_country": "FR", "visitor_ip": "203.0.113.9",
        "kinds": ["visitor", "operator", "system"],
    },
    "T_UNREPLIED": {
        "status": "missed", "missed_reason": "vendor_flag", "ended_at": moment(3), "visitor_name": None,
        "visitor_email": None, "operators": [], "kinds": ["bot", "visitor", "system"],
    },
    "T_OFFLINE": {
        "status": "missed", "missed_reason": "offline_form", "visitor_name": "Kento Ito",
        "visitor_email": "kento@example.com", "kinds": ["visitor"],
        "question": "Name: Kento Ito\nE-mail: kento@example.com\nMessage: 営業時間は?\nSubject",
    },
    "T_WELCOME": {
        "status": "missed", "missed_reason": "no_human_reply", "operators": ["Mina Abe"], "rating": None,
        "kinds": ["bot", "visitor", "system"],
    },
    "T_GREETING": {"status": "completed", "missed_reason": None, "question": None, "kinds": ["bot"]},
    "T_BOT": {
        "status": "missed", "missed_reason": "bot_handoff_failed", "operators": [],
        "kinds": ["visitor", "bot", "bot", "bot", "visitor"],
    },
    "T_BOT_THEN_MINA": {
        "status": "completed", "missed_reason": None, "operators": ["Mina Abe"],
        "kinds": ["visitor", "bot", "operator"],
    },
    "T_WITHHELD": {"status": "completed", "missed_reason": None, "ended_at": None, "message_count": 0},
    "T_WITHHELD_MISSED": {"status": "missed", "missed_reason": "vendor_flag", "message_count": 0},
    "T_WAITING": {"status": "ongoing", "missed_reason": None, "ended_at": None, "kinds": ["visitor"]},
    "T_SINGLE": {"status": "ongoing", "missed_reason": None, "visitor_id": RIN, "kinds": ["visitor", "operator"]},
    "T_SAMPLE_1": {"status": "completed", "missed_reason": None, "question": "One", "ended_at": moment(2)},
    "T_SAMPLE_2": {"status": "reopened", "missed_reason": None, "question": "Two", "started_at": moment(3)},
    "T_ALONE": {
        "status": "completed", "missed_reason": None, "operators": [MINA], "visitor_id": AYA,
        "visitor_name": "Aya Mori", "visitor_email": "aya@example.com", "visitor_country": "BR",
        "visitor_ip": "192.0.2.4", "message_count": 3, "kinds": ["visitor", "bot", "operator", "note"],
    },
    "T_SHORT": {
        "status": "completed", "missed_reason": None, "started_at": moment(20), "ended_at": None, "tags": ["vip"],
        "department": "0, 2", "operators": ["Mina Abe"], "message_count": 0,
    },
    "T_NEW": {"status": "ongoing", "missed_reason": None, "visitor_name": "加藤 凛", "message_count": 0},
    "L_SERVED": {
        "status": "completed", "missed_reason": None, "started_at": moment(0), "ended_at": moment(9),
        "website": "old.example.com", "department": "3, 4", "operators": ["Mina Abe"], "supervisors": [REN],
        "visitor_id": OLDER, "visitor_name": "Older Visitor", "visitor_email": "older@example.com",
        "visitor_phone": "03-1234-5678", "visitor_country": "HK", "visitor_ip": "198.51.100.9",
        "question": "Where is it?", "rating": 5, "tags": ["order"], "message_count": 6,
        "kinds": ["bot", "visitor", "operator", "visitor", "visitor", "note", "system"],
    },
    "L_MISSED": {
        "status": "missed", "missed_reason": "no_human_reply", "rating": 1, "question": "誰かいますか",
        "kinds": ["visitor"],
    },
    "L_RUNNING": {
        "status": "ongoing", "missed_reason": None, "ended_at": None, "supervisors": ["Ren"], "rating": None,
        "kinds": ["visitor"],
    },
}  # fmt: skip
