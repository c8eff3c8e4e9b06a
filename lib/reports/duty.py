"""How many of the chats that began while an operator was seen answering were missed.

An operator is seen in each hour of the clock in which they wrote a message of their own, as in the coverage.
"""

from dataclasses import dataclass

from lib.chats.categories import CATEGORY_SQL
from lib.chats.clock import Clock, bucket_sql
from lib.chats.filter.filter import ChatFilter
from lib.chats.filter.matching import matching
from lib.missed.figures import Reading
from lib.missed.spans import within
from lib.reports.coverage import counted_days, ends_of, said_sql
from lib.reports.groups import ONE_HOUR
from lib.store import Store


@dataclass(frozen=True)
class Duty:
    """Chats that began in the hours in which an operator was seen, whoever took them; and those that were missed."""

    chats: int = 0
    missed: int = 0

    @property
    def reading(self) -> Reading:
        """The share of the missed ones."""
        return Reading(self.missed / self.chats if self.chats else None, self.missed, self.chats)


def duty(store: Store, chosen: ChatFilter, clock: Clock) -> dict[str, Duty]:
    """The duty of each operator seen in the days that `counted_days` names.

    A choice of operators does not count: who is missed has mostly none.
    """
    span = counted_days(chosen, clock)
    if span is None:
        return {}
    found = matching(store, within(chosen.without("operator"), span), clock)
    slot = bucket_sql(span.first, span.last, ONE_HOUR, clock)
    counts = f"{slot} AS slot, count(*) AS chats, count(*) FILTER ({CATEGORY_SQL['missed']}) AS missed"
    sql = f"""
WITH {said_sql(found, span, clock)},
begun AS ({found.select(counts, "GROUP BY ALL")}),
seen AS (SELECT DISTINCT who, slot FROM said)
SELECT who, sum(chats)::BIGINT AS chats, sum(missed)::BIGINT AS missed FROM seen JOIN begun USING (slot) GROUP BY who
"""
    rows = store.read(sql, found.params | ends_of(span, clock), found.tables)
    return {row.pop("who"): Duty(**row) for row in rows}
