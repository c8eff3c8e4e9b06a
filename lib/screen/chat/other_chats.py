"""The other chats of a visitor, before and after this one."""

import streamlit as st

from lib.chats.chat import Chat
from lib.chats.same_visitor import MOST, chats_of_visitor
from lib.language import _, moment_pattern, number, plural
from lib.screen.chats.view import show_chat
from lib.screen.frame import labels, session
from lib.screen.parts.table import row_table, with_open_row

KEY = "other_chats"


def other_chats(chat: Chat) -> None:
    """Draws all chats of the visitor in the order of time, this one marked; a click opens one, with a way back."""
    found = chats_of_visitor(session.store(), chat)
    ids = list(found["id"])
    if len(ids) < 2:
        st.caption(_("No other chats of this visitor are known (same id, e-mail address or phone number)."))
        return
    counted = plural("{n} other chat", "{n} other chats", len(ids) - 1)
    st.caption(counted if len(ids) < MOST else _("The {n} other chats nearest in time", n=number(MOST - 1)))
    shown = found.assign(
        this=[_("this chat") if chat_id == chat.id else "" for chat_id in found["id"]],
        status=[labels.status_name(status) for status in found["status"]],
    )[["this", "started_at", "status", "operator", "question"]]
    row_table(
        with_open_row(shown, [chat_id == chat.id for chat_id in found["id"]]),
        ids,
        lambda clicked: show_chat(clicked, came_from=chat.id) if clicked != chat.id else None,
        key=KEY,
        height="content" if len(ids) < 15 else 460,
        columns={
            "this": st.column_config.TextColumn(_("Shown"), width=70),
            "started_at": st.column_config.DatetimeColumn(
                _("Start"), format=moment_pattern(), timezone=session.settings().zone, width=135
            ),
            "status": st.column_config.TextColumn(_("Status"), width=90),
            "operator": st.column_config.TextColumn(_("Operator"), width=90),
            "question": st.column_config.TextColumn(_("Question")),
        },
        alt=_("Other chats"),
    )
