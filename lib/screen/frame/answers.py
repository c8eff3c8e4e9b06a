"""Answers of the store, each of one moment, kept until the next write or the next day: many reruns ask the same.

Streamlit's own cache would spend longer on the name of a question, of which a filter is a part, than on its answer.
"""

from collections.abc import Callable
from functools import cache
from inspect import signature
from pickle import dumps, loads
from threading import Condition
from typing import Any, TypeVar

from cachetools import TTLCache, cached

from lib.screen.frame import session

T = TypeVar("T")

# What is overdue depends on the clock too.
FRESH_FOR_S = 60
MOST_KEPT = 200
_forgetting: list[Callable[[], None]] = []


def answer(question: Callable[..., T], *args: Any) -> T:
    """What `question` says of the store now: it gets the `store` and `clock` of the session where it takes them.

    Whoever asks the same while it is being answered waits for that answer.
    """
    store = session.store()
    with store.snapshot():
        kept = _kept(question)(store.shown, store.moment, str(session.clock().today), *args)
    own: T = loads(kept)  # noqa: S301 # made below, in this process
    return own


def forget_answers() -> None:
    """Forgets all answers."""
    for forget in _forgetting:
        forget()


@cache
def _kept(question: Callable[..., T]) -> Callable[..., bytes]:
    """The answer as bytes, of which each gets an own copy; kept by its arguments, the store, its moment and the day."""
    names = list(signature(question).parameters)

    # Each question has a cache, and none takes the room of another.
    @cached(TTLCache(MOST_KEPT, FRESH_FOR_S), condition=Condition())
    def ask(shown: str, moment: int, today: str, *args: Any) -> bytes:
        own: dict[str, Any] = {"store": session.store(), "clock": session.clock()}
        others = [name for name in names if name not in own]
        given = {name: value for name, value in own.items() if name in names}
        return dumps(question(**given, **dict(zip(others, args, strict=False))))

    _forgetting.append(ask.cache_clear)
    return ask
