"""Holds the checked records of one import in temporary tables until they are merged."""

from typing import Any

import pyarrow as pa

from lib.chats.columns import BY_NAME
from lib.store import Cursor

TEXT, TEXTS = ("VARCHAR", pa.string()), ("VARCHAR[]", pa.list_(pa.string()))
TIME, SECONDS = ("TIMESTAMP", pa.timestamp("us")), ("DOUBLE", pa.float64())
WHOLE, SMALL, FLAG = ("BIGINT", pa.int64()), ("INTEGER", pa.int32()), ("BOOLEAN", pa.bool_())
ID = ("UUID", pa.string())

Column = tuple[str, Any]

_BY_TYPE = {each[0]: each for each in (TEXT, TEXTS, TIME, SECONDS, WHOLE, SMALL, FLAG)} | {"TINYINT": SMALL}
# What a record says of a chat; `given` and `weak` have a bit for each (see checked.py). The first ones stand in this
# order in the digests of chats that are stored; what is added comes last.
FACT_COLUMNS: dict[str, Column] = {
    name: _BY_TYPE[BY_NAME[name].type]
    for name in (
        "started_at", "ended_at", "channel", "website", "department", "visitor_id", "visitor_name", "visitor_email",
        "visitor_phone", "visitor_country", "visitor_ip", "page_url", "page_title", "rating", "comment", "tags",
        "supervisors", "given_status", "given_wait_s", "given_operators", "given_language", "given_question",
        "unknown_fields", "given_missed_reason", "judged", "given_answered", "deleted_there", "messages_there",
    )
}  # fmt: skip
FACT_BITS = {column: 1 << place for place, column in enumerate(FACT_COLUMNS)}
ENTRY_COLUMNS: dict[str, Column] = {
    "sent_at": TIME, "offset_s": SECONDS, "kind": TEXT, "name": TEXT, "text": TEXT, "search_text": TEXT,
    "attachment_name": TEXT, "attachment_type": TEXT, "attachment_size": WHOLE, "attachment_url": TEXT,
    "message_id": TEXT, "automatic": FLAG, "tells": TEXT,
}  # fmt: skip
DETAIL_COLUMNS = ("name", "email", "phone", "country", "ip")
# Where something stood. `account` is '' for the first account of a system, and NULL where none is named.
PLACE: dict[str, Column] = {"file": TEXT, "row_number": WHOLE}
TABLES: dict[str, dict[str, Column]] = {
    "staged_chats": {
        "number": WHOLE, **PLACE, "id": ID, "system": TEXT, "account": TEXT, "vendor_id": TEXT, **FACT_COLUMNS,
        "question_search": TEXT, "facts_digest": TEXT, "vendor_updated_at": TIME, "combined": FLAG,
        "given": WHOLE, "weak": WHOLE, "masked": FLAG, "gives_messages": FLAG, "gives_notes": FLAG, "entries": SMALL,
        "record": TEXT,
    },
    "staged_messages": {"chat_number": WHOLE, "position": SMALL, "from_notes": FLAG, **ENTRY_COLUMNS, "unknown": TEXT},
    "staged_rows": {
        "number": WHOLE, **PLACE, "chat_id": ID, "system": TEXT, "account": TEXT, "vendor_id": TEXT, **ENTRY_COLUMNS,
        "unknown": TEXT,
    },
    "staged_visitors": {
        "number": WHOLE, "system": TEXT, "account": TEXT, "visitor_id": TEXT, **dict.fromkeys(DETAIL_COLUMNS, TEXT),
        "partial": FLAG,
    },
    "staged_names": {"number": WHOLE, "system": TEXT, "account": TEXT, "kind": TEXT, "id": TEXT, "name": TEXT},
    "staged_phones": {"phone": TEXT, "country": TEXT, "form": TEXT},
    "staged_rejects": {**PLACE, "field": TEXT, "value": TEXT, "reason": TEXT, "record": TEXT},
}  # fmt: skip


class Staging:
    """The temporary tables of one cursor."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        for name, columns in TABLES.items():
            definition = ", ".join(f"{column} {sql}" for column, (sql, _) in columns.items())
            cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({definition})")

    def insert(self, name: str, batch: pa.Table) -> None:
        """Adds rows to the table of that name."""
        self._cursor.register("batch", batch)
        self._cursor.execute(f"INSERT INTO {name} SELECT * FROM batch")
        self._cursor.unregister("batch")

    def close(self) -> None:
        """Removes the tables."""
        for name in TABLES:
            self._cursor.execute(f"DROP TABLE IF EXISTS temp.{name}")
