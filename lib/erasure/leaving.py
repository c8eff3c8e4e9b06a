"""What the app does by itself about erasing: what is due to be erased, and that it leaves the database's file, too.

That is done by night, or at once where somebody asks for it.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lib.background import Loop
from lib.commands import command
from lib.erasure.later import erase_due
from lib.store import Store, StoreError, changed, now

LOG = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 60.0
# Others may be at work: an instant in which nobody reads or writes is looked for so long.
PATIENCE_S: Final = 30.0
# Of the zone's clock: after the backup of the night, which then is the last one that may still hold it.
FROM_HOUR, TO_HOUR = 3, 6
# Where nobody was there by night, it is done by day.
LATEST_AFTER: Final = timedelta(hours=30)


def is_pending(store: Store) -> bool:
    """Whether something that was erased may still lie in the file."""
    return bool(store.read("SELECT EXISTS (FROM erasures WHERE compacted_at IS NULL) AS found")[0]["found"])


@command("erasure.compact", "erase")
def compact_now(store: Store, actor: str) -> bool:
    """Whether all that was erased has left the file; not, where others used it all the time. Raises StoreError."""
    return compact(store)


def compact(store: Store, patience_s: float = PATIENCE_S) -> bool:
    """As `compact_now`, by the app itself."""
    begun = now()
    latest = time.monotonic() + patience_s
    store.write_back()
    while not store.rewrite():
        if store.is_lake or time.monotonic() > latest:
            return False
        time.sleep(0.05)
        store.write_back()
    done = {"moment": now(), "begun": begun}
    sql = "UPDATE erasures SET compacted_at = $moment WHERE compacted_at IS NULL AND erased_at <= $begun"
    store.write(lambda cursor: changed(cursor, sql, done))
    return True


class _Nights:
    """Looks every minute whether it is time."""

    def __init__(self, zone: str, erased: Callable[[], None]) -> None:
        self._zone, self._erased = ZoneInfo(zone), erased

    def look(self, store: Store) -> bool:
        """Does it where something waits for it; there is no more to do then."""
        if erase_due(store):
            self._erased()
        if store.is_lake or not is_pending(store):
            return False
        moment = now()
        (row,) = store.read("SELECT min(erased_at) AS first FROM erasures WHERE compacted_at IS NULL")
        if self._is_night(moment) or moment - row["first"] > LATEST_AFTER:
            try:
                compact(store)
            except StoreError as error:
                LOG.error("What was erased may still lie in the file: %s", error)
        return False

    def _is_night(self, moment: datetime) -> bool:
        return FROM_HOUR <= moment.replace(tzinfo=UTC).astimezone(self._zone).hour < TO_HOUR


def nights(open_store: Callable[[], Store], zone: str, erased: Callable[[], None] = lambda: None) -> Loop:
    """What does it until it is stopped; `erased` hears that something was erased that was due."""
    return Loop("erasure", open_store, _Nights(zone, erased).look, LOOK_EVERY_S)
