"""The columns of an export: their codes, and the SQL of their values.

The fields and their structure are those of the import format (docs/import-format.md). Where the store derived a value,
the field holds what the screen shows, and the object `given` holds what the chat system said, for the way back.
"""

from dataclasses import dataclass
from typing import Literal

from lib.chats import columns
from lib.chats.columns import BY_NAME, Personal
from lib.chats.own_files import ACCOUNT, FOLLOW_UP, GIVEN, MARK, VERSION

Kind = Literal["text", "texts", "time", "number", "flag", "json"]


@dataclass(frozen=True)
class Field:
    """A value: its path in JSON (`visitor.name`), its SQL, what it is, and the code of the column that it belongs to.

    `masked` says how it is masked: as a text, or wholly as what it is (the name of a mask).
    """

    path: str
    sql: str
    kind: Kind = "text"
    code: str = ""
    masked: Personal = ""

    @property
    def column(self) -> str:
        """Its column in CSV, and what chooses it."""
        return self.path.replace(".", "_")

    @property
    def chosen_by(self) -> str:
        """The code of the column that it belongs to."""
        return self.code or self.column


_KINDS: dict[columns.Kind, Kind] = {
    "text": "text",
    "choice": "text",
    "list": "texts",
    "number": "number",
    "duration": "number",
    "moment": "time",
    "flag": "flag",
}


def _of_chat(name: str) -> Field:
    """A column of the chat; what the chat system gave is chosen together."""
    column = BY_NAME[name]
    code = GIVEN if column.path.startswith(f"{GIVEN}.") else ""
    sql = f"coalesce({name}, [])" if name == "filled" else column.sql
    return Field(column.path, sql, _KINDS[column.kind], code, column.personal)


ALWAYS = (
    Field("id", "vendor_id"),
    Field("system", "system"),
    Field("account", "account"),
    Field(MARK, str(VERSION), "number"),
)
# In the order of a record, and of the columns of a CSV.
CHAT_FIELDS = (
    *map(
        _of_chat,
        (
            "started_at", "ended_at", "vendor_updated_at", "status", "missed_reason", "judged", "given_answered",
            "deleted_there", "messages_there", "supervisors", "channel", "website", "department", "operator",
            "operators", "visitor_id", "visitor_name", "visitor_email", "visitor_phone", "visitor_country",
            "visitor_ip", "page_url", "page_title", "language", "question", "wait_s", "duration_s", "rating",
            "comment", "tags", "message_count", "unknown_fields", "given_status", "given_missed_reason",
            "given_wait_s", "given_operators", "given_language", "given_question", "filled", "state", "assignee",
            "due_at", "missed_cause", "contacted_at", "contacted_by", "contacted_how", "not_needed",
            "not_needed_text", "mails",
        ),
    ),
    # What people and files call the account (see rows.py).
    Field(ACCOUNT, "account_name"),
    Field(f"{GIVEN}.account", "account_told", code=GIVEN),
    # Masked before they are JSON (see rows.py).
    Field(f"{FOLLOW_UP}.notes", "own_notes", "json"),
)  # fmt: skip
MESSAGE_FIELDS = (
    Field("id", "m.message_id", code="message_id"),
    Field("at", "m.sent_at", "time"),
    Field("offset_s", "m.offset_s", "number"),
    Field("sender_type", "m.kind", code="sender_type"),
    Field("sender_name", "m.name", masked="names"),
    Field("text", "m.text", masked="text"),
    Field("attachment.name", "m.attachment_name", code="attachment", masked="text"),
    Field("attachment.type", "m.attachment_type", code="attachment"),
    Field("attachment.size", "m.attachment_size", "number", code="attachment"),
    Field("attachment.url", "m.attachment_url", code="attachment", masked="text"),
    Field("automatic", "m.automatic", "flag"),
    Field("tells", "m.tells", masked="text"),
    Field("unknown_fields", "m.unknown_fields", code="message_unknown_fields", masked="dropped"),
)
# Entries of a transcript that are internal notes of the chat system.
VENDOR_NOTES = "internal_notes"
# Without it a message is none.
_REQUIRED = "sender_type"

CHAT_COLUMNS: tuple[str, ...] = tuple(dict.fromkeys(field.chosen_by for field in CHAT_FIELDS))
MESSAGE_COLUMNS: tuple[str, ...] = (
    *(code for code in dict.fromkeys(field.chosen_by for field in MESSAGE_FIELDS) if code != _REQUIRED),
    VENDOR_NOTES,
)
COLUMNS = CHAT_COLUMNS + MESSAGE_COLUMNS


def is_always_there(field: Field) -> bool:
    """Whether a field is exported whatever was chosen."""
    return field in ALWAYS or field.chosen_by == _REQUIRED
