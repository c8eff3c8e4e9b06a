"""Checks the messages and notes of a chat and turns them into the entries that are staged."""

import json
from typing import Any

from lib.importing.problems import FieldError
from lib.importing.records.checked import Entry
from lib.importing.records.fields import ATTACHMENT_FIELDS, EVENTS, MESSAGE_FIELDS, NOTE_FIELDS, SENDERS, TOLD_FIELDS
from lib.importing.records.given import unmasked
from lib.importing.records.restored import kept_json
from lib.importing.records.set_aside import OddValues, UnknownFields, join, unrounded
from lib.importing.records.times import ChatKey, TimeReader
from lib.importing.records.values import flag, mapping, number, text, text_or_number, whole
from lib.store.spellings import search_form, unescaped

NO_ATTACHMENT: Entry = (None, None, None, None)


class MessageReader:
    """Turns messages and notes into entries; for its arguments see `RecordReader`."""

    def __init__(self, times: TimeReader, odd: OddValues, written: bool) -> None:
        self._times = times
        self._odd = odd
        self._written = written

    def messages(self, messages: list[Any], unknown: UnknownFields, chat: ChatKey) -> list[Entry]:
        """The messages of a chat, in their order; raises FieldError."""
        entries: list[Entry] = []
        try:
            for message in messages:
                entries.append(self.message(message, unknown, MESSAGE_FIELDS, chat, len(entries)))
        except FieldError as error:
            raise error.inside(f"messages[{len(entries)}]") from None
        return entries

    def message(
        self, message: Any, unknown: UnknownFields, known: frozenset[str], chat: ChatKey, index: int | None
    ) -> Entry:
        """One with the `known` fields, without its odd values; `index` is its place in the chat. Raises FieldError."""
        try:
            return self._read(message, unknown, known, chat, index)
        except FieldError as error:
            return self._odd.read_without(
                lambda rest: self._read(rest, unknown, known, chat, index),
                message, error, unknown, _message_path(index),
            )  # fmt: skip

    def _read(
        self, message: Any, unknown: UnknownFields, known: frozenset[str], chat: ChatKey, index: int | None
    ) -> Entry:
        # Called once a message, so what is usual is decided here, without further calls.
        if message.__class__ is not dict:
            raise FieldError(None, message, "not_object")
        if not known.issuperset(message):
            unknown.collect(message, known, _message_path(index))
        get = message.get
        kind, sent_at, offset, name = get("sender_type"), get("at"), get("offset_s"), get("sender_name")
        words, attachment, message_id, automatic = get("text"), get("attachment"), get("id"), get("automatic")
        if kind.__class__ is not str or kind not in SENDERS:
            kind = _sender(kind)
        if sent_at is not None:
            try:
                sent_at = self._times.read_next(sent_at, "at", chat)
            except FieldError as error:
                self._times.unread.add(error.value)
                unknown.collect({"at": error.value}, frozenset(), _message_path(index))
                sent_at = None
        if offset is not None:
            offset = number(offset, "offset_s", written=self._written)
        if name is not None:
            name = text(name, "sender_name")
            if name and kind == "visitor":
                name = unescaped(name)
        if words is not None and words.__class__ is not str:
            raise FieldError("text", words, "wrong_type")
        if message_id is not None:
            message_id = unrounded(text_or_number(message_id, "id"), unknown, _message_path(index))
        if automatic is not None:
            automatic = flag(automatic, "automatic", written=self._written) or None
        tells = get("tells")
        start = (sent_at, offset, kind, name, words or None, search_form(words) if words else None)
        file = self._attachment(attachment, unknown, index) if attachment else NO_ATTACHMENT
        return (*start, *file, message_id, automatic, self._told(tells, unknown, index) if tells else None)

    def _attachment(self, value: Any, unknown: UnknownFields, index: int | None) -> Entry:
        attachment = mapping(value, "attachment")
        unknown.collect(attachment, ATTACHMENT_FIELDS, join(_message_path(index), "attachment"))
        get = attachment.get
        return (
            text(get("name"), "attachment.name"),
            text(get("type"), "attachment.type"),
            whole(get("size"), "attachment.size", written=self._written),
            text(get("url"), "attachment.url"),
        )

    def _told(self, value: Any, unknown: UnknownFields, index: int | None) -> str | None:
        """JSON of what a message tells of its chat; it may be given as such, as in a table."""
        kept = kept_json(value, "tells") if value.__class__ is str else None
        told = mapping(json.loads(kept) if kept else value, "tells")
        unknown.collect(told, TOLD_FIELDS, join(_message_path(index), "tells"))
        event = text(told.get("event"), "tells.event")
        if event is not None and event not in EVENTS:
            raise FieldError("tells.event", event, "bad_choice")
        rating = whole(told.get("rating"), "tells.rating", written=self._written, least=1, most=5)
        words = ("comment", "page_url", "page_title", "website")
        facts = {"event": event, "rating": rating} | {
            name: unmasked(text(told.get(name), f"tells.{name}")) for name in words
        }
        kept_facts = {name: fact for name, fact in facts.items() if fact is not None}
        return json.dumps(kept_facts, ensure_ascii=False) if kept_facts else None

    def notes(self, notes: list[Any], unknown: UnknownFields) -> list[Entry]:
        """The notes of a chat, in their order; raises FieldError."""
        entries: list[Entry] = []
        for index, note in enumerate(notes):
            path = f"notes[{index}]"
            if note.__class__ is not dict:
                raise FieldError(path, note, "not_object")
            unknown.collect(note, NOTE_FIELDS, path)
            sent_at = self._times.read(note.get("at"), f"{path}.at")
            author, words = text(note.get("author"), f"{path}.author"), text(note.get("text"), f"{path}.text")
            said = (sent_at, None, "note", author, words, words and search_form(words))
            entries.append((*said, *NO_ATTACHMENT, None, None, None))
        return entries


def _sender(value: Any) -> str:
    found = text(value, "sender_type")
    if found is None:
        raise FieldError("sender_type", value, "missing")
    if found.strip().lower() not in SENDERS:
        raise FieldError("sender_type", value, "bad_choice")
    return found.strip().lower()


def _message_path(index: int | None) -> str:
    return "" if index is None else f"messages[{index}]"
