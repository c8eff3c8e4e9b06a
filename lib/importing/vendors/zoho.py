"""Reads Zoho SalesIQ, as zoho.com/salesiq/help/developer-section shows its REST API (v2 conversations, v1 chats)."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from string import digits
from typing import Any

from lib.importing.records.fields import CHAT_FIELDS, ROW_FIELDS
from lib.importing.records.values import items, mapping, text, text_or_number
from lib.importing.vendors.markup import host
from lib.importing.vendors.vendor import (
    Answer,
    Found,
    LeftOut,
    NameKind,
    Record,
    Vendor,
    drop,
    each,
    moment,
    named,
    names_in,
    others,
    rated,
)
from lib.language import mark

SIGNS = (("chat_status",), ("attender",), ("chatinitiated_time", "chat_id"), ("sequence_id", "time"))
ADDRESS = re.compile(r"/api/v[12]/([^/]+)/(?:conversations|chats)(?:/([^/?#]+)/messages)?")
NAMES = re.compile(r"/api/v[12]/([^/]+)/(departments|operators)\b")
NAME_KINDS: dict[str, NameKind] = {"departments": "department", "operators": "agent"}

# Our fields, each with its names in v2, in v1 and in the kindred answers that say more of a visitor or a file.
CHAT = {"id": ("id", "chat_id"), "question": ("question",),
        "started_at": ("start_time", "chatinitiated_time", "opened_time"),
        "updated_at": ("last_modified_time",), "channel": ("type",), "comment": ("feedback",)}  # fmt: skip
VISITOR = {"id": ("id", "visitor_id", "uvid"), "phone": ("phone", "phone_no", "phone_number", "visitor_phoneno"),
           "email": ("email", "email_id", "visitor_email"), "name": ("name", "visitor_name"),
           "country": ("country_code", "countryCode", "country"), "ip": ("ip", "ip_address", "visitor_ip")}  # fmt: skip
PAGE = {"page_url": ("current_page", "chat_initiated_url"), "page_title": ("page_title",)}
FILE = {"name": ("name", "file_name"), "type": ("content_type", "mime_type", "type"), "url": ("url", "file_url"),
        "size": ("size", "file_size")}  # fmt: skip
BESIDE = ("visitor_id", "uvid", "visitor_name", "visitor_email", "visitor_phoneno", "visitor_ip", "country_code",
          "chat_initiated_url")  # fmt: skip
LEFT_OUT = ("status_code", "unread_chats", "notes", "notes_available", "last_message_info", "department_id", "embed_id",
            "attender_id")  # fmt: skip
NESTED = ("department", "owner", "attender", "chat_status", "participants[]", "supervisors[]")
USED = frozenset(["app_name", "embed_name", "department_name", "attender_name", "visitor", "supervisor", "rating",
                  "tags", "status", "missed_time", "end_time",
                  *BESIDE, *LEFT_OUT,
                  *(place.strip("[]") for place in NESTED), *sum(CHAT.values(), ())])  # fmt: skip
DETAILS = frozenset(sum({**VISITOR, **PAGE}.values(), ()))
STATE = ("state_key", "status_key", "label")
OPEN, CLOSED = {"waiting", "connected", "open", "triggered", "proactive"}, {"closed", "end", "ended"}
WRITERS = {"$": "visitor", "b": "bot", **dict.fromkeys(digits, "operator")}
ROW_LEFT_OUT = ("sequence_id", "last_message_time")
MOST_DIGITS = 12
BODY = frozenset(["text", "comment", "file"])
ROW = frozenset(["id", "time", "type", "sender", "message", "conversation_id", "chat_id", *ROW_LEFT_OUT])


def recognise(answer: Answer) -> str | None:
    """What shows that an answer is one of Zoho SalesIQ."""
    _, path, sign = _rows(answer)
    return f"{path}{sign}" if sign else "url" if path and (_address(answer) or _named(answer)) else None


def read(answer: Answer, left_out: LeftOut) -> Iterator[Found]:
    """The chats or the messages of an answer, or the one that it is."""
    if named_kind := _named(answer):
        people = []
        for row in [row for row in _rows(answer)[0] if isinstance(row, dict)]:
            # The whole name of an operator stands in two fields.
            names = (row.get("first_name"), row.get("last_name"))
            whole = " ".join(name for name in names if isinstance(name, str) and name)
            name = row.get("name") or row.get("display_name") or whole or row.get("nick_name")
            people.append({**row, "name": name})
        found = NAMES.search(answer["url"])
        yield from names_in(named_kind, people, beside={"account": found[1] if found else ""})
        return
    (rows, path, sign), address = _rows(answer), _address(answer)
    portal, chat_id = (address[1], address[2]) if address else (None, None)
    drop(answer, [field for field in answer if path and field not in ("data", "url")], left_out)
    if chat_id or sign == "sequence_id":
        yield from each("message", rows, partial(_message, left_out, path, portal, chat_id))
    else:
        yield from each("chat", rows, partial(_chat, left_out, path, portal))


def _rows(answer: Answer) -> tuple[list[Any], str, str | None]:
    data = answer.get("data", answer)
    rows = data if isinstance(data, list) else [data] if data or data is answer else []
    path = "" if "data" not in answer else "data[]." if isinstance(data, list) else "data."
    signs = (sign[0] for row in rows for sign in SIGNS if isinstance(row, dict) and row.keys() >= set(sign))
    return rows, path, next(signs, None)


def _address(answer: Answer) -> re.Match[str] | None:
    return ADDRESS.search(url) if isinstance(url := answer.get("url"), str) else None


def _named(answer: Answer) -> NameKind | None:
    """Whether it is a list of departments or of operators, which its address tells."""
    found = NAMES.search(url) if isinstance(url := answer.get("url"), str) else None
    return NAME_KINDS[found[2]] if found else None


def _pick(record: Answer, fields: Mapping[str, tuple[str, ...]]) -> Record:
    return {ours: next(filter(None, map(record.get, names)), None) for ours, names in fields.items()}


def _names(people: list[Any]) -> list[Any]:
    known = [who if isinstance(who, dict) else {"name": who} for who in people]
    names = [
        _pick(who, {"name": ("name", "email", "email_id", "id")})["name"]
        for who in known
        if who.get("is_bot") is not True
    ]
    # Some are given by their ids alone, which stand for those whose names are not known.
    told = [name for name in names if name and not str(name).isdecimal()]
    return told or names


def _chat(left_out: LeftOut, path: str, portal: str | None, chat: Answer) -> Record:
    given = {**mapping(chat.get("visitor"), "visitor"), **{field: chat[field] for field in BESIDE if chat.get(field)}}
    visitor, page = _pick(given, VISITOR), _pick(given, PAGE)
    helped = [who for who in items(chat.get("participants"), "participants") or [] if who != chat.get("attender_id")]
    drop(chat, (*LEFT_OUT, "chat_id") if chat.get("id") else LEFT_OUT, left_out, path)
    for place in NESTED:
        value = chat.get(place.strip("[]"))
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                drop(one, [key for key in one if key not in (*STATE, "name", "is_bot")], left_out, f"{path}{place}.")
    waited = str(chat.get("waited_duration"))
    return {
        **others(chat, USED, CHAT_FIELDS), **_pick(chat, CHAT), **_status(chat), **page, "account": portal,
        "ended_at": chat.get("end_time") if moment(chat, "end_time") else chat.get("missed_time"),
        "website": chat.get("app_name") or chat.get("embed_name") or host(page["page_url"]),
        "department": next(iter(_names([chat.get("department") or chat.get("department_name")])), None)
        or text_or_number(chat.get("department_id"), "department_id"),
        "operators": _names([chat.get("attender") or chat.get("attender_name"), *helped, chat.get("owner")]),
        "supervisors": _names(items(chat.get("supervisors") or chat.get("supervisor"), "supervisors") or []),
        "visitor": {**others(given, DETAILS), **visitor, "name": named(visitor["name"])},
        **rated(chat.get("rating")), "tags": chat.get("tags"),
        # It counts from the beginning of the chat.
        "wait_s": int(waited) / 1000 if waited.isdecimal() and len(waited) <= MOST_DIGITS else None,
        "vague": frozenset(["given_wait_s"]),
    }  # fmt: skip


def _status(chat: Answer) -> Record:
    state = given if isinstance(given := chat.get("chat_status") or chat.get("status"), dict) else {"label": given}
    words = [word.lower() for field in STATE if (word := text(state.get(field), f"chat_status.{field}"))]
    ended, missed = moment(chat, "end_time") or 0, moment(chat, "missed_time") or 0
    attended = moment(chat, "attended_time") or moment(chat, "pickup_time") or 0
    if "missed" in words or missed > attended:
        return {"status": "missed", "missed_reason": "vendor_flag" if missed else "vendor_status"}
    if CLOSED.intersection(words):
        return {"status": "completed"}
    if attended > (ended or missed) > 0:
        return {"status": "reopened"}
    if OPEN.intersection(words) or ("chatinitiated_time" in chat and not (words or ended)):
        return {"status": "ongoing"}
    return {"status": "completed" if ended else words[0] if words else None}


def _message(left_out: LeftOut, path: str, portal: str | None, chat_id: str | None, row: Answer) -> Record:
    sender, given = mapping(row.get("sender"), "sender"), row.get("message")
    body = {"text": given} if isinstance(given, str) else mapping(given, "message")
    sent, name = body.get("file"), sender.get("name")
    body = {**body, **(sent if isinstance(sent, dict) else {"url": sent} if sent else {})}
    file = _pick(body, FILE) if any(map(body.get, (*FILE["name"], *FILE["url"]))) else {}
    if isinstance(size := file.get("size"), str) and size.isdecimal():
        file["size"] = int(size[:18])
    writer = text(sender.get("id"), "sender.id") if file or row.get("type") in (None, "text") else None
    kind = WRITERS.get((writer or "")[:1], "system")
    drop(row, ROW_LEFT_OUT, left_out, path)
    return {
        **others(row, ROW, ROW_FIELDS),
        "message": others(body, BODY.union(*FILE.values()) if file else BODY) or None,
        "account": portal, "chat_id": chat_id or row.get("conversation_id") or row.get("chat_id"),
        "id": row.get("id"), "at": row.get("time"), "sender_type": kind,
        "sender_name": named(name) if kind == "visitor" else name,
        "text": body.get("text") or body.get("comment"),
        "attachment": file or None,
        "automatic": True if kind == "bot" and row.get("sequence_id") in (1, "1") else None,
    }  # fmt: skip


VENDOR = Vendor(
    code="zoho", name="Zoho SalesIQ", recognise=recognise, read=read, lists=frozenset(["data"]),
    reads=mark(
        "Conversations, listed or single, and pages of messages of API v2, and lists of chats of API v1; departments"
        " and operators."
    ),
    leaves_out=mark("Pictures and ids of operators, unread marks, the last message of a list."),
    missed=(mark("Zoho gives the time at which the chat was missed."), mark("The state of the chat is “missed”.")),
)  # fmt: skip
