"""Checks a record of an export and turns it into the rows that are staged."""

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from lib.chats.channels import channel_of
from lib.chats.columns import MISSED_REASONS
from lib.chats.own_files import MARK, UNKNOWN_FIELDS
from lib.importing.problems import FieldError
from lib.importing.records.accounts import Accounts, account_in
from lib.importing.records.countries import country_code
from lib.importing.records.fields import (
    ATTACHMENT_FIELDS,
    CHAT_FIELDS,
    EVENTS,
    MESSAGE_FIELDS,
    NOTE_FIELDS,
    ROW_FIELDS,
    SENDERS,
    TOLD_FIELDS,
    VISITOR_FIELDS,
)
from lib.importing.records.given import VAGUE, facts_given, has_masks, unmasked
from lib.importing.records.made_ids import made_id
from lib.importing.records.odd_values import OddValues
from lib.importing.records.restored import kept_json, restored
from lib.importing.records.staging import DETAIL_COLUMNS, FACT_COLUMNS
from lib.importing.records.times import ChatKey, TimeReader
from lib.importing.records.unknown_fields import UnknownFields, join
from lib.importing.records.values import (
    flag,
    identifier,
    is_rounded,
    items,
    mapping,
    number,
    text,
    text_or_number,
    texts,
    whole,
)
from lib.store.spellings import search_form, unescaped

DEFAULT_SYSTEM = "import"
# Facts that were added later; where a chat has none of them, its digest is what it was before.
FIRST_FACTS = 23

Entry = tuple[Any, ...]  # see staging.ENTRY_COLUMNS
Facts = tuple[Any, ...]  # see staging.FACT_COLUMNS
VISITOR_DETAILS = [f"visitor_{name}" for name in DETAIL_COLUMNS]


class ChatRecord(NamedTuple):
    """A chat as given; `messages`, `notes` and `account` are None where the record gives none.

    `given` has a bit for each of the facts that the record gives, the lowest for the first one: the others change
    nothing. `weak` has the bits of those that are vague or were masked, which never take the place of what is known,
    nor do the entries of a record that is `masked`.
    `message_unknowns` (JSON by position) and what is known of the `visitor` otherwise only an export of ours gives.
    """

    id: UUID
    system: str
    account: str | None
    vendor_id: str
    facts: Facts
    given: int
    weak: int
    masked: bool
    updated_at: int | None
    question_search: str | None
    messages: list[Entry] | None
    notes: list[Entry] | None
    unknown_paths: Collection[str]
    message_unknowns: Mapping[int, str] | None = None
    visitor: "VisitorRecord | None" = None

    @property
    def facts_digest(self) -> str:
        """A digest that differs where any given fact differs."""
        first, later = self.facts[:FIRST_FACTS], self.facts[FIRST_FACTS:]
        told = repr(first) + repr(later) if any(fact is not None for fact in later) else repr(first)
        return blake2b(told.encode(), digest_size=16).hexdigest()


class MessageRow(NamedTuple):
    """A message of a file of messages; `unknown` is JSON of the fields that the contract does not name."""

    system: str
    account: str | None
    vendor_id: str
    entry: Entry
    unknown: str | None
    unknown_paths: Collection[str]


class VisitorRecord(NamedTuple):
    """A visitor's own record; `details` are name, e-mail, phone, country and IP address.

    `partial` says that those which are None may be known otherwise.
    """

    system: str
    account: str | None
    visitor_id: str
    details: tuple[str | None, ...]
    unknown_paths: Collection[str]
    partial: bool = False


def chat_id(system: str, account: str | None, vendor_id: str) -> UUID:
    """The id of a chat: the same after a re-import and in every store, and telling nothing."""
    if not account:
        return UUID(bytes=blake2b(f"{system}\0{vendor_id}".encode(), digest_size=16).digest())
    told = f"{system}\0{account}\0{vendor_id}".encode()
    # An id of the first account may hold anything.
    return UUID(bytes=blake2b(told, digest_size=16, person=b"account").digest())


class NameRecord(NamedTuple):
    """What a department or an agent (`kind`) is called whose id stands in chats."""

    system: str
    account: str | None
    kind: str
    id: str
    name: str


