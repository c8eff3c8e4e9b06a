"""The fields by which somebody says who is meant: an e-mail address, a phone number, or an id in a system."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from lib.chats.accounts import accounts
from lib.chats.persons import Kind, Wanted
from lib.language import _, mark
from lib.screen.frame import session

LONGEST_VALUE: Final = 254
KINDS: Mapping[Kind, str] = {
    "chats": mark("Chats"),
    "email": mark("E-mail address"),
    "phone": mark("Phone number"),
    "visitor": mark("Visitor ID"),
}
NOBODY = mark("Type a whole e-mail address, a phone number of seven digits or more, or a visitor's id.")


def person_fields(prefix: str) -> None:
    """Draws the fields; `prefix` begins the keys of this form."""
    st.selectbox(
        _("Known by"),
        [kind for kind in KINDS if kind != "chats"],
        format_func=lambda kind: _(KINDS[kind]),
        key=f"{prefix}_kind",
        width=170,
        persist_state="session",
    )
    st.text_input(
        _(KINDS[_kind(prefix)]), key=value_key(prefix), max_chars=LONGEST_VALUE, width=280, persist_state="session"
    )
    if _kind(prefix) == "visitor":
        names = {(each.system, each.account): each.known_as for each in accounts(session.store())}
        st.selectbox(
            _("System"),
            list(names),
            format_func=lambda each: " · ".join(filter(None, [each[0], names.get(each)])),
            key=f"{prefix}_system",
            width=220,
            persist_state="session",
        )


def person_meant(prefix: str) -> Wanted:
    """Who is meant by what stands in the fields now; it may be nobody."""
    system, account = st.session_state.get(f"{prefix}_system") or ("", "")
    value = str(st.session_state.get(value_key(prefix)) or "").strip()
    return Wanted(_kind(prefix), value=value, system=system, account=account)


def value_key(prefix: str) -> str:
    """The key of the field for the address, the number or the id."""
    return f"{prefix}_value"


def _kind(prefix: str) -> Kind:
    found: Kind = st.session_state.get(f"{prefix}_kind") or "email"
    return found
