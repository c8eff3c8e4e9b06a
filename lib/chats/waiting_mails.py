"""The mails of a chat that wait to be sent: its deletion stops them, and its restoration lets them wait again."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from lib.store import Cursor, record_event, rows

# The problem of a mail that was not sent because its chat was deleted, and the form in which the store keeps it.
CHAT_DELETED: Final = "chat_deleted"
_KEPT: Final = f"{CHAT_DELETED}: "
# A mail that comes later would answer a question that nobody asks any more.
RESTORED_WITHIN: Final = timedelta(days=1)


def stop_waiting(cursor: Cursor, chat_id: UUID, actor: str, moment: datetime) -> None:
    """Cancels the mails of a chat that wait, since `actor` deletes it at `moment` (naive UTC)."""
    found = rows(cursor.execute("SELECT id FROM mails WHERE chat_id = $chat AND state = 'queued'", {"chat": chat_id}))
    sql = """
        UPDATE mails SET state = 'cancelled', state_since = $moment, problem = $problem, next_attempt_at = NULL
        WHERE id = $id
    """
    for row in found:
        cursor.execute(sql, {"id": row["id"], "moment": moment, "problem": _KEPT})
        detail = {"mail": str(row["id"]), "problem": CHAT_DELETED}
        record_event(cursor, "mail_cancelled", actor, chat_id, moment, **detail)


def wait_again(cursor: Cursor, chat_id: UUID, actor: str, moment: datetime) -> None:
    """Queues the mails again that the deletion of their chat stopped within the last day before `moment`."""
    stopped = {"chat": chat_id, "problem": _KEPT, "since": moment - RESTORED_WITHIN}
    sql = """
        SELECT id FROM mails
        WHERE chat_id = $chat AND state = 'cancelled' AND problem = $problem AND state_since >= $since
    """
    for row in rows(cursor.execute(sql, stopped)):
        cursor.execute(
            "UPDATE mails SET state = 'queued', state_since = $moment, problem = NULL WHERE id = $id",
            {"id": row["id"], "moment": moment},
        )
        record_event(cursor, "mail_restored", actor, chat_id, moment, mail=str(row["id"]))
