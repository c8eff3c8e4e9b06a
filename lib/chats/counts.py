"""How many chats there are, by category and by day."""

from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from lib.chats.categories import CATEGORIES, CATEGORY_SQL, Category
from lib.chats.clock import Clock
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.parts import active
from lib.store import Store


def category_counts(store: Store, chosen: ChatFilter, clock: Clock) -> dict[Category, int]:
    """Number of chats of each category that meet all other conditions of the filter."""
    found = matching(store, replace(chosen, category="all"), clock)
    columns = ", ".join(f"count(*) FILTER ({CATEGORY_SQL[name]}) AS {name}_" for name in CATEGORIES)
    row = store.read(found.select(columns), found.params, found.tables)[0]
    return {name: row[f"{name}_"] for name in CATEGORIES}


def total(store: Store, clock: Clock) -> int:
    """Number of all chats that are not deleted."""
    return category_counts(store, EMPTY, clock)["all"]


def loosened(store: Store, chosen: ChatFilter, clock: Clock) -> dict[str, int]:
    """For each condition that is set: number of chats that would match without it; those that help come first."""
    counts = {name: category_counts(store, chosen.without(name), clock)[chosen.category] for name in active(chosen)}
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def daily_counts(store: Store, chosen: ChatFilter, clock: Clock) -> pd.DataFrame:
    """Columns day (of the workspace's zone), status, chats: number of matching chats by day of start and status."""
    found = matching(store, chosen, clock)
    day = "CAST(timezone($zone, timezone('UTC', started_at)) AS DATE)"
    sql = found.select(
        f"{day} AS day, status, count(*) AS chats", "AND started_at IS NOT NULL GROUP BY ALL ORDER BY day, status"
    )
    return store.frame(sql, found.params | {"zone": clock.zone}, found.tables)


@dataclass(frozen=True)
class Freshness:
    """End of the last import and start of the newest chat, naive UTC; None where there is none."""

    last_import: datetime | None
    newest_chat: datetime | None


def freshness(store: Store) -> Freshness:
    """How fresh the data is."""
    row = store.read(
        """SELECT (SELECT max(finished_at) FROM imports) AS last_import,
                  (SELECT max(started_at) FROM chats WHERE deleted_at IS NULL) AS newest_chat"""
    )[0]
    return Freshness(row["last_import"], row["newest_chat"])
