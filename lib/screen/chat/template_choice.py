"""Which template an e-mail begins with; what somebody has typed stays until they choose otherwise."""

from dataclasses import dataclass
from typing import cast

import streamlit as st

from lib.language import LANGUAGES, _, language_name
from lib.mail import PURPOSES, ChatFacts, Draft, Purpose, answered_in, default_purpose, draft_for, templates_of
from lib.screen.frame import labels, session


@dataclass(frozen=True)
class Begun:
    """The template that a text began with (see `_options`), and what it said."""

    option: str
    subject: str
    body: str


def key_of(chat: ChatFacts, name: str) -> str:
    """Key of a part of the form for the next mail of a chat."""
    return f"mail_{chat.id}_{chat.mails + 1}_{name}"


def begun_draft(chat: ChatFacts) -> Draft:
    """The draft that the text in the form began with; the first time, that of the chat's own template."""
    begun = st.session_state.get(key_of(chat, "begun"))
    if isinstance(begun, Begun):
        return _draft(chat, begun.option)
    return _begin(chat, _options(chat)[0])


def template_choice(chat: ChatFacts) -> None:
    """Draws the choice of the template, and what can be done about a text that was typed before the choice."""
    own = answered_in(chat)

    def name(option: str) -> str:
        purpose, _dot, language = option.partition(".")
        shown = _(labels.PURPOSES[cast(Purpose, purpose)])
        return shown if language == own else f"{shown} · {language_name(language)}"

    chosen = st.selectbox(
        _("Template"),
        _options(chat),
        format_func=name,
        key=key_of(chat, "template"),
        label_visibility="collapsed",
        icon=":material/stylus_note:",
        on_change=_choose,
        args=(chat,),
        persist_state="session",
    )
    if chosen and chosen != st.session_state[key_of(chat, "begun")].option:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text(_("You have changed the text, so it was left as it is."))
            st.button(_("Use this text"), key="use_template", icon=":material/refresh:", on_click=_use, args=(chat,))
    elif st.session_state.get(key_of(chat, "kept")):
        st.button(
            _("Bring back my own text"),
            key="bring_back_text",
            icon=":material/undo:",
            type="tertiary",
            on_click=_bring_back,
            args=(chat,),
        )


def _options(chat: ChatFacts) -> list[str]:
    """Purpose and language of each template, the chat's own first."""
    own, first = answered_in(chat), default_purpose(chat)
    languages = [own, *(each for each in LANGUAGES if each != own)]
    purposes = [first, *(each for each in PURPOSES if each != first)]
    return [f"{purpose}.{language}" for language in languages for purpose in purposes]


def _draft(chat: ChatFacts, option: str) -> Draft:
    purpose, _dot, language = option.partition(".")
    templates = templates_of(session.store())
    person, zone = session.actor(), session.settings().zone
    return draft_for(chat, person, zone, cast(Purpose, purpose), language=language, templates=templates)


def _begin(chat: ChatFacts, option: str) -> Draft:
    draft = _draft(chat, option)
    st.session_state[key_of(chat, "begun")] = Begun(option, draft.subject, draft.body)
    st.session_state[key_of(chat, "subject")] = draft.subject
    st.session_state[key_of(chat, "body")] = draft.body
    return draft


def _typed(chat: ChatFacts) -> tuple[str, str]:
    return st.session_state.get(key_of(chat, "subject")) or "", st.session_state.get(key_of(chat, "body")) or ""


def _is_edited(chat: ChatFacts) -> bool:
    begun = st.session_state.get(key_of(chat, "begun"))
    return isinstance(begun, Begun) and _typed(chat) != (begun.subject, begun.body)


def _choose(chat: ChatFacts) -> None:
    if not _is_edited(chat):
        _begin(chat, st.session_state[key_of(chat, "template")])


def _use(chat: ChatFacts) -> None:
    typed = _typed(chat)
    _begin(chat, st.session_state[key_of(chat, "template")])
    st.session_state[key_of(chat, "kept")] = typed


def _bring_back(chat: ChatFacts) -> None:
    typed = _typed(chat) if _is_edited(chat) else None
    st.session_state[key_of(chat, "subject")], st.session_state[key_of(chat, "body")] = st.session_state[
        key_of(chat, "kept")
    ]
    st.session_state[key_of(chat, "kept")] = typed
