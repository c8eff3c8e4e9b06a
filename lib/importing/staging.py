"""Holds the checked records of one import in temporary tables until they are merged."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from lib.importing.records import ChatRecord, MessageRow, chat_id
from lib.store import Cursor

TEXT, TEXTS = ("VARCHAR", pa.string()), ("VARCHAR[]", pa.list_(pa.string()))
TIME, SECONDS = ("TIMESTAMP", pa.timestamp("us")), ("DOUBLE", pa.float64())
WHOLE, SMALL, FLAG = ("BIGINT", pa.int64()), ("INTEGER", pa.int32()), ("BOOLEAN", pa.bool_())
ID = ("UUID", pa.string())

Column = tuple[str, Any]

# In the order of the tuples of records.py; names as in the tables of the store.
FACT_COLUMNS: dict[str, Column] = {
    "started_at": TIME, "ended_at": TIME, "channel": TEXT, "website": TEXT, "department": TEXT,
    "visitor_id": TEXT, "visitor_name": TEXT, "visitor_email": TEXT, "visitor_phone": TEXT, "visitor_country": TEXT,
    "visitor_ip": TEXT, "page_url": TEXT, "page_title": TEXT, "rating": SMALL, "comment": TEXT, "tags": TEXTS,
    "supervisors": TEXTS, "given_status": TEXT, "given_wait_s": SECONDS, "given_operators": TEXTS,
    "given_language": TEXT, "given_question": TEXT, "unknown_fields": TEXT,
}  # fmt: skip
ENTRY_COLUMNS: dict[str, Column] = {
    "sent_at": TIME, "offset_s": SECONDS, "kind": TEXT, "name": TEXT, "text": TEXT, "search_text": TEXT,
    "attachment_name": TEXT, "attachment_type": TEXT, "attachment_size": WHOLE, "attachment_url": TEXT,
}  # fmt: skip
PLACE: dict[str, Column] = {"file": TEXT, "row_number": WHOLE}
TABLES: dict[str, dict[str, Column]] = {
    "staged_chats": {
        "number": WHOLE, **PLACE, "id": ID, "system": TEXT, "vendor_id": TEXT, **FACT_COLUMNS,
        "question_search": TEXT, "facts_digest": TEXT, "gives_messages": FLAG, "gives_notes": FLAG,
        "entries": SMALL, "record": TEXT,
    },
    "staged_messages": {"chat_number": WHOLE, "position": SMALL, "from_notes": FLAG, **ENTRY_COLUMNS},
    "staged_rows": {
        "number": WHOLE, **PLACE, "chat_id": ID, "system": TEXT, "vendor_id": TEXT, **ENTRY_COLUMNS, "unknown": TEXT,
    },
    "staged_rejects": {**PLACE, "field": TEXT, "value": TEXT, "reason": TEXT, "record": TEXT},
}  # fmt: skip

BATCH = 20_000
# One bit an id: where it is set, the id may have been there before. 16 MiB serve tens of millions of chats.
SEEN_BITS = 1 << 27


class Staging:
    """The temporary tables of one cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._buffers: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        self._seen = bytearray(SEEN_BITS // 8)
        self._last: tuple[str, str, str] = ("", "", "")
        self.chats = self.entries = self.rows = self.rejects = 0
        for name, columns in TABLES.items():
            definition = ", ".join(f"{column} {sql}" for column, (sql, _) in columns.items())
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({definition})")

    def add_chat(self, file: str, row_number: int, chat: ChatRecord, record: str | None) -> None:
        """Stages a chat with its messages; `record` is its text, needed if `may_repeat` said so."""
        entries = [*(chat.messages or ()), *(chat.notes or ())]
        messages, first_note = self._buffers["staged_messages"], len(chat.messages or ())
        number = self.chats
        for position, entry in enumerate(entries):
            messages.append((number, position, position >= first_note, *entry))
        self._buffers["staged_chats"].append((
            number, file, row_number, chat.id.hex, chat.system, chat.vendor_id,
            *chat.facts, chat.question_search, chat.facts_digest, chat.messages is not None, chat.notes is not None,
            len(entries), record,
        ))  # fmt: skip
        self.chats += 1
        self.entries += len(entries)
        self._flush_full(messages)

    def add_row(self, file: str, row_number: int, row: MessageRow) -> None:
        """Stages a row of a file of messages."""
        buffer = self._buffers["staged_rows"]
        if self._last[:2] != (row.system, row.vendor_id):
            self._last = (row.system, row.vendor_id, chat_id(row.system, row.vendor_id).hex)
        place = (self.rows, file, row_number, self._last[2], row.system, row.vendor_id)
        buffer.append((*place, *row.entry, row.unknown))
        self.rows += 1
        self._flush_full(buffer)

    def reject(
        self, file: str, row_number: int, *, field: str | None, value: str | None, reason: str, record: str
    ) -> None:
        """Stages a rejected record."""
        self._buffers["staged_rejects"].append((file, row_number, field, value, reason, record))
        self.rejects += 1
        self._flush_full(self._buffers["staged_rejects"])

    def may_repeat(self, chat: ChatRecord) -> bool:
        """Whether a chat with this id may have been staged before; False is certain. Remembers the id."""
        bit = chat.id.int % SEEN_BITS
        byte, mask = bit >> 3, 1 << (bit & 7)
        seen = bool(self._seen[byte] & mask)
        self._seen[byte] |= mask
        return seen

    def flush(self) -> None:
        """Writes what is still held in memory to the tables."""
        for name, buffer in self._buffers.items():
            if buffer:
                self._insert(name, buffer)
                buffer.clear()

    def close(self) -> None:
        """Removes the tables."""
        for name in TABLES:
            self._cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")

    def _flush_full(self, buffer: Sequence[object]) -> None:
        if len(buffer) >= BATCH or len(self._buffers["staged_chats"]) >= BATCH:
            self.flush()

    def _insert(self, name: str, buffer: list[tuple[Any, ...]]) -> None:
        columns = TABLES[name]
        values = zip(*buffer, strict=True)
        table = pa.table(
            {
                column: pa.array(items, arrow)
                for (column, (_, arrow)), items in zip(columns.items(), values, strict=True)
            }
        )
        self._cursor.register("batch", table)
        self._cursor.execute(f"INSERT INTO {name} SELECT * FROM batch")
        self._cursor.unregister("batch")
