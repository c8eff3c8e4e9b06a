"""A file that is made of what the screen says at the click which downloads it."""

from queue import Empty, SimpleQueue

import streamlit as st

PATIENCE_S = 20


class NothingMadeError(Exception):
    """There is no file: why, the screen says."""


class Handing:
    """Hands a file from the callback of a download button to its download.

    The browser asks for the file outside the session, where nothing is known of the fields; the callback of the same
    click knows them. Whichever comes first waits for the other.
    """

    def __init__(self) -> None:
        self._given: SimpleQueue[bytes | None] = SimpleQueue()

    def give(self, content: bytes | None) -> None:
        """The file of this click; None where there is none."""
        while not self._given.empty():
            self._given.get()
        self._given.put(content)

    def take(self) -> bytes:
        """The file of this click; for the data of the button. Raises NothingMadeError."""
        try:
            content = self._given.get(timeout=PATIENCE_S)
        except Empty:
            content = None
        if content is None:
            raise NothingMadeError
        return content


def handing(key: str) -> Handing:
    """The one of a button, whichever run has drawn it."""
    found: Handing = st.session_state.setdefault(key, Handing())
    return found
