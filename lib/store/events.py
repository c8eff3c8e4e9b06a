"""The record of what our users did."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

from lib.store.statements import Cursor, insert


def now() -> datetime:
    """The present moment as naive UTC, the form in which the store keeps times."""
    return datetime.now(UTC).replace(tzinfo=None)


def record_event(
    cursor: Cursor, action: str, actor: str, chat_id: UUID | None, happened_at: datetime, **detail: object
) -> None:
    """Adds an event to the transaction of `cursor`; `detail` is kept as JSON."""
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    event = {"happened_at": happened_at, "actor": actor, "action": action, "chat_id": chat_id, "detail": told}
    insert(cursor, "events", {"id": uuid4()} | event)
