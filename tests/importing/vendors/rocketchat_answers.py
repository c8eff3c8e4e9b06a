"""Answers of Rocket.Chat, made up after its documented shapes, and what a store holds after importing all of them."""

from datetime import datetime
from typing import Any

Record = dict[str, Any]

RIN, KENTO, AYA, DUMPED = "visitorRin", "visitorKento", "visitorAya", "65f0c0ffee0000000000000a"


def at(minute: int, hour: int = 1) -> str:
    return f"2026-03-02T{hour:02}:{minute:02}:00.000Z"


def moment(minute: int, hour: int = 1) -> datetime:
    return datetime(2026, 3, 2, hour, minute)


def guest(visitor_id: str, username: str) -> Record:
    return {"_id": visitor_id, "username": username, "token": f"token-{visitor_id}", "status": "offline"}


def room(
    room_id: str, *, visitor: str = KENTO, closed: int | None = 9, served: str | None = "mina", **more: Any
) -> Record:
    base = {"_id": room_id, "t": "l", "fname": "guest-12", "ts": at(0), "lm": at(8), "msgs": 3, "usersCount": 2,
            "v": guest(visitor, "guest-12"), "_updatedAt": at(9)}  # fmt: skip
    end = {"open": True} if closed is None else {"closedAt": at(closed), "closer": "user"}
    by = {"servedBy": {"_id": "u1", "username": served, "ts": at(1)}} if served else {}
    return {**base, **end, **by, **more}


def said(room_id: str, minute: int, who: str, text: str, *, hour: int = 1, **more: Any) -> Record:
    users = {
        "visitor": {"_id": KENTO, "username": "guest-12", "name": "guest-12"},
        "mina": {"_id": "u1", "username": "mina", "name": "Mina Abe"},
        "server": {"_id": "rocket.cat", "username": "rocket.cat", "name": "Rocket.Cat"},
        "bot": {"_id": "b1", "username": "helper.bot", "name": "Helper"},
    }
    token = {"token": f"token-{KENTO}", "alias": "guest-12"} if who == "visitor" else {}
    base = {"_id": f"{room_id}-{minute:02}", "rid": room_id, "ts": at(minute, hour), "msg": text, "u": users[who]}
    return {**base, **token, "_updatedAt": at(minute, hour), "urls": [], "mentions": [], "md": [{"type": "P"}], **more}


def page(*messages: Record) -> Record:
    """Messages as they are listed, newest first."""
    return {"messages": list(reversed(messages)), "count": len(messages), "offset": 0, "total": 9, "success": True}


ROOMS: Record = {
    "rooms": [
        room(
            "R_SERVED", visitor=RIN, fname="加藤 凛", v=guest(RIN, "guest-7"), tags=["order", "vip"],
            department={"_id": "d1", "name": "Orders"}, departmentId="d1", source={"type": "widget", "id": "s1"},
            surveyFeedback={"satisfaction": "4", "additionalFeedback": "親切でした"}, livechatData={"plan": "gold"},
            lastMessage=said("R_SERVED", 8, "mina", "Bye"), metrics={"response": {"avg": 0.2}, "chatDuration": 500},
            lm=at(10),
        ),
        room("R_NOBODY", served=None, source={"type": "app", "alias": "Messenger"}, departmentId="d2"),
        room("R_SILENT", metrics={"response": {"total": 1, "avg": 0.2, "fd": 0.2}}, fname="Visitor 1700000000000"),
        room("R_BOT", served="helper.bot"),
        room("R_BOT_FAILED", served=None),
        room("R_OPEN", closed=None, onHold=True),
        room("R_FORGOTTEN", closed=None, served=None, ts="2025-03-02T01:00:00.000Z", waitingResponse=True),
        room("R_AGAIN", lm=at(9, 5)),
        room("R_REOPENED", closed=9, open=True, closer=None),
        room("R_ALONE", departmentId="d1", fname="", v={**guest(AYA, "aya.mori"), "lastMessageTs": at(3)}),
        room("R_PHONE", t="v", callStarted=at(1), direction="inbound", v={"_id": AYA, "token": "t"}),
    ],
    "count": 11, "offset": 0, "total": 11, "success": True,
}  # fmt: skip
HISTORY: Record = {
    "history": [room("R_HISTORY", served=None, closed=9)],
    "count": 1, "offset": 0, "total": 1, "success": True,
}  # fmt: skip
SINGLE: Record = {"room": room("R_SINGLE", closed=None, crmData={"ticket": 5}), "success": True}

