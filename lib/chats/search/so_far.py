"""What a search for words has found while it is still going on."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.listing import LISTED, NEWEST_FIRST, PAGE_SIZE
from lib.chats.search.search import word_search
from lib.store import Store


@dataclass(frozen=True)
class SoFar:
    """The newest chats found by now (PAGE_SIZE at most), how many there are, and the day back to which was searched."""

    chats: pd.DataFrame
    count: int
    searched_back_to: date | None


def so_far(store: Store, chosen: ChatFilter, clock: Clock) -> SoFar:
    """What there is by now of the chats that meet the filter; the day is None before the first slice is read."""
    reached = word_search(store, chosen, clock).progress.searched_back_to
    found = matching(store, chosen, clock, so_far=True)
    count = store.read(found.select("count(*) AS n"), found.params, found.tables)[0]["n"]
    page = store.frame(found.select(LISTED, f"{NEWEST_FIRST.sql} LIMIT {PAGE_SIZE}"), found.params, found.tables)
    return SoFar(page, int(count), reached)
