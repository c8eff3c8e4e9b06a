"""Conversations of Intercom as chats of our own format."""

from lib.importing.records.fields import CHAT_FIELDS
from lib.importing.records.values import text_or_number
from lib.importing.vendors.intercom.parts import WRITERS, read_parts
from lib.importing.vendors.markup import host
from lib.importing.vendors.vendor import (
    Answer,
    LeftOut,
    Record,
    drop,
    first,
    moment,
    named,
    objects,
    others,
    part,
    rated,
    seconds_between,
)

STATUSES = {"open": "ongoing", "snoozed": "ongoing", "closed": "completed"}
# Its own messenger, which is not that of Facebook.
OWN_CHANNEL = {"messenger": "web"}
SOLVED = ("assumed_resolution", "confirmed_resolution")
# What is taken of the objects in a conversation.
TAKEN = {
    "ai_agent": frozenset(["rating", "rating_remark", "resolution_state"]),
    "channel": frozenset(["initial"]),
    "contacts": frozenset(["type", "contacts"]),
    "conversation_parts": frozenset(["type", "conversation_parts"]),
    "conversation_rating": frozenset(["type", "rating", "remark"]),
    "source": frozenset(["type", "delivered_as", "subject", "body", "author", "attachments", "url"]),
    "statistics": frozenset(["type"]),
    "tags": frozenset(["type", "tags"]),
}
# Of these, what is not taken is kept as it is.
KEPT = ("ai_agent", "channel", "conversation_rating", "statistics")
LEFT_OUT = ("admin_assignee_id", "company_id", "read", "teammates")
USED = frozenset(["type", "id", "created_at", "updated_at", "state", "open", "team_assignee_id", *TAKEN, *LEFT_OUT])


def read_conversation(left_out: LeftOut, path: str, chat: Answer) -> Record:
    """A conversation, with those of its messages that it holds."""
    source, statistics, solver = part(chat, "source"), part(chat, "statistics"), part(chat, "ai_agent")
    said = objects(part(chat, "conversation_parts"), "conversation_parts")
    by_visitor, rating = source.get("delivered_as") == "customer_initiated", part(chat, "conversation_rating")
    can_tell = bool(chat.get("conversation_parts")) or isinstance(chat.get("statistics"), dict)
    replied = moment(statistics, "first_admin_reply_at")
    drop(chat, filter(chat.get, LEFT_OUT), left_out, path)
    rest = {field: others(part(chat, field), taken) for field, taken in TAKEN.items()}
    for field in TAKEN.keys() - KEPT:
        drop(rest[field], rest[field], left_out, f"{path}{field}.")
    channel = first(part(chat, "channel").get("initial"), source.get("type"))
    return {
        **others(chat, USED, CHAT_FIELDS),
        **others({f"vendor_{field}" if field in CHAT_FIELDS else field: rest[field] for field in KEPT}, frozenset()),
        **_course(chat, statistics),
        "id": chat.get("id"),
        "started_at": chat.get("created_at"),
        "updated_at": chat.get("updated_at"),
        "judged": (by_visitor and can_tell) or None,
        "answered": (replied is not None or solver.get("resolution_state") in SOLVED) or None,
        "wait_s": seconds_between(moment(chat, "created_at"), replied) if by_visitor else None,
        # It counts from the beginning, before which a bot may have had its turn.
        "vague": frozenset(["given_wait_s"]),
        "channel": OWN_CHANNEL.get(channel, channel) if isinstance(channel, str) else channel,
        # Only lists of teams tell their names; 0 is none.
        "department": text_or_number(chat.get("team_assignee_id") or None, "team_assignee_id"),
        "website": host(source.get("url")),
        "page_url": source.get("url"),
        "visitor": _who(left_out, path, chat, [source, *said]),
        **rated(first(rating.get("rating"), solver.get("rating"))),
        "comment": first(rating.get("remark"), solver.get("rating_remark")),
        "tags": [tag.get("name") for tag in objects(part(chat, "tags"), "tags")],
        "messages": read_parts(left_out, path, chat, source, said) or None,
        "message_total": _total(chat, statistics, said),
    }


def _total(chat: Answer, statistics: Answer, said: list[Answer]) -> int | None:
    """How many parts there are in Intercom, which gives 500 at most; lists have none of them."""
    told = (part(chat, "conversation_parts").get("total_count"), statistics.get("count_conversation_parts"))
    return max((number for number in told if number.__class__ is int), default=None) if said else None


def _course(chat: Answer, statistics: Answer) -> Record:
    state = first(chat.get("state"), {"True": "open", "False": "closed"}.get(str(chat.get("open"))))
    status, reopens = STATUSES.get(str(state), state), statistics.get("count_reopens")
    if status == "completed":
        return {"status": status, "ended_at": statistics.get("last_close_at")}
    return {"status": "reopened" if status == "ongoing" and isinstance(reopens, int) and reopens > 0 else status}


def _who(left_out: LeftOut, path: str, chat: Answer, said: list[Answer]) -> Record:
    contacts = objects(part(chat, "contacts"), "contacts")
    if len(contacts) > 1:
        left_out[f"{path}contacts.contacts[]"] += len(contacts) - 1
    authors = [part(item, "author") for item in said]
    author = next((author for author in authors if WRITERS.get(str(author.get("type"))) == "visitor"), {})
    contact = contacts[0] if contacts else {}
    drop(contact, contact.keys() - {"type", "id"}, left_out, f"{path}contacts.contacts[].")
    return {"id": contact.get("id"), "name": named(author.get("name")), "email": author.get("email")}
