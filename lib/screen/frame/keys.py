"""Single keys that press buttons: which there are, the list of them, and the switch that is kept in the browser."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from lib.language import _, mark
from lib.screen.frame.session import A_YEAR_S
from lib.screen.parts.dialog import Dialog

LIST_KEY = "?"
SEARCH_KEY = "/"
SWITCH = "w_keys"
_COOKIE = "chat_history_keys"
_LIST = Dialog("keys_asked", bool)
_OFF = "keys_off"


@dataclass(frozen=True)
class Shortcut:
    """A key, and what it does."""

    key: str
    meaning: str


KEYS: Mapping[str, Shortcut] = {
    "next": Shortcut("J", mark("Next chat of the list")),
    "previous": Shortcut("K", mark("Previous chat of the list")),
    "reply": Shortcut("E", mark("Reply by e-mail")),
    "take": Shortcut("T", mark("Take the missed chat")),
    "contacted": Shortcut("W", mark("Note that the visitor was contacted")),
    "not_needed": Shortcut("N", mark("Mark as not needed")),
    "close": Shortcut("X", mark("Close the chat")),
    "undo": Shortcut("Z", mark("Undo what was done last")),
    "search": Shortcut(SEARCH_KEY, mark("Search for words")),
    "list": Shortcut(LIST_KEY, mark("Show these keys")),
}


def shortcut(name: str) -> str | None:
    """The key of a button; None where keys are switched off."""
    return KEYS[name].key if are_on() else None


def are_on() -> bool:
    """Whether single keys act in this browser."""
    if _OFF in st.session_state:
        return not st.session_state[_OFF]
    return st.context.cookies.get(_COOKIE) != "off"


def cookie() -> str | None:
    """What the browser is to keep, once it was switched in this tab."""
    if _OFF not in st.session_state:
        return None
    return f"{_COOKIE}={'on' if are_on() else 'off'}; path=/; max-age={A_YEAR_S}; samesite=lax"


def ask_for_list() -> None:
    """Opens the list with the next run."""
    _LIST.open(True)


def keys_dialog() -> None:
    """Draws the list, if it is open."""
    if _LIST.is_open:
        _LIST.draw(_("Keyboard"), _body, icon=":material/keyboard:")


def _body() -> None:
    with st.container(gap="xxsmall"):
        for each in KEYS.values():
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.code(each.key, language=None, width=48)
                st.text(_(each.meaning))
    st.caption(_("None acts while a field has the cursor or a question is open."))
    st.session_state[SWITCH] = are_on()
    st.toggle(_("Single keys act"), key=SWITCH, on_change=_switch, help=_("Kept in this browser."))


def _switch() -> None:
    st.session_state[_OFF] = not st.session_state[SWITCH]
