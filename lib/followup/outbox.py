"""The outbox: a mail is queued once, claimed by one worker, sent at most once, and never again by itself.

queue ─▶ queued ──send──▶ sending ──▶ sent
           ▲ │               ├──────▶ failed ──retry──▶ queued
           │ └─cancel─▶ ...  └──────▶ unknown           (failed ──cancel──▶ cancelled)
           └──────────resolve_unknown────┴────▶ sent
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Final, Literal
from uuid import UUID, uuid4

from lib.followup.composing import mail_id as id_of
from lib.followup.drafting import Draft
from lib.followup.headers import LONGEST_SUBJECT, one_line
from lib.followup.mails import Mail, Problem, State, eml, mail, problem_text
from lib.followup.smtp import Delivered, Undelivered, deliver
from lib.settings import Smtp
from lib.store import Cursor, Store, changed, now, record_event, rows

# Who acts where no person does.
NOBODY: Final = "Chat History"
# Longer than an attempt can take, see smtp.deliver.
ABANDONED_S: Final = 120

_REPORTED_FROM: Final[dict[State, tuple[State, ...]]] = {
    # A worker that was given up may still report, as long as nobody else has claimed the mail. That it was sent is
    # then true whatever people have decided meanwhile.
    "sent": ("sending", "unknown", "queued", "cancelled"),
    "failed": ("sending", "unknown"),
    "unknown": ("sending",),
}


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
    """Nothing was queued: the chat is gone (`no_chat`), or the draft's number is ahead of the chat (`out_of_date`)."""

    reason: Literal["no_chat", "out_of_date"]


def queue(
    store: Store, draft: Draft, message: bytes, actor: str, queued_at: datetime
) -> Queued | AlreadyQueued | NotQueued:
    """What became of the wish to send this draft; ValueError if `message` is another mail or has no sender."""
    identifier = id_of(draft.chat_id, draft.number)
    headers = message_from_bytes(message)
    name = str(headers["Message-ID"])
    if not name.startswith(f"<{identifier}@") or "From" not in headers:
        raise ValueError("the message is not the finished mail of this draft")

    def work(cursor: Cursor) -> Queued | AlreadyQueued | NotQueued:
        if not _take_number(cursor, draft):
            return _why_not(cursor, draft, identifier)
        _insert(cursor, draft, message, created_by=actor, created_at=queued_at, message_id=name)
        record_event(cursor, "mail_queued", actor, draft.chat_id, queued_at, mail=str(identifier), number=draft.number)
        return Queued(identifier)

    return store.write(work)


def send(store: Store, mail_id: UUID, smtp: Smtp, actor: str) -> Mail:
    """The mail after an attempt to send it, or as it is where it is not queued; raises LookupError."""
    worker = f"{socket.gethostname()} {os.getpid()} {uuid4()}"
    if store.write(lambda cursor: _claim(cursor, mail_id, worker)):
        claimed = mail(store, mail_id)
        outcome = deliver(eml(store, mail_id), claimed.recipient, claimed.copies, smtp)
        store.write(lambda cursor: _report(cursor, mail_id, worker, outcome, actor))
    return mail(store, mail_id)


def settle_abandoned(store: Store, settled_at: datetime, older_than_s: float = ABANDONED_S) -> int:
    """Number of mails that were being sent for longer than `older_than_s` seconds and now count as unknown."""
    limit = {"limit": settled_at - timedelta(seconds=older_than_s)}
    sql = "SELECT id FROM mails WHERE state = 'sending' AND state_since < $limit"
    # Asked for by every page that looks, so nothing is written where there is nothing to settle.
    if not store.read(sql, limit):
        return 0

    def work(cursor: Cursor) -> int:
        found = [row["id"] for row in rows(cursor.execute(sql, limit))]
        problem = Problem("abandoned", "")
        return sum(
            _move(cursor, each, ("sending",), "unknown", actor=NOBODY, action="mail_unknown", problem=problem)
            for each in found
        )

    return store.write(work)


def retry(store: Store, mail_id: UUID, actor: str) -> bool:
    """Whether a failed mail is queued again by this call."""
    return store.write(lambda cursor: _move(cursor, mail_id, ("failed",), "queued", actor=actor, action="mail_retried"))


