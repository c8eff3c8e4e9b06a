"""The chats in Polars: sorted by start, enums for what repeats, lists of enums for what a chat has several of."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl

from benchmarks.peers.answer import LISTED, SEVERAL, SINGLE, Answer, Wanted, category_counts_of, facet_of
from benchmarks.peers.chats import UNKNOWN_START, Chats, microsecond, microseconds
from lib.chats.categories import STATUSES, Category
from lib.chats.facets import Facet
from lib.chats.filter.filter import ListField
from lib.chats.listing import PAGE_SIZE

# A row's place in the frame, and its start in microseconds.
PLACE, START = "place", "start_us"
MONITORED = pl.col("monitored")


class PolarsPeer:
    """Two frames in memory with the same rows: what the list shows, and what is asked and counted."""

    name = "Polars"
    version = pl.__version__

    def __init__(self, chats: Chats) -> None:
        """Makes the frames; of the operators there is also one with a row for each."""
        read = pl.DataFrame(chats.table)
        self._listed = read.select(LISTED)
        texts = read.select("status", *(pl.col(column).cast(pl.String) for column in SINGLE.values()))
        enums = {column: _enum(texts[column]) for column in texts.columns}
        lists = {column: pl.List(_enum(read[column].explode(empty_as_null=False))) for column in SEVERAL.values()}
        self._frame = texts.cast(enums).with_columns(  # type: ignore[arg-type]
            read["monitored"],
            *(read[column].cast(kind) for column, kind in lists.items()),
            pl.Series(START, microseconds(chats.table["started_at"])),
            pl.int_range(pl.len(), dtype=pl.UInt32).alias(PLACE),
        )
        self._served = self._frame.select(PLACE, operator=SEVERAL["operator"]).explode("operator", empty_as_null=False)
        self._starts = self._frame[START].to_numpy()
        self._calendar = chats.calendar

    def answer(self, wanted: Wanted) -> Answer:
        """The screen of a filter."""
        found = self._found(wanted, *self._frame.columns)
        all_days = self._calendar.counts(self._starts)
        starts = self._starts if wanted.is_everything else found[START].to_numpy()
        return Answer(
            self._categories(replace(wanted, status=None)),
            self._listed[found[PLACE].tail(PAGE_SIZE).reverse()],
            self._facets(wanted, found),
            all_days if wanted.is_everything else self._calendar.counts(starts),
            int(np.searchsorted(starts, UNKNOWN_START, side="right")),
            all_days,
        )

    def close(self) -> None:
        """Nothing is open."""

    def _found(self, wanted: Wanted, *columns: str) -> pl.DataFrame:
        first = int(np.searchsorted(self._starts, microsecond(wanted.first))) if wanted.first else 0
        end = int(np.searchsorted(self._starts, microsecond(wanted.end))) if wanted.end else len(self._starts)
        frame = self._frame.select({*columns, "status", SINGLE["country"]})
        part = frame.slice(first, end - first)
        if wanted.operator is not None:
            served = self._served.filter(pl.col("operator") == wanted.operator)[PLACE]
            part = frame[served.filter(served.is_between(first, end, closed="left"))]
        return part.lazy().filter(*_conditions(wanted)).select(columns).collect()

    def _categories(self, wanted: Wanted) -> dict[Category, int]:
        found = self._found(wanted, "status", "monitored")
        flags = {flag: MONITORED if flag else ~MONITORED for flag in (False, True)}
        pairs = [(status, flag) for status in STATUSES for flag in flags]
        (numbers,) = found.select(
            ((pl.col("status") == status) & flags[flag]).sum().alias(f"{status} {flag}") for status, flag in pairs
        ).rows()
        return category_counts_of((*pair, n) for pair, n in zip(pairs, numbers, strict=True))

    def _facets(self, wanted: Wanted, found: pl.DataFrame) -> dict[ListField, Facet]:
        usual = [column for name, column in SINGLE.items() if wanted.chosen(name) is None]
        known = _counted(found, usual)
        facets = {}
        for name, column in (SINGLE | SEVERAL).items():
            source = found if wanted.chosen(name) is None else self._found(wanted.without(name), column)
            if name in SEVERAL:
                counts = _counted_lists(source, column)
            else:
                counts = known[column] if column in known else _counted(source, [column])[column]
            facets[name] = facet_of(counts, len(source), wanted.chosen(name))
        return facets


def _conditions(wanted: Wanted) -> Iterator[pl.Expr]:
    if wanted.status is not None:
        yield pl.col("status") == wanted.status
    if wanted.country is not None:
        yield pl.col(SINGLE["country"]) == wanted.country


def _counted(frame: pl.DataFrame, columns: list[str]) -> dict[str, dict[str | None, int]]:
    """For each column the number of rows with each value, and with none."""
    # To compare all codes with one of them is so quick that doing it for each of a few dozen beats any grouping.
    values = [(column, value) for column in columns for value in (*_names(frame[column]), None)]
    (numbers,) = frame.select(
        (pl.col(column).null_count() if value is None else (pl.col(column) == value).sum()).alias(str(place))
        for place, (column, value) in enumerate(values)
    ).rows()
    counts: dict[str, dict[str | None, int]] = {column: {} for column in columns}
    for (column, value), n in zip(values, numbers, strict=True):
        counts[column][value] = n
    return counts


def _counted_lists(frame: pl.DataFrame, column: str) -> dict[str | None, int]:
    lists = frame[column]
    each = lists.explode(empty_as_null=False).to_frame()
    return _counted(each, [column])[column] | {None: int((lists.list.len() == 0).sum())}


def _enum(values: pl.Series) -> pl.Enum:
    return pl.Enum(values.drop_nulls().unique().sort())


def _names(values: pl.Series) -> list[str]:
    assert isinstance(values.dtype, pl.Enum)
    return values.dtype.categories.to_list()