PICTURE: Record = {
    "title": "a.png", "type": "file", "description": "割れています", "title_link": "/file-upload/f1/a.png",
    "image_url": "/file-upload/f1/a.png", "image_type": "image/png", "image_size": 2048,
}  # fmt: skip
FILE: Record = {"title": "b.pdf", "type": "file", "title_link": "/file-upload/f2/b.pdf", "title_link_download": True}
QUOTE: Record = {"text": "An earlier message", "author_name": "mina", "message_link": "https://chat.example.com/x"}
NAVIGATION: Record = {"page": {"title": "Shoes", "location": {"href": "https://shop.example.com/shoes"}}}

SERVED = page(
    said("R_SERVED", 0, "server", "Shoes - https://shop.example.com/shoes", t="livechat_navigation_history",
         navigation=NAVIGATION, _hidden=True),
    said("R_SERVED", 1, "visitor", "荷物が届きません", alias="加藤 凛"),
    said("R_SERVED", 2, "mina", "mina", t="uj"),
    said("R_SERVED", 3, "mina", "VIP, please hurry", private=True),
    said("R_SERVED", 4, "mina", "お調べします", editedAt=at(5), editedBy={"_id": "u1"}),
    said("R_SERVED", 5, "visitor", "", alias="加藤 凛", attachments=[PICTURE, FILE, QUOTE],
         files=[{"_id": "f1", "name": "a.png", "type": "image/png", "size": 2048},
                {"_id": "f0", "name": "thumb-a.png", "type": "image/png", "size": 99},
                {"_id": "f2", "name": "b.pdf", "type": "application/pdf", "size": 7}],
         file={"_id": "f1", "name": "a.png"}),
    said("R_SERVED", 6, "mina", "A slip of the tongue", t="rm", attachments=[FILE]),
    said("R_SERVED", 7, "mina", "", t="livechat_transfer_history",
         transferData={"scope": "agent", "transferredTo": {"username": "ren"}}),
    said("R_SERVED", 8, "mina", "Bye"),
    said("R_SERVED", 10, "mina", "Solved", t="livechat-close"),
)  # fmt: skip
OTHERS = page(
    said("R_NOBODY", 1, "visitor", "Is anybody there?"),
    said("R_SILENT", 1, "visitor", "誰かいますか"),
    said("R_SILENT", 2, "server", "Please wait"),
    said("R_BOT", 1, "visitor", "Opening hours?"),
    said("R_BOT", 2, "bot", "9 to 5"),
    said("R_BOT_FAILED", 1, "visitor", "人と話したい"),
    said("R_BOT_FAILED", 2, "bot", "I did not understand"),
    said("R_BOT_FAILED", 3, "visitor", "A person!", token=None, alias=None),
    said("R_OPEN", 1, "visitor", "Hi"),
    said("R_OPEN", 2, "mina", "Hello"),
    said("R_FORGOTTEN", 1, "visitor", "Hello?"),
    said("R_AGAIN", 1, "visitor", "Hi"),
    said("R_AGAIN", 2, "mina", "Hello"),
    said("R_AGAIN", 9, "visitor", "One more thing", hour=5),
    said("R_REOPENED", 1, "visitor", "Hi"),
    said("R_REOPENED", 2, "mina", "Hello", bot=None),
    said("R_HISTORY", 1, "visitor", "Hi"),
)
MESSAGE: Record = {"message": said("R_SINGLE", 2, "mina", "Hello"), "success": True}
PAGES: Record = {
    "pages": [said("R_SINGLE", 1, "server", "Home - https://shop.example.com/", t="livechat_navigation_history")],
    "success": True,
}

RIN_VISITOR: Record = {
    "visitor": {
        "_id": RIN, "username": "guest-7", "name": "凛", "token": "token-rin", "ts": at(0), "ip": "198.51.100.7",
        "visitorEmails": [{"address": "rin@example.com"}, {"address": "rin2@example.com"}],
        "phone": [{"phoneNumber": "+81 3 1234 5678"}, {"phoneNumber": "110"}], "livechatData": {"plan": "gold"},
        "lastChat": {"_id": "R_SERVED", "ts": at(0)}, "userAgent": "Browser/1.0", "status": "online",
    },
    "success": True,
}  # fmt: skip
VISITORS: Record = {
    "visitors": [
        {"_id": KENTO, "username": "guest-12", "visitorEmails": [{"address": ""}], "phone": None, "name": "guest-12"},
        {"_id": AYA, "username": "aya.mori", "token": "t", "visitorEmails": [{"address": "aya@example.com"}]},
    ],
    "count": 2, "offset": 0, "total": 2, "success": True,
}  # fmt: skip
CONTACT: Record = {
    "contact": {"_id": DUMPED, "username": "guest-30", "token": "token-dump", "name": "Dana", "department": "d1"},
    "success": True,
}
DUMP: list[Record] = [
    {
        "_id": {"$oid": "65f0c0ffee0000000000000b"}, "t": "l", "fname": "Dana", "ts": {"$date": at(0)},
        "closedAt": {"$date": {"$numberLong": "1772413740000"}}, "lm": {"$date": 1772413741000},
        "v": {"_id": {"$oid": DUMPED}, "username": "guest-30", "token": "token-dump"},
        "servedBy": {"_id": "u1", "username": "mina", "ts": {"$date": at(1)}}, "msgs": {"$numberInt": "2"},
    },
    {
        "_id": {"$oid": "65f0c0ffee0000000000000c"}, "rid": {"$oid": "65f0c0ffee0000000000000b"},
        "ts": {"$date": at(1)}, "msg": "Hi", "token": "token-dump", "u": {"_id": DUMPED, "username": "guest-30"},
    },
    {
        "_id": "m2", "rid": {"$oid": "65f0c0ffee0000000000000b"}, "ts": {"$date": at(2)}, "msg": "See this",
        "u": {"_id": "u1", "username": "mina"}, "file": {"_id": "f", "name": "c.txt", "size": {"$numberInt": "12"}},
    },
]  # fmt: skip