class RecordReader:
    """Turns records into rows; `written` says that all values of the file are texts, as in CSV.

    Times that cannot be read, and optional values of an unexpected form (in `odd`), are counted, and kept among the
    unknown fields.

    `empties` says that a null in a record empties the fact; otherwise it is one that is not there. `of_vendor` says
    that the records were made of a vendor's answers, so that their account is one that nobody chose.
    """

    def __init__(
        self,
        times: TimeReader,
        *,
        accounts: Accounts | None = None,
        written: bool = False,
        system: str | None = None,
        empties: bool = False,
        of_vendor: bool = False,
        odd: OddValues | None = None,
    ) -> None:
        self._times = times
        self._odd = odd or OddValues()
        self._accounts = accounts or Accounts()
        self._empties = empties
        self._written = written
        self._of_vendor = of_vendor
        self._system = system or DEFAULT_SYSTEM

    def chat(self, record: Mapping[str, Any]) -> ChatRecord:
        """A chat with its messages; raises FieldError."""
        if MARK in record:
            return self._exported(record)
        return self._chat(record, UnknownFields(), empties=self._empties)

    def _exported(self, record: Mapping[str, Any]) -> ChatRecord:
        back = restored(record, written=self._written)
        chat = self._chat(back.record, UnknownFields(back.unknown_fields), empties=False, told=back.account_told)
        self._accounts.name(chat.system, chat.account, back.account_name)
        visitor_id = text_or_number(mapping(back.record.get("visitor"), "visitor").get("id"), "visitor.id")
        visitor = None
        if back.filled and visitor_id is not None:
            visitor = VisitorRecord(
                chat.system, chat.account, visitor_id, _details(back.filled, "visitor."), (), partial=True
            )
        return chat._replace(message_unknowns=back.message_unknowns, visitor=visitor)

    def _chat(
        self, record: Mapping[str, Any], unknown: UnknownFields, *, empties: bool, told: str | None = None
    ) -> ChatRecord:
        vendor_id = self._chat_id(record, unknown)
        system = text(record.get("system"), "system") or self._system
        account = self._account(record, system, told)
        messages = items(record.get("messages"), "messages")
        notes = items(record.get("notes"), "notes")
        # Times may depend on those before them.
        chat = (system, account, vendor_id)
        started_at = self._time(record, "started_at", unknown, chat=chat)
        ended_at = self._time(record, "ended_at", unknown, after=started_at)
        updated_at = self._time(record, "updated_at", unknown)
        entries = None if messages is None else self._messages(messages, unknown, chat)
        note_entries = None if notes is None else self._notes(notes, unknown)
        times = {"started_at": started_at, "ended_at": ended_at}
        try:
            facts = self._facts(record, times, unknown)
        except FieldError as error:
            facts = self._odd.read_without(lambda rest: self._facts(rest, times, unknown), record, error, unknown)
        given, weak = facts_given(facts, record, empties)
        question = facts["given_question"]
        return ChatRecord(
            id=chat_id(*chat),
            system=system,
            account=account,
            vendor_id=vendor_id,
            facts=tuple(facts[column] for column in FACT_COLUMNS),
            given=given,
            weak=weak,
            masked=has_masks(entries) or has_masks(note_entries),
            updated_at=updated_at,
            question_search=question and search_form(question),
            messages=entries,
            notes=note_entries,
            unknown_paths=unknown.paths,
        )

    def _chat_id(self, record: Mapping[str, Any], unknown: UnknownFields) -> str:
        """The id of a chat; in the place of one that a spreadsheet rounded, so that others have it too, a made one."""
        found = text_or_number(record.get("id"), "id")
        rest = {name: value for name, value in record.items() if name != "id" and value not in (None, "")}
        if found is None or not is_rounded(found) or not rest:
            return identifier(record.get("id"), "id")
        unknown.collect({"id": found}, frozenset(), "")
        self._odd.rounded_ids.add(found)
        return made_id(rest)

    def row(self, record: Mapping[str, Any]) -> MessageRow:
        """A message that names its chat; raises FieldError."""
        unknown = UnknownFields()
        if MARK in record:
            unknown = UnknownFields(kept_json(record.get(UNKNOWN_FIELDS), UNKNOWN_FIELDS))
            record = {name: value for name, value in record.items() if name not in (MARK, UNKNOWN_FIELDS)}
        vendor_id = identifier(record.get("chat_id"), "chat_id")
        system = text(record.get("system"), "system") or self._system
        account = self._account(record, system)
        entry = self._kept_message(record, unknown, ROW_FIELDS, (system, account, vendor_id), None)
        return MessageRow(system, account, vendor_id, entry, unknown.dump(), unknown.paths)

    def rows_of(self, record: Mapping[str, Any]) -> list[MessageRow]:
        """The messages of a chat as rows of their own, where they carry ids; raises FieldError."""
        messages = items(record.get("messages"), "messages") or []
        if not any(message.__class__ is dict and message.get("id") is not None for message in messages):
            return []
        chat = {"chat_id": record.get("id"), "system": record.get("system"), "account": record.get("account")}
        rows: list[MessageRow] = []
        try:
            for message in messages:
                rows.append(self.row({**mapping(message, ""), **chat}))
        except FieldError as error:
            raise error.inside(f"messages[{len(rows)}]") from None
        return rows

    def visitor(self, record: Mapping[str, Any]) -> VisitorRecord:
        """A visitor; raises FieldError."""
        unknown = UnknownFields()
        visitor_id = identifier(record.get("id"), "id")
        unknown.collect(record, VISITOR_FIELDS | {"system", "account"}, "")
        system = text(record.get("system"), "system") or self._system
        account = self._account(record, system)
        return VisitorRecord(system, account, visitor_id, _details(record, ""), unknown.paths)

    def name(self, record: Mapping[str, Any]) -> NameRecord:
        """What an id is called; raises FieldError."""
        named_id, name = identifier(record.get("id"), "id"), text(record.get("name"), "name")
        if name is None:
            raise FieldError("name", None, "missing")
        account = self._account(record, self._system)
        return NameRecord(self._system, account, record["kind"], named_id, name.strip())

    def _account(self, record: Mapping[str, Any], system: str, told: str | None = None) -> str | None:
        value = record.get("account")
        given = account_in(value) if value is not None else None
        return self._accounts.of(system, None, given) if self._of_vendor else self._accounts.of(system, given, told)

    def _time(
        self,
        record: Mapping[str, Any],
        field: str,
        unknown: UnknownFields,
        *,
        after: int | None = None,
        chat: ChatKey | None = None,
    ) -> int | None:
        value = record.get(field)
        try:
            return self._times.read_first(value, field, chat) if chat else self._times.read(value, field, after)
        except FieldError as error:
            self._unread(error, unknown, "")
            return None

    def _unread(self, error: FieldError, unknown: UnknownFields, path: str) -> None:
        self._times.unread.add(error.value)
        unknown.collect({str(error.field): error.value}, frozenset(), path)

    def _facts(
        self, record: Mapping[str, Any], times: Mapping[str, int | None], unknown: UnknownFields
    ) -> dict[str, Any]:
        visitor = mapping(record.get("visitor"), "visitor")
        get, written = record.get, self._written
        unknown.collect(record, CHAT_FIELDS | {VAGUE} if record.get(VAGUE).__class__ is frozenset else CHAT_FIELDS, "")
        unknown.collect(visitor, VISITOR_FIELDS, "visitor")
        value = get("missed_reason")
        found = text(value, "missed_reason")
        if found is not None and found not in MISSED_REASONS:
            raise FieldError("missed_reason", value, "bad_choice")
        return {
            **times,
            "channel": channel_of(text(get("channel"), "channel")),
            "website": text(get("website"), "website"),
            "department": text(get("department"), "department"),
            "visitor_id": _unrounded(text_or_number(visitor.get("id"), "visitor.id"), unknown, "visitor"),
            **dict(zip(VISITOR_DETAILS, _details(visitor, "visitor."), strict=True)),
            "page_url": text(get("page_url"), "page_url"),
            "page_title": text(get("page_title"), "page_title"),
            "rating": whole(get("rating"), "rating", written=written, least=1, most=5),
            "comment": unmasked(text(get("comment"), "comment")),
            "tags": _distinct(texts(get("tags"), "tags", written=written)),
            "supervisors": _distinct(texts(get("supervisors"), "supervisors", written=written)),
            "given_status": text(get("status"), "status"),
            "given_wait_s": number(get("wait_s"), "wait_s", written=written),
            "given_operators": self._operators(record),
            "given_language": text(get("language"), "language"),
            "given_question": unmasked(text(get("question"), "question")),
            "unknown_fields": unknown.dump(),
            "given_missed_reason": found,
            "judged": flag(get("judged"), "judged", written=written),
            "given_answered": flag(get("answered"), "answered", written=written),
            "deleted_there": flag(get("deleted"), "deleted", written=written),
            "messages_there": whole(get("message_total"), "message_total", written=written),
        }

    def _operators(self, record: Mapping[str, Any]) -> list[str]:
        first = text(record.get("operator"), "operator")
        others = texts(record.get("operators"), "operators", written=self._written)
        return [name for name in _distinct([first, *others] if first else others) if unmasked(name)]

    def _messages(self, messages: list[Any], unknown: UnknownFields, chat: ChatKey) -> list[Entry]:
        entries: list[Entry] = []
        try:
            for message in messages:
                entries.append(self._kept_message(message, unknown, MESSAGE_FIELDS, chat, len(entries)))
        except FieldError as error:
            raise error.inside(f"messages[{len(entries)}]") from None
        return entries

    def _kept_message(
        self, message: Any, unknown: UnknownFields, known: frozenset[str], chat: ChatKey, index: int | None
    ) -> Entry:
        try:
            return self._message(message, unknown, known, chat, index)
        except FieldError as error:
            return self._odd.read_without(
                lambda rest: self._message(rest, unknown, known, chat, index),
                message, error, unknown, _message_path(index),
            )  # fmt: skip

    def _message(
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
                self._unread(error, unknown, _message_path(index))
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
            message_id = _unrounded(text_or_number(message_id, "id"), unknown, _message_path(index))
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

    def _notes(self, notes: list[Any], unknown: UnknownFields) -> list[Entry]:
        return [self._note(item, f"notes[{index}]", unknown) for index, item in enumerate(notes)]

    def _note(self, note: Any, path: str, unknown: UnknownFields) -> Entry:
        if note.__class__ is not dict:
            raise FieldError(path, note, "not_object")
        unknown.collect(note, NOTE_FIELDS, path)
        sent_at = self._times.read(note.get("at"), f"{path}.at")
        author, words = text(note.get("author"), f"{path}.author"), text(note.get("text"), f"{path}.text")
        return (sent_at, None, "note", author, words, words and search_form(words), *NO_ATTACHMENT, None, None, None)


NO_ATTACHMENT: Entry = (None, None, None, None)


def _unrounded(value: str | None, unknown: UnknownFields, path: str) -> str | None:
    """The id, unless others may have become the same; then it is kept among the unknown fields."""
    if value is None or not is_rounded(value):
        return value
    unknown.collect({"id": value}, frozenset(), path)
    return None


def _sender(value: Any) -> str:
    found = text(value, "sender_type")
    if found is None:
        raise FieldError("sender_type", value, "missing")
    if found.strip().lower() not in SENDERS:
        raise FieldError("sender_type", value, "bad_choice")
    return found.strip().lower()


def _message_path(index: int | None) -> str:
    return "" if index is None else f"messages[{index}]"


def _details(visitor: Mapping[str, Any], path: str) -> tuple[str | None, ...]:
    get = visitor.get
    name, found = text(get("name"), f"{path}name"), text(get("country"), f"{path}country")
    return (
        unmasked(name and unescaped(name)),
        unmasked(text(get("email"), f"{path}email")),
        unmasked(text_or_number(get("phone"), f"{path}phone")),
        found and country_code(found),
        unmasked(text(get("ip"), f"{path}ip")),
    )


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
