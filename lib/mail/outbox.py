"""The outbox: a mail is claimed by one worker, sent at most once, and after an attempt that may have succeeded never
again by itself.

queue ─▶ queued ──send──▶ sending ──▶ sent          (queued ──stop──▶ cancelled or failed, see stop_for)
          ▲ ▲ │              ├──────▶ queued, until its next attempt (a refusal that may pass) or the outbox goes on
          │ │ │              │        (a fault that every mail would meet, see pause.py)
          │ │ └─cancel─▶ ... ├──────▶ failed ──retry──▶ queued
          │ │                └──────▶ unknown           (failed ──cancel──▶ cancelled)
          │ └──────resolve_unknown─────┴────▶ sent
          └─ each mail is queued once, see queueing.py
"""

import logging
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID, uuid4

from lib.chats.removal import CHAT_DELETED
from lib.commands import command
from lib.mail.do_not_contact import block_in, blocked_among
from lib.mail.mails import Mail, Problem, State, eml, mail, problem_text
from lib.mail.pause import go_on, pause, pause_in, try_at
from lib.mail.smtp import Delivered, Undelivered, deliver
from lib.missed.apply import contacted_by_mail
from lib.settings import Smtp
from lib.store import Cursor, Store, StoreError, changed, now, record_event, rows

LOG = logging.getLogger(__name__)
# Who acts where no person does.
NOBODY: Final = "Chat History"
# Longer than an attempt can take, see smtp.deliver.
ABANDONED_S: Final = 120
# After each refusal that may pass, until the next attempt; then it counts as final.
PAUSES_MIN: Final = (1, 5, 15, 60, 240)
RATE_S: Final = 60
Unclaimed = Literal["not_queued", "rate_limit", "stopped", "paused"]
_REPORTED_FROM: Final[dict[State, tuple[State, ...]]] = {
    # A worker that was given up may still report, as long as nobody else has claimed the mail. That it was sent is
    # then true whatever people have decided meanwhile.
    "sent": ("sending", "unknown", "queued", "cancelled"),
    "failed": ("sending", "unknown"),
    "queued": ("sending", "unknown"),
    "unknown": ("sending",),
}
# Two claims at once would both count one attempt too few.
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True)
class Stop:
    """Why a mail may not be sent, and the state that it is in from now on."""

    state: Literal["cancelled", "failed"]
    problem: Problem


def stop_for(cursor: Cursor, mail_id: UUID) -> Stop | None:
    """What stands against sending a mail, seen from the transaction of `cursor`; None where nothing does.

    A mail is what a person decided, so only what a person decides later takes it back: the chat was deleted or marked
    as not needed, or an address is not written to any more. What imports bring does not: that the visitor came back,
    wrote again or has another address, or that the chat is not missed any more. It goes to the address that it was
    written to.
    """
    sql = "SELECT chat_id, created_at, recipient, copies FROM mails WHERE id = $id"
    written = rows(cursor.execute(sql, {"id": mail_id}))[0]
    sql = """
        SELECT status = 'missed' AND not_needed IS NOT NULL AND follow_up_at > $written AS is_not_needed
        FROM chats WHERE id = $chat AND deleted_at IS NULL
    """
    chat = rows(cursor.execute(sql, {"chat": written["chat_id"], "written": written["created_at"]}))
    if not chat:
        return Stop("cancelled", Problem(CHAT_DELETED, ""))
    if chat[0]["is_not_needed"]:
        return Stop("cancelled", Problem("not_needed", ""))
    blocked = blocked_among(cursor, [written["recipient"], *written["copies"]])
    return Stop("failed", Problem("do_not_contact", "\n".join(blocked))) if blocked else None


@command("mail.send", "mail", "mail_sent", "mail_failed", "mail_deferred", "mail_unknown", mails="mail_id")
def send(store: Store, mail_id: UUID, smtp: Smtp, actor: str, *, in_spite_of_pause: bool = False) -> Mail:
    """As `attempt`, because a person wants it."""
    return attempt(store, mail_id, smtp, actor, in_spite_of_pause=in_spite_of_pause)


def attempt(store: Store, mail_id: UUID, smtp: Smtp, actor: str, *, in_spite_of_pause: bool = False) -> Mail:
    """The mail after an attempt to send it at once, or as it is where that may not be; raises LookupError.

    A queued mail stays so where the rate limit is reached or, unless somebody wants an attempt `in_spite_of_pause`,
    while the outbox pauses; what stops it for good is told by `stop_for`.
    """
    worker = f"{socket.gethostname()} {os.getpid()} {uuid4()}"
    with _ONE_AT_A_TIME:
        refused = store.write(lambda cursor: _claim(cursor, mail_id, worker, smtp.per_minute, in_spite_of_pause))
    if refused is None:
        claimed = mail(store, mail_id)
        outcome = deliver(eml(store, mail_id), claimed.recipient, claimed.copies, smtp)
        try:
            store.write(lambda cursor: _report(cursor, mail_id, worker, outcome, actor))
        except StoreError as error:
            # It may have left; nobody may take it for unsent. Later it counts as unknown, which a person settles.
            LOG.error("what came of mail %s could not be stored: %s", mail_id, error)
    return mail(store, mail_id)