FILES: dict[str, Any] = {
    "rocketchat_messages.json": SERVED,
    "rocketchat_rooms.json": ROOMS,
    "rocketchat_history.json": HISTORY,
    "rocketchat_room.json": SINGLE,
    "rocketchat_other_messages.json": OTHERS,
    "rocketchat_message.json": MESSAGE,
    "rocketchat_pages.json": PAGES,
    "rocketchat_visitor.json": RIN_VISITOR,
    "rocketchat_visitors.json": VISITORS,
    "rocketchat_contact.json": CONTACT,
    "rocketchat_dump.json": DUMP,
}

EXPECTED: dict[str, Record] = {
    "R_SERVED": {
        "status": "completed", "missed_reason": None, "started_at": moment(0), "ended_at": moment(9),
        "channel": "web", "department": "Orders", "operators": ["mina"], "visitor_id": RIN,
        "visitor_name": "加藤 凛", "visitor_email": "rin@example.com", "visitor_phone": "+81 3 1234 5678",
        "visitor_ip": "198.51.100.7", "question": "荷物が届きません", "rating": 4, "comment": "親切でした",
        "tags": ["order", "vip"], "message_count": 10,
        "kinds": ["system", "visitor", "system", "note", "operator", "visitor", "visitor", "system", "system",
                  "operator", "system"],
    },
    "R_NOBODY": {
        "status": "missed", "missed_reason": "no_human_reply", "channel": "messenger", "department": "d2",
        "operators": [], "visitor_name": None, "visitor_email": None, "kinds": ["visitor"],
    },
    "R_SILENT": {
        "status": "missed", "missed_reason": "no_human_reply", "operators": ["mina"], "visitor_name": None,
        "kinds": ["visitor", "bot"],
    },
    "R_BOT": {"status": "completed", "missed_reason": None, "operators": [], "kinds": ["visitor", "bot"]},
    "R_BOT_FAILED": {
        "status": "missed", "missed_reason": "bot_handoff_failed", "operators": [],
        "kinds": ["visitor", "bot", "visitor"],
    },
    "R_OPEN": {"status": "ongoing", "missed_reason": None, "ended_at": None, "kinds": ["visitor", "operator"]},
    "R_FORGOTTEN": {"status": "missed", "missed_reason": "no_human_reply", "ended_at": None, "kinds": ["visitor"]},
    "R_AGAIN": {
        "status": "reopened", "missed_reason": None, "ended_at": moment(9), "kinds": ["visitor", "operator", "visitor"],
    },
    "R_REOPENED": {"status": "reopened", "missed_reason": None, "kinds": ["visitor", "operator"]},
    "R_ALONE": {
        "status": "completed", "missed_reason": None, "operators": ["mina"], "visitor_name": "aya.mori",
        "visitor_email": "aya@example.com", "department": "d1", "message_count": 0, "rating": None, "tags": [],
    },
    "R_PHONE": {"status": "completed", "missed_reason": None, "visitor_email": "aya@example.com", "message_count": 0},
    "R_HISTORY": {"status": "missed", "missed_reason": "no_human_reply", "kinds": ["visitor"]},
    "R_SINGLE": {"status": "ongoing", "missed_reason": None, "operators": ["mina"], "kinds": ["system", "operator"]},
    "65f0c0ffee0000000000000b": {
        "status": "completed", "missed_reason": None, "started_at": moment(0), "ended_at": moment(9),
        "visitor_id": DUMPED, "visitor_name": "Dana", "question": "Hi", "kinds": ["visitor", "operator"],
    },
}  # fmt: skip
