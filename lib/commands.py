"""The register of what people do here: each command has a name, the right that it asks for, its words, and its undo.

A command is a function of `lib` that takes the store, plain arguments (ids, words, numbers, and values made of these)
and the name of the person who wants it. It asks for its right where it is carried out, whoever calls it and from where:
the store of the running app has a guard that knows who may do what. Without one, as on the command line, whoever can
open the file may do everything.

Who sees only some chats does nothing with others: a command names what its arguments say of chats and e-mails.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from operator import attrgetter
from typing import Any, Literal, ParamSpec, TypeVar, get_args
from uuid import UUID

from lib.language import mark
from lib.store import Confinement, Store

Right = Literal[
    "read", "note", "follow_up", "mail", "delete", "export", "share_views", "templates", "team", "import", "explore",
    "activity", "access", "erase",
]  # fmt: skip
RIGHTS: tuple[Right, ...] = get_args(Right)

RIGHT_NAMES: dict[Right, str] = {
    "read": mark("Read chats"),
    "note": mark("Write notes"),
    "follow_up": mark("Follow up on missed chats"),
    "mail": mark("Send e-mails"),
    "delete": mark("Delete and restore chats"),
    "export": mark("Export"),
    "share_views": mark("Share views"),
    "templates": mark("Change templates"),
    "team": mark("Change team and hours"),
    "import": mark("Import"),
    "explore": mark("Use Explore"),
    "activity": mark("See what others did"),
    "access": mark("Give roles"),
    "erase": mark("Erase for good"),
}

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Command:
    """What people can do: its name, the right for it, the actions of the events that it leaves, and what undoes it.

    `chats` and `mails` name the argument that says which ones it is about; empty where none does.
    """

    name: str
    right: Right
    leaves: tuple[str, ...]
    undone_by: str | None
    chats: str
    mails: str
    function: Callable[..., Any]


COMMANDS: dict[str, Command] = {}


class NotAllowed(Exception):  # noqa: N818 - nothing is at fault
    """Somebody may not do this; nothing was done. `right` is what they lack."""

    def __init__(self, right: Right) -> None:
        super().__init__(f"the right is lacking: {right}")
        self.right = right


class NotSeen(NotAllowed):
    """A chat that is meant is not there for this person, or not at all; nothing was done."""


def command(
    name: str,
    right: Right,
    *leaves: str,
    undone_by: str | None = None,
    store: str = "store",
    person: str = "actor",
    chats: str = "",
    mails: str = "",
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Makes a function the command of this name, which raises NotAllowed, and does nothing, without its right.

    `leaves` are the actions of its events; `store`, `person`, `chats` and `mails` say which argument, or what of it,
    these are (of the last two the id or ids). For who sees only some chats it is carried out on a store of these.
    """
    its_store, its_person = attrgetter(store), attrgetter(person)

    def register(function: Callable[P, T]) -> Callable[P, T]:
        takes = signature(function)

        @wraps(function)
        def carry_out(*args: P.args, **kwargs: P.kwargs) -> T:
            bound = takes.bind(*args, **kwargs)
            bound.apply_defaults()
            given = _Given(bound.arguments)
            confinement = require(its_store(given), its_person(given), right, name)
            if confinement is None:
                return function(*args, **kwargs)
            seen = its_store(given).confined_to(confinement)
            for table, place in {"chats": chats, "mails": mails}.items():
                if place:
                    _require_seen(seen, table, attrgetter(place)(given))
            if store in bound.arguments:
                bound.arguments[store] = seen
            return function(*bound.args, **bound.kwargs)

        COMMANDS[name] = Command(name, right, leaves, undone_by, chats, mails, carry_out)
        return carry_out

    return register


def require(store: Store, person: str, right: Right, name: str) -> Confinement | None:
    """Raises NotAllowed where the person may not carry out the command of this name; the app itself may.

    The result is which chats they see: None for all.
    """
    if store.guard and not getattr(_of_thread, "is_app", False):
        return store.guard(person, right, name)
    return None


def _require_seen(store: Store, table: str, meant: UUID | Iterable[UUID]) -> None:
    ids = {str(each) for each in ([meant] if isinstance(meant, UUID) else meant)}
    (found,) = store.read(
        f"SELECT count(*) AS n FROM {table} WHERE id IN (SELECT unnest($ids::UUID[]))", {"ids": [*ids]}
    )
    if found["n"] < len(ids):
        raise NotSeen("read")


@contextmanager
def as_the_app() -> Iterator[None]:
    """What this thread does inside nobody has asked for: the app does it by itself."""
    _of_thread.is_app = True
    try:
        yield
    finally:
        _of_thread.is_app = False


_of_thread = threading.local()


class _Given:
    """The arguments of a call as attributes."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.__dict__.update(arguments)
