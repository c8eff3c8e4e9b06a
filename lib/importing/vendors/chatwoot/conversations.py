"""Conversations and contacts of Chatwoot as chats and visitors of our own format."""

from functools import partial

from lib.importing.records.fields import CHAT_FIELDS, VISITOR_FIELDS
from lib.importing.vendors.chatwoot.messages import account_of, id_of_chat, person_name, read_message
from lib.importing.vendors.markup import host
from lib.importing.vendors.vendor import (
    Answer,
    LeftOut,
    Record,
    drop,
    first,
    moment,
    objects,
    others,
    part,
    seconds_between,
    spread,
)

STATUSES = {"open": "ongoing", "pending": "ongoing", "snoozed": "ongoing", "resolved": "completed"}
LEFT_OUT = ("agent_last_seen_at", "assignee_last_seen_at", "can_reply", "event", "contact_inbox",
            "contact_last_seen_at", "sla_policy_id", "unread_count", "user_last_seen_at", "uuid")  # fmt: skip
# 0 is never, and unmuted is usual.
MOMENTS = ("first_reply_created_at", "waiting_since", "muted")
USED = frozenset(["account", "account_id", "additional_attributes", "channel", "created_at", "id", "inbox_id",
                  "labels", "last_activity_at", "last_non_activity_message", "messages", "meta", "status", "timestamp",
                  "updated_at", *LEFT_OUT])  # fmt: skip
META = frozenset(["sender", "assignee", "team", "channel"])
CONTACT_LEFT_OUT = ("availability_status", "available_name", "avatar_url", "contact_inboxes", "created_at",
                    "last_activity_at", "pubsub_token", "thumbnail", "type")  # fmt: skip
CONTACT = frozenset(["id", "name", "email", "phone_number", "additional_attributes", *CONTACT_LEFT_OUT])
PLACE = frozenset(["country_code", "country", "created_at_ip"])


def read_conversation(left_out: LeftOut, path: str, chat: Answer) -> list[Record]:
    """A conversation, with those of its messages that it holds."""
    meta, extra, messages = part(chat, "meta"), part(chat, "additional_attributes"), _messages(chat)
    entries = spread("messages", messages, partial(read_message, left_out, f"{path}messages[]."))
    visitor = _contact(left_out, f"{path}meta.sender.", part(meta, "sender"))
    assignee = part(meta, "assignee") if meta.get("assignee_type") in (None, "", "User") else {}
    replied, page = moment(chat, "first_reply_created_at"), extra.get("referer")
    drop(chat, filter(chat.get, LEFT_OUT), left_out, path)
    drop(meta, meta.keys() - META, left_out, f"{path}meta.")
    status = STATUSES.get(str(chat.get("status")), chat.get("status"))
    channel = first(meta.get("channel"), chat.get("channel"))
    return [
        {
            **others(chat, USED.union(name for name in MOMENTS if not chat.get(name)), CHAT_FIELDS),
            "additional_attributes": others(extra, frozenset(["referer"])) or None,
            "account": account_of(chat),
            "id": id_of_chat(chat.get("id"), chat.get("inbox_id"), "id"),
            "started_at": chat.get("created_at"),
            # Nearly its end; messages that tell of it, and of the wait, know better.
            "ended_at": first(chat.get("last_activity_at"), chat.get("timestamp")) if status == "completed" else None,
            "vague": frozenset(["ended_at", "given_wait_s"]),
            "status": status,
            "updated_at": first(chat.get("updated_at"), chat.get("last_activity_at"), chat.get("timestamp")),
            "judged": True,
            "answered": replied is not None or None,
            "wait_s": seconds_between(moment(chat, "created_at"), replied),
            "channel": channel.removeprefix("Channel::") if isinstance(channel, str) else channel,
            "website": host(page),
            "page_url": page,
            "department": part(meta, "team").get("name"),
            "operator": person_name(assignee),
            "visitor": {**visitor, "country": first(visitor["country"], extra.get("country_code"))},
            "tags": chat.get("labels"),
            "messages": entries or None,
        }
    ]


def _messages(chat: Answer) -> list[Answer]:
    messages, last = objects(chat, "messages"), part(chat, "last_non_activity_message")
    known = not last or last.get("id") in [message.get("id") for message in messages]
    return messages if known else [last, *messages]


def read_contact(left_out: LeftOut, path: str, contact: Answer) -> list[Record]:
    """A contact as a visitor."""
    person = {name: value for name, value in contact.items() if name not in ("account", "account_id")}
    return [{"account": account_of(contact), **_contact(left_out, path, person)}]


def _contact(left_out: LeftOut, path: str, contact: Answer) -> Record:
    place = part(contact, "additional_attributes")
    drop(contact, CONTACT_LEFT_OUT, left_out, path)
    return {
        **others(contact, CONTACT, VISITOR_FIELDS),
        "additional_attributes": others(place, PLACE) or None,
        "id": contact.get("id"),
        "name": person_name(contact),
        "email": contact.get("email"),
        "phone": contact.get("phone_number"),
        "country": first(place.get("country_code"), place.get("country")),
        "ip": place.get("created_at_ip"),
    }
