"""Figures of the chats of a filter's days, and of as many on the same weekdays before them.

Each figure is of the chats that one more filter finds, its part: their number, a share that they are, or a value of
theirs. So each opens exactly the rows that it counts (`rows_of`), and counts them by the SQL that lists them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from lib.chats.causes import AVOIDABLE
from lib.chats.clock import Clock
from lib.chats.filter.filter import EMPTY, ChatFilter, Condition, Conditions
from lib.chats.filter.matching import matching
from lib.chats.filter.sql import Clause, clauses
from lib.missed.figures import Reading
from lib.missed.spans import Span, closed, is_now_sql, span_of, within
from lib.store import Row, Store

FigureCode = Literal[
    "chats", "missed_rate", "wait", "wait_90", "wait_95", "in_time", "duration", "messages", "reopened",
    "rating", "rated", "low", "commented", "alone",
]  # fmt: skip
FIGURE_CODES: tuple[FigureCode, ...] = get_args(FigureCode)
Part = Literal[
    "chats", "missed", "avoidable", "answered", "in_time", "lasted", "reopened", "rated", "low", "commented", "alone"
]
PARTS: tuple[Part, ...] = get_args(Part)
Unit = Literal["chats", "share", "seconds", "number"]

# A wait within which an answer came in time, in seconds.
TARGETS_S = (15, 30, 60, 120, 300, 600)
TARGET_S = 60
LOW_RATING = 2


@dataclass(frozen=True)
class Figure:
    """The part that a figure is of, and whether more of it is better (None: neither).

    It is the number of its chats; the share that they are of the part `per`; or, of the column `of` over them, the
    quantile or the average.
    """

    part: Part
    unit: Unit
    per: Part | None = None
    of: str = ""
    quantile: float | None = None
    more_is_better: bool | None = None


FIGURES: Mapping[FigureCode, Figure] = {
    "chats": Figure("chats", "chats"),
    "missed_rate": Figure("missed", "share", per="chats", more_is_better=False),
    "wait": Figure("answered", "seconds", of="wait_s", quantile=0.5, more_is_better=False),
    "wait_90": Figure("answered", "seconds", of="wait_s", quantile=0.9, more_is_better=False),
    "wait_95": Figure("answered", "seconds", of="wait_s", quantile=0.95, more_is_better=False),
    "in_time": Figure("in_time", "share", per="answered", more_is_better=True),
    "duration": Figure("lasted", "seconds", of="duration_s", quantile=0.5),
    "messages": Figure("chats", "number", of="message_count"),
    "reopened": Figure("reopened", "share", per="chats", more_is_better=False),
    "rating": Figure("rated", "number", of="rating", more_is_better=True),
    "rated": Figure("rated", "share", per="chats"),
    "low": Figure("low", "share", per="rated", more_is_better=False),
    "commented": Figure("commented", "share", per="rated"),
    "alone": Figure("alone", "share", per="chats"),
}


@dataclass(frozen=True)
class Tally:
    """The number of chats of each part, and the value of each figure that has one (None where no chat has it)."""

    counts: Mapping[Part, int]
    values: Mapping[FigureCode, float | None]


# Those of the same column are found together: to sort its values takes longer than all else.
QUANTILES: dict[tuple[Part, str], list[FigureCode]] = {}
for _code, _figure in FIGURES.items():
    if _figure.quantile is not None:
        QUANTILES.setdefault((_figure.part, _figure.of), []).append(_code)

NOTHING = Tally(dict.fromkeys(PARTS, 0), {})
Tallies = dict[tuple[Any, bool], Tally]


@dataclass(frozen=True)
class Figures:
    """What was counted within the days, and in as many before; both without days for chats without a start."""

    now: Tally
    before: Tally | None
    span: Span | None


def read(code: FigureCode, tally: Tally) -> Reading:
    """A figure, as a tally has it; `of` is the number of chats that its share or value is of."""
    figure = FIGURES[code]
    counted = tally.counts[figure.part]
    if figure.unit == "chats":
        return Reading(counted, counted, None)
    if figure.per is None:
        return Reading(tally.values.get(code), counted, counted)
    of = tally.counts[figure.per]
    return Reading(counted / of if of else None, counted, of)


def figures(store: Store, chosen: ChatFilter, target_s: int, clock: Clock, *, worked: bool = False) -> Figures:
    """All figures of a filter's days, and of as many before; `worked`: waits of chats that began in working hours."""
    span = span_of(chosen, clock)
    found = tallies(store, chosen, target_s, clock, "NULL", worked=worked)
    return Figures(found.get((None, True), NOTHING), found.get((None, False), NOTHING) if span else None, span)


