"""The columns of the documented views, each with its type and what it means."""

import re
from dataclasses import dataclass

from lib.chats.states import DUE_SQL, STATE_SQL
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

CHATS: tuple[Column, ...] = (
    Column("id", "UUID", mark("Id of the chat; the same after another import")),
    Column("system", "VARCHAR", mark("Chat system that it came from")),
    Column("vendor_id", "VARCHAR", mark("Id of the chat in that system")),
    Column("status", "VARCHAR", mark("ongoing, missed, reopened or completed")),
    *_times("started_at", mark("Start, in UTC"), mark("Start, in the workspace's time zone")),
    *_times("ended_at", mark("End, in UTC"), mark("End, in the workspace's time zone")),
    Column("wait_s", "DOUBLE", mark("Seconds until an operator answered")),
    Column("duration_s", "DOUBLE", mark("Seconds from start to end")),
    Column("channel", "VARCHAR", mark("Channel, such as web or line")),
    Column("website", "VARCHAR", mark("Website on which it was held")),
    Column("department", "VARCHAR", mark("Department")),
    Column("operator", "VARCHAR", mark("Operator who served it last")),
    Column("operators", "VARCHAR[]", mark("All operators in it; one a row in `operators`")),
    Column("supervisors", "VARCHAR[]", mark("Supervisors who watch it")),
    Column("visitor_id", "VARCHAR", mark("Id of the visitor in the chat system")),
    Column("visitor_name", "VARCHAR", mark("Name of the visitor")),
    Column("visitor_email", "VARCHAR", mark("E-mail address of the visitor")),
    Column("visitor_phone", "VARCHAR", mark("Phone number of the visitor")),
    Column("visitor_country", "VARCHAR", mark("Country of the visitor, two letters")),
    Column("visitor_ip", "VARCHAR", mark("IP address of the visitor")),
    Column("page_url", "VARCHAR", mark("Address of the page on which it began")),
    Column("page_title", "VARCHAR", mark("Title of that page")),
    Column("language", "VARCHAR", mark("Language of the visitor, as a code")),
    Column("question", "VARCHAR", mark("What the visitor asked first")),
    Column("question_search", "VARCHAR", mark("`question` in the form for search")),
    Column("visitor_search", "VARCHAR", mark("Name, e-mail address and phone number in the form for search")),
    Column("rating", "TINYINT", mark("Rating by the visitor, 1 to 5")),
    Column("comment", "VARCHAR", mark("What the visitor wrote with the rating")),
    Column("tags", "VARCHAR[]", mark("All tags; one a row in `tags`")),
    Column("message_count", "INTEGER", mark("Number of messages, notes not counted")),
    Column("mails", "INTEGER", mark("Number of e-mails to the visitor")),
    Column("missed_reason", "VARCHAR", mark("Why it counts as missed: vendor_status or no_human_reply")),
    Column("missed_cause", "VARCHAR", mark("Why it was missed, such as out_of_hours")),
    Column("missed_repeats", "INTEGER", mark("Missed chats of the same visitor within 30 days, this one included")),
    Column("missed_noticed_at", "TIMESTAMP", mark("When it was first known here as missed, in UTC")),
    Column("missed_past", "BOOLEAN", mark("Whether it was too old to follow up when it first came in")),
    Column(
        "taken_in_at",
        "TIMESTAMP",
        mark("When somebody first did something about it, in UTC; it is never past from then on"),
    ),
    Column("reply_channel", "VARCHAR", mark("Channel in which the visitor can be answered, such as whatsapp")),
    Column("reply_until", "TIMESTAMP", mark("Until when that is possible, in UTC; NULL: without an end")),
    Column("reply_closed_at", "TIMESTAMP", mark("When that ended, in UTC")),
    Column("due_derived_at", "TIMESTAMP", mark("Due time by the working hours, in UTC")),
    Column("due_set_at", "TIMESTAMP", mark("Due time that somebody set, in UTC")),
    Column("came_back_at", "TIMESTAMP", mark("When the visitor was served without having been written to, in UTC")),
    Column("came_back_noticed_at", "TIMESTAMP", mark("When that was first known here, in UTC")),
    Column("recovered_at", "TIMESTAMP", mark("When the visitor was served again after the contact, in UTC")),
    Column("assignee", "VARCHAR", mark("Who looks after the missed chat")),
    Column("contacted_at", "TIMESTAMP", mark("When the visitor was contacted, in UTC")),
    Column("contacted_noticed_at", "TIMESTAMP", mark("When the contact was first known here, in UTC")),
    Column("contacted_by", "VARCHAR", mark("Who contacted the visitor")),
    Column("contacted_how", "VARCHAR", mark("How the visitor was contacted: mail or by_hand")),
    Column("not_needed", "VARCHAR", mark("Why no follow-up is needed: spam, test, duplicate or other")),
    Column("not_needed_text", "VARCHAR", mark("The reason in words")),
    Column("follow_up_at", "TIMESTAMP", mark("When the follow-up was changed last, in UTC")),
    Column("follow_up_by", "VARCHAR", mark("Who changed the follow-up last")),
)

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
    Column("visitor_wrote_at", "TIMESTAMP", mark("When the visitor last wrote, or else when the chat began, in UTC")),
    Column("cause", "VARCHAR", mark("Why it was missed, such as out_of_hours"), "missed_cause"),
    Column(
        "repeats",
        "INTEGER",
        mark("Missed chats of the same visitor within 30 days, this one included"),
        "missed_repeats",
    ),
    Column("assignee", "VARCHAR", mark("Who looks after it")),
    *_times("due_at", mark("Due time, in UTC"), mark("Due time, in the workspace's time zone"), DUE_SQL),
    *_times(
        "contacted_at",
        mark("When the visitor was contacted, in UTC"),
        mark("When the visitor was contacted, in the workspace's time zone"),
    ),
    Column("contacted_by", "VARCHAR", mark("Who contacted the visitor")),
    Column("contacted_how", "VARCHAR", mark("How the visitor was contacted: mail or by_hand")),
    Column("recovered_at", "TIMESTAMP", mark("When the visitor was served again after the contact, in UTC")),
    Column("came_back_at", "TIMESTAMP", mark("When the visitor was served without having been written to, in UTC")),
    Column("not_needed", "VARCHAR", mark("Why no follow-up is needed: spam, test, duplicate or other")),
    Column("not_needed_text", "VARCHAR", mark("The reason in words")),
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
