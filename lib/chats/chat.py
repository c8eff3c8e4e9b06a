"""One chat with everything that is known of it, and what was said in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from lib.chats.categories import Status
from lib.chats.causes import Cause
from lib.chats.states import Reason
from lib.store import Store

Kind = Literal["visitor", "operator", "bot", "system", "note"]


@dataclass(frozen=True)
class Chat:
    """A chat; times are naive UTC, durations seconds, None is unknown."""

    id: UUID
    ordinal: int
    system: str
    account: str | None
    vendor_id: str
    status: Status
    status_derived: bool
    given_status: str | None
    missed_reason: str | None
    supervisors: tuple[str, ...]
    started_at: datetime | None
    ended_at: datetime | None
    wait_s: float | None
    given_wait_s: float | None
    duration_s: float | None
    channel: str | None
    website: str | None
    department: str | None
    operator: str | None
    operators: tuple[str, ...]
    visitor_id: str | None
    visitor_name: str | None
    visitor_email: str | None
    visitor_phone: str | None
    visitor_country: str | None
    visitor_ip: str | None
    page_url: str | None
    page_title: str | None
    language: str | None
    question: str | None
    rating: int | None
    comment: str | None
    tags: tuple[str, ...]
    message_count: int
    messages_missing: int | None
    messages_there: int | None
    deleted_there: bool | None
    unknown_fields: Mapping[str, Any]
    deleted_at: datetime | None
    anonymised_at: datetime | None
    mails: int
    missed_cause: Cause | None
    missed_repeats: int | None
    came_back_at: datetime | None
    came_back_chat: UUID | None
    recovered_at: datetime | None
    recovered_chat: UUID | None
    due_set_at: datetime | None
    due_derived_at: datetime | None
    assignee: str | None
    contacted_at: datetime | None
    contacted_by: str | None
    contacted_how: str | None
    not_needed: Reason | None
    not_needed_text: str | None
    follow_up_version: int | None
    follow_up_by: str | None
    follow_up_at: datetime | None

    @property
    def monitored(self) -> bool:
        """Whether a supervisor watches the running chat."""
        return self.status == "ongoing" and bool(self.supervisors)


@dataclass(frozen=True)
class Attachment:
    """A file that was sent; it is named, never fetched. `size` is in bytes."""

    name: str | None
    type: str | None
    size: int | None
    url: str | None


@dataclass(frozen=True)
class Message:
    """One entry of a transcript; `offset_s` is the time since the chat began where no time is known.

    One that was deleted in the chat system says nothing any more.
    """

    position: int
    sent_at: datetime | None
    offset_s: float | None
    kind: Kind
    name: str | None
    text: str | None
    is_deleted: bool
    attachment: Attachment | None

    @property
    def attachment_name(self) -> str | None:
        """The attached file's name."""
        return self.attachment.name if self.attachment else None


CHAT_COLUMNS = ", ".join(name for name in Chat.__dataclass_fields__)


def find_chat(store: Store, chat_id: UUID) -> Chat | None:
    """The chat with this id, deleted or not; None if there is none."""
    found = store.read(f"SELECT {CHAT_COLUMNS} FROM chats WHERE id = $id", {"id": chat_id})
    if not found:
        return None
    lists = {name: tuple(found[0][name] or ()) for name in ("supervisors", "operators", "tags")}
    return Chat(**found[0] | lists | {"unknown_fields": json.loads(found[0]["unknown_fields"] or "{}")})


def messages(store: Store, chat: Chat) -> list[Message]:
    """The transcript in order, internal notes left out."""
    return _entries(store, chat, "kind <> 'note'")


def vendor_notes(store: Store, chat: Chat) -> list[Message]:
    """The internal notes that came with the export, in order."""
    return _entries(store, chat, "kind = 'note'")


def _entries(store: Store, chat: Chat, condition: str) -> list[Message]:
    sql = f"""
        SELECT position, sent_at, offset_s, kind, name, text,
               coalesce(tells ->> 'event' = 'deleted', FALSE) AS is_deleted,
               attachment_name, attachment_type, attachment_size, attachment_url
        FROM messages WHERE chat_id = $id AND ordinal = $ordinal AND {condition} ORDER BY position
    """
    found = []
    for row in store.read(sql, {"id": chat.id, "ordinal": chat.ordinal}):
        parts = {name: row.pop(f"attachment_{name}") for name in ("name", "type", "size", "url")}
        attachment = Attachment(**parts) if any(value is not None for value in parts.values()) else None
        found.append(Message(**row, attachment=attachment))
    return found
