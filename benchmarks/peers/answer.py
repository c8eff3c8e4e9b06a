"""What a screen asks in plain values, and what whoever is asked answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from lib.chats.categories import CATEGORIES, Category
from lib.chats.clock import Clock
from lib.chats.columns import COLUMNS, FIELDS
from lib.chats.facets import MOST, Facet
from lib.chats.filter.filter import LIST_FIELDS, NO_VALUE, ChatFilter, ListField, as_chosen, as_stored
from lib.chats.filter.parts import days_of

# The list's columns, then what each list of the sidebar counts: a column with one value, or with several.
LISTED = ("id", "system", "monitored", *(column.name for column in COLUMNS if column.width))
SINGLE: dict[ListField, str] = {name: FIELDS[name].sql for name in LIST_FIELDS if FIELDS[name].kind != "list"}
SEVERAL: dict[ListField, str] = {name: FIELDS[name].sql for name in LIST_FIELDS if FIELDS[name].kind == "list"}

Counts = Mapping[str | None, int]


@dataclass(frozen=True)
class Wanted:
    """What a filter says, None where it says nothing; times are naive UTC, from `first` to before `end`."""

    status: str | None = None
    first: datetime | None = None
    end: datetime | None = None
    operator: str | None = None
    country: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether every chat is wanted."""
        return self == Wanted()

    def chosen(self, name: ListField) -> str | None:
        """What is chosen in a list of the sidebar."""
        return {"operator": self.operator, "country": self.country}.get(name)

    def without(self, name: ListField) -> "Wanted":
        """The same with nothing chosen in a list of the sidebar."""
        return self if self.chosen(name) is None else replace(self, **{name: None})


@dataclass(frozen=True)
class Answer:
    """All that the screen shows.

    `counts` is by category, the filter's own left out; `page` the rows of the list's first page, in the form in which
    whoever is asked gives them. `days` and `all_days` are the numbers of wanted chats and of all chats by day of the
    zone (counted since 1970; no day has none), `unknown` that of the wanted chats without a start.
    """

    counts: Mapping[Category, int]
    page: Any
    facets: Mapping[ListField, Facet]
    days: Mapping[int, int]
    unknown: int
    all_days: Mapping[int, int]


class MissingPeerError(Exception):
    """A peer cannot be made on this machine."""


class Peer(Protocol):
    """One that holds the same chats as the product."""

    name: str
    version: str

    def answer(self, wanted: Wanted) -> Answer:
        """The screen of a filter."""

    def close(self) -> None:
        """Gives back what it holds."""


def plain(chosen: ChatFilter, clock: Clock) -> Wanted:
    """What a filter of a category, a period, an operator and a country says."""
    first, last = days_of(chosen, clock)
    return Wanted(
        status=None if chosen.category == "all" else chosen.category,
        first=clock.start_of(first) if first else None,
        end=clock.end_of(last) if last else None,
        operator=next(iter(chosen.operator), None),
        country=next(iter(chosen.country), None),
    )


def facet_of(counts: Counts, chats: int, chosen: str | None) -> Facet:
    """The facet of a list: `counts` of every value that a chat has (None: no value), of so many `chats`."""
    known = sorted((value for value in counts if value is not None and counts[value]), key=lambda v: (-counts[v], v))
    kept: set[str | None] = {*known[:MOST], None}
    if chosen is not None:
        kept.add(as_stored(chosen))
    shown = {value: n for value, n in counts.items() if n and value in kept}
    ordered = sorted(shown, key=lambda value: (-shown[value], value is None, value or ""))
    values = {as_chosen(value): shown[value] for value in ordered}
    values |= {name: 0 for name in (chosen, NO_VALUE) if name is not None and name not in values}
    return Facet(tuple(values.items()), len(known) - len(shown.keys() - {None}), chats)


def category_counts_of(rows: Iterable[tuple[str, bool, int]]) -> dict[Category, int]:
    """Number of chats of each category, from those of each status, monitored or not."""
    counts: dict[Category, int] = dict.fromkeys(CATEGORIES, 0)
    for status, monitored, n in rows:
        counts["all"] += n
        counts[status] += n  # type: ignore[index]
        counts["monitored"] += n if monitored else 0
    return counts