def resolve_unknown(store: Store, mail_id: UUID, as_sent: bool, actor: str) -> bool:
    """Whether a person's decision on a mail of unknown fate took effect: it was sent, or it is queued again."""
    state: State = "sent" if as_sent else "queued"
    action = f"mail_resolved_{state}"
    return store.write(lambda cursor: _move(cursor, mail_id, ("unknown",), state, actor=actor, action=action))


def cancel(store: Store, mail_id: UUID, actor: str) -> bool:
    """Whether a queued or failed mail is cancelled by this call."""
    old: tuple[State, ...] = ("queued", "failed")
    return store.write(lambda cursor: _move(cursor, mail_id, old, "cancelled", actor=actor, action="mail_cancelled"))


def _take_number(cursor: Cursor, draft: Draft) -> bool:
    sql = "UPDATE chats SET mails = $n WHERE id = $chat AND mails = $n - 1 AND deleted_at IS NULL"
    return changed(cursor, sql, {"n": draft.number, "chat": draft.chat_id}) == 1


def _why_not(cursor: Cursor, draft: Draft, identifier: UUID) -> AlreadyQueued | NotQueued:
    sql = "SELECT created_by, created_at, state FROM mails WHERE id = $id"
    for row in rows(cursor.execute(sql, {"id": identifier})):
        return AlreadyQueued(identifier, row["created_by"], row["created_at"], row["state"])
    sql = "SELECT id FROM chats WHERE id = $chat AND deleted_at IS NULL"
    return NotQueued("out_of_date" if rows(cursor.execute(sql, {"chat": draft.chat_id})) else "no_chat")


def _insert(
    cursor: Cursor, draft: Draft, message: bytes, *, created_by: str, created_at: datetime, message_id: str
) -> None:
    values = {
        "id": id_of(draft.chat_id, draft.number),
        "chat_id": draft.chat_id,
        "number": draft.number,
        "state": "queued",
        "state_since": created_at,
        "created_at": created_at,
        "created_by": created_by,
        "recipient": draft.recipient,
        "copies": list(draft.copies),
        "subject": one_line(draft.subject, LONGEST_SUBJECT),
        "body": draft.body,
        "source": message,
        "message_id": message_id,
    }
    places = ", ".join(f"${field}" for field in values)
    cursor.execute(f"INSERT INTO mails ({', '.join(values)}) VALUES ({places})", values)


def _claim(cursor: Cursor, mail_id: UUID, worker: str) -> bool:
    sql = (
        "UPDATE mails SET state = 'sending', worker = $worker, attempts = attempts + 1, state_since = $since"
        " WHERE id = $id AND state = 'queued'"
    )
    return changed(cursor, sql, {"id": mail_id, "worker": worker, "since": now()}) == 1


def _report(cursor: Cursor, mail_id: UUID, worker: str, outcome: Delivered | Undelivered, actor: str) -> bool:
    state, problem = _outcome(outcome)
    old, action = _REPORTED_FROM[state], f"mail_{state}"
    return _move(cursor, mail_id, old, state, actor=actor, action=action, problem=problem, worker=worker)


def _outcome(outcome: Delivered | Undelivered) -> tuple[State, Problem | None]:
    if isinstance(outcome, Undelivered):
        return "unknown" if outcome.is_unknown else "failed", Problem(outcome.code, outcome.reply)
    refused = "; ".join(outcome.refused)
    return "sent", Problem("copies_refused", refused) if refused else None


def _move(
    cursor: Cursor,
    mail_id: UUID,
    old: Sequence[State],
    new: State,
    *,
    actor: str,
    action: str,
    problem: Problem | None = None,
    worker: str | None = None,
) -> bool:
    """Whether the mail was in one of the `old` states (and, if given, last claimed by `worker`) and is now in `new`."""
    sql = (
        "UPDATE mails SET state = $new, state_since = $since, problem = $problem WHERE id = $id"
        " AND list_contains($old, state) AND ($worker IS NULL OR worker = $worker)"
    )
    since = now()
    values = {"id": mail_id, "old": list(old), "new": new, "since": since, "worker": worker}
    if changed(cursor, sql, values | {"problem": problem_text(problem)}) != 1:
        return False
    chat = rows(cursor.execute("SELECT chat_id FROM mails WHERE id = $id", {"id": mail_id}))[0]["chat_id"]
    detail = {"problem": problem.code} if problem else {}
    record_event(cursor, action, actor, chat, since, mail=str(mail_id), **detail)
    return True