def attempts_left(store: Store, smtp: Smtp) -> int:
    """Number of attempts that the rate limit still allows at this moment."""
    with store.cursor() as cursor:
        return max(0, smtp.per_minute - _recent_attempts(cursor, now()))


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


@command("mail.retry", "mail", "mail_retried", undone_by="mail.cancel", mails="mail_id")
def retry(store: Store, mail_id: UUID, actor: str) -> bool:
    """Whether a failed mail is queued again by this call, and stopped at once where it may not be sent any more."""
    return store.write(lambda cursor: _retry(cursor, mail_id, actor))


@command("mail.retry_all", "mail", "mail_retried", undone_by="mail.cancel_all", mails="mail_ids")
def retry_all(store: Store, mail_ids: Sequence[UUID], actor: str) -> list[UUID]:
    """Those failed ones among the mails for which `retry` holds; the others are left as they are."""
    return store.write(lambda cursor: [each for each in mail_ids if _retry(cursor, each, actor)])


@command("mail.resolve", "mail", "mail_resolved_sent", "mail_resolved_queued", mails="mail_id")
def resolve_unknown(store: Store, mail_id: UUID, as_sent: bool, actor: str) -> bool:
    """Whether a person's decision on a mail of unknown fate took effect: it was sent, or it is queued again."""
    state: State = "sent" if as_sent else "queued"
    action = f"mail_resolved_{state}"
    return store.write(lambda cursor: _move(cursor, mail_id, ("unknown",), state, actor=actor, action=action))


@command("mail.cancel", "mail", "mail_cancelled", undone_by="mail.retry", mails="mail_id")
def cancel(store: Store, mail_id: UUID, actor: str) -> bool:
    """Whether a queued or failed mail is cancelled by this call."""
    return store.write(lambda cursor: _cancel(cursor, mail_id, actor))


@command("mail.cancel_all", "mail", "mail_cancelled", undone_by="mail.retry_all", mails="mail_ids")
def cancel_all(store: Store, mail_ids: Sequence[UUID], actor: str) -> list[UUID]:
    """Those queued or failed ones among the mails that are cancelled by this call; the others are left alone."""
    return store.write(lambda cursor: [each for each in mail_ids if _cancel(cursor, each, actor)])


def _retry(cursor: Cursor, mail_id: UUID, actor: str) -> bool:
    return _move(cursor, mail_id, ("failed",), "queued", actor=actor, action="mail_retried")


def _cancel(cursor: Cursor, mail_id: UUID, actor: str) -> bool:
    return _move(cursor, mail_id, ("queued", "failed"), "cancelled", actor=actor, action="mail_cancelled")


def _stop(cursor: Cursor, mail_id: UUID) -> bool:
    """Whether something stands against a queued mail, so that it is not queued any more."""
    if stop := stop_for(cursor, mail_id):
        action = f"mail_{stop.state}"
        _move(cursor, mail_id, ("queued",), stop.state, actor=NOBODY, action=action, problem=stop.problem)
    return stop is not None


def _claim(cursor: Cursor, mail_id: UUID, worker: str, per_minute: int, in_spite_of_pause: bool) -> Unclaimed | None:
    """Why the mail may not be sent now; None where it is this worker's from now on."""
    if not rows(cursor.execute("SELECT id FROM mails WHERE id = $id AND state = 'queued'", {"id": mail_id})):
        return "not_queued"
    if _stop(cursor, mail_id):
        return "stopped"
    moment, pausing = now(), pause_in(cursor)
    if pausing and pausing.next_attempt_at > moment and not in_spite_of_pause:
        return "paused"
    if _recent_attempts(cursor, moment) >= per_minute:
        # Whoever wanted it now gets it as soon as its turn comes.
        cursor.execute("UPDATE mails SET next_attempt_at = NULL WHERE id = $id AND state = 'queued'", {"id": mail_id})
        return "rate_limit"
    sql = (
        "UPDATE mails SET state = 'sending', worker = $worker, attempts = attempts + 1, state_since = $moment,"
        " claimed_at = $moment, next_attempt_at = NULL WHERE id = $id AND state = 'queued'"
    )
    claimed = changed(cursor, sql, {"id": mail_id, "worker": worker, "moment": moment}) == 1
    if claimed and pausing:
        # Of all that are at work, only this one tries whether mails can be sent again.
        try_at(cursor, moment + timedelta(seconds=ABANDONED_S))
    return None if claimed else "not_queued"


