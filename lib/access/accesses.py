"""What people saw: each access waits in memory for a moment, so that no page waits for it, and is written with others.

An access that is not written yet is lost where the process is killed. What people did is an event, and is not.
"""

import json
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID, uuid4

import pyarrow as pa

from lib.background import Loop
from lib.store import Cursor, Store, now, record_event, remove_events

LOG = logging.getLogger(__name__)
# Of what could not be written at once; it is tried again after so long.
AGAIN_AFTER_S: Final = 5.0
# Meanwhile the page is drawn on which it was noted, and those of others join: a write beside it costs it milliseconds.
GATHERED_FOR_S: Final = 0.25
# While nothing can be written, so many wait, and those that come then are lost: a few megabytes.
MOST_WAITING: Final = 20_000
# As many readings a day are known without a look at the store.
MOST_KNOWN: Final = 100_000
KEPT_DAYS: Final = 365
# Who acts where the app removes what is old.
THE_APP: Final = "Chat History"
READ: Final = "chat_read"

# A reading is written once for a person, a chat and a day. The day is that of UTC: another zone for the workspace then
# makes no reading of the past a second one.
_WRITE: Final = f"""
    INSERT INTO accesses (id, happened_at, actor, address, action, chat_id, detail)
    SELECT n.id::UUID, n.happened_at, n.actor, n.address, n.action, n.chat_id::UUID, n.detail
    FROM noted AS n
    WHERE n.action <> '{READ}' OR NOT EXISTS (
        SELECT 1 FROM accesses AS a
        WHERE a.happened_at >= $since AND a.action = '{READ}' AND a.actor = n.actor AND a.chat_id = n.chat_id::UUID
            AND a.happened_at::DATE = n.happened_at::DATE
    )
    ORDER BY n.happened_at
"""
_COLUMNS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("happened_at", pa.timestamp("us")),
        ("actor", pa.string()),
        ("address", pa.string()),
        ("action", pa.string()),
        ("chat_id", pa.string()),
        ("detail", pa.string()),
    ]
)


class _Access(NamedTuple):
    """A row of the table, as it waits."""

    id: str
    happened_at: datetime
    actor: str
    address: str | None
    action: str
    chat_id: str | None
    detail: str


class _Waiting:
    """The accesses to one store that are not written yet."""

    def __init__(self) -> None:
        self.rows: deque[_Access] = deque()
        self.lost = 0
        self.lock = threading.Lock()
        # Those who write must not write the same.
        self.writing = threading.Lock()
        self._read: set[tuple[str, UUID | None]] = set()
        self._day: date | None = None

    def was_read(self, actor: str, chat_id: UUID | None, day: date) -> bool:
        """Whether it was told before that the person read the chat on that day."""
        if self._day != day or len(self._read) >= MOST_KNOWN:
            self._read, self._day = set(), day
        known = (actor, chat_id) in self._read
        self._read.add((actor, chat_id))
        return known


_waiting: dict[str, _Waiting] = {}
# Of the one loop of this process.
_WOKEN: Final = threading.Event()


def note(
    store: Store, action: str, actor: str, chat_id: UUID | None = None, address: str | None = None, **detail: object
) -> None:
    """Takes down that somebody saw something, and returns at once; `address` is the network address from which.

    What is searched for, written or asked does not belong into `detail`: it may name a person.
    """
    own, moment = _waiting.setdefault(store.location, _Waiting()), now()
    told = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    with own.lock:
        if action == READ and own.was_read(actor, chat_id, moment.date()):
            return
        if len(own.rows) >= MOST_WAITING:
            own.lost += 1
            return
        chat = str(chat_id) if chat_id else None
        own.rows.append(_Access(str(uuid4()), moment, actor, address, action, chat, told))
    _WOKEN.set()


def _has_any(store: Store) -> bool:
    own = _waiting.get(store.location)
    return own is not None and bool(own.rows)


def flush(store: Store, kept_days: int = KEPT_DAYS) -> int:
    """Number of accesses that waited and are written now, in one transaction; raises StoreError, and keeps them then.

    Where none are kept (0 days), those that wait are forgotten.
    """
    own = _waiting.setdefault(store.location, _Waiting())
    with own.writing:
        with own.lock:
            rows, lost = list(own.rows), own.lost
        if rows and kept_days:
            table = pa.Table.from_pylist([row._asdict() for row in rows], _COLUMNS)
            since = datetime.combine(rows[0].happened_at, datetime.min.time())
            # Nothing that is asked of chats is stale by it.
            store.write(lambda cursor: _write(cursor, table, since), counts=False)
        with own.lock:
            for _row in rows:
                own.rows.popleft()
            own.lost -= lost
    if lost:
        LOG.error("accesses: %s were not kept, since they could not be written for long", lost)
    return len(rows) if kept_days else 0


def _write(cursor: Cursor, table: pa.Table, since: datetime) -> None:
    cursor.register("noted", table)
    cursor.execute(_WRITE, {"since": since})
    cursor.unregister("noted")


def remove_old(store: Store, kept_days: int, moment: datetime) -> int:
    """Number of accesses that were older than so many days at `moment` (naive UTC), and are gone; raises StoreError."""
    before = {"before": moment - timedelta(days=kept_days)}
    if not store.read("SELECT EXISTS (FROM accesses WHERE happened_at < $before) AS found", before)[0]["found"]:
        return 0

    def work(cursor: Cursor) -> int:
        removed = remove_events(cursor, "accesses", "happened_at < $before", before, reason="age", moment=moment)
        if removed:
            record_event(cursor, "accesses_removed", THE_APP, None, moment, accesses=removed)
        return removed

    return store.write(work, counts=False)


class _Keeping:
    """Writes what waits, and once a day removes what is old."""

    def __init__(self, kept_days: int) -> None:
        self._kept_days = kept_days
        self._removed_on: date | None = None

    def look(self, store: Store) -> bool:
        """Does all that is to be done now, so that there is no more."""
        if _has_any(store):
            time.sleep(GATHERED_FOR_S)
            flush(store, self._kept_days)
        moment = now()
        if self._removed_on != moment.date():
            remove_old(store, self._kept_days, moment)
            self._removed_on = moment.date()
        return False


def access_keeper(open_store: Callable[[], Store], kept_days: int) -> Loop:
    """What writes accesses until it is stopped."""
    return Loop("accesses", open_store, _Keeping(kept_days).look, AGAIN_AFTER_S, _WOKEN)
