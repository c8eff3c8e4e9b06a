"""The one place that says which chats are meant: lists, counts, charts and exports all go through `matching`."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.sql import clauses
from lib.chats.search.query import parse
from lib.chats.search.search import hits_so_far, word_hits
from lib.store import Store


@dataclass(frozen=True)
class Matching:
    """A relation named `matching`, as the WHERE clause over `chats` with the values and tables that it needs."""

    where: str
    params: dict[str, Any]
    tables: dict[str, pa.Table] = field(default_factory=dict)

    def select(self, columns: str, rest: str = "") -> str:
        """A query of the matching chats; `rest` may hold AND, GROUP BY, ORDER BY and LIMIT."""
        return f"SELECT {columns} FROM chats WHERE {self.where} {rest}"


def matching(
    store: Store, chosen: ChatFilter, clock: Clock, *, deleted: bool | None = False, so_far: bool = False
) -> Matching:
    """The chats that meet all conditions of a filter and are not deleted; with `deleted`, those that are (None: both).

    With `so_far`, only those in which the search for words has found them by now; without, it waits for its end.
    """
    found = clauses(chosen, clock).values()
    standing = "TRUE" if deleted is None else "deleted_at IS NOT NULL" if deleted else "deleted_at IS NULL"
    where = " AND ".join([standing, *(clause.sql for clause in found)])
    params = {name: value for clause in found for name, value in clause.params.items()}
    if not parse(chosen.words).terms:
        return Matching(where, params)
    hits = hits_so_far if so_far else word_hits
    return Matching(where, params, {"word_hits": hits(store, chosen, clock)})
