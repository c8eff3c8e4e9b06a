"""What SQLite and PostgreSQL have in common: a table of chats, its indexes, and the queries.

Values are counted by groups of several columns at once, in the order of an index or by hashing: there are a few hundred
groups, and the number of each value is a sum of theirs. A list of values is a column as well: those of most chats are
the same as those of many others.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.peers.answer import LISTED, SEVERAL, SINGLE, Answer, Wanted, category_counts_of, facet_of
from benchmarks.peers.chats import Calendar
from lib.chats.facets import Facet
from lib.chats.filter.filter import ListField
from lib.chats.listing import PAGE_SIZE

Rows = list[tuple[Any, ...]]
ROWS_AT_ONCE = 20_000

COUNTRY, OPERATORS = SINGLE["country"], SEVERAL["operator"]
# What is counted together: with what the tabs show, and the rest.
_WITH_TABS: tuple[ListField, ...] = ("department", "website", "channel")
TAB_GROUPS = ("status", "monitored", *(SINGLE[name] for name in _WITH_TABS))
OTHER_GROUPS = ("status", *(column for name, column in SINGLE.items() if name not in _WITH_TABS))
LIST_GROUPS = {name: ("status", column) for name, column in SEVERAL.items()}

# `{last}` is how the database is told that chats without a start come last.
INDEXES = {
    "by_start": "started_at DESC{last}, id",
    "by_status": "status, started_at DESC{last}, id",
    "by_country": f"{COUNTRY}, started_at DESC{{last}}, id, status, {OPERATORS}",
    "by_tab_groups": ", ".join(TAB_GROUPS),
    "by_other_groups": ", ".join(OTHER_GROUPS),
    **{f"by_{columns[-1]}": ", ".join(columns) for columns in LIST_GROUPS.values()},
}


class SqlPeer(ABC):
    """A database that is asked; `_served` is how it finds the chats of an operator: what is joined, and a condition."""

    name: str
    version: str
    _served: tuple[str, str]
    _calendar: Calendar

    @abstractmethod
    def close(self) -> None:
        """Closes the database and removes it."""

    @abstractmethod
    def _rows(self, sql: str, values: dict[str, Any]) -> Rows:
        """The rows of a query, in which values stand as `:name`."""

    @abstractmethod
    def _values_in(self, stored: Any) -> Sequence[str]:
        """The values of a list as it is stored."""

    def answer(self, wanted: Wanted) -> Answer:
        """The screen of a filter."""
        of_all_tabs = self._groups(TAB_GROUPS, replace(wanted, status=None))
        all_days, all_unknown = self._days(Wanted())
        days, unknown = (all_days, all_unknown) if wanted.is_everything else self._days(wanted)
        return Answer(
            category_counts_of((row[0], bool(row[1]), row[-1]) for row in of_all_tabs),
            self._page(wanted),
            self._facets(wanted, [row for row in of_all_tabs if wanted.status in (None, row[0])]),
            days,
            unknown,
            all_days,
        )

    def _days(self, wanted: Wanted) -> tuple[dict[int, int], int]:
        """Number of wanted chats by day of the zone, counted since 1970, and of those without a start."""
        if wanted.operator is None and wanted.country is None:
            return self._days_by_index(wanted)
        # No index has these chats in the order of their starts, and they are few.
        rows = self._rows(f"SELECT started_at FROM {self._source(wanted)}", vars(wanted))
        starts = [start for (start,) in rows]
        known = np.array([start for start in starts if start is not None], dtype="datetime64[us]").astype("int64")
        return self._calendar.counts(np.sort(known)), len(starts) - len(known)

    def _days_by_index(self, wanted: Wanted) -> tuple[dict[int, int], int]:
        """Counts each day's stretch of an index, which takes half the time of grouping all chats by day."""
        chats = f"SELECT count(*) FROM chats WHERE {'' if wanted.status is None else 'status = :status AND'}"
        of_a_day = f"{chats} started_at >= begins AND started_at < ends"
        in_period = "begins >= coalesce(:first, begins) AND ends <= coalesce(:end, ends)"
        rows = self._rows(f"SELECT day, ({of_a_day}) FROM days WHERE {in_period}", vars(wanted))
        has_period = wanted.first is not None or wanted.end is not None
        ((unknown,),) = [(0,)] if has_period else self._rows(f"{chats} started_at IS NULL", vars(wanted))
        return {day: n for day, n in rows if n}, unknown

    def _page(self, wanted: Wanted) -> Rows:
        order = f"ORDER BY started_at DESC NULLS LAST, id LIMIT {PAGE_SIZE}"
        return self._rows(f"SELECT {', '.join(LISTED)} FROM {self._source(wanted)} {order}", vars(wanted))

    def _facets(self, wanted: Wanted, tab_groups: Rows) -> dict[ListField, Facet]:
        together = _sums(TAB_GROUPS, tab_groups) | _sums(OTHER_GROUPS, self._groups(OTHER_GROUPS, wanted))
        facets = {}
        for name, column in SINGLE.items():
            counts = together[column] if wanted.chosen(name) is None else self._counts(column, wanted.without(name))
            texts = {None if value is None else str(value): n for value, n in counts.items()}
            facets[name] = facet_of(texts, counts.total(), wanted.chosen(name))
        for name, columns in LIST_GROUPS.items():
            groups = self._groups(columns, wanted.without(name))
            facets[name] = facet_of(self._unfolded(groups), sum(row[-1] for row in groups), wanted.chosen(name))
        return facets

    def _unfolded(self, groups: Rows) -> Counter[str | None]:
        """The number of chats with each value of a list, and with none."""
        counts: Counter[str | None] = Counter()
        for *_, stored, n in groups:
            values: Sequence[str | None] = self._values_in(stored) or (None,)
            for value in values:
                counts[value] += n
        return counts

    def _counts(self, column: str, wanted: Wanted) -> Counter[Any]:
        """The number of wanted chats with each value of a column."""
        return _sums((column,), self._groups((column,), wanted))[column]

    def _groups(self, columns: Sequence[str], wanted: Wanted) -> Rows:
        """The columns' values and the number of wanted chats with them."""
        named = ", ".join(columns)
        sql = f"SELECT {named}, count(*) FROM {self._source(wanted)} GROUP BY {named}"
        return self._rows(sql, vars(wanted))

    def _source(self, wanted: Wanted) -> str:
        """The wanted chats, as what stands between FROM and GROUP BY."""
        joined, served = ("", "") if wanted.operator is None else self._served
        known = {
            "status = :status": wanted.status,
            "started_at >= :first": wanted.first,
            "started_at < :end": wanted.end,
            f"{COUNTRY} = :country": wanted.country,
            served: wanted.operator,
        }
        said = " AND ".join(sql for sql, value in known.items() if value is not None)
        return f"chats {joined} {'WHERE ' + said if said else ''}"


def chat_table(table: pa.Table) -> pa.Table:
    """The table of chats: their places in the order of starts, then what is listed and counted."""
    columns = dict.fromkeys((*LISTED, *SINGLE.values(), *SEVERAL.values()))
    places = {"chat": pa.array(range(len(table)), pa.int32())}
    return pa.table(places | {name: table[name] for name in columns})


def rows_of(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Its rows as Python's values, of which there are never many at once."""
    for batch in table.to_batches(ROWS_AT_ONCE):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def columns_sql(table: pa.Table, types: dict[str, str]) -> str:
    """The columns of a table as they are declared: `types` are by the name of a column, or by that of Arrow's type."""
    return ", ".join(f"{field.name} {types.get(field.name) or types[str(field.type)]}" for field in table.schema)


def _sums(columns: Sequence[str], groups: Rows) -> dict[str, Counter[Any]]:
    """For each column the number of chats with each value."""
    sums: dict[str, Counter[Any]] = {column: Counter() for column in columns}
    for *values, n in groups:
        for column, value in zip(columns, values, strict=True):
            sums[column][value] += n
    return sums
