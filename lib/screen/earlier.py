"""The earlier chats of a visitor."""

from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat
from lib.chats.earlier import MOST, earlier_chats
from lib.language import _, moment_pattern, number, plural
from lib.screen import labels, session
from lib.screen.chat_list import NOTHING_SELECTED
from lib.screen.chat_view import show_chat

KEY = "earlier_chats"


def earlier(chat: Chat) -> None:
    """Draws the list of earlier chats; a click opens one, with a way back."""
    found = earlier_chats(session.store(), chat)
    if found.empty:
        st.caption(_("No earlier chats of this visitor are known (same id, e-mail address or phone number)."))
        return
    ids = list(found["id"])
    counted = plural("{n} earlier chat", "{n} earlier chats", len(ids))
    st.caption(counted if len(ids) < MOST else _("The latest {n} earlier chats", n=number(MOST)))
    st.dataframe(
        found.assign(status=[labels.status_name(status) for status in found["status"]])[
            ["started_at", "status", "operator", "question"]
        ],
        key=KEY,
        on_select=lambda: _open_clicked(ids, chat.id),
        selection_mode="single-cell",
        hide_index=True,
        row_height=30,
        height="content" if len(ids) < 15 else 460,
        placeholder="",
        column_config={
            "started_at": st.column_config.DatetimeColumn(
                _("Start"), format=moment_pattern(), timezone=session.settings().zone, width=140
            ),
            "status": st.column_config.TextColumn(_("Status"), width=90),
            "operator": st.column_config.TextColumn(_("Operator"), width=90),
            "question": st.column_config.TextColumn(_("Question")),
        },
        alt=_("Earlier chats"),
    )


def _open_clicked(ids: list[UUID], came_from: UUID) -> None:
    cells = st.session_state[KEY]["selection"]["cells"]
    if cells and cells[0][0] < len(ids):
        show_chat(ids[cells[0][0]], came_from=came_from)
    st.session_state[KEY] = NOTHING_SELECTED
