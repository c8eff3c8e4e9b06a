"""The one place that says which chats are meant: lists, counts, charts and exports all go through `matching`."""

from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from lib.chats.chat_filter import ChatFilter
from lib.chats.clock import Clock
from lib.chats.conditions import CONDITIONS
from lib.chats.word_search import word_hits
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


def matching(store: Store, chosen: ChatFilter, clock: Clock) -> Matching:
    """The chats that meet all conditions of a filter and are not deleted."""
    facts = _conjunction(chosen.without("words"), clock)
    if not chosen.words.strip():
        return facts
    hits = word_hits(store, chosen.words, facts.where, facts.params)
    return replace(_conjunction(chosen, clock), tables={"word_hits": hits})


def _conjunction(chosen: ChatFilter, clock: Clock) -> Matching:
    found = [condition.clause(chosen, clock) for condition in CONDITIONS]
    clauses = [clause for clause in found if clause]
    where = " AND ".join(["deleted_at IS NULL", *(clause.sql for clause in clauses)])
    return Matching(where, {name: value for clause in clauses for name, value in clause.params.items()})
