"""Parts of conversations of Intercom as messages of our own format."""

import re
from functools import partial

from lib.importing.records.fields import ROW_FIELDS
from lib.importing.records.values import identifier
from lib.importing.vendors.markup import plain_text
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
    spread,
    with_files,
)

WRITERS = {"user": "visitor", "lead": "visitor", "contact": "visitor", "admin": "operator", "team": "bot", "bot": "bot"}
# How messages come that nobody wrote for this visitor.
BY_RULE = ("automated", "operator_initiated", "campaigns_initiated")
# Parts that are said even without a body, and parts that are not said even with one.
SAID = ("comment", "quick_reply")
# Parts that tell the course of the conversation.
TOLD = {"close": "closed", "open": "reopened"}
EVENT = re.compile("custom_action_.*|merged_.*|.*_updated_by_.*")
PART_LEFT_OUT = ("app_package_code", "assigned_to", "email_message_metadata", "external_id", "notified_at",
                 "state", "tags", "updated_at")  # fmt: skip
PART = frozenset(
    ["type", "id", "part_type", "subject", "body", "created_at", "author", "attachments", "redacted", *PART_LEFT_OUT]
)
AUTHOR = frozenset(["type", "name", "from_ai_agent", "is_ai_answer"])
FILE = frozenset(["type", "name", "content_type", "filesize", "url"])


def read_parts(left_out: LeftOut, path: str, chat: Answer, source: Answer, said: list[Answer]) -> list[Record]:
    """The first message of a conversation, and its parts where they are given."""
    opening: Record = {field: source.get(field) for field in ("subject", "body", "attachments")}
    place, delivered_as = f"{path}conversation_parts.conversation_parts[].", source.get("delivered_as")
    first_said = []
    if any(opening.values()):
        # Before all parts of the same second; the source's own id is one of another kind of record.
        opening |= {"id": "0", "part_type": "comment", "created_at": chat.get("created_at")}
        author = {"type": "user" if delivered_as == "customer_initiated" else None, **part(source, "author")}
        first_said = _entries(
            left_out, f"{path}source.", {**opening, "author": author}, by_rule=delivered_as in BY_RULE
        )
    parts = spread("conversation_parts.conversation_parts", said, partial(_entries, left_out, place))
    return [*first_said, *parts]


def _entries(left_out: LeftOut, path: str, said: Answer, *, by_rule: bool = False) -> list[Record]:
    author, files, attached = part(said, "author"), objects(said, "attachments"), []
    subject, body, writer = (
        plain_text(said.get("subject")),
        plain_text(said.get("body")),
        _writer(said, author, by_rule),
    )
    known = AUTHOR | {"email"} if writer["sender_type"] == "visitor" else AUTHOR
    drop(said, PART_LEFT_OUT, left_out, path)
    drop(author, author.keys() - known, left_out, f"{path}author.")
    for file in files:
        drop(file, file.keys() - FILE, left_out, f"{path}attachments[].")
        taken = {"name": "name", "type": "content_type", "size": "filesize", "url": "url"}
        attached.append({ours: file.get(field) for ours, field in taken.items()})
    event = str(said.get("part_type")).replace("_", " ") if writer["sender_type"] == "system" else None
    entry = {
        **others(said, PART, ROW_FIELDS),
        **writer,
        "id": identifier(said.get("id"), "id"),
        "at": said.get("created_at"),
        "sender_name": named(author.get("name")),
        "tells": {"event": TOLD[kind]} if (kind := str(said.get("part_type"))) in TOLD else None,
        "text": f"{subject}\n{body}" if subject and body and isinstance(body, str) else first(body, subject, event),
    }
    if said.get("redacted") is True:
        # In its place stands a sentence of the system.
        entry |= {"text": None, "tells": {"event": "deleted"}}
    return with_files(entry, attached)


def _writer(said: Answer, author: Answer, by_rule: bool) -> Record:
    kind, who = str(said.get("part_type")), WRITERS.get(str(author.get("type")), "system")
    if kind.startswith("note"):
        return {"sender_type": "note"}
    if EVENT.fullmatch(kind) or not (kind in SAID or said.get("body") or said.get("attachments")):
        return {"sender_type": "system"}
    if author.get("from_ai_agent") or author.get("is_ai_answer"):
        return {"sender_type": "bot"}
    # A workflow says the same to everybody; only an answer that was found for the visitor is a reply.
    return {"sender_type": "bot", "automatic": True} if by_rule or who == "bot" else {"sender_type": who}
