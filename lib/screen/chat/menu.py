"""The three-dot menu of an open chat."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from lib.chats.chat import Chat, messages
from lib.export.jobs import record_transcript
from lib.export.transcript import transcript_html, transcript_json
from lib.language import _, current
from lib.mail import Transcript, transcript_of, transcript_text
from lib.screen.chat.deleting import DELETING
from lib.screen.chat.holding import HOLDING, hold_button
from lib.screen.chats.view import ChatView
from lib.screen.frame import session
from lib.screen.frame.files import file_for
from lib.screen.parts.password import Lock, asked_lock

ROUND_KEY = "chat_menu_round"


def chat_menu(view: ChatView, chat: Chat) -> None:
    """Draws the menu: delete, download the transcript, copy the link."""
    # A new key closes the menu, which would otherwise stay open over the question that it opens.
    key = f"chat_menu_{st.session_state.get(ROUND_KEY, 0)}"
    with (
        st.container(key="chat_menu", width="content"),
        st.popover("", icon=":material/more_vert:", type="tertiary", help=_("More"), key=key),
    ):
        if session.may("export") and not chat.anonymised_at:
            _downloads(chat)
        if session.may("delete"):
            st.button(
                _("Delete…"),
                key="delete_chat",
                icon=":material/delete:",
                type="tertiary",
                on_click=_ask_to_delete,
                args=(chat.id,),
            )
        hold_button(_ask_to_hold, chat.id)
        st.caption(_("Link to this chat"))
        st.code(
            f"{session.page_address()}?{urlencode({'chat': str(chat.id)})}", language=None, wrap_lines=True, width=320
        )


def _downloads(chat: Chat) -> None:
    lock = asked_lock("transcript_password")
    # The language and the person are bound: the files are made outside the session.
    _download(
        lock,
        _("Download transcript"),
        partial(_transcript_file, chat, current(), session.actor()),
        key="download_transcript",
        icon="download",
        file_name=f"chat-{chat.id}.txt",
        mime="text/plain",
    )
    _download(
        lock,
        _("Transcript to print (HTML)"),
        partial(_transcript_page, chat, current(), session.actor()),
        key="download_transcript_html",
        icon="print",
        file_name=f"chat-{chat.id}.html",
        mime="text/html",
    )
    _download(
        lock,
        _("Transcript as JSON"),
        partial(_transcript_record, chat, session.actor()),
        key="download_transcript_json",
        icon="data_object",
        file_name=f"chat-{chat.id}.json",
        mime="application/json",
    )


def _download(
    lock: Lock, label: str, make: Callable[[], bytes], *, key: str, icon: str, file_name: str, mime: str
) -> None:
    st.download_button(
        label,
        data=file_for("export", lock.around(make, file_name)),
        icon=f":material/{icon}:",
        on_click="ignore",
        type="tertiary",
        key=key,
        **lock.named(file_name, mime),
    )


def _ask_to_delete(chat_id: UUID) -> None:
    st.session_state[ROUND_KEY] = st.session_state.get(ROUND_KEY, 0) + 1
    DELETING.open(chat_id)


def _ask_to_hold(chat_id: UUID) -> None:
    st.session_state[ROUND_KEY] = st.session_state.get(ROUND_KEY, 0) + 1
    HOLDING.open(chat_id)


def _transcript_file(chat: Chat, language: str, person: str) -> bytes:
    """The transcript as UTF-8 text."""
    record_transcript(session.store(), chat.id, "text", person)
    return (transcript_text(_transcript(chat, language)) + "\n").encode("utf-8", "replace")


def _transcript_page(chat: Chat, language: str, person: str) -> bytes:
    """The transcript as a page to print."""
    record_transcript(session.store(), chat.id, "html", person)
    found = _transcript(chat, language)
    heading = " · ".join(filter(None, [found.heading, chat.visitor_name]))
    return transcript_html(heading, [f"{chat.system} {chat.vendor_id}", found.zone], found.entries, language)


def _transcript_record(chat: Chat, person: str) -> bytes:
    """The chat as JSON, which can be imported again."""
    record_transcript(session.store(), chat.id, "json", person)
    return transcript_json(session.store(), chat.id)


def _transcript(chat: Chat, language: str) -> Transcript:
    return transcript_of(messages(session.store(), chat), language, session.settings().zone, with_system=True)
