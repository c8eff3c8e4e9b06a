"""The first version of a reply: to whom, about what, and how it begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from lib.followup.addresses import MailAddress, check_address
from lib.followup.headers import LONGEST_NAME, one_line, shortened
from lib.followup.transcribing import plain
from lib.language import _, _p, current, day, in_language
from lib.store import Store

LONGEST_QUOTE: Final = 2000


@dataclass(frozen=True)
class ChatFacts:
    """What a reply needs to know of a chat; `mails` is the number of mails ever queued for it."""

    id: UUID
    mails: int
    status: str
    language: str
    visitor_name: str | None
    visitor_email: str | None
    question: str | None
    started_at: datetime | None


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


def facts_of(store: Store, chat_id: UUID) -> ChatFacts | None:
    """What a reply to this chat needs to know; None if it is deleted or unknown."""
    found = store.read(
        "SELECT id, mails, status, language, visitor_name, visitor_email, question, started_at"
        " FROM chats WHERE id = $id AND deleted_at IS NULL",
        {"id": chat_id},
    )
    return ChatFacts(**found[0]) if found else None


def draft_for(chat: ChatFacts, person: str, zone: str) -> Draft:
    """The reply of `person` to a chat in the chat's language; its recipient is empty where no address is known."""
    address = check_address(chat.visitor_email)
    name = one_line(chat.visitor_name, LONGEST_NAME)
    with in_language(chat.language):
        return Draft(
            chat_id=chat.id,
            number=chat.mails + 1,
            recipient=address.address if isinstance(address, MailAddress) else "",
            copies=(),
            subject=_subject(chat, zone),
            body="\n\n".join([_greeting(name), *_opening(chat, zone), "", _closing(person)]),
            language=current(),
            name=name,
        )


def readdressed(draft: Draft, recipient: MailAddress, copies: Sequence[MailAddress]) -> Draft:
    """The draft to other addresses; the visitor's name stays only beside the visitor's own address."""
    name = draft.name if recipient.address == draft.recipient else recipient.name
    return replace(
        draft, recipient=recipient.address, copies=tuple(copy.address for copy in copies), name=one_line(name, 100)
    )


def _subject(chat: ChatFacts, zone: str) -> str:
    if chat.status == "missed" and chat.started_at:
        return _("Your question in our chat on {day}", day=day(chat.started_at, zone))
    if chat.status == "missed":
        return _("Your question in our chat")
    if chat.started_at:
        return _("Our chat on {day}", day=day(chat.started_at, zone))
    return _("Our chat with you")


def _greeting(name: str) -> str:
    return _p("mail", "Dear {name},", name=name) if name else _p("mail", "Hello,")


def _opening(chat: ChatFacts, zone: str) -> list[str]:
    if chat.status != "missed":
        return [_thanks(chat, zone), _("We are writing to follow up.")]
    question = plain(chat.question).strip()
    if not question:
        return [_apology(chat, zone), _("We are writing to get back to you.")]
    return [_apology(chat, zone), _("We are writing to answer your question:"), _quoted(question)]


def _apology(chat: ChatFacts, zone: str) -> str:
    if chat.started_at is None:
        return _("We are sorry that nobody was there for you when you wrote to us in our chat.")
    return _(
        "We are sorry that nobody was there for you when you wrote to us in our chat on {day}.",
        day=day(chat.started_at, zone),
    )


def _thanks(chat: ChatFacts, zone: str) -> str:
    if chat.started_at is None:
        return _("Thank you for talking with us in our chat.")
    return _("Thank you for talking with us in our chat on {day}.", day=day(chat.started_at, zone))


def _quoted(question: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in shortened(question, LONGEST_QUOTE).split("\n"))


def _closing(person: str) -> str:
    return _p("mail", "Kind regards,") + "\n" + one_line(person, LONGEST_NAME)
