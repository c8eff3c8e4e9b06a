"""Where chats, messages, events, mails and imports are kept."""

from lib.store.confining import Confinement
from lib.store.errors import Reason, StoreError, explained, reason_of
from lib.store.statements import (
    Cursor,
    Params,
    Row,
    changed,
    event_row,
    insert,
    literal,
    looked_up,
    now,
    quoted,
    record_event,
    remove_events,
    rows,
    take_turn,
)
from lib.store.store import Store

__all__ = [
    "Confinement",
    "Cursor",
    "Params",
    "Reason",
    "Row",
    "Store",
    "StoreError",
    "changed",
    "event_row",
    "explained",
    "insert",
    "literal",
    "looked_up",
    "now",
    "quoted",
    "reason_of",
    "record_event",
    "remove_events",
    "rows",
    "take_turn",
]
