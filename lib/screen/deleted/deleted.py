"""Deleted chats: what, when, by whom and why; and the way back."""

from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats.removal import deleted_chats, restore_chats
from lib.language import _, moment_pattern, plural, zone_label
from lib.screen.chat.deleting import came_back
from lib.screen.deleted.erasing import ask_to_erase
from lib.screen.frame import session
from lib.screen.frame.storing import stores
from lib.screen.parts.outcome import tell
from lib.screen.parts.table import Ticks


def deleted_list() -> None:
    """Draws the deleted chats; ticked ones can be restored together."""
    chats = deleted_chats(session.store())
    if chats.empty:
        st.info(
            _("No chat is deleted. A chat that you delete stays here, and can be restored."), icon=":material/delete:"
        )
        return
    zone = zone_label(session.settings().zone)
    st.caption(
        plural("{n} deleted chat", "{n} deleted chats", len(chats))
        + " · "
        + _("Tick chats to restore them. Times in {zone}.", zone=zone)
    )
    slot = st.container(horizontal=True, vertical_alignment="center")
    ticks = _table(chats)
    chosen = ticks.chosen
    with slot:
        st.button(
            plural("Restore {n} chat", "Restore {n} chats", len(chosen)) if chosen else _("Restore"),
            key="restore",
            type="primary",
            icon=":material/undo:",
            disabled=not chosen,
            on_click=_restore,
            args=(ticks,),
        )
        if session.may("erase"):
            st.button(
                plural("Erase {n} chat for good…", "Erase {n} chats for good…", len(chosen))
                if chosen
                else _("Erase for good…"),
                key="erase",
                icon=":material/delete_forever:",
                disabled=not chosen,
                on_click=_erase,
                args=(ticks,),
            )


def table_key(chats: pd.DataFrame) -> str:
    """Key of the table: ticks stay while the rows are the same, whatever else is written meanwhile."""
    return f"deleted_{hash(tuple(chats['id']))}"


def _table(chats: pd.DataFrame) -> Ticks[UUID]:
    """Draws the table, in which the ids are ticked."""
    column, zone = st.column_config, session.settings().zone
    st.dataframe(
        chats.drop(columns=["id"]).assign(actor=[session.shown_actor(each) for each in chats["actor"]]),
        key=table_key(chats),
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        row_height=30,
        height="content" if len(chats) <= 20 else 660,
        placeholder="",
        column_order=["visitor_name", "visitor_email", "started_at", "message_count", "deleted_at", "actor", "reason"],
        column_config={
            "visitor_name": column.TextColumn(_("Visitor"), width=130),
            "visitor_email": column.TextColumn(_("E-mail"), width=190),
            "started_at": column.DatetimeColumn(_("Start"), format=moment_pattern(), timezone=zone, width=140),
            "message_count": column.NumberColumn(_("Messages"), width=80),
            "deleted_at": column.DatetimeColumn(_("Deleted"), format=moment_pattern(), timezone=zone, width=140),
            "actor": column.TextColumn(_("Deleted by"), width=120),
            "reason": column.TextColumn(_("Reason")),
        },
        alt=_("Deleted chats"),
    )
    return Ticks(table_key(chats), list(chats["id"]))


def _erase(ticks: Ticks[UUID]) -> None:
    if ticks.chosen:
        ask_to_erase(ticks.chosen)


@stores
def _restore(ticks: Ticks[UUID]) -> None:
    chat_ids = ticks.chosen
    if not chat_ids:
        return
    restored = restore_chats(session.store(), chat_ids, session.actor())
    tell(lambda: came_back(chat_ids, len(chat_ids) - restored))
