"""What a template becomes: for a chat, for made-up values, and where nothing is known of the visitor."""

from uuid import UUID

import streamlit as st

from lib.language import _, _p, day, in_language
from lib.mail import ChatFacts, Draft, Template, filled, newest_facts
from lib.screen.frame import session

MADE_UP = UUID(int=0)
MOST_CHATS = 20


def template_preview(typed: Template, *, fit: bool) -> None:
    """Draws the e-mail that the typed text makes of a chosen chat, and that of a chat without any values."""
    found = newest_facts(session.store(), typed.language, missed=_is_missed(typed), most=MOST_CHATS)
    chats = {each.id: each for each in found} | {MADE_UP: _made_up(typed.language)}

    def name(chat_id: UUID) -> str:
        if chat_id == MADE_UP:
            return _("Made-up values")
        chat = chats[chat_id]
        visitor = chat.visitor_name or chat.visitor_email or _("Unnamed visitor")
        return f"{visitor} · {day(chat.started_at, session.settings().zone)}"

    chosen = st.selectbox(
        _("Preview for"),
        list(chats),
        format_func=name,
        key=f"template_chat_{typed.language}_{_is_missed(typed)}",
        persist_state="session",
    )
    if not fit:
        st.info(_("The preview comes back when the text can be used."), icon=":material/visibility_off:")
        return
    _letter(typed, chats[chosen or MADE_UP])
    st.caption(_("The same where nothing is known of the visitor"))
    _letter(
        typed,
        ChatFacts(
            id=MADE_UP,
            mails=0,
            status="missed",
            language=typed.language,
            visitor_name=None,
            visitor_email=None,
            question=None,
            started_at=None,
        ),
    )


def _is_missed(typed: Template) -> bool:
    return typed.purpose != "follow_up"


def _made_up(language: str) -> ChatFacts:
    with in_language(language):
        return ChatFacts(
            id=MADE_UP,
            mails=0,
            status="missed",
            language=language,
            visitor_name=_p("example", "Aiko Sato"),
            visitor_email=None,
            question=_p("example", "Where is my parcel?"),
            started_at=session.clock().now,
            website="www.example.com",
        )


def _letter(typed: Template, chat: ChatFacts) -> None:
    draft: Draft = filled(typed, chat, session.actor(), session.settings().zone)
    with st.container(border=True, gap=None):
        st.text(_("Subject: {value}", value=draft.subject))
        st.divider()
        st.text(draft.body)
        if not draft.body.strip():
            st.badge(_("The text is empty."), icon=":material/warning:", color="orange")
