"""Reads Zendesk Chat, as developer.zendesk.com/api-reference/live-chat shows it ("Chats", "Incremental Exports")."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from string import digits
from typing import Any

from lib.importing.problems import FieldError
from lib.importing.records.fields import CHAT_FIELDS, MESSAGE_FIELDS
from lib.importing.records.values import text_or_number, texts
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
    listed,
    named,
    names_in,
    others,
    part,
    rated,
)
from lib.language import mark

LISTS = ("docs", "chats", "results")
# A record without any of these only names a chat, as those of a search do.
TELLING = frozenset(["history", "message", "missed", "agent_names"])
SAME = {"id": "id", "started_at": "timestamp", "updated_at": "update_timestamp",
        "comment": "comment", "tags": "tags"}  # fmt: skip
LEFT_OUT = ("unread",)
USED = TELLING.union(SAME.values(), LEFT_OUT, ["type", "end_timestamp", "duration", "agent_ids", "rating", "visitor",
                                               "session", "webpath", "deleted", "department_id",
                                               "department_name"])  # fmt: skip
SESSION = frozenset(["id", "country_code", "country_name", "ip"])

WRITERS = {"Visitor": "visitor", "Agent": "operator", "visitor": "visitor", "agent:": "operator"}
BOTS = {"Trigger": "bot", "agent:trigger": "bot", "Bot": "bot"}
AGENT = frozenset(["display_name", "email", "enabled"])
LISTED: dict[NameKind | None, str] = {"department": "members", "agent": "display_name"}
COUNTED = ("channel", "msg_id")
USUAL = frozenset(["type", "timestamp", "name", "nick", "sender_type", "msg", "options", *COUNTED])
EVENT = ("type", "msg", "new_rating", "new_comment", "new_tags", "department_name", "skills_name", "reason")
EVENT_LEFT_OUT = frozenset(["agent_id", "department_id", "prev_department_id", "rating", "comment", "tags"])
ITEM = (USUAL - {"options"}).union(EVENT, EVENT_LEFT_OUT, ["attachment"])


def recognise(answer: Answer) -> str | None:
    """What shows that an answer is one of Zendesk Chat."""
    signs = (f"{field}[].{sign}" for field in LISTS for item in _listed(answer.get(field)) if (sign := _sign(item)))
    return (
        next(signs, None)
        or _sign(answer)
        or LISTED.get(_named(answer))
        or ("end_time" if answer.keys() >= {"chats", "end_time"} else None)
    )


def read(answer: Answer, left_out: LeftOut) -> Iterator[Found]:
    """The chats of an answer, or the one that it is."""
    if kind := _named(answer):
        yield from names_in(kind, [answer], called=("name", "display_name", "first_name"))
        return
    lists = [field for field in LISTS if field in answer]
    drop(answer, [field for field in answer if lists and field not in lists], left_out)
    for field in lists:
        yield from each("chat", _listed(answer[field]), partial(_chat, left_out, f"{field}[]."))
    if not lists:
        yield from each("chat", [answer], partial(_chat, left_out, ""))


def _named(item: Answer) -> NameKind | None:
    """Whether it is a department or an agent, as their lists hold them."""
    if "id" not in item or "timestamp" in item:
        return None
    return "department" if item.keys() >= {"name", "members", "enabled"} else "agent" if item.keys() >= AGENT else None


def _listed(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else listed(value)


def _sign(item: Any) -> str | None:
    if not isinstance(item, dict) or "id" not in item or item.keys().isdisjoint(["timestamp", "visitor"]):
        return None
    history, kind = item.get("history"), item.get("type") in ("chat", "offline_msg") and "timestamp" in item
    return "history" if isinstance(history, list) else "type" if kind else None


def _chat(left_out: LeftOut, path: str, chat: Answer) -> Record:
    if TELLING.isdisjoint(chat) and not chat.get("deleted"):
        raise FieldError("history", None, "missing")
    session, visitor, messages = part(chat, "session"), part(chat, "visitor"), _messages(left_out, path, chat)
    visited = _listed(chat.get("webpath"))
    page = next((page for page in reversed(visited) if isinstance(page, dict)), {})
    names, missed, form = chat.get("agent_names"), chat.get("missed"), chat.get("type") == "offline_msg"
    site = host(page.get("to"))
    drop(chat, (*LEFT_OUT, "agent_ids") if names else LEFT_OUT, left_out, path)
    drop(session, ["id"], left_out, f"{path}session.")
    return {
        **others(chat, USED, CHAT_FIELDS),
        "department": chat.get("department_name") or text_or_number(chat.get("department_id"), "department_id"),
        "session": others(session, SESSION) or None,
        "webpath": visited if len(visited) > 1 else None,
        **{ours: chat.get(field) for ours, field in SAME.items()},
        "ended_at": _end(chat), "operators": names or chat.get("agent_ids"), "messages": messages,
        "status": "missed" if form or missed else "completed" if missed is False else None,
        "missed_reason": "offline_form" if form else "vendor_flag" if missed is True else missed or None,
        "channel": site and "web", "website": site, "page_url": page.get("to"), "page_title": page.get("title"),
        "visitor": {
            **others(visitor, frozenset(["notes"] if messages else [])), "name": named(visitor.get("name")),
            "country": session.get("country_code") or session.get("country_name"), "ip": session.get("ip"),
        },
        **rated(chat.get("rating")),
        # It counts from the beginning of the chat.
        "deleted": chat.get("deleted"), "message_total": _total(chat, messages),
        "wait_s": part(chat, "response_time").get("first"),
        "vague": frozenset(["given_wait_s"] if chat.get("department_name") else ["given_wait_s", "department"]),
    }  # fmt: skip


def _end(chat: Answer) -> Any:
    try:
        length = timedelta(seconds=chat["duration"])
        return chat.get("end_timestamp") or (datetime.fromisoformat(chat["timestamp"]) + length).isoformat()
    except (KeyError, TypeError, ValueError, OverflowError):
        return chat.get("end_timestamp")


def _messages(left_out: LeftOut, path: str, chat: Answer) -> list[Record] | None:
    history, form, visitor = _listed(chat.get("history")), chat.get("message"), part(chat, "visitor")
    asked = {"at": chat.get("timestamp"), "sender_type": "visitor", "sender_name": named(visitor.get("name"))}
    messages = [{**asked, "text": form}] if form else []
    messages += [_message(item) or _event(left_out, f"{path}history[].", item, visitor.get("name")) for item in history]
    for field in COUNTED:
        if count := len([True for item in history if item.get(field)]):
            left_out[f"{path}history[].{field}"] += count
    notes = [{"sender_type": "note", "text": visitor["notes"]}] if messages and visitor.get("notes") else []
    return messages + notes if messages or chat.get("history") == [] else None


def _total(chat: Answer, messages: list[Record] | None) -> int | None:
    """How many entries the chat would have with the messages that Zendesk counts beside them."""
    counted = part(chat, "count").get("total")
    if counted.__class__ is not int or messages is None:
        return None
    spoken = sum(message["sender_type"] in ("visitor", "operator") for message in messages)
    return len(messages) + max(0, counted - spoken)


def _message(item: Answer) -> Record | None:
    # Called a million times a file, so without further calls where the item is what it usually is.
    try:
        get = item.get
        kind = WRITERS.get(get("sender_type") or item["nick"].rstrip(digits))
        if item["type"] != "chat.msg" or get("nick") in BOTS or get("options") or not USUAL.issuperset(item):
            return None
        named_and_told = kind and item["msg"] and item["name"][:7] != "Visitor"
    except (AttributeError, KeyError, TypeError):
        return None
    entry = {"at": get("timestamp"), "sender_type": kind, "sender_name": get("name"), "text": get("msg")}
    return entry if named_and_told else None


def _event(left_out: LeftOut, path: str, item: Answer, visitor: Any) -> Record:
    if not isinstance(item, dict):
        raise FieldError("history", item, "wrong_type")
    get, file, spoken = item.get, item.get("attachment"), item.get("type") in ("chat.msg", "chat.file")
    writers = [word.rstrip(digits) for word in (get("sender_type"), get("nick")) if spoken and isinstance(word, str)]
    bot = [word for word in writers if word in BOTS]
    kind = "bot" if bot else next((WRITERS[word] for word in writers if word in WRITERS), "system")
    if spoken and not writers and get("name"):
        # Older answers say who wrote by the name alone.
        kind = "visitor" if get("name") == visitor or named(get("name")) is None else "operator"
    if isinstance(file, dict):
        file = {**others(file, frozenset(["mime_type"])), "type": file.get("mime_type") or file.get("type")}
    drop(item, EVENT_LEFT_OUT.intersection(item), left_out, path)
    words = texts([word for field in EVENT if field in item for word in _listed(item[field])], "history", written=False)
    return {
        **({} if ITEM.issuperset(item) else others(item, ITEM, MESSAGE_FIELDS)),
        "at": get("timestamp"),
        "sender_type": kind,
        "sender_name": named(get("name")) if kind == "visitor" else get("name"),
        "text": get("msg") if spoken else " · ".join(words),
        "attachment": file,
        "automatic": True if bot and bot != ["Bot"] else None,
    }


VENDOR = Vendor(
    code="zendesk", name="Zendesk Chat", recognise=recognise, read=read, lists=frozenset(LISTS),
    reads=mark(
        "Chats and offline messages of the Chat API: lists, incremental exports, chats by id, single chats; departments"
        " and agents."
    ),
    leaves_out=mark("Unread marks, and ids of departments, agents, sessions and messages."),
    missed=(mark("Zendesk marked the chat as missed."), mark("It is an offline message.")),
)  # fmt: skip
