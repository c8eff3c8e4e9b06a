"""The chats in pandas: sorted by start, categoricals for what repeats, lists of values as rows of their own.

What is counted is counted with NumPy in the categoricals' codes: pandas takes several times as long.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.peers.answer import LISTED, SEVERAL, SINGLE, Answer, Wanted, category_counts_of, facet_of
from benchmarks.peers.chats import UNKNOWN_START, Chats, microsecond, microseconds
from lib.chats.categories import Category
from lib.chats.facets import Facet
from lib.chats.filter.filter import ListField
from lib.chats.listing import PAGE_SIZE


@dataclass(frozen=True)
class _Coded:
    """Values as places in a list of names; -1 is none. Of lists, `rows` says of which row each value is, rising."""

    names: list[str]
    codes: np.ndarray
    rows: np.ndarray | None = None

    def code(self, name: str) -> int:
        """The place of a name; of one that no chat has, a place that no chat has."""
        return self.names.index(name) if name in self.names else len(self.names)


@dataclass(frozen=True)
class _Found:
    """The rows of a filter: a part of the frame, since it is sorted by start, and which of that part; None: all."""

    part: slice
    mask: np.ndarray | None

    def of(self, values: np.ndarray) -> np.ndarray:
        """What the rows have of a column."""
        part: np.ndarray = values[self.part]
        return part if self.mask is None else part[self.mask]

    def of_lists(self, coded: _Coded) -> np.ndarray:
        """The codes of all values that the rows have."""
        assert coded.rows is not None
        part = slice(*np.searchsorted(coded.rows, [self.part.start, self.part.stop]))
        if self.mask is None:
            return coded.codes[part]
        codes: np.ndarray = coded.codes[part][self.mask[coded.rows[part] - self.part.start]]
        return codes


class PandasPeer:
    """A frame in memory."""

    name = "pandas"
    version = pd.__version__

    def __init__(self, chats: Chats) -> None:
        """Makes the frame and the codes."""
        self._coded = {name: _single(chats.table[name]) for name in ("status", *SINGLE.values())}
        self._several = {name: _lists(chats.table[name]) for name in SEVERAL.values()}
        self._without = {
            name: pc.equal(pc.list_value_length(chats.table[name]), 0).to_numpy() for name in SEVERAL.values()
        }
        self._frame = pd.DataFrame({name: self._column(chats.table[name], name) for name in LISTED})
        self._monitored = self._frame["monitored"].to_numpy()
        self._starts = microseconds(chats.table["started_at"])
        self._calendar = chats.calendar

    def _column(self, values: pa.ChunkedArray, name: str) -> Any:
        if name in self._coded and pa.types.is_string(values.type):
            coded = self._coded[name]
            return pd.Categorical.from_codes(coded.codes, categories=pd.Index(coded.names))
        return values.to_pandas()

    def answer(self, wanted: Wanted) -> Answer:
        """The screen of a filter."""
        found = self._found(wanted)
        starts = found.of(self._starts)
        all_days = self._calendar.counts(self._starts)
        return Answer(
            self._categories(self._found(replace(wanted, status=None))),
            self._frame.iloc[self._page(found)],
            {name: self._facet(name, wanted, found) for name in (*SINGLE, *SEVERAL)},
            all_days if wanted.is_everything else self._calendar.counts(starts),
            int(np.searchsorted(starts, UNKNOWN_START, side="right")),
            all_days,
        )

    def close(self) -> None:
        """Nothing is open."""

    def _found(self, wanted: Wanted) -> _Found:
        first = np.searchsorted(self._starts, microsecond(wanted.first)) if wanted.first else 0
        end = np.searchsorted(self._starts, microsecond(wanted.end)) if wanted.end else len(self._starts)
        part = slice(int(first), int(end))
        masks = list(self._masks(wanted, part))
        return _Found(part, np.logical_and.reduce(masks) if masks else None)

    def _masks(self, wanted: Wanted, part: slice) -> Iterable[np.ndarray]:
        for name, value in (("status", wanted.status), (SINGLE["country"], wanted.country)):
            if value is not None:
                yield self._coded[name].codes[part] == self._coded[name].code(value)
        if wanted.operator is not None:
            served = self._several[SEVERAL["operator"]]
            assert served.rows is not None
            mask = np.zeros(len(self._starts), dtype=bool)
            mask[served.rows[served.codes == served.code(wanted.operator)]] = True
            yield mask[part]

    def _categories(self, found: _Found) -> dict[Category, int]:
        status, monitored = self._coded["status"], found.of(self._monitored)
        codes = found.of(status.codes)
        return category_counts_of(
            (name, flag, int(np.count_nonzero((codes == place) & (monitored == flag))))
            for place, name in enumerate(status.names)
            for flag in (False, True)
        )

    def _page(self, found: _Found) -> np.ndarray:
        rows = np.arange(found.part.start, found.part.stop) if found.mask is None else np.flatnonzero(found.mask)
        return (rows if found.mask is None else rows + found.part.start)[: -PAGE_SIZE - 1 : -1]

    def _facet(self, name: ListField, wanted: Wanted, found: _Found) -> Facet:
        if wanted.chosen(name) is not None:
            found = self._found(wanted.without(name))
        if name in SINGLE:
            coded = self._coded[SINGLE[name]]
            counts = _counted(coded, found.of(coded.codes))
            chats = sum(counts.values())
        else:
            coded, without = self._several[SEVERAL[name]], found.of(self._without[SEVERAL[name]])
            counts = _counted(coded, found.of_lists(coded)) | {None: int(np.count_nonzero(without))}
            chats = len(without)
        return facet_of(counts, chats, wanted.chosen(name))


def _counted(coded: _Coded, codes: np.ndarray) -> dict[str | None, int]:
    # To compare all codes with one of them is so quick that doing it for each of a few dozen beats any table of counts.
    counts: dict[str | None, int] = {
        name: int(np.count_nonzero(codes == place)) for place, name in enumerate(coded.names)
    }
    return counts | {None: len(codes) - sum(counts.values())}


def _single(values: pa.ChunkedArray) -> _Coded:
    coded = pd.Categorical(values.cast(pa.string()).to_pandas())
    return _Coded(list(coded.categories), np.asarray(coded.codes))


def _lists(lists: pa.ChunkedArray) -> _Coded:
    joined = lists.combine_chunks()
    coded = _single(pa.chunked_array([joined.flatten()]))
    return replace(coded, rows=pc.list_parent_indices(joined).to_numpy())
