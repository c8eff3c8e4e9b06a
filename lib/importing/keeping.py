"""What the running app does by itself: looks into the inbox folder, at chats that were missed, and after the store."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from lib.importing.inbox import Inbox
from lib.importing.missed_rules import apply_rules
from lib.missed.derive import derive_due
from lib.store import Store, StoreError, now
from lib.store.backup import grant_wish
from lib.store.watching import Faults

LOG = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
RULES_EVERY_S = 600.0
# When nobody waits for it, what the store's log holds goes into its file: the larger the log, the sooner, since a log
# of 100 MB costs seconds when the store is opened after a crash.
QUIET_S, SMALL_LOG_BYTES = 60.0, 8 << 20


class Keeper:
    """A thread that does it until it is stopped; `open_store` may fail, and is then tried again."""

    def __init__(self, open_store: Callable[[], Store], inbox: Path | None, zone: str) -> None:
        self._open_store = open_store
        self._inbox = inbox
        self._zone = zone
        self._stopped = threading.Event()
        self._rules_at = 0.0
        self._faults = Faults("keeper")
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after what is being done."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        inbox: Inbox | None = None
        while not self._stopped.wait(LOOK_EVERY_S):
            try:
                store = self._open_store()
                if self._inbox and (inbox is None or inbox.store is not store):
                    inbox = Inbox(store, self._inbox, self._zone)
                if inbox:
                    inbox.look()
                self._apply_rules(store)
                derive_due(store, self._zone, now())
                store.write_back(quiet_for_s=quiet_for_s(store.log_bytes))
                grant_wish(store)
                self._faults.over()
            except StoreError as error:
                self._faults.tell(error)
                inbox = None
            except Exception:
                # Whatever it was, the next look may be luckier; the people at the screen are not disturbed by it.
                LOG.exception("keeper: trying again")

    def _apply_rules(self, store: Store) -> None:
        if time.monotonic() >= self._rules_at:
            self._rules_at = time.monotonic() + RULES_EVERY_S
            apply_rules(store, now())


def quiet_for_s(log_bytes: int) -> float:
    """For how many seconds nobody should have written before a log of this size is written back."""
    return QUIET_S * min(1.0, SMALL_LOG_BYTES / log_bytes) if log_bytes else QUIET_S
