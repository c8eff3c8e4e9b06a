"""Messages of Chatwoot, in pages and in conversations, as messages of our own format."""

import re
from typing import Any
from urllib.parse import unquote

from lib.importing.records.fields import ATTACHMENT_FIELDS, ROW_FIELDS
from lib.importing.records.values import identifier, text_or_number
from lib.importing.vendors.chatwoot.activities import REOPENED, RESOLVED
from lib.importing.vendors.vendor import (
    Answer,
    LeftOut,
    Record,
    drop,
    first,
    named,
    objects,
    others,
    part,
    rated,
    with_files,
)

WRITERS = {"0": "visitor", "incoming": "visitor", "1": "operator", "outgoing": "operator",
           "2": "system", "activity": "system", "3": "bot", "template": "bot"}  # fmt: skip
# The name that a visitor is given who gives none.
PLACEHOLDER = re.compile("[a-z]+-[a-z]+-[0-9]{1,4}")
MESSAGE_LEFT_OUT = ("additional_attributes", "content_type", "conversation", "echo_id",
                    "event", "external_source_ids", "inbox", "processed_message_content", "sender_id",
                    "source_id", "status", "updated_at")  # fmt: skip
MESSAGE = frozenset(["account", "account_id", "attachments", "content", "content_attributes", "conversation_id",
                     "created_at", "id", "inbox_id", "message_type", "private", "sender", "sender_type",
                     *MESSAGE_LEFT_OUT])  # fmt: skip
SENDER = frozenset(["available_name", "name", "type"])
ATTRIBUTES = frozenset(["automation_rule_id", "deleted", "external_echo", "in_reply_to", "in_reply_to_external_id"])
FILE_LEFT_OUT = ("account_id", "extension", "height", "id", "message_id", "thumb_url", "width")
FILE = frozenset(["data_url", "fallback_title", "file_size", "file_type", *FILE_LEFT_OUT])


def account_of(record: Answer) -> Any:
    """The number of the account that a record is of, None where it says none."""
    account = record.get("account")
    return first(record.get("account_id"), account.get("id") if isinstance(account, dict) else None)


def id_of_chat(number: Any, inbox: Any, field: str) -> str:
    """The id of a chat, the same for a conversation and for a page of its messages."""
    # Numbers repeat from account to account. An inbox is of one account of its server, and pages of messages name none.
    told, place = identifier(number, field), text_or_number(inbox, "inbox_id")
    return f"{place}-{told}" if place else told


def read_rows(left_out: LeftOut, path: str, message: Answer) -> list[Record]:
    """A message that comes apart from its conversation, and its further files."""
    chat, inbox = part(message, "conversation"), part(message, "inbox")
    place = first(message.get("inbox_id"), chat.get("inbox_id"), inbox.get("id"))
    chat_id = id_of_chat(first(message.get("conversation_id"), chat.get("id")), place, "conversation_id")
    return [
        {**entry, "account": account_of(message), "chat_id": chat_id} for entry in read_message(left_out, path, message)
    ]


def read_message(left_out: LeftOut, path: str, message: Answer) -> list[Record]:
    """A message, and its further files."""
    attributes, sender = part(message, "content_attributes"), part(message, "sender")
    files, attached = objects(message, "attachments"), []
    drop(message, MESSAGE_LEFT_OUT, left_out, path)
    drop(sender, sender.keys() - SENDER, left_out, f"{path}sender.")
    drop(attributes, ("in_reply_to", "in_reply_to_external_id"), left_out, f"{path}content_attributes.")
    for file in files:
        drop(file, FILE_LEFT_OUT, left_out, f"{path}attachments[].")
        address = file.get("data_url")
        name = unquote(address.partition("?")[0].rpartition("/")[2]) if isinstance(address, str) else None
        attached.append({
            **others(file, FILE, ATTACHMENT_FIELDS), "name": first(file.get("fallback_title"), name),
            "type": file.get("file_type"), "size": file.get("file_size"), "url": address,
        })  # fmt: skip
    entry = {
        **others(message, MESSAGE, ROW_FIELDS),
        **_writer(message, attributes, sender),
        "content_attributes": others(attributes, ATTRIBUTES) or None,
        "tells": _told(message, attributes),
        "id": identifier(message.get("id"), "id"),
        "at": message.get("created_at"),
        "sender_name": person_name(sender),
        # In its place stands a sentence of the system.
        "text": None if attributes.get("deleted") else message.get("content"),
    }
    return with_files(entry, attached)


def _writer(message: Answer, attributes: Answer, sender: Answer) -> Record:
    kind = WRITERS.get(str(message.get("message_type")))
    if message.get("private"):
        return {"sender_type": "note"}
    by_rule = attributes.get("automation_rule_id") or part(message, "additional_attributes").get("campaign_id")
    by = first(message.get("sender_type"), sender.get("type"), "User" if sender else None)
    # A reply written in an app of the channel has no sender.
    by_hand = str(by).lower() == "user" or attributes.get("external_echo")
    automatic = kind == "bot" or (kind == "operator" and bool(by_rule))
    kind = "bot" if kind == "operator" and (by_rule or not by_hand) else kind
    return {"sender_type": kind, "automatic": automatic or None}


def _told(message: Answer, attributes: Answer) -> Record | None:
    """What a message tells of its chat: how it was rated, that it was closed or reopened, or begun by the company."""
    values = attributes.get("submitted_values")
    survey = part(values, "csat_survey_response") if isinstance(values, dict) else {}
    if stars := rated(survey.get("rating"))["rating"]:
        return {"rating": stars, "comment": survey.get("feedback_message")}
    if attributes.get("deleted"):
        return {"event": "deleted"}
    begun = part(message, "additional_attributes")
    if begun.get("campaign_id") or begun.get("template_params"):
        return {"event": "campaign"}
    words = str(message.get("content")) if WRITERS.get(str(message.get("message_type"))) == "system" else ""
    return {"event": "closed"} if RESOLVED.search(words) else {"event": "reopened"} if REOPENED.search(words) else None


def person_name(person: Answer) -> Any:
    """A person's name, None where the system made it up."""
    name = first(person.get("name"), person.get("available_name"))
    return None if isinstance(name, str) and PLACEHOLDER.fullmatch(name) else named(name)
