"""The way of a finished mail into the outbox: once for each number of a chat, from whatever tab or process."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from typing import Literal
from uuid import UUID

from lib.commands import command
from lib.mail.composing import mail_id as id_of
from lib.mail.do_not_contact import blocked_among
from lib.mail.draft import CAN_BE_ANSWERED, Draft
from lib.mail.headers import LONGEST_SUBJECT, header_text
from lib.mail.mails import State
from lib.store import Cursor, Store, changed, insert, record_event, rows


@dataclass(frozen=True)
class Queued:
    """The mail is in the outbox under this id."""

    mail_id: UUID


@dataclass(frozen=True)
class AlreadyQueued:
    """A mail with this number was queued before: by whom, when (naive UTC), and its present state."""

    mail_id: UUID
    by: str
    at: datetime
    state: State


@dataclass(frozen=True)
class NotQueued:
    """Nothing was queued: the chat is gone (`no_chat`), the draft's number is ahead of the chat (`out_of_date`), or
    these `addresses` are not written to (`do_not_contact`)."""

    reason: Literal["no_chat", "out_of_date", "do_not_contact"]
    addresses: tuple[str, ...] = ()


@command("mail.queue", "mail", "mail_queued", undone_by="mail.cancel", chats="draft.chat_id")
def queue(
    store: Store, draft: Draft, message: bytes, actor: str, queued_at: datetime, *, purpose: str | None = None
) -> Queued | AlreadyQueued | NotQueued:
    """What became of the wish to send this draft; ValueError if `message` is another mail or has no sender."""
    return store.write(lambda cursor: queue_in(cursor, draft, message, actor, queued_at, purpose=purpose))


def queue_in(
    cursor: Cursor, draft: Draft, message: bytes, actor: str, queued_at: datetime, *, purpose: str | None = None
) -> Queued | AlreadyQueued | NotQueued:
    """As `queue`, in the transaction of `cursor`; where nothing is queued, nothing is written."""
    identifier = id_of(draft.chat_id, draft.number)
    headers = message_from_bytes(message)
    message_id = str(headers["Message-ID"])
    if not message_id.startswith(f"<{identifier}@") or "From" not in headers:
        raise ValueError("the message is not the finished mail of this draft")
    if blocked := blocked_among(cursor, [draft.recipient, *draft.copies]):
        return _already(cursor, identifier) or NotQueued("do_not_contact", blocked)
    sql = f"UPDATE chats SET mails = $n WHERE id = $chat AND mails = $n - 1 AND {CAN_BE_ANSWERED}"
    if changed(cursor, sql, {"n": draft.number, "chat": draft.chat_id}) != 1:
        if already := _already(cursor, identifier):
            return already
        sql = f"SELECT id FROM chats WHERE id = $chat AND {CAN_BE_ANSWERED}"
        return NotQueued("out_of_date" if rows(cursor.execute(sql, {"chat": draft.chat_id})) else "no_chat")
    values = mail_row(draft) | {"source": message, "message_id": message_id, "purpose": purpose}
    insert(cursor, "mails", values | {"created_by": actor, "created_at": queued_at, "state_since": queued_at})
    record_event(cursor, "mail_queued", actor, draft.chat_id, queued_at, mail=str(identifier), number=draft.number)
    return Queued(identifier)


def _already(cursor: Cursor, identifier: UUID) -> AlreadyQueued | None:
    sql = "SELECT created_by, created_at, state FROM mails WHERE id = $id"
    for row in rows(cursor.execute(sql, {"id": identifier})):
        return AlreadyQueued(identifier, row["created_by"], row["created_at"], row["state"])
    return None


def mail_row(draft: Draft) -> dict[str, object]:
    """The columns of a mail that come from its draft, when it is queued."""
    return {
        "id": id_of(draft.chat_id, draft.number),
        "chat_id": draft.chat_id,
        "number": draft.number,
        "state": "queued",
        "recipient": draft.recipient,
        "copies": list(draft.copies),
        "subject": header_text(draft.subject, LONGEST_SUBJECT),
        "body": draft.body,
    }
