"""Acts that store something: where that fails, the reason is told, and everything stands as it was.

An act stores first, and only then changes what the screen shows: closes its question, empties its field, goes
elsewhere. So what was typed stands until it is stored.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from lib.screen.frame.troubles import not_stored, store_error
from lib.screen.parts.outcome import draw_failure, forget_failure, tell_failure
from lib.store import StoreError

P = ParamSpec("P")


def stores(act: Callable[P, None]) -> Callable[P, None]:
    """The same act; where the store cannot do it, the reason is told where otherwise stands what came of it."""

    @wraps(act)
    def attempt(*args: P.args, **kwargs: P.kwargs) -> None:
        forget_failure()
        try:
            act(*args, **kwargs)
        except StoreError as error:
            tell_failure(not_stored(error.reason))

    return attempt


def with_failure(body: Callable[P, None]) -> Callable[P, None]:
    """The same body of a dialog, which covers the page; below it stands why what was asked for there was not stored."""

    @wraps(body)
    def told(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            body(*args, **kwargs)
        except StoreError as error:
            store_error(error, "dialog")
        draw_failure()

    return told
