"""Which chats are meant: one frozen value."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Literal

from lib.chats.categories import Category
from lib.chats.periods import Period
from lib.ledger.states import QueuePart

# Stands for "no value" among the chosen values of a field.
NO_VALUE = "~"

YesNo = Literal["any", "yes", "no"]
# What has happened to a missed chat since a moment.
News = Literal["any", "missed", "came_back", "contacted", "overdue"]


@dataclass(frozen=True)
class ChatFilter:
    """All conditions that a chat must meet; an empty one is met by every chat."""

    category: Category = "all"
    period: Period = "any"
    first_day: date | None = None
    last_day: date | None = None
    operator: tuple[str, ...] = ()
    department: tuple[str, ...] = ()
    website: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    rating: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    waited_longer_than_s: int | None = None
    email: YesNo = "any"
    reply: YesNo = "any"
    queue: QueuePart = "any"
    assignee: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    repeated: YesNo = "any"
    news: News = "any"
    since: datetime | None = None
    words: str = ""

    def without(self, *names: str) -> "ChatFilter":
        """The same filter with the named fields as in an empty one."""
        return replace(self, **{name: getattr(EMPTY, name) for name in names})

    @property
    def is_empty(self) -> bool:
        """Whether nothing but the category is set."""
        return all(getattr(self, field.name) == field.default for field in fields(self) if field.name != "category")


EMPTY = ChatFilter()
