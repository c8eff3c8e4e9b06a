"""Figures on missed chats for a filter's days, and for as many on the same weekdays before them.

Each figure is the number of chats in a part of the missed ones, or that number in relation to another; so each one
opens the rows that it counts (`rows_of`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import Matching, matching
from lib.chats.filter.sql import Clause, clauses
from lib.chats.states import QUEUE_SQL, QueuePart
from lib.missed.spans import Span, closed, is_now_sql, span_of, within
from lib.store import Store

FigureCode = Literal["missed", "missed_rate", "reachable", "contact_time", "contacted", "recovered", "came_back"]
FIGURE_CODES: tuple[FigureCode, ...] = get_args(FigureCode)
# A number of chats, a share of them, a time, or another number.
Unit = Literal["chats", "share", "seconds", "number"]

Part = Literal["missed", "reachable", "reached", "recovered", "came_back", "overdue"]
PARTS: Mapping[Part, QueuePart] = {
    "missed": "any",
    "reachable": "reachable",
    "reached": "reached",
    "recovered": "recovered",
    "came_back": "came_back",
    "overdue": "overdue",
}

# A share of fewer chats than this says little.
FEW = 10

# What only a missed chat can have: these narrow the missed chats, and not the chats among which they are counted.
LEDGER_FIELDS = ("assignee", "cause", "repeated")
# Which rows of the page are shown: its figures are of all of them.
SHOWN_FIELDS = ("queue", "news", "since")


@dataclass(frozen=True)
class Tally:
    """Numbers of missed chats by part, and of all chats among which they are.

    `overdue` ones wait still; `contact_s` is the median of the seconds from a chat's start to the first contact.
    """

    chats: int = 0
    missed: int = 0
    reachable: int = 0
    reached: int = 0
    recovered: int = 0
    came_back: int = 0
    contact_s: float | None = None
    overdue: int = 0


@dataclass(frozen=True)
class Figure:
    """The part that a figure counts; what that is divided by; whether more of it is better (None: neither)."""

    part: Part
    per: Part | Literal["chats"] | None = None
    is_time: bool = False
    more_is_better: bool | None = None

    @property
    def unit(self) -> Unit:
        """What it is measured in."""
        if self.is_time:
            return "seconds"
        return "share" if self.per else "chats"


FIGURES: Mapping[FigureCode, Figure] = {
    "missed": Figure("missed", more_is_better=False),
    "missed_rate": Figure("missed", per="chats", more_is_better=False),
    "reachable": Figure("reachable", per="missed"),
    "contact_time": Figure("reached", per="reached", is_time=True, more_is_better=False),
    "contacted": Figure("reached", per="missed", more_is_better=True),
    "recovered": Figure("recovered", per="reached", more_is_better=True),
    "came_back": Figure("came_back", per="missed", more_is_better=True),
}


@dataclass(frozen=True)
class Reading:
    """A figure in numbers: a count, a share (1 is the whole) or seconds; `of` is how many chats it is a share of.

    `value` is None where it is a share of nothing.
    """

    value: float | None
    counted: int
    of: int | None

    @property
    def is_small(self) -> bool:
        """Whether the figure is a share of so few chats that it says little."""
        return self.of is not None and self.of < FEW


@dataclass(frozen=True)
class Figures:
    """What was counted within the days, and in as many before; both without days for chats without a start."""

    now: Tally
    before: Tally | None
    span: Span | None


def read(code: FigureCode, tally: Tally) -> Reading:
    """A figure, as a tally has it."""
    figure = FIGURES[code]
    counted: int = getattr(tally, figure.part)
    if figure.per is None:
        return Reading(counted, counted, None)
    of: int = getattr(tally, figure.per)
    value = tally.contact_s if figure.is_time else counted / of if of else None
    return Reading(value, counted, of)


def change(now: Reading, before: Reading | None) -> float | None:
    """How much more a figure is than in the days before, in its own unit; None where either is unknown."""
    was = before.value if before else None
    return None if now.value is None or was is None else now.value - was


def figures(store: Store, chosen: ChatFilter, clock: Clock) -> Figures:
    """All figures of a filter's days, and of as many before; which part of the queue is shown does not matter."""
    span = span_of(chosen, clock)
    base = base_of(chosen, span)
    found = matching(store, base, clock)
    sql = f"SELECT is_now, {tallied(chosen, clock).sql} FROM ({selected(found, span, 'NULL', clock)}) GROUP BY is_now"
    rows = store.read(sql, params_of(found, chosen, clock), found.tables)
    tallies = {row.pop("is_now"): Tally(**row) for row in rows}
    return Figures(tallies.get(True, Tally()), tallies.get(False, Tally()) if span else None, span)


def rows_of(code: FigureCode, chosen: ChatFilter, clock: Clock) -> ChatFilter:
    """The filter that finds exactly the missed chats that a figure counts."""
    missed = replace(closed(chosen, clock).without(*SHOWN_FIELDS), category="missed")
    return replace(missed, queue=PARTS[FIGURES[code].part])


def chats_among(chosen: ChatFilter, clock: Clock) -> ChatFilter:
    """The filter that finds all chats of which the missed rate is a share."""
    return closed(chosen, clock).without("category", *SHOWN_FIELDS, *LEDGER_FIELDS)


def base_of(chosen: ChatFilter, span: Span | None) -> ChatFilter:
    """The filter for all chats of the days and of those before them."""
    wide = within(chosen, Span(span.before.first, span.last)) if span else chosen
    return wide.without("category", *SHOWN_FIELDS, *LEDGER_FIELDS)


def selected(found: Matching, span: Span | None, group: str, clock: Clock) -> str:
    """A query of the chats with the columns `bucket`, and `is_now`: whether they are of the days themselves."""
    return found.select(f"*, {is_now_sql(span, clock)} AS is_now, {group} AS bucket", "AND is_now IS NOT NULL")


def tallied(chosen: ChatFilter, clock: Clock) -> Clause:
    """The columns that make a Tally."""
    set_ones = [clause for name, clause in clauses(chosen, clock).items() if name in LEDGER_FIELDS]
    missed = " AND ".join(["status = 'missed'", *(clause.sql for clause in set_ones)])
    counts = [f"count(*) FILTER ({missed} AND {QUEUE_SQL[part]}) AS {name}" for name, part in PARTS.items()]
    seconds = "(epoch_us(contacted_at) - epoch_us(started_at)) / 1e6"
    median = f"median({seconds}) FILTER ({missed} AND {QUEUE_SQL['reached']}) AS contact_s"
    params = {"now": clock.now} | {name: value for clause in set_ones for name, value in clause.params.items()}
    return Clause(", ".join(["count(*) AS chats", *counts, median]), params)


def params_of(found: Matching, chosen: ChatFilter, clock: Clock) -> dict[str, Any]:
    """The values that `selected` and `tallied` need."""
    return found.params | tallied(chosen, clock).params
