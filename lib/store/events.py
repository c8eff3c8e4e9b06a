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
    """Adds an event to the transaction of `cursor`."""
    insert(cursor, "events", event_row(action, actor, chat_id, happened_at, **detail))


def event_row(
    action: str, actor: str, chat_id: UUID | None, happened_at: datetime, **detail: object
) -> dict[str, object]:
    """The row of an event; `detail` is kept as JSON."""
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    row = {"happened_at": happened_at, "actor": actor, "action": action, "chat_id": chat_id, "detail": told}
    return {"id": uuid4()} | row
