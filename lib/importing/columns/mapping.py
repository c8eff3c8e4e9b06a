"""Which columns of a table are which of our fields."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from lib.importing.columns.transcripts import PATTERNS, Pattern
from lib.importing.records.fields import SENDERS
from lib.importing.records.spelled_times import DATE_ORDERS, DateOrder
from lib.language import mark

TableKind = Literal["chats", "messages"]
Pairs = tuple[tuple[str, str], ...]

TABLE_KINDS: tuple[TableKind, ...] = get_args(TableKind)


@dataclass(frozen=True)
class Field:
    """A field that a column can be: our name, its English label, and whether it is of a chat or of a message."""

    name: str
    label: str
    of: TableKind


@dataclass(frozen=True)
class ColumnMapping:
    """How a table is read: `kind` is what a row of it is, `fields` are pairs of a column and our field.

    `date_order` is the order in dates such as 03/04/2026; `senders` are pairs of a word of the table and our sender
    type; `pattern` is how the messages begin of a conversation that stands in one cell; `encoding` is that of the text
    (of `encoding.CODECS`) where it was chosen.
    """

    kind: TableKind
    fields: Pairs
    date_order: DateOrder = "ymd"
    senders: Pairs = ()
    pattern: Pattern = ""
    encoding: str = ""

    @property
    def makes_ids(self) -> bool:
        """Whether the table has no ids of chats, so that they have to be made."""
        return all(field != "id" for _, field in self.fields)

    def to_json(self) -> str:
        """The mapping as text, for `from_json`."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "ColumnMapping":
        """The mapping that `to_json` wrote; raises ValueError for any other text."""
        try:
            found = json.loads(text)
            return cls(
                kind=_choice(found["kind"], TABLE_KINDS),
                fields=_pairs(found["fields"], FIELDS_BY_NAME),
                date_order=_choice(found["date_order"], DATE_ORDERS),
                senders=_pairs(found["senders"], SENDERS),
                pattern=_choice(found.get("pattern", ""), PATTERNS),
                encoding=str(found.get("encoding", "")),
            )
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError("the text is no column mapping") from error


def _choice(value: Any, choices: Collection[Any]) -> Any:
    if value not in choices:
        raise ValueError("the text is no column mapping")
    return value


def _pairs(value: Any, choices: Collection[str]) -> Pairs:
    pairs = tuple((word, _choice(choice, choices)) for word, choice in value)
    if not all(isinstance(word, str) for word, _ in pairs):
        raise ValueError("the text is no column mapping")
    return pairs


# A time of day stands in a column of its own, beside the one with its date. `message_kind` tells notes and events from
# what was said; `sender_id` and `sender_email` are the visitor's where the visitor wrote the message.
FIELDS = (
    Field("id", mark("Chat id"), "chats"),
    Field("system", mark("System"), "chats"),
    Field("account", mark("Account"), "chats"),
    Field("started_at", mark("Start"), "chats"),
    Field("start_clock", mark("Start: time of day"), "chats"),
    Field("ended_at", mark("End"), "chats"),
    Field("end_clock", mark("End: time of day"), "chats"),
    Field("updated_at", mark("Last change"), "chats"),
    Field("status", mark("Status"), "chats"),
    Field("operator", mark("Operator"), "chats"),
    Field("operators", mark("All operators"), "chats"),
    Field("supervisors", mark("Watched by"), "chats"),
    Field("department", mark("Department"), "chats"),
    Field("channel", mark("Channel"), "chats"),
    Field("website", mark("Website"), "chats"),
    Field("visitor_id", mark("Visitor's id"), "chats"),
    Field("visitor_name", mark("Visitor's name"), "chats"),
    Field("visitor_email", mark("Visitor's e-mail"), "chats"),
    Field("visitor_phone", mark("Visitor's phone"), "chats"),
    Field("visitor_country", mark("Visitor's country"), "chats"),
    Field("visitor_ip", mark("Visitor's IP address"), "chats"),
    Field("page_url", mark("Address of the page"), "chats"),
    Field("page_title", mark("Title of the page"), "chats"),
    Field("language", mark("Language"), "chats"),
    Field("question", mark("Question"), "chats"),
    Field("transcript", mark("Whole conversation"), "chats"),
    Field("wait_s", mark("Wait in seconds"), "chats"),
    Field("rating", mark("Rating"), "chats"),
    Field("comment", mark("Comment"), "chats"),
    Field("tags", mark("Tags"), "chats"),
    Field("message_id", mark("Message id"), "messages"),
    Field("at", mark("Message time"), "messages"),
    Field("message_clock", mark("Message time: time of day"), "messages"),
    Field("offset_s", mark("Seconds since the start of the chat"), "messages"),
    Field("sender_type", mark("Sender's role"), "messages"),
    Field("message_kind", mark("Kind of message"), "messages"),
    Field("sender_name", mark("Sender's name"), "messages"),
    Field("sender_id", mark("Sender's id"), "messages"),
    Field("sender_email", mark("Sender's e-mail"), "messages"),
    Field("text", mark("Message text"), "messages"),
    Field("attachment_name", mark("Attachment's name"), "messages"),
    Field("attachment_type", mark("Attachment's type"), "messages"),
    Field("attachment_size", mark("Attachment's size in bytes"), "messages"),
    Field("attachment_url", mark("Attachment's address"), "messages"),
)
# What has the time of day of each time.
CLOCKS = {"started_at": "start_clock", "ended_at": "end_clock", "at": "message_clock"}
FIELDS_BY_NAME = {field.name: field for field in FIELDS}
