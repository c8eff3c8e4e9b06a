"""The password of files that leave: a field with a way to have one made, and files in zips that it locks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.export.locking import LEAST, MOST, is_fit, locked, locked_name, made_password
from lib.language import _, number
from lib.screen.frame import session


@dataclass(frozen=True)
class Lock:
    """What the files below a field are locked with: None where no password is asked for, "" while none fits."""

    password: str | None

    def around(self, make: Callable[[], bytes], name: str) -> Callable[[], bytes]:
        """The same file as `make` gives, locked where a password is asked for; `name` is what it is called inside."""
        password = self.password
        return make if password is None else lambda: locked(make(), name, password)

    def named(self, name: str, mime: str) -> dict[str, Any]:
        """How the download button of a file is to be drawn."""
        if self.password is None:
            return {"file_name": name, "mime": mime}
        return {"file_name": locked_name(name), "mime": "application/zip", "disabled": not self.password}


def asked_lock(key: str) -> Lock:
    """Draws the field where each file that leaves here has to have a password, and nothing where it need not."""
    return Lock(password_field(key) if session.settings().asks_export_password else None)


def password_field(key: str) -> str:
    """Draws the field; its password, or "" while there is none that fits."""
    must = session.settings().asks_export_password
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        password = st.text_input(
            _("Password of the file") if must else _("Password of the file (optional)"),
            key=key,
            max_chars=MOST,
            autocomplete="off",
            help=_("The file is encrypted with it (AES-256). 7-Zip opens it, and other programs that know this kind."),
        ).strip()
        st.button(_("Make one"), key=f"{key}_made", icon=":material/password:", on_click=_make, args=(key,))
    if is_fit(password):
        st.caption(_("Note it now: it is kept nowhere, and nobody finds it out later. Tell it by another way."))
        return password
    if password:
        told = _("At least {n} letters, digits or signs, none with an accent.", n=number(LEAST))
        st.badge(told, icon=":material/error:", color="red")
    return ""


def forget_password(key: str) -> None:
    """Empties the field; for a button's callback."""
    st.session_state.pop(key, None)


def _make(key: str) -> None:
    st.session_state[key] = made_password()
