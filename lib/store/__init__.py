"""Where chats, messages, events, mails and imports are kept."""

from lib.store.errors import StoreError
from lib.store.events import now, record_event
from lib.store.store import Cursor, Params, Row, Store, changed, rows

__all__ = ["Cursor", "Params", "Row", "Store", "StoreError", "changed", "now", "record_event", "rows"]
