"""What the running app does by itself: looks into the inbox folder, at chats that were missed, and after the store."""

import time
from collections.abc import Callable
from pathlib import Path

from lib.background import Loop
from lib.importing.inbox.inbox import Inbox
from lib.importing.merge.verdict import apply_rules
from lib.missed.derive import derive_due
from lib.store import Store, StoreError, now
from lib.store.backup import grant_wish

LOOK_EVERY_S = 2.0
RULES_EVERY_S = 600.0
# When nobody waits for it, what the store's log holds goes into its file: the larger the log, the sooner, since what is
# not yet in the file lies in memory, and a log of 100 MB costs seconds when the store is opened after a crash. One of
# 8 MB waits for 7.5 quiet seconds, one of 16 MB for one, which thirty people at work leave, too.
QUIET_S, SMALL_LOG_BYTES = 60.0, 4 << 20


def keeper(open_store: Callable[[], Store], inbox: Path | None, zone: str) -> Loop:
    """What does it until it is stopped."""
    return Loop("keeper", open_store, _Keeping(inbox, zone).look, LOOK_EVERY_S)


class _Keeping:
    """One round of it after the other; what is remembered of the inbox is of one store."""

    def __init__(self, folder: Path | None, zone: str) -> None:
        self._folder, self._zone = folder, zone
        self._inbox: Inbox | None = None
        self._rules_at = 0.0

    def look(self, store: Store) -> bool:
        """Does all that is to be done now, so that there is no more."""
        if self._folder is not None:
            if self._inbox is None or self._inbox.store is not store:
                self._inbox = Inbox(store, self._folder, self._zone)
            try:
                self._inbox.look()
            except StoreError:
                self._inbox = None
                raise
        if time.monotonic() >= self._rules_at:
            self._rules_at = time.monotonic() + RULES_EVERY_S
            apply_rules(store, now())
        derive_due(store, self._zone, now())
        store.write_back(quiet_for_s=quiet_for_s(store.log_bytes))
        grant_wish(store)
        return False


def quiet_for_s(log_bytes: int) -> float:
    """For how many seconds nobody should have written before a log of this size is written back."""
    return QUIET_S * min(1.0, SMALL_LOG_BYTES / log_bytes) ** 3 if log_bytes else QUIET_S
