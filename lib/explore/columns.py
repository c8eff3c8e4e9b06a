"""The columns of the documented views, each with its type and what it means."""

import re
from dataclasses import dataclass

from lib.chats import columns
from lib.chats.columns import BY_NAME, COLUMNS
from lib.chats.states import STATE_SQL
from lib.language import mark


@dataclass(frozen=True)
class Column:
    """A column by its name, its SQL type, its meaning, and its SQL over the store's table if that is another."""

    name: str
    type: str
    meaning: str
    sql: str = ""
    is_local: bool = False

    def sql_with(self, local: str) -> str:
        """The SQL of the column; `local` is the one that makes a UTC time a local one."""
        own = self.sql or self.name
        return local.format(own) if self.is_local else own


def _times(name: str, utc: str, local: str, sql: str = "") -> tuple[Column, Column]:
    own = sql or name
    near = re.sub("_(at|since)$", "_local", name)
    return Column(name, "TIMESTAMP", utc, own), Column(near, "TIMESTAMP", local, own, is_local=True)


CHAT_ID = Column("chat_id", "UUID", mark("The chat, as `id` in `chats`"))


def _of_chat(column: columns.Column, name: str = "") -> tuple[Column, ...]:
    """A column of the store's table, a start or end in local time too."""
    name = name or column.name
    if column.name in _LOCAL:
        return _times(name, column.meaning, _LOCAL[column.name], column.sql)
    return (Column(name, column.type, column.meaning, column.sql),)


_LOCAL = {
    "started_at": mark("Start, in the workspace's time zone"),
    "ended_at": mark("End, in the workspace's time zone"),
}

CHATS: tuple[Column, ...] = tuple(each for column in COLUMNS if column.meaning for each in _of_chat(column))

MESSAGES: tuple[Column, ...] = (
    CHAT_ID,
    Column("position", "INTEGER", mark("Place in the transcript, counted from 0")),
    *_times("sent_at", mark("When it was sent, in UTC"), mark("When it was sent, in the workspace's time zone")),
    Column("offset_s", "DOUBLE", mark("Seconds since the start of the chat, where only that is known")),
    Column("kind", "VARCHAR", mark("Who speaks: visitor, operator, bot, system, or note")),
    Column("name", "VARCHAR", mark("Name of who speaks")),
    Column("text", "VARCHAR", mark("The text")),
    Column("search_text", "VARCHAR", mark("`text` in the form for search")),
    Column("automatic", "BOOLEAN", mark("Whether nobody wrote it by hand, where that is known")),
    Column("attachment_name", "VARCHAR", mark("File name of the attachment")),
    Column("attachment_type", "VARCHAR", mark("Type of the attachment")),
    Column("attachment_size", "BIGINT", mark("Size of the attachment in bytes")),
    Column("attachment_url", "VARCHAR", mark("Address of the attachment in the chat system")),
)

_NOTE_TEXT = "json_extract_string(detail, '$.text')"
NOTES: tuple[Column, ...] = (
    CHAT_ID,
    *_times(
        "written_at",
        mark("When it was written, in UTC"),
        mark("When it was written, in the workspace's time zone"),
        "happened_at",
    ),
    Column("author", "VARCHAR", mark("Who wrote it"), "actor"),
    Column("text", "VARCHAR", mark("The text"), _NOTE_TEXT),
    Column("search_text", "VARCHAR", mark("`text` in the form for search"), f"search_form({_NOTE_TEXT})"),
)

FOLLOW_UPS: tuple[Column, ...] = (
    Column("chat_id", "UUID", CHAT_ID.meaning, "id"),
    *_times("missed_at", mark("Start of the chat, in UTC"), mark("Start, in the workspace's time zone"), "started_at"),
    Column(
        "state",
        "VARCHAR",
        mark("to_do, assigned, contacted, recovered, not_needed, came_back, past or no_contact"),
        f"({STATE_SQL})",
    ),
    *_of_chat(BY_NAME["visitor_wrote_at"]),
    *_of_chat(BY_NAME["missed_cause"], "cause"),
    *_of_chat(BY_NAME["missed_repeats"], "repeats"),
    Column("assignee", "VARCHAR", mark("Who looks after it")),
    *_times("due_at", mark("Due time, in UTC"), mark("Due time, in the workspace's time zone"), BY_NAME["due_at"].sql),
    *_times(
        "contacted_at",
        mark("When the visitor was contacted, in UTC"),
        mark("When the visitor was contacted, in the workspace's time zone"),
    ),
    *(
        each
        for name in (
            "contacted_by",
            "contacted_how",
            "recovered_at",
            "came_back_at",
            "not_needed",
            "not_needed_text",
        )
        for each in _of_chat(BY_NAME[name])
    ),
)

MAILS: tuple[Column, ...] = (
    Column("id", "UUID", mark("Id of the e-mail")),
    CHAT_ID,
    Column("number", "INTEGER", mark("Number among the e-mails of the chat")),
    Column("purpose", "VARCHAR", mark("What it is for, such as missed or reply")),
    Column("state", "VARCHAR", mark("queued, sending, sent, failed, unknown or cancelled")),
    *_times(
        "state_since",
        mark("Since when it is in this state, in UTC"),
        mark("Since when it is in this state, in the workspace's time zone"),
    ),
    Column("created_at", "TIMESTAMP", mark("When it was written, in UTC")),
    Column("created_by", "VARCHAR", mark("Who wrote it")),
    Column("recipient", "VARCHAR", mark("Address that it goes to")),
    Column("copies", "VARCHAR[]", mark("Addresses that get a copy")),
    Column("subject", "VARCHAR", mark("Subject")),
    Column("body", "VARCHAR", mark("The text")),
    Column("attempts", "INTEGER", mark("How often sending was tried")),
    Column("problem", "VARCHAR", mark("What the mail server answered when it failed")),
)

OPERATORS: tuple[Column, ...] = (
    Column("chat_id", "UUID", CHAT_ID.meaning, "id"),
    Column("operator", "VARCHAR", mark("Name of the operator"), "unnest(operators)"),
)

TAGS: tuple[Column, ...] = (
    Column("chat_id", "UUID", CHAT_ID.meaning, "id"),
    Column("tag", "VARCHAR", mark("The tag"), "unnest(tags)"),
)
