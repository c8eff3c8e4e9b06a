"""What the running app sends by itself: one mail after the other, as fast as the rate limit allows."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from lib.followup.outbox import attempts_left, send, settle_abandoned
from lib.settings import Smtp
from lib.store import Store, StoreError, now
from lib.store.watching import Faults

LOG = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0

# Of the one sender of this process.
_WOKEN: Final = threading.Event()

_NEXT: Final = """
    SELECT id, created_by FROM mails
    WHERE state = 'queued' AND (next_attempt_at IS NULL OR next_attempt_at <= $moment)
    ORDER BY coalesce(next_attempt_at, created_at), created_at, id LIMIT 1
"""


def wake() -> None:
    """Has the sender of this process look at once, because something was queued."""
    _WOKEN.set()


def send_next(store: Store, smtp: Smtp) -> bool:
    """Whether there was a mail whose turn it is, and the rate limit allowed an attempt to send it."""
    # Looked up before anything is written: a write makes every page ask the store anew.
    due = store.read(_NEXT, {"moment": now()})
    if not due or not attempts_left(store, smtp):
        return False
    send(store, due[0]["id"], smtp, due[0]["created_by"])
    return True


class Sender:
    """A thread that sends what is due until it is stopped; `open_store` may fail, and is then tried again."""

    def __init__(self, open_store: Callable[[], Store], smtp: Smtp) -> None:
        self._open_store = open_store
        self._smtp = smtp
        self._faults = Faults("sender")
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the mail that is being sent."""
        self._stopped.set()
        wake()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._look(self._open_store())
                self._faults.over()
            except StoreError as error:
                self._faults.tell(error)
            except Exception:
                # Whatever it was, the next look may be luckier; what was claimed meanwhile is never sent twice.
                LOG.exception("sender: trying again")
            _WOKEN.wait(LOOK_EVERY_S)
            _WOKEN.clear()

    def _look(self, store: Store) -> None:
        settle_abandoned(store, now())
        while not self._stopped.is_set() and send_next(store, self._smtp):
            pass
