"""Which rows of a table are ticked, read when it is asked: a click may come together with the last tick."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

T = TypeVar("T")


@dataclass(frozen=True)
class Ticks(Generic[T]):
    """The table with a key, and the rows that it was drawn with."""

    key: str
    rows: Sequence[T]

    @property
    def chosen(self) -> list[T]:
        """The rows that are ticked now."""
        places = st.session_state[self.key]["selection"]["rows"] if self.key in st.session_state else []
        return [self.rows[place] for place in places if place < len(self.rows)]
