"""What a thread in the background says of faults of the store: each once, and that they are over."""

import logging

from lib.store.errors import Reason, StoreError

LOG = logging.getLogger(__name__)


class Faults:
    """Tells the log; `who` is the thread."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._told: set[Reason] = set()

    def tell(self, error: StoreError) -> None:
        """Tells of a fault, unless this kind was told since everything worked last."""
        if error.reason not in self._told:
            self._told.add(error.reason)
            LOG.error("%s: %s; trying again", self._who, error)

    def over(self) -> None:
        """Everything works."""
        if self._told:
            self._told.clear()
            LOG.warning("%s: the store works again", self._who)
