"""What the running app does by itself: a thread that does its job again and again, whatever becomes of one round."""

import logging
import threading
from collections.abc import Callable

from lib.commands import as_the_app
from lib.store import Reason, Store, StoreError

LOG = logging.getLogger(__name__)

# Does one round with the store; whether there is more to do at once.
Job = Callable[[Store], bool]


class Loop:
    """Does a job every few seconds, and at once when it is woken, until it is stopped.

    `open_store` may fail, and is then tried again. Each kind of fault of the store is told once, and that it is over.
    """

    def __init__(
        self, name: str, open_store: Callable[[], Store], job: Job, every_s: float, woken: threading.Event | None = None
    ) -> None:
        """`woken` is set by whoever has something to do for it."""
        self._name, self._open_store, self._job, self._every_s = name, open_store, job, every_s
        self._stopped, self._woken = threading.Event(), woken or threading.Event()
        self._told: set[Reason] = set()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the round that is being done."""
        self._stopped.set()
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            more = False
            try:
                with as_the_app():
                    more = self._job(self._open_store())
            except StoreError as error:
                if error.reason not in self._told:
                    self._told.add(error.reason)
                    LOG.error("%s: %s; trying again", self._name, error)
            except Exception:
                # Whatever it was, the next round may be luckier; the people at the screen are not disturbed by it.
                LOG.exception("%s: trying again", self._name)
            else:
                if self._told:
                    self._told.clear()
                    LOG.warning("%s: the store works again", self._name)
            if not more:
                self._woken.wait(self._every_s)
                self._woken.clear()