def _recent_attempts(cursor: Cursor, moment: datetime) -> int:
    """Attempts of the last minute, whoever made them; they are in the store, so a restart does not forget them."""
    sql = "SELECT count(*) AS n FROM mails WHERE claimed_at > $since"
    return int(rows(cursor.execute(sql, {"since": moment - timedelta(seconds=RATE_S)}))[0]["n"])


def _report(cursor: Cursor, mail_id: UUID, worker: str, outcome: Delivered | Undelivered, actor: str) -> bool:
    """Whether what came of this worker's attempt still counts."""
    if isinstance(outcome, Undelivered) and outcome.concerns_account and not outcome.is_unknown:
        return _pause(cursor, mail_id, worker, Problem(outcome.code, outcome.reply), actor)
    # When to try again (naive UTC); None where that makes no sense, or was tried often enough.
    if isinstance(outcome, Delivered) or outcome.is_unknown or not outcome.is_temporary:
        next_attempt = None
    else:
        found = rows(cursor.execute("SELECT attempts FROM mails WHERE id = $id", {"id": mail_id}))
        # A mail can be erased while it is being sent.
        attempts = int(found[0]["attempts"]) if found else 0
        next_attempt = now() + timedelta(minutes=PAUSES_MIN[attempts - 1]) if attempts <= len(PAUSES_MIN) else None
    state, problem = _outcome(outcome, is_final=next_attempt is None)
    moved = _move(
        cursor,
        mail_id,
        _REPORTED_FROM[state],
        state,
        actor=actor,
        action="mail_deferred" if state == "queued" else f"mail_{state}",
        problem=problem,
        worker=worker,
        next_attempt=next_attempt,
    )
    if moved:
        go_on(cursor)
    if moved and problem:
        chat_id = _chat_of(cursor, mail_id)
        for refused in problem.refusals:
            if refused.is_bounce:
                block_in(cursor, refused.address, "bounced", refused.reply, actor=NOBODY, chat_id=chat_id)
    return moved


def _pause(cursor: Cursor, mail_id: UUID, worker: str, problem: Problem, actor: str) -> bool:
    """Queues a mail again that met a fault which is not its own, and pauses the outbox."""
    old, action = _REPORTED_FROM["queued"], "mail_deferred"
    if not _move(cursor, mail_id, old, "queued", actor=actor, action=action, problem=problem, worker=worker):
        return False
    # It was handed to nobody, and the pause tells what is wrong; its history keeps it too.
    sql = "UPDATE mails SET problem = NULL, attempts = attempts - 1 WHERE id = $id AND state = 'queued'"
    cursor.execute(sql, {"id": mail_id})
    pause(cursor, problem, now())
    return True


def _outcome(outcome: Delivered | Undelivered, *, is_final: bool) -> tuple[State, Problem | None]:
    if isinstance(outcome, Delivered):
        refused = "\n".join(outcome.refused)
        return "sent", Problem("copies_refused", refused) if refused else None
    problem = Problem(outcome.code, outcome.reply)
    if outcome.is_unknown:
        return "unknown", problem
    return "failed" if is_final else "queued", problem


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
    next_attempt: datetime | None = None,
) -> bool:
    """Whether the mail was in one of the `old` states (and, if given, last claimed by `worker`) and is now in `new`."""
    sql = (
        "UPDATE mails SET state = $new, state_since = $since, problem = $problem, next_attempt_at = $next"
        " WHERE id = $id AND list_contains($old, state) AND ($worker IS NULL OR worker = $worker)"
    )
    since = now()
    values = {"id": mail_id, "old": list(old), "new": new, "since": since, "worker": worker, "next": next_attempt}
    if changed(cursor, sql, values | {"problem": problem_text(problem)}) != 1:
        return False
    chat = _chat_of(cursor, mail_id)
    told = {"problem": problem.code, "reply": problem.reply} if problem else {}
    told |= {"next_attempt": next_attempt.isoformat()} if next_attempt else {}
    record_event(cursor, action, actor, chat, since, mail=str(mail_id), **told)
    if new == "sent":
        sent_at = since
        if not worker:
            # Of a mail whose fate somebody settles later it is known at least when its attempt began.
            found = rows(cursor.execute("SELECT claimed_at FROM mails WHERE id = $id", {"id": mail_id}))
            sent_at = found[0]["claimed_at"] or since
        contacted_by_mail(cursor, chat, actor, since, sent_at=sent_at)
    if new == "queued":
        _stop(cursor, mail_id)
    return True


def _chat_of(cursor: Cursor, mail_id: UUID) -> UUID:
    chat: UUID = rows(cursor.execute("SELECT chat_id FROM mails WHERE id = $id", {"id": mail_id}))[0]["chat_id"]
    return chat
