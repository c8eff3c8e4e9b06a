"""Where chats, messages, events, mails and imports are kept."""

from lib.store.errors import Reason, StoreError, explained, reason_of
from lib.store.events import now, record_event
from lib.store.store import Cursor, Params, Row, Store, changed, rows

__all__ = [
    "Cursor",
    "Params",
    "Reason",
    "Row",
    "Store",
    "StoreError",
    "changed",
    "explained",
    "now",
    "reason_of",
    "record_event",
    "rows",
]
