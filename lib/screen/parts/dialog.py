"""A dialog over a page: it is open as long as the session holds what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import streamlit as st

from lib.language import _

T = TypeVar("T")


@dataclass(frozen=True)
class Dialog(Generic[T]):
    """One dialog: the key under which the session holds what it is about, and what kind of thing that is."""

    key: str
    kind: type[T]

    @property
    def about(self) -> T | None:
        """What it is about; None where it is closed."""
        found = st.session_state.get(self.key)
        return found if isinstance(found, self.kind) else None

    @property
    def is_open(self) -> bool:
        """Whether it is open."""
        return self.about is not None

    def open(self, about: T) -> None:
        """Opens it with the next run."""
        st.session_state[self.key] = about

    def close(self) -> None:
        """Closes it with the next run."""
        st.session_state.pop(self.key, None)

    def draw(
        self,
        title: str,
        body: Callable[..., None],
        *args: object,
        icon: str | None = None,
        width: Literal["small", "medium", "large"] = "small",
        position: Literal["center", "left"] = "center",
    ) -> None:
        """Draws it, open or not; `args` are handed to its body."""
        st.dialog(title, icon=icon, width=width, position=position, on_dismiss=self.close)(body)(*args)

    def cancel_button(self, key: str, *, is_usual: bool = False) -> None:
        """Draws the button that closes it with nothing done; `is_usual` where that is the safe answer."""
        if st.button(_("Cancel"), key=key, type="primary" if is_usual else "secondary"):
            self.close()
            st.rerun()
