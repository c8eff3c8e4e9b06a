"""Collects checked records and hands them on in batches of rows."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from lib.importing import limits
from lib.importing.records.checked import ChatRecord, MessageRow, NameRecord, VisitorRecord, chat_id
from lib.importing.records.staging import DETAIL_COLUMNS, FACT_COLUMNS, TABLES
from lib.importing.sources import record_text
from lib.store.phone_numbers import REMEMBERED, phone_form

# So many rows of a table, or bytes of records, are held in memory.
BATCH = 20_000
HELD_BYTES = 32 * 1024 * 1024
# One bit an id: where it is set, the id may have been there before. 16 MiB serve tens of millions of chats.
SEEN_BITS = 1 << 27
PHONE, COUNTRY = (list(FACT_COLUMNS).index(name) for name in ("visitor_phone", "visitor_country"))
PHONE_OF_VISITOR, COUNTRY_OF_VISITOR = map(DETAIL_COLUMNS.index, ("phone", "country"))

Emit = Callable[[str, pa.Table], None]


class Batches:
    """The rows of one import on their way to the staging tables; `emit` is given a table's name and its next rows."""

    def __init__(self, emit: Emit, zone: str) -> None:
        """`zone` is the one whose country phone numbers are of that name none."""
        self._emit = emit
        self._zone = zone
        self._phones = set[tuple[str, str | None]]()
        self._buffers: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        self._seen = bytearray(SEEN_BITS // 8)
        self._last: tuple[str, str | None, str, str] = ("", None, "", "")
        self._held = self._kept_bytes = 0
        self.kept = self.not_kept = self._texts = 0
        self.chats = self.entries = self.rows = self.visitors = self.names = 0

    def add_chat(self, file: str, row_number: int, chat: ChatRecord, record: str | None, *, combined: bool) -> None:
        """Adds a chat with its messages; `record` is its text, needed if `may_repeat` said so.

        `combined` says that the chat may come more than once in an import.
        """
        entries = [*(chat.messages or ()), *(chat.notes or ())]
        messages, first_note = self._buffers["staged_messages"], len(chat.messages or ())
        number = self.chats
        for position, entry in enumerate(entries):
            unknown = chat.message_unknowns.get(position) if chat.message_unknowns else None
            messages.append((number, position, position >= first_note, *entry, unknown))
        self._buffers["staged_chats"].append((
            number, file, row_number, chat.id.hex, chat.system, chat.account, chat.vendor_id,
            *chat.facts, chat.question_search, chat.facts_digest, chat.updated_at, combined,
            chat.given, chat.weak, chat.masked,
            chat.messages is not None, chat.notes is not None, len(entries), record,
        ))  # fmt: skip
        self._add_phone(chat.facts[PHONE], chat.facts[COUNTRY])
        self.chats += 1
        self.entries += len(entries)
        self._flush_full(messages)

    def add_row(self, file: str, row_number: int, row: MessageRow) -> None:
        """Adds a message that names its chat."""
        buffer = self._buffers["staged_rows"]
        chat = (row.system, row.account, row.vendor_id)
        if self._last[:3] != chat:
            self._last = (*chat, chat_id(*chat).hex)
        place = (self.rows, file, row_number, self._last[3], *chat)
        buffer.append((*place, *row.entry, row.unknown))
        self.rows += 1
        self._flush_full(buffer)

    def add_visitor(self, visitor: VisitorRecord) -> None:
        """Adds a visitor's own record."""
        buffer = self._buffers["staged_visitors"]
        whose = (visitor.system, visitor.account, visitor.visitor_id)
        buffer.append((self.visitors, *whose, *visitor.details, visitor.partial))
        self._add_phone(visitor.details[PHONE_OF_VISITOR], visitor.details[COUNTRY_OF_VISITOR])
        self.visitors += 1
        self._flush_full(buffer)

    def add_name(self, name: NameRecord) -> None:
        """Adds what a department or an agent is called."""
        self._buffers["staged_names"].append((self.names, *name))
        self.names += 1
        self._flush_full(self._buffers["staged_names"])

    def _add_phone(self, phone: str | None, country: str | None) -> None:
        if phone is None or (phone, country) in self._phones:
            return
        if len(self._phones) >= REMEMBERED:
            self._phones.clear()
        self._phones.add((phone, country))
        self._buffers["staged_phones"].append((phone, country, phone_form(phone, country, self._zone)))

    def reject(
        self, file: str, row_number: int, *, field: str | None, value: str | None, reason: str, record: str
    ) -> None:
        """Adds a rejected record; beyond the first, they are only counted."""
        if not self.keeps_more:
            self.not_kept += 1
            return
        self.kept += 1
        self._kept_bytes += len(record)
        self._buffers["staged_rejects"].append((file, row_number, field, value, reason, record))
        self._flush_full(self._buffers["staged_rejects"])

    @property
    def keeps_more(self) -> bool:
        """Whether a rejected record would be kept with its text."""
        return self.kept < limits.MOST_REJECTED and self._kept_bytes < limits.MOST_REJECTED_BYTES

    def keep_text(self, raw: Any) -> str | None:
        """The text of a record that may turn out to repeat another, if it would be kept as a rejected one."""
        if self._texts >= limits.MOST_REJECTED or self._kept_bytes >= limits.MOST_REJECTED_BYTES:
            return None
        record = record_text(raw)
        self._texts += 1
        self._kept_bytes += len(record)
        return record

    def may_repeat(self, chat: ChatRecord) -> bool:
        """Whether a chat with this id may have been added before; False is certain. Remembers the id."""
        bit = chat.id.int % SEEN_BITS
        byte, mask = bit >> 3, 1 << (bit & 7)
        seen = bool(self._seen[byte] & mask)
        self._seen[byte] |= mask
        return seen

    def hold(self, size: int) -> None:
        """Counts the bytes of a record that was added, and hands all on where they are too many to hold."""
        self._held += size
        if self._held > HELD_BYTES:
            self.flush()

    def flush(self) -> None:
        """Hands on what is still held."""
        for name, buffer in self._buffers.items():
            if buffer:
                columns, values = TABLES[name].items(), zip(*buffer, strict=True)
                arrays = {}
                for (column, (_, arrow)), items in zip(columns, values, strict=True):
                    # Half of the columns of most messages are empty, which is known in a tenth of the time that an
                    # array takes.
                    is_empty = items.count(None) == len(items)
                    arrays[column] = pa.nulls(len(items), arrow) if is_empty else pa.array(items, arrow)
                self._emit(name, pa.table(arrays))
                buffer.clear()
        self._held = 0

    def _flush_full(self, buffer: Sequence[object]) -> None:
        if len(buffer) >= BATCH or len(self._buffers["staged_chats"]) >= BATCH:
            self.flush()
