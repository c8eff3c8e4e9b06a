"""Checks a record of an export and turns it into the rows that are staged."""

from collections.abc import Iterable, Mapping
from typing import Any

from lib.chats.channels import channel_of
from lib.chats.columns import MISSED_REASONS
from lib.chats.own_files import MARK, UNKNOWN_FIELDS
from lib.importing.problems import FieldError
from lib.importing.records.accounts import Accounts, account_in
from lib.importing.records.checked import ChatRecord, MessageRow, NameRecord, VisitorRecord, chat_id, made_id
from lib.importing.records.countries import country_code
from lib.importing.records.fields import CHAT_FIELDS, ROW_FIELDS, VISITOR_FIELDS
from lib.importing.records.given import VAGUE, facts_given, has_masks, unmasked
from lib.importing.records.messages import MessageReader
from lib.importing.records.restored import kept_json, restored
from lib.importing.records.set_aside import OddValues, UnknownFields, unrounded
from lib.importing.records.staging import DETAIL_COLUMNS, FACT_COLUMNS
from lib.importing.records.times import ChatKey, TimeReader
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
VISITOR_DETAILS = [f"visitor_{name}" for name in DETAIL_COLUMNS]


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
        self._entries = MessageReader(times, self._odd, written)

    def chat(self, record: Mapping[str, Any]) -> ChatRecord:
        """A chat with its messages; raises FieldError."""
        if MARK in record:
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
        return self._chat(record, UnknownFields(), empties=self._empties)

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
        entries = None if messages is None else self._entries.messages(messages, unknown, chat)
        note_entries = None if notes is None else self._entries.notes(notes, unknown)
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
        entry = self._entries.message(record, unknown, ROW_FIELDS, (system, account, vendor_id), None)
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
            self._times.unread.add(error.value)
            unknown.collect({field: error.value}, frozenset(), "")
            return None

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
            "visitor_id": unrounded(text_or_number(visitor.get("id"), "visitor.id"), unknown, "visitor"),
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
