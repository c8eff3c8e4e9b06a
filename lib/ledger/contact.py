"""A mail that was sent is the contact with the visitor of a missed chat."""

from datetime import datetime
from uuid import UUID

from lib.store import Cursor, changed, record_event, rows


def contacted_by_mail(cursor: Cursor, chat_id: UUID, actor: str, moment: datetime) -> bool:
    """Whether the mail that was sent at `moment` (naive UTC) is the first contact, which the chat's row then tells."""
    sql = """
        UPDATE chats SET contacted_at = $moment, contacted_by = $actor, contacted_how = 'mail',
            follow_up_version = coalesce(follow_up_version, 0) + 1, follow_up_by = $actor, follow_up_at = $moment
        WHERE id = $id AND contacted_at IS NULL
    """
    if not changed(cursor, sql, {"id": chat_id, "actor": actor, "moment": moment}):
        return False
    version = rows(cursor.execute("SELECT follow_up_version FROM chats WHERE id = $id", {"id": chat_id}))[0]
    columns = {"contacted_at": moment.isoformat(), "contacted_by": actor, "contacted_how": "mail"}
    detail = {
        "change": "mail",
        "set": columns,
        "before": dict.fromkeys(columns),
        "version": version["follow_up_version"],
    }
    record_event(cursor, "follow_up", actor, chat_id, moment, **detail)
    return True
