"""What people see on the screen, taken down for Activity: no page waits for it."""

from uuid import UUID

import streamlit as st

from lib.access.accesses import note
from lib.screen.frame import session


def note_access(action: str, chat_id: UUID | None = None, **detail: object) -> None:
    """Takes down that whoever is here sees something; nothing that was typed belongs into `detail`."""
    note(session.store(), action, session.actor(), chat_id, st.context.ip_address, **detail)
