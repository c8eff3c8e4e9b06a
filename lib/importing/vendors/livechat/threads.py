"""A thread of LiveChat's Agent Chat API 3.x as a chat."""

from lib.importing.problems import FieldError
from lib.importing.records.values import flag, texts
from lib.importing.vendors.livechat.events import answers, flat, question, transcript
from lib.importing.vendors.livechat.people import (
    AGENT,
    Users,
    completed,
    department,
    is_watching,
    kind_of,
    last_visit,
    name_of,
    page_title,
    users_of,
    visitor,
)
from lib.importing.vendors.markup import host
from lib.importing.vendors.vendor import GOOD_OR_BAD, Answer, LeftOut, Record, drop, first, others, part, parts, rated

CHAT_LEFT_OUT = ("is_followed", "last_thread_id", "last_thread_created_at", "last_event_per_type")
CHAT = frozenset([*CHAT_LEFT_OUT, "id", "users", "properties", "access"])
THREAD_LEFT_OUT = ("next_thread_id", "previous_accessible_thread_id", "next_accessible_thread_id")
THREAD = frozenset([
    *THREAD_LEFT_OUT, "id", "created_at", "active", "user_ids", "events", "properties", "access", "tags",
    "customer_visit",
])  # fmt: skip
PROPERTIES = frozenset([
    "routing.unreplied", "routing.offline_message", "routing.start_url", "rating.score", "rating.comment",
    "chats.resolved",
])  # fmt: skip
# An offline message is unreplied as well, so it comes first.
FLAGS = {"routing.offline_message": "offline_form", "routing.unreplied": "vendor_flag"}


def chat_of(chat: Answer, field: str, path: str, left_out: LeftOut) -> Record:
    """The thread in a field of a chat; it stands at `path` of the answer."""
    thread, users = part(chat, field), users_of(chat)
    if not thread:
        raise FieldError(field, None, "missing")
    place = path.removesuffix(f"{field}.")
    drop(chat, CHAT_LEFT_OUT, left_out, place)
    for user_id, user in users.items():
        if kind_of(user_id, users) != "visitor":
            drop(user, user.keys() - AGENT, left_out, f"{place}users[].")
    of_chat = {"id": chat.get("id"), **others(chat, CHAT | {field}), "properties": flat(part(chat, "properties"))}
    try:
        told = _thread({**thread, "access": thread.get("access") or chat.get("access")}, users, path, left_out)
        person = _visitor(thread, users, f"{place}users[].", left_out)
    except FieldError as error:
        raise error.inside(field) from None
    return {**{f"chat.{name}": value for name, value in of_chat.items() if value}, **told, **person}


def _thread(thread: Answer, users: Users, path: str, left_out: LeftOut) -> Record:
    properties = flat(part(thread, "properties"))
    withheld = bool(thread.get("restricted_access")) or thread.get("events") is None
    messages = None if withheld else transcript(thread, users, left_out, path)
    last = (messages or [{}])[-1].get("at")
    drop(thread, THREAD_LEFT_OUT, left_out, path)
    of_thread = {**others(thread, THREAD), "properties": others(properties, PROPERTIES)}
    return {
        **{f"thread.{name}": value for name, value in of_thread.items() if value},
        "id": thread.get("id"),
        "started_at": thread.get("created_at"),
        "ended_at": None if thread.get("active") else last,
        "updated_at": first(last, thread.get("created_at")),
        **_verdict(thread, properties, messages),
        "channel": "web" if properties.get("source.client_id") or properties.get("routing.start_url") else None,
        "website": host(properties.get("routing.start_url")),
        "page_url": properties.get("routing.start_url"),
        "department": department(parts(part(thread, "access"), "group_ids"), "access.group_ids"),
        "question": question(thread, users),
        **rated(properties.get("rating.score"), GOOD_OR_BAD),
        "comment": properties.get("rating.comment"),
        "tags": thread.get("tags"),
        "messages": messages,
    }


def _visitor(thread: Answer, users: Users, path: str, left_out: LeftOut) -> Record:
    present = texts(thread.get("user_ids"), "user_ids", written=False)
    found = next((user for user in (*present, *users) if kind_of(user, users) == "visitor"), "")
    customer = users.get(found, {"id": found})
    visit = part(thread, "customer_visit") or last_visit(customer)
    url = part(part(thread, "properties"), "routing").get("start_url")
    active = bool(flag(thread.get("active"), "active", written=False))
    agents = [user for user in dict.fromkeys((*present, *users)) if kind_of(user, users) == "operator"]
    seen = [user for user in agents if user in present and users.get(user, {}).get("visibility") != "agents"]
    watching = [user for user in agents if is_watching(users.get(user, {}), active=active)]
    return {
        "operators": [name_of(user, users) for user in seen],
        "supervisors": [name_of(user, users) for user in watching],
        "visitor": completed(visitor(customer, visit, left_out, path), answers(thread)),
        "page_title": page_title(visit, url),
    }


def _verdict(thread: Answer, properties: Answer, messages: list[Record] | None) -> Record:
    if flag(thread.get("active"), "active", written=False):
        return {"status": "ongoing"}
    for name, reason in FLAGS.items():
        if flag(properties.get(name), f"properties.{name}", written=False):
            return {"status": "missed", "missed_reason": reason}
    if messages is None:
        # It has ended, and how is told by its messages, should they be known.
        return {"status": "inactive"}
    if not any(message["sender_type"] == "operator" for message in messages):
        is_solved = flag(properties.get("chats.resolved"), "properties.chats.resolved", written=False)
        return {"status": "completed"} if is_solved else unanswered(messages)
    return {"status": "reopened" if thread.get("previous_thread_id") else "completed"}


def unanswered(messages: list[Record]) -> Record:
    """The status of a closed chat in which no operator wrote: a bot may have solved it, or nobody asked anything."""
    if any(message["sender_type"] == "bot" and not message.get("automatic") for message in messages):
        return {"status": "completed", "judged": True}
    if any(message.get("tells") == {"event": "campaign"} for message in messages):
        # Where the visitor wrote, the rule "no human reply" finds it missed.
        return {"status": "completed", "judged": True}
    return {"status": "missed", "missed_reason": "no_human_reply"}
