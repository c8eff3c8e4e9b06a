"""The columns of an export: their codes, and the SQL of their values.

The fields and their structure are those of the import format (docs/import-format.md). Where the store derived a value,
the field holds what the screen shows, and the object `given` holds what the chat system said, for the way back.
"""

from dataclasses import dataclass
from typing import Literal

from lib.chats.export_marks import FOLLOW_UP, GIVEN, MARK, VERSION
from lib.chats.filter.fields import FIELDS
from lib.chats.listing import SORT_SQL

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
    masked: Literal["", "text", "names", "emails", "phones", "ips", "id", "dropped"] = ""

    @property
    def column(self) -> str:
        """Its column in CSV, and what chooses it."""
        return self.path.replace(".", "_")

    @property
    def chosen_by(self) -> str:
        """The code of the column that it belongs to."""
        return self.code or self.column


def _given(name: str, sql: str, kind: Kind = "text", masked: Literal["", "text"] = "") -> Field:
    return Field(f"{GIVEN}.{name}", sql, kind, GIVEN, masked)


def _follow_up(name: str, sql: str, kind: Kind = "text", masked: Literal["", "text"] = "") -> Field:
    return Field(f"{FOLLOW_UP}.{name}", sql, kind, masked=masked)


ALWAYS = (Field("id", "vendor_id"), Field("system", "system"), Field(MARK, str(VERSION), "number"))
CHAT_FIELDS = (
    Field("started_at", "started_at", "time"),
    Field("ended_at", "ended_at", "time"),
    Field("updated_at", "vendor_updated_at", "time"),
    Field("status", "status"),
    Field("missed_reason", "missed_reason"),
    Field("judged", "judged", "flag"),
    Field("answered", "given_answered", "flag"),
    Field("supervisors", "supervisors", "texts"),
    Field("channel", "channel"),
    Field("website", "website"),
    Field("department", "department"),
    Field("operator", "operator"),
    Field("operators", "operators", "texts"),
    Field("visitor.id", "visitor_id", masked="id"),
    Field("visitor.name", "visitor_name", masked="names"),
    Field("visitor.email", "visitor_email", masked="emails"),
    Field("visitor.phone", "visitor_phone", masked="phones"),
    Field("visitor.country", "visitor_country"),
    Field("visitor.ip", "visitor_ip", masked="ips"),
    Field("page_url", "page_url", masked="text"),
    Field("page_title", "page_title", masked="text"),
    Field("language", "language"),
    Field("question", "question", masked="text"),
    Field("wait_s", "wait_s", "number"),
    Field("duration_s", "duration_s", "number"),
    Field("rating", "rating", "number"),
    Field("comment", "comment", masked="text"),
    Field("tags", "tags", "texts"),
    Field("message_count", "message_count", "number"),
    Field("unknown_fields", "unknown_fields", masked="dropped"),
    _given("status", "given_status"),
    _given("missed_reason", "given_missed_reason"),
    _given("wait_s", "given_wait_s", "number"),
    _given("operators", "given_operators", "texts"),
    _given("language", "given_language"),
    _given("question", "given_question", masked="text"),
    # Which of the visitor's fields the chat itself did not give: they came from the visitor's own record.
    _given("filled", "coalesce(filled, [])", "texts"),
    _follow_up("state", FIELDS["state"].sql),
    _follow_up("assignee", "assignee"),
    _follow_up("due_at", SORT_SQL["due"], "time"),
    _follow_up("cause", "missed_cause"),
    _follow_up("contacted_at", "contacted_at", "time"),
    _follow_up("contacted_by", "contacted_by"),
    _follow_up("contacted_how", "contacted_how"),
    _follow_up("not_needed", "not_needed"),
    _follow_up("not_needed_text", "not_needed_text", masked="text"),
    _follow_up("mails", "mails", "number"),
    # Masked before they are JSON (see rows.py).
    _follow_up("notes", "own_notes", "json"),
)
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
