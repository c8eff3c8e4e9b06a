"""The field for words above the filters."""

from dataclasses import replace

import streamlit as st

from lib.chats.search.one_chat import straight
from lib.language import _
from lib.screen.chats.view import read_view, show, show_chosen
from lib.screen.frame import labels, session

WORDS_KEY = "words"
MOST_CHARACTERS = 200


def word_field(words: str) -> None:
    """Draws the field with the words of the address, which it never cuts; what names one chat opens it."""
    st.text_input(
        _(labels.FIELDS["words"]),
        key=WORDS_KEY,
        type="search",
        max_chars=max(MOST_CHARACTERS, len(words)),
        placeholder=_("Messages, visitors, notes"),
        help=_how(),
        on_change=_submitted,
    )


def _how() -> str:
    where = _("All words must occur in the chat: in its messages or question, in the visitor's data or in a note.")
    phrase = _('`"exact phrase"`: the words one after the other')
    without = _("`-word`: chats without it")
    by_whom = _("`from:visitor` or `from:operator`: who wrote the words that follow")
    straight_to = _("The number of a chat, an e-mail address or a phone number opens the chat if there is only one.")
    link = _("A link has a number instead of the words, since they may name a person.")
    return f"{where}\n\n- {phrase}\n- {without}\n- {by_whom}\n\n{straight_to}\n\n{link}"


def _submitted() -> None:
    store, view = session.store(), read_view()
    words = str(st.session_state.get(WORDS_KEY) or "")
    found = straight(store, words)
    if found is None:
        show_chosen(replace(view.chosen, words=words))
        return
    # A search for words would not find an id: it has done its work, and what stood here before was meant no more.
    st.session_state[WORDS_KEY] = words = "" if found.by_id else words
    chosen = replace(view.chosen, words=words)
    show(replace(view, chosen=chosen, page=1, chat=found.chat, tab="transcript", came_from=None))
