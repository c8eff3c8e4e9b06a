"""The transcript of a chat as it stands below a reply: never with internal notes."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from lib.language import _, _p, clock, day, in_language, zone_label
from lib.mail.headers import LONGEST_NAME, header_text
from lib.store.spellings import ADDRESS

# What may leave the house; whatever else there is (notes) may not.
_SHOWN: Final = frozenset({"visitor", "operator", "bot"})
_UNPRINTABLE: Final = frozenset({"Cc", "Cs"})
_INDENT: Final = "    "


class Message(Protocol):
    """A message of a chat, as the store has it."""

    @property
    def sent_at(self) -> datetime | None:
        """When, naive UTC."""

    @property
    def kind(self) -> str:
        """`visitor`, `operator`, `bot`, `system` or `note`."""

    @property
    def name(self) -> str | None:
        """Who."""

    @property
    def text(self) -> str | None:
        """What."""

    @property
    def attachment_name(self) -> str | None:
        """The attached file's name."""


@dataclass(frozen=True)
class Entry:
    """One message in words: `day` and `clock` are empty where the time is not known.

    `clock` has the offset from UTC where that is another one than before.
    """

    day: str
    clock: str
    speaker: str
    kind: str
    text: str


@dataclass(frozen=True)
class Transcript:
    """What was said, in order, with the heading and the line that names the time zone."""

    heading: str
    zone: str
    entries: tuple[Entry, ...]


def transcript_of(messages: Iterable[Message], language: str, zone: str, *, with_system: bool) -> Transcript:
    """The messages in words, in `language`, with times in `zone`; system lines only if asked for, notes never."""
    shown = _SHOWN | {"system"} if with_system else _SHOWN
    said = [message for message in messages if message.kind in shown]
    with in_language(language):
        first = before = next((message.sent_at for message in said if message.sent_at), None)
        entries = []
        for message in said:
            entry = _entry(message, zone, before)
            if entry.text:
                entries.append(entry)
                before = message.sent_at or before
        return Transcript(
            _p("mail", "Transcript of our chat"), _("Times: {zone}", zone=zone_label(zone, first)), tuple(entries)
        )


def transcript_text(transcript: Transcript) -> str:
    """The transcript as plain text; what is said is indented, so that no text can pass for another speaker."""
    paragraphs = [f"{transcript.heading}\n{transcript.zone}"]
    for index, entry in enumerate(transcript.entries):
        if entry.day and begins_day(transcript, index):
            paragraphs.append(entry.day)
        head = f"{entry.clock} {entry.speaker}:".strip()
        paragraphs.append("\n".join([head, *(f"{_INDENT}{line}".rstrip() for line in entry.text.split("\n"))]))
    return "\n\n".join(paragraphs)


def begins_day(transcript: Transcript, index: int) -> bool:
    """Whether the entry at `index` is the first of its day."""
    entries = transcript.entries
    return index == 0 or entries[index - 1].day != entries[index].day


def plain(text: str | None) -> str:
    """`text` with every kind of line break as a newline, tabs as they are, and no other control characters."""
    lines = (text or "").splitlines()
    return "\n".join(
        "".join(c for c in line if c == "\t" or unicodedata.category(c) not in _UNPRINTABLE) for line in lines
    )


def _entry(message: Message, zone: str, before: datetime | None) -> Entry:
    known = message.sent_at is not None
    text = plain(message.text).strip()
    attachment = header_text(message.attachment_name, LONGEST_NAME)
    parts = [text, _("[Attachment: {name}]", name=attachment) if attachment else ""]
    name = header_text(message.name, LONGEST_NAME)
    if message.kind != "visitor":
        # Systems often name operators by their addresses, which are not the visitor's business.
        name = ADDRESS.sub("", name).strip(" <>()")
    return Entry(
        day=day(message.sent_at, zone) if known else "",
        clock=clock(message.sent_at, zone, before=before) if known else "",
        speaker=name or _role(message.kind),
        kind=message.kind,
        text="\n".join(part for part in parts if part),
    )


def _role(kind: str) -> str:
    roles = {
        "visitor": _p("mail", "Visitor"),
        "operator": _p("mail", "Operator"),
        "bot": _p("mail", "Bot"),
        "system": _p("mail", "System"),
    }
    return roles[kind]