def tallies(
    store: Store,
    chosen: ChatFilter,
    target_s: int,
    clock: Clock,
    bucket: str,
    *,
    with_values: bool = True,
    worked: bool = False,
) -> Tallies:
    """What was counted by the value of `bucket` (SQL over the chats), and whether it is of the days themselves."""
    span = span_of(chosen, clock)
    base = within(chosen, Span(span.before.first, span.last)) if span else chosen
    found = matching(store, base, clock)
    parts = {part: _own_clause(part, target_s, clock, worked=worked) for part in PARTS}
    columns = [f"count(*) FILTER ({clause.sql}) AS part_{part}" for part, clause in parts.items()]
    if with_values:
        columns += [
            f"avg({figure.of}) FILTER ({parts[figure.part].sql}) AS value_{code}"
            for code, figure in FIGURES.items()
            if figure.of and figure.quantile is None
        ]
        columns += [
            f"quantile_cont({column}, {[FIGURES[code].quantile for code in codes]})"
            f" FILTER ({parts[part].sql}) AS quantiles_{column}"
            for (part, column), codes in QUANTILES.items()
        ]
    inner = found.select(f"*, {is_now_sql(span, clock)} AS is_now, {bucket} AS bucket", "AND is_now IS NOT NULL")
    sql = f"SELECT bucket, is_now, {', '.join(columns)} FROM ({inner}) GROUP BY bucket, is_now"
    params = found.params | {name: value for clause in parts.values() for name, value in clause.params.items()}
    return {(row["bucket"], bool(row["is_now"])): _tally(row) for row in store.read(sql, params, found.tables)}


def _tally(row: Row) -> Tally:
    values = {code: row[f"value_{code}"] for code in FIGURES if f"value_{code}" in row}
    for (_part, column), codes in QUANTILES.items():
        values |= zip(codes, row.get(f"quantiles_{column}") or [None] * len(codes), strict=True)
    return Tally({part: row[f"part_{part}"] for part in PARTS}, values)


def rows_of(code: FigureCode, chosen: ChatFilter, target_s: int, clock: Clock, *, worked: bool = False) -> ChatFilter:
    """The filter that finds exactly the chats that a figure counts, in its days."""
    return rows_of_part(FIGURES[code].part, chosen, target_s, clock, worked=worked)


def rows_of_part(name: Part, chosen: ChatFilter, target_s: int, clock: Clock, *, worked: bool = False) -> ChatFilter:
    """The filter that finds the chats of a part, in its days."""
    part = part_filter(name, target_s, worked=worked)
    items = part.conditions.items if part.conditions else ()
    whole = closed(chosen, clock)
    return replace(whole.also(*(item for item in items if isinstance(item, Condition))), category=part.category)


def part_filter(part: Part, target_s: int, *, worked: bool = False) -> ChatFilter:
    """What a chat of this part meets beside the filter; those with a wait, where `worked`, by when they began."""
    if part in ("missed", "reopened"):
        return ChatFilter(category=part)
    # Who was missed waited for nobody's answer; where no operator is named, a wait may be the one until the end.
    answered = (
        Condition("wait", "filled"),
        Condition("status", "not", ("missed",)),
        Condition("operator", "filled"),
        *([Condition("start", "worked")] if worked else []),
    )
    conditions: Mapping[Part, tuple[Condition, ...]] = {
        "avoidable": (Condition("status", "is", ("missed",)), Condition("cause", "any", AVOIDABLE)),
        "answered": answered,
        "in_time": (*answered, Condition("wait", "most", (str(target_s),))),
        "lasted": (Condition("duration", "filled"),),
        "rated": (Condition("rating", "filled"),),
        "low": (Condition("rating", "most", (str(LOW_RATING),)),),
        "alone": (Condition("status", "is", ("completed",)), Condition("operator", "empty")),
        "commented": (Condition("rating", "filled"), Condition("comment", "filled")),
    }
    return replace(EMPTY, conditions=Conditions("all", conditions[part])) if part in conditions else EMPTY


def _own_clause(part: Part, target_s: int, clock: Clock, *, worked: bool) -> Clause:
    """The part in SQL, with names of values that no other part has."""
    found = clauses(part_filter(part, target_s, worked=worked), clock).values()
    sql = " AND ".join(["TRUE", *(re.sub(r"\$(\w+)", rf"${part}_\1", clause.sql) for clause in found)])
    return Clause(sql, {f"{part}_{name}": value for clause in found for name, value in clause.params.items()})
