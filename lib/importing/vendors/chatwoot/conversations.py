"""Conversations and contacts of Chatwoot as chats and visitors of our own format."""

import re
from functools import partial

from lib.importing.fields import CHAT_FIELDS
from lib.importing.vendors.chatwoot.messages import id_of_chat, person_name, read_message
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
CHANNELS = {"WebWidget": "web", "FacebookPage": "facebook", "TwitterProfile": "twitter", "TwilioSms": "sms"}
# What an activity tells stands only in its text; the English and the Japanese ones are known here.
RESOLVED = re.compile("was (?:marked )?resolved|解決済みに|会話が解決")
REOPENED = re.compile("was reopened|reopened the conversation|会話が再開")
LEFT_OUT = ("account", "account_id", "agent_last_seen_at", "applied_sla", "assignee_last_seen_at", "can_reply", "event",
            "contact_inbox", "contact_last_seen_at", "inbox", "muted", "sla_events", "sla_policy_id", "unread_count",
            "user_last_seen_at", "uuid", "waiting_since")  # fmt: skip
USED = frozenset(["additional_attributes", "channel", "created_at", "first_reply_created_at", "id", "inbox_id",
                  "labels", "last_activity_at", "last_non_activity_message", "messages", "meta", "status", "timestamp",
                  "updated_at", *LEFT_OUT])  # fmt: skip
META = frozenset(["sender", "assignee", "team", "channel"])
CONTACT = frozenset(["id", "name", "email", "phone_number", "additional_attributes"])
PLACE = frozenset(["country_code", "country", "created_at_ip"])


def read_conversation(left_out: LeftOut, path: str, chat: Answer) -> list[Record]:
    """A conversation, with those of its messages that it holds."""
    meta, extra, messages = part(chat, "meta"), part(chat, "additional_attributes"), _messages(chat)
    entries = spread("messages", messages, partial(read_message, left_out, f"{path}messages[]."))
    (visitor,) = read_contact(left_out, f"{path}meta.sender.", part(meta, "sender"))
    assignee = part(meta, "assignee") if meta.get("assignee_type") in (None, "", "User") else {}
    replied, page = moment(chat, "first_reply_created_at"), extra.get("referer")
    drop(chat, filter(chat.get, LEFT_OUT), left_out, path)
    drop(meta, meta.keys() - META, left_out, f"{path}meta.")
    # Of the chats that the company began, only a campaign to which nobody reacted can be told.
    campaigns = [message for message in messages if part(message, "additional_attributes").get("campaign_id")]
    given = first(meta.get("channel"), chat.get("channel"))
    kind = given.removeprefix("Channel::") if isinstance(given, str) else None
    return [
        {
            **others(chat, USED, CHAT_FIELDS),
            **_course(chat, entries),
            **_survey(messages),
            "additional_attributes": others(extra, frozenset(["referer"])) or None,
            "id": id_of_chat(chat.get("id"), chat.get("inbox_id"), "id"),
            "started_at": chat.get("created_at"),
            "updated_at": first(chat.get("updated_at"), chat.get("last_activity_at"), chat.get("timestamp")),
            "judged": (not campaigns or any(entry["sender_type"] == "visitor" for entry in entries)) or None,
            "answered": replied is not None or None,
            "wait_s": seconds_between(moment(chat, "created_at"), replied),
            "channel": CHANNELS.get(kind, kind.lower()) if kind else given,
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


def _course(chat: Answer, entries: list[Record]) -> Record:
    activities = [(str(entry.get("text")), entry["at"]) for entry in entries if entry["sender_type"] == "system"]
    ends = [at for text, at in activities if RESOLVED.search(text)]
    status = STATUSES.get(str(chat.get("status")), chat.get("status"))
    if status == "completed":
        return {
            "status": status,
            "ended_at": first(*reversed(ends), chat.get("last_activity_at"), chat.get("timestamp")),
        }
    again = ends or [text for text, _ in activities if REOPENED.search(text)]
    return {"status": "reopened" if status == "ongoing" and again else status}


def _survey(messages: list[Answer]) -> Record:
    values = [part(message, "content_attributes").get("submitted_values") for message in messages]
    answers = [part(value, "csat_survey_response") for value in values if isinstance(value, dict)]
    answer = next(filter(None, answers), {})
    return {"rating": answer.get("rating"), "comment": answer.get("feedback_message")}


def read_contact(left_out: LeftOut, path: str, contact: Answer) -> list[Record]:
    """A contact as a visitor."""
    place = part(contact, "additional_attributes")
    drop(contact, contact.keys() - CONTACT, left_out, path)
    drop(place, place.keys() - PLACE, left_out, f"{path}additional_attributes.")
    return [
        {
            "id": contact.get("id"),
            "name": person_name(contact),
            "email": contact.get("email"),
            "phone": contact.get("phone_number"),
            "country": first(place.get("country_code"), place.get("country")),
            "ip": place.get("created_at_ip"),
        }
    ]
