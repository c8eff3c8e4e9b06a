"""The chats that the peers hold, as they are read out of the store, and the days of their zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.peers.answer import LISTED, SEVERAL, SINGLE
from lib.chats.clock import Clock
from lib.chats.columns import BY_NAME

EPOCH = date(1970, 1, 1)
# Stands for the start of a chat that has none where starts are numbers; before all others, as in the table.
UNKNOWN_START = int(np.iinfo("int64").min)


@dataclass(frozen=True)
class Calendar:
    """The days from that of the first chat to that of the last one: `days` as numbers since 1970, and when they begin.

    `begins` are naive UTC moments, one more than there are days: the last one is the end of the last day.
    """

    days: list[int]
    begins: list[datetime]

    @property
    def spans(self) -> Iterator[tuple[int, datetime, datetime]]:
        """Each day, when it begins, and when it ends."""
        return ((day, *span) for day, span in zip(self.days, pairwise(self.begins), strict=True))

    @cached_property
    def bounds(self) -> np.ndarray:
        """The moments as microseconds since 1970."""
        return np.array([microsecond(moment) for moment in self.begins], dtype="int64")

    def counts(self, starts: np.ndarray) -> dict[int, int]:
        """The number of starts in each day that has any; `starts` are microseconds since 1970, rising."""
        numbers = np.diff(np.searchsorted(starts, self.bounds))
        return {self.days[place]: int(numbers[place]) for place in np.flatnonzero(numbers)}


@dataclass(frozen=True)
class Chats:
    """`table` has a row for each chat that is not deleted, in the contrary of the order of the list.

    So those without a start come first, and the newest is the last one. Its columns are those of the list and of the
    sidebar.
    """

    table: pa.Table
    calendar: Calendar


def chats_of(store: Path, clock: Clock) -> Chats:
    """Reads them out of a store that nobody has open."""
    columns = dict.fromkeys((*LISTED, *SINGLE.values(), *SEVERAL.values()))
    written = ", ".join(f"{BY_NAME[name].sql} AS {name}" for name in columns)
    sql = f"SELECT {written} FROM chats WHERE deleted_at IS NULL ORDER BY started_at NULLS FIRST, chats.id DESC"
    with duckdb.connect(str(store), read_only=True) as connection:
        table = connection.sql(f"SELECT * REPLACE (id::VARCHAR AS id) FROM ({sql})").to_arrow_table()
    return Chats(table, _calendar(table["started_at"].drop_null(), clock))


def _calendar(starts: pa.ChunkedArray, clock: Clock) -> Calendar:
    first, last = (clock.local(starts[place].as_py()).date() if len(starts) else clock.today for place in (0, -1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return Calendar([(day - EPOCH).days for day in days], [*map(clock.start_of, days), clock.end_of(last)])


def microsecond(moment: datetime) -> int:
    """A naive UTC moment as microseconds since 1970."""
    return int(np.datetime64(moment, "us").astype("int64"))


def microseconds(starts: pa.ChunkedArray) -> np.ndarray:
    """Starts as microseconds since 1970, or UNKNOWN_START."""
    numbers: np.ndarray = starts.cast(pa.int64()).fill_null(UNKNOWN_START).to_numpy()
    return numbers
