"""The first version of a reply: to whom, about what, and how it begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from lib.language import UNKNOWN, _, current, day, in_language
from lib.mail.addresses import MailAddress, check_address
from lib.mail.headers import LONGEST_NAME, LONGEST_SUBJECT, header_text
from lib.mail.template_text import fill
from lib.mail.templates import SHIPPED, Purpose, Template, Templates
from lib.mail.transcript import plain
from lib.store import Store
from lib.text import shortened

LONGEST_QUOTE: Final = 2000
# Of a question that stands in a subject.
LONGEST_MENTION: Final = 80


@dataclass(frozen=True)
class ChatFacts:
    """What a reply needs to know of a chat; `mails` is the number of mails ever queued for it."""

    id: UUID
    mails: int
    status: str
    language: str | None
    visitor_name: str | None
    visitor_email: str | None
    question: str | None
    started_at: datetime | None
    website: str | None = None
    missed_cause: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class Draft:
    """A mail before it is queued; `number` counts the mails of the chat from 1, `name` is the recipient's."""

    chat_id: UUID
    number: int
    recipient: str
    copies: tuple[str, ...]
    subject: str
    body: str
    with_system: bool = False
    with_transcript: bool = True
    language: str = "en"
    name: str = ""
    purpose: Purpose = "blank"


FACTS: Final = ", ".join(field.name for field in fields(ChatFacts))
# SQL of whether somebody can be written to about a chat at all.
CAN_BE_ANSWERED: Final = "deleted_at IS NULL AND anonymised_at IS NULL"


def facts_of(store: Store, chat_id: UUID) -> ChatFacts | None:
    """What a reply to this chat needs to know; None if it is deleted, anonymised or unknown."""
    found = store.read(f"SELECT {FACTS} FROM chats WHERE id = $id AND {CAN_BE_ANSWERED}", {"id": chat_id})
    return ChatFacts(**found[0]) if found else None


def newest_facts(store: Store, language: str, *, missed: bool, most: int) -> list[ChatFacts]:
    """At most so many of the newest chats that are answered in a language: missed ones, or completed ones."""
    found = store.read(
        f"SELECT {FACTS} FROM chats WHERE {CAN_BE_ANSWERED} AND status = $status"
        " AND coalesce(language = 'ja', FALSE) = $japanese ORDER BY started_at DESC NULLS LAST, id LIMIT $most",
        {"status": "missed" if missed else "completed", "japanese": language == "ja", "most": most},
    )
    return [ChatFacts(**row) for row in found]


def default_purpose(chat: ChatFacts) -> Purpose:
    """What a mail to the visitor of this chat is for, unless somebody chooses otherwise."""
    if chat.status != "missed":
        return "follow_up"
    return "missed_out_of_hours" if chat.missed_cause == "out_of_hours" else "missed_in_hours"


def answered_in(chat: ChatFacts) -> str:
    """The language in which a chat is answered."""
    with in_language(chat.language):
        return current()


def draft_for(
    chat: ChatFacts,
    person: str,
    zone: str,
    purpose: Purpose | None = None,
    *,
    language: str | None = None,
    templates: Templates = SHIPPED,
) -> Draft:
    """The reply of `person` to a chat, by default for the chat's purpose and in its language.

    Its recipient is empty where no address is known.
    """
    template = templates[purpose or default_purpose(chat), language or answered_in(chat)]
    return filled(template, chat, person, zone)


def filled(template: Template, chat: ChatFacts, person: str, zone: str) -> Draft:
    """The reply of `person` to a chat by this template; raises UnfitTextError."""
    address = check_address(chat.visitor_email)
    with in_language(template.language):
        # Values of a template's fields in the current language; empty where one is not known.
        started = day(chat.started_at, zone)
        question = plain(chat.question).strip()
        is_told = header_text(question, LONGEST_MENTION)
        quoted = [f"> {line}".rstrip() for line in shortened(question, LONGEST_QUOTE).split("\n")] if is_told else []
        values = {
            "name": header_text(chat.visitor_name, LONGEST_NAME),
            "question": "\n".join(quoted),
            "date": "" if started == UNKNOWN else started,
            "operator": header_text(person, LONGEST_NAME),
            "website": header_text(chat.website, LONGEST_NAME),
        }
        mention = header_text(chat.question, LONGEST_MENTION)
        subject = header_text(fill(template.subject, values | {"question": mention}), LONGEST_SUBJECT)
        return Draft(
            chat_id=chat.id,
            number=chat.mails + 1,
            recipient=address.address if isinstance(address, MailAddress) else "",
            copies=(),
            subject=subject or _("Our chat with you"),
            body=fill(template.body, values, blocks=("question",)),
            language=current(),
            name=values["name"],
            purpose=template.purpose,
        )


def readdressed(draft: Draft, recipient: MailAddress, copies: Sequence[MailAddress]) -> Draft:
    """The draft to other addresses; the visitor's name stays only beside the visitor's own address."""
    name = draft.name if recipient.address == draft.recipient else recipient.name
    return replace(
        draft, recipient=recipient.address, copies=tuple(copy.address for copy in copies), name=header_text(name, 100)
    )
