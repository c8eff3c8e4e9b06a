"""What stops a mail that waits: looked up in the transaction that would send it, and in each that queues it again.

A mail is what a person decided, so only what a person decides later takes it back: the chat was deleted or marked as
not needed, or an address is not written to any more. What imports bring does not: that the visitor came back, wrote
again or has another address, or that the chat is not missed any more. It goes to the address that it was written to.
"""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from lib.chats.waiting_mails import CHAT_DELETED
from lib.mail.do_not_contact import blocked_among
from lib.mail.mails import Problem
from lib.store import Cursor, rows


@dataclass(frozen=True)
class Stop:
    """Why a mail may not be sent, and the state that it is in from now on."""

    state: Literal["cancelled", "failed"]
    problem: Problem


def stop_for(cursor: Cursor, mail_id: UUID) -> Stop | None:
    """What stands against sending a mail, seen from the transaction of `cursor`; None where nothing does."""
    sql = "SELECT chat_id, created_at, recipient, copies FROM mails WHERE id = $id"
    mail = rows(cursor.execute(sql, {"id": mail_id}))[0]
    sql = """
        SELECT status = 'missed' AND not_needed IS NOT NULL AND follow_up_at > $written AS is_not_needed
        FROM chats WHERE id = $chat AND deleted_at IS NULL
    """
    chat = rows(cursor.execute(sql, {"chat": mail["chat_id"], "written": mail["created_at"]}))
    if not chat:
        return Stop("cancelled", Problem(CHAT_DELETED, ""))
    if chat[0]["is_not_needed"]:
        return Stop("cancelled", Problem("not_needed", ""))
    blocked = blocked_among(cursor, [mail["recipient"], *mail["copies"]])
    return Stop("failed", Problem("do_not_contact", "\n".join(blocked))) if blocked else None
