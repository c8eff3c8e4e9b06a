"""Draws the page anew when something changes in the outbox, and leaves it alone otherwise."""

from contextlib import suppress
from uuid import UUID

import streamlit as st

from lib.mail import fingerprint, settle_abandoned
from lib.screen.frame import session
from lib.store import StoreError

LOOK_EVERY_S = 2


def watch(seen: object, *, is_waiting: bool, chat_id: UUID | None = None) -> None:
    """Looks every now and then whether the fingerprint of the outbox, or of a chat, is still as it was `seen`."""
    if is_waiting:
        st.fragment(lambda: _look(seen, chat_id), run_every=LOOK_EVERY_S, key="outbox_watch")()


def _look(seen: object, chat_id: UUID | None) -> None:
    store = session.store()
    # What cannot be settled now is shown as it is.
    with suppress(StoreError):
        settle_abandoned(store, session.clock().now)
    if fingerprint(store, chat_id) != seen:
        st.rerun()
