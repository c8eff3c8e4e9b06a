"""Which chats are meant: one frozen value."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Literal, get_args

from lib.chats.categories import Category
from lib.chats.filter.times import Period
from lib.chats.states import QueuePart

Mode = Literal["all", "any"]


@dataclass(frozen=True)
class Condition:
    """A field (see lib/chats/columns.py), an operator (see operators.py), and values as texts."""

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conditions:
    """All or any of the items must hold; items of a group that is itself an item are conditions only."""

    mode: Mode = "all"
    items: "tuple[Condition | Conditions, ...]" = ()

    @property
    def size(self) -> int:
        """Number of conditions, those in groups included."""
        return sum(item.size if isinstance(item, Conditions) else 1 for item in self.items)


# The fields whose conditions are lists of values, in the order of the sidebar; the last ones are of missed chats.
ListField = Literal["operator", "department", "website", "channel", "country", "rating", "tag", "system", "account"]
QueueField = Literal["assignee", "cause"]
FacetField = ListField | QueueField
LIST_FIELDS: tuple[ListField, ...] = get_args(ListField)
QUEUE_FIELDS: tuple[QueueField, ...] = get_args(QueueField)
LIST_NAMES: tuple[FacetField, ...] = (*LIST_FIELDS, *QUEUE_FIELDS)
# Stands for "no value" among the chosen values of a field; what is stored as tildes alone has one more in a filter.
NO_VALUE = "~"
# Fields that mean nothing without another one.
_DETAILS = {"period": ("first_day", "last_day"), "news": ("since",)}
_TILDES = re.compile("~+")

# What a link asked for and nobody can read: names of parameters with their values.
Unreadable = tuple[tuple[str, tuple[str, ...]], ...]

YesNo = Literal["any", "yes", "no"]
# What has happened to a missed chat since a moment.
News = Literal["any", "missed", "earlier", "came_back", "contacted", "overdue"]


@dataclass(frozen=True)
class ChatFilter:
    """All conditions that a chat must meet, in the order in which they are told; an empty one is met by every chat."""

    category: Category = "all"
    period: Period = "any"
    first_day: date | None = None
    last_day: date | None = None
    country: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    website: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    rating: tuple[str, ...] = ()
    system: tuple[str, ...] = ()
    account: tuple[str, ...] = ()
    waited_longer_than_s: int | None = None
    email: YesNo = "any"
    reply: YesNo = "any"
    queue: QueuePart = "any"
    assignee: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    repeated: YesNo = "any"
    news: News = "any"
    since: datetime | None = None
    # Names of the list fields above whose chosen values are left out instead of shown.
    excluded: tuple[str, ...] = ()
    conditions: Conditions | None = None
    words: str = ""
    # No chat meets what cannot be read.
    unreadable: Unreadable = ()

    def __post_init__(self) -> None:
        # Leaving out nothing means nothing; so filters that mean the same are equal.
        named = tuple(name for name in LIST_NAMES if name in self.excluded and getattr(self, name))
        object.__setattr__(self, "excluded", named)

    def only(self, name: str, *values: str) -> "ChatFilter":
        """The same filter, with these values of a list field shown, and no others."""
        shown: dict[str, Any] = {name: values}
        return replace(self.without(name), **shown)

    def without(self, *names: str) -> "ChatFilter":
        """The same filter with the named fields, and what says more about them, as in an empty one."""
        gone = [each for name in names for each in (name, *_DETAILS.get(name, ()))]
        return replace(self, **{name: getattr(EMPTY, name) for name in gone})

    def also(self, *conditions: Condition) -> "ChatFilter":
        """The same filter, with conditions that a chat must meet beside those that are set."""
        if not conditions:
            return self
        return replace(self, conditions=_both(self.conditions, conditions))

    @property
    def is_empty(self) -> bool:
        """Whether nothing but the category is set."""
        return all(getattr(self, field.name) == field.default for field in fields(self) if field.name != "category")


def _both(given: Conditions | None, more: tuple[Condition, ...]) -> Conditions:
    if given is None:
        return Conditions("all", more)
    if given.mode == "all":
        return replace(given, items=(*given.items, *more))
    if not any(isinstance(item, Conditions) for item in given.items):
        return Conditions("all", (given, *more))
    # A group in a group holds no third one: all of them hold with each of those of which any must.
    ways: list[tuple[Condition | Conditions, ...]] = []
    for item in given.items:
        if isinstance(item, Condition):
            ways.append((item,))
        elif item.mode == "all":
            ways.append(item.items)
        else:
            ways += [(each,) for each in item.items]
    return Conditions("any", tuple(Conditions("all", (*way, *more)) for way in ways))


def as_chosen(stored: str | None) -> str:
    """How a filter names what is stored in a field."""
    if stored is None:
        return NO_VALUE
    return stored + NO_VALUE if _TILDES.fullmatch(stored) else stored


def as_stored(value: str) -> str | None:
    """What a value of a filter means in the store: the contrary of `as_chosen`."""
    if value == NO_VALUE:
        return None
    return value[:-1] if _TILDES.fullmatch(value) else value


EMPTY = ChatFilter()
