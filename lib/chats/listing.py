"""The list of chats: sorted in SQL, one page at a time, also while words are searched, and the chats around one."""

from dataclasses import dataclass
from datetime import date
from typing import get_args
from uuid import UUID

import pandas as pd

from lib.chats.clock import Clock
from lib.chats.columns import COLUMNS, FIELDS, SORTS, SortKey
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import Matching, matching
from lib.chats.search.search import word_search
from lib.store import Params, Row, Store

PAGE_SIZE = 100
# Up to here the engine keeps the first rows aside while it reads; beyond, it would sort the whole result.
NEAR_PAGES = 10
# A link may ask for a page beyond what the engine can count.
LAST_PAGE = 10**9

SORT_KEYS: tuple[SortKey, ...] = get_args(SortKey)

# What the list shows of a chat, and by what it is known.
LISTED = ", ".join(
    ["id", "system", f"{FIELDS['monitored'].sql} AS monitored", *(column.name for column in COLUMNS if column.width)]
)


@dataclass(frozen=True)
class Sort:
    """An order of the whole result; chats with an unknown value come last either way, ties are ordered by id."""

    key: SortKey = "start"
    descending: bool = True

    @property
    def sql(self) -> str:
        """The ORDER BY clause."""
        return f"ORDER BY {SORTS[self.key].sql} {'DESC' if self.descending else 'ASC'} NULLS LAST, id"


NEWEST_FIRST = Sort()


@dataclass(frozen=True)
class Neighbours:
    """The chats before and after one in the whole result, and its place in it, counted from 0."""

    previous: UUID | None
    following: UUID | None
    position: int


@dataclass(frozen=True)
class SoFar:
    """The newest chats found by now (PAGE_SIZE at most), how many there are, and the day back to which was searched."""

    chats: pd.DataFrame
    count: int
    searched_back_to: date | None


def chat_page(
    store: Store, chosen: ChatFilter, clock: Clock, sort: Sort, page: int, *, columns: str = LISTED
) -> pd.DataFrame:
    """One page of the list, counted from 1: at most PAGE_SIZE rows of `columns`; times are naive UTC."""
    found = matching(store, chosen, clock)
    # Only the sort's column is read for the whole result, the others for the rows of the page; of what has no index,
    # the place of a row is what the engine finds again fastest (see lib/store/opening.py).
    offset = PAGE_SIZE * (min(max(page, 1), LAST_PAGE) - 1)
    if page > NEAR_PAGES:
        places = ", ".join(map(str, _far_places(store, found, sort, offset))) or "NULL"
        return store.frame(f"SELECT {columns} FROM chats WHERE rowid IN ({places}) {sort.sql}")
    page_sql = found.select("rowid", f"{sort.sql} LIMIT {PAGE_SIZE} OFFSET {offset}")
    sql = f"SELECT {columns} FROM chats WHERE rowid IN ({page_sql}) {sort.sql}"
    return store.frame(sql, found.params, found.tables)


def _far_places(store: Store, found: Matching, sort: Sort, offset: int) -> list[int]:
    """Rowids of a page far down, in bands around the value that it begins with: to sort one band is enough."""
    # The sort value of the row at an offset, found without sorting; None where it is unknown or there is no row.
    key = SORTS[sort.key].sql
    known = int(_ask(store, found, {}, f"count({key}) AS n", "true")[0]["n"])
    if offset >= known:
        value = None
    else:
        share = ((known - 1 - offset if sort.descending else offset) + 0.5) / known
        value = _ask(store, found, {}, f"quantile_disc({key}, {share!r}) AS value", "true")[0]["value"]
    # They part all chats, in the order of the list; without a value the first is all.
    earlier, later = (">", "<") if sort.descending else ("<", ">")
    bands = [
        f"{key} IS NOT NULL AND ($own_value IS NULL OR {key} {earlier} $own_value)",
        f"{key} = $own_value",
        f"{key} {later} $own_value",
        f"{key} IS NULL",
    ]
    params = {"own_value": value}
    sizes = ", ".join(f"count(*) FILTER ({band}) AS band_{n}" for n, band in enumerate(bands))
    counted = store.read(found.select(sizes), found.params | params, found.tables)[0]
    places: list[int] = []
    for band, size in zip(bands, counted.values(), strict=True):
        rest = PAGE_SIZE - len(places)
        if offset < size and rest:
            rows = _ask(store, found, params, "rowid AS place", f"{band} {sort.sql} LIMIT {rest} OFFSET {offset}")
            places += [row["place"] for row in rows]
        offset = max(0, offset - size)
    return places


def so_far(store: Store, chosen: ChatFilter, clock: Clock) -> SoFar:
    """What there is by now of the chats that meet the filter; the day is None before the first slice is read."""
    reached = word_search(store, chosen, clock).progress.searched_back_to
    found = matching(store, chosen, clock, so_far=True)
    count = store.read(found.select("count(*) AS n"), found.params, found.tables)[0]["n"]
    page = store.frame(found.select(LISTED, f"{NEWEST_FIRST.sql} LIMIT {PAGE_SIZE}"), found.params, found.tables)
    return SoFar(page, int(count), reached)


def neighbours(
    store: Store, chosen: ChatFilter, clock: Clock, sort: Sort, chat_id: UUID, *, may_have_left: bool = False
) -> Neighbours | None:
    """Where a chat stands in the result, found by its sort value without reading the list; None if it is not in it.

    With `may_have_left`, a chat that is not in the result any more has the neighbours that it would have in it.
    """
    found = matching(store, chosen, clock)
    key = SORTS[sort.key].sql
    place = Matching("deleted_at IS NULL", {}) if may_have_left else found
    own = store.read(
        place.select(f"{key} AS value", "AND id = $own_id"), place.params | {"own_id": chat_id}, place.tables
    )
    if not own:
        return None
    params = {"own_id": chat_id, "own_value": own[0]["value"]}
    before, after = _sides(key, sort.descending, known=own[0]["value"] is not None)
    back = f"ORDER BY {key} {'ASC' if sort.descending else 'DESC'} NULLS FIRST, id DESC"
    return Neighbours(
        previous=_nearest(store, found, params, before, back),
        following=_nearest(store, found, params, after, sort.sql),
        position=sum(_ask(store, found, params, "count(*) AS n", part)[0]["n"] for part in before),
    )


def _sides(key: str, descending: bool, *, known: bool) -> tuple[list[str], list[str]]:
    """Conditions for the chats before and after one with `$own_value` (unknown values stand last) and `$own_id`.

    Each side is in parts, the nearest first: one comparison is several times as fast as two that are joined by OR.
    """
    if not known:
        return [f"{key} IS NULL AND id < $own_id", f"{key} IS NOT NULL"], [f"{key} IS NULL AND id > $own_id"]
    earlier, later = (">", "<") if descending else ("<", ">")
    before = [f"{key} = $own_value AND id < $own_id", f"{key} {earlier} $own_value"]
    after = [f"{key} = $own_value AND id > $own_id", f"{key} {later} $own_value", f"{key} IS NULL"]
    return before, after


def _nearest(store: Store, found: Matching, params: Params, side: list[str], order: str) -> UUID | None:
    nearest = (_ask(store, found, params, "id", f"{part} {order} LIMIT 1") for part in side)
    return next((rows[0]["id"] for rows in nearest if rows), None)


def _ask(store: Store, found: Matching, params: Params, columns: str, part: str) -> list[Row]:
    named = {name: value for name, value in params.items() if f"${name}" in part}
    return store.read(found.select(columns, f"AND {part}"), found.params | named, found.tables)
