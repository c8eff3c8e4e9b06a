"""Answers of the store, each of one moment, kept until the next write or the next day: many reruns ask the same."""

from collections.abc import Callable
from functools import cache
from inspect import signature
from typing import Any, TypeVar

import streamlit as st

from lib.screen.frame import session

T = TypeVar("T")

# What is overdue depends on the clock too.
FRESH_FOR_S = 60
MOST_KEPT = 200


def answer(question: Callable[..., T], *args: Any) -> T:
    """What `question` says of the store now: it gets the `store` and `clock` of the session where it takes them."""
    store = session.store()
    with store.snapshot():
        kept: Callable[..., T] = _kept(question)
        return kept(store.location, store.moment, str(session.clock().today), *args)


@cache
def _kept(question: Callable[..., T]) -> Callable[..., T]:
    """The same function, cached by its arguments, the store, its moment and the day."""
    names = list(signature(question).parameters)

    def ask(location: str, moment: int, today: str, *args: Any) -> T:
        own: dict[str, Any] = {"store": session.store(), "clock": session.clock()}
        others = [name for name in names if name not in own]
        given = {name: value for name, value in own.items() if name in names}
        return question(**given, **dict(zip(others, args, strict=False)))

    # By the name Streamlit tells caches apart: each question has one, and none takes the room of another.
    ask.__qualname__ = f"{question.__module__}.{question.__qualname__}"
    return st.cache_data(ttl=FRESH_FOR_S, max_entries=MOST_KEPT, show_spinner=False)(ask)
