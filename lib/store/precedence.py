"""Lets a slow writer through: one that quicker ones have forced to begin again too often goes alone for once."""

import threading

# Longer than an import of some thousand chats needs; whoever stands back longer than that goes on all the same.
LONGEST_WAIT_S = 60.0


class Precedence:
    """Who goes alone, among the threads of this process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.holder: int | None = None

    def stand_back(self) -> None:
        """Waits while another thread goes alone."""
        with self._changed:
            self._changed.wait_for(lambda: self.holder in (None, threading.get_ident()), LONGEST_WAIT_S)

    def take(self) -> bool:
        """Whether this thread goes alone from now on, which it did not before."""
        with self._changed:
            if self.holder is not None:
                return False
            self.holder = threading.get_ident()
            return True

    def give_back(self) -> None:
        """Lets the others go on."""
        with self._changed:
            self.holder = None
            self._changed.notify_all()
