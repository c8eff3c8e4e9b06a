"""A mail that was sent is the contact with the visitor of a missed chat."""

from datetime import datetime
from uuid import UUID

from lib.chats.stale import mark_due
from lib.store import Cursor, changed, record_event, rows


def contacted_by_mail(cursor: Cursor, chat_id: UUID, actor: str, moment: datetime, *, sent_at: datetime) -> bool:
    """Whether a mail is the first contact, which the chat's row then tells.

    It was sent at `sent_at` and is known as sent since `moment` (both naive UTC).
    """
    sql = """
        UPDATE chats SET contacted_at = $sent_at, contacted_by = $actor, contacted_how = 'mail',
            taken_in_at = coalesce(taken_in_at, $moment),
            follow_up_version = coalesce(follow_up_version, 0) + 1, follow_up_by = $actor, follow_up_at = $moment
        WHERE id = $id AND contacted_at IS NULL
    """
    if not changed(cursor, sql, {"id": chat_id, "actor": actor, "moment": moment, "sent_at": sent_at}):
        return False
    mark_due(cursor, [chat_id])
    version = rows(cursor.execute("SELECT follow_up_version FROM chats WHERE id = $id", {"id": chat_id}))[0]
    columns = {"contacted_at": sent_at.isoformat(), "contacted_by": actor, "contacted_how": "mail"}
    detail = {
        "change": "mail",
        "set": columns,
        "before": dict.fromkeys(columns),
        "version": version["follow_up_version"],
    }
    record_event(cursor, "follow_up", actor, chat_id, moment, **detail)
    return True
