"""Mails of a chat, as the outbox holds them, and what a server's words say of single addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from lib.store import Store

_ANSWER: Final = re.compile(r"(?P<code>[2-5]\d\d)[ -]?(?P<enhanced>[245]\.\d{1,3}\.\d{1,3})?", re.ASCII)
_BOUNCES: Final = frozenset(["550", "551", "553"])
# Of the recipient's mailbox (RFC 3463 and 7505): unknown, moved, ambiguous, malformed, or disabled.
_ENHANCED_BOUNCES: Final = frozenset(["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1"])
# A server without enhanced codes uses 550 for these too, and they say nothing about the mailbox.
_NOT_THE_MAILBOX: Final = re.compile(r"relay|spam|polic|blocked|black ?list|authenti|reputation|quota|full", re.I)
State = Literal["queued", "sending", "sent", "failed", "unknown", "cancelled"]
_FIELDS: Final = (
    "id, chat_id, number, state, state_since, created_at, created_by,"
    " recipient, copies, subject, body, attempts, problem, next_attempt_at, purpose"
)
_ABOUT_ADDRESSES: Final = ("copies_refused", "recipient_refused", "do_not_contact")


@dataclass(frozen=True)
class Refusal:
    """An address that was refused, with the server's words."""

    address: str
    reply: str

    @property
    def is_bounce(self) -> bool:
        """Whether the words mean that no mail will ever reach this address."""
        answer = _ANSWER.match(self.reply)
        if answer is None:
            return False
        if answer["enhanced"]:
            return answer["enhanced"] in _ENHANCED_BOUNCES
        return answer["code"] in _BOUNCES and not _NOT_THE_MAILBOX.search(self.reply)


def refusal(line: str) -> Refusal:
    """The refusal that a line (`address: words`) tells of."""
    address, _colon, reply = line.partition(": ")
    return Refusal(address, reply)


@dataclass(frozen=True)
class Problem:
    """Why a mail is not, or not wholly, sent: a code (see explaining.py) and the server's words.

    Where the words are about addresses, each of them has a line (`address: words`).
    """

    code: str
    reply: str

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The addresses that the problem is about, with the server's words about each."""
        return tuple(refusal(line) for line in self.reply.split("\n")) if self.code in _ABOUT_ADDRESSES else ()


@dataclass(frozen=True)
class Mail:
    """A mail in the outbox; times are naive UTC, `attempts` counts the times it was handed to a server.

    A queued mail waits until `next_attempt_at`, or, where there is none, only for its turn. `purpose` is one of the
    templates', None for a mail that somebody wrote.
    """

    id: UUID
    chat_id: UUID
    number: int
    state: State
    state_since: datetime
    created_at: datetime
    created_by: str
    recipient: str
    copies: tuple[str, ...]
    subject: str
    body: str
    attempts: int
    problem: Problem | None
    next_attempt_at: datetime | None = None
    purpose: str | None = None


def mails_of(store: Store, chat_id: UUID) -> list[Mail]:
    """All mails of a chat, newest first."""
    sql = f"SELECT {_FIELDS} FROM mails WHERE chat_id = $chat ORDER BY number DESC"
    return [_mail(row) for row in store.read(sql, {"chat": chat_id})]


def mail(store: Store, mail_id: UUID) -> Mail:
    """One mail; raises LookupError where there is none."""
    found = store.read(f"SELECT {_FIELDS} FROM mails WHERE id = $id", {"id": mail_id})
    if not found:
        raise LookupError(f"no mail {mail_id}")
    return _mail(found[0])


def eml(store: Store, mail_id: UUID) -> bytes:
    """The finished mail as it is sent; raises LookupError where there is none."""
    found = store.read("SELECT source FROM mails WHERE id = $id", {"id": mail_id})
    if not found:
        raise LookupError(f"no mail {mail_id}")
    return bytes(found[0]["source"])


def problem_text(problem: Problem | None) -> str | None:
    """A problem as the store keeps it."""
    return f"{problem.code}: {problem.reply}" if problem else None


def problem_in(text: str | None) -> Problem | None:
    """The problem that the store keeps in this form."""
    code, _colon, reply = (text or "").partition(": ")
    return Problem(code, reply) if code else None


def _mail(row: Mapping[str, Any]) -> Mail:
    return Mail(**{**row, "copies": tuple(row["copies"]), "problem": problem_in(row["problem"])})
