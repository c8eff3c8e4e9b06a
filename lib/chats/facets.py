"""The values of the filters' lists, each with the number of chats that have it under all other filters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from lib.chats.clock import Clock
from lib.chats.columns import FIELDS
from lib.chats.filter.filter import NO_VALUE, ChatFilter, FacetField, as_chosen, as_stored
from lib.chats.filter.matching import Matching, matching
from lib.chats.filter.sql import no_value_sql
from lib.store import Row, Store

# A list offers no more values than these, but for those that are chosen.
MOST = 200
# The form of the conditions, in which one can type to find a value, offers more.
MOST_OFFERED = 1000


@dataclass(frozen=True)
class Facet:
    """The values of a field as a filter names them, each with its number of chats: the largest first.

    NO_VALUE and the chosen values are among them, with 0 where no chat has them. `others` is the number of values that
    are not; `chats` that of the chats which meet all other conditions. Where a chat has several values it counts for
    each of them; else the numbers of all values add up to `chats`.
    """

    values: tuple[tuple[str, int], ...]
    others: int
    chats: int

    @property
    def names(self) -> list[str]:
        """The values alone."""
        return [value for value, _count in self.values]


def facet(store: Store, chosen: ChatFilter, field_name: FacetField, clock: Clock) -> Facet:
    """The facet of one field."""
    return facets(store, chosen, (field_name,), clock)[field_name]


def facets(store: Store, chosen: ChatFilter, names: Sequence[FacetField], clock: Clock) -> dict[FacetField, Facet]:
    """The facets of several fields, in one query."""
    found = {name: matching(store, chosen.without(name), clock) for name in names}
    # With one alone, a chat that fails no condition but its own would not be known from one that fails none.
    if len(those := _set(chosen, names)) > 1 or (store.confinement and not those):
        plan = _narrowed(those, found)
    else:
        sources = {name: f"chats WHERE {each.where}" for name, each in found.items()}
        plan = _Plan(sources, _params(found), tables=_tables(found))
    counted = " UNION ALL ".join(_counted(name, source) for name, source in plan.sources.items())
    sql = f"""
        WITH {plan.before} counted AS ({counted}),
        ranked AS (
            SELECT *, count(value) OVER own AS known, sum(total) OVER own AS all_chats,
                row_number() OVER (PARTITION BY field ORDER BY value IS NULL, chats DESC, value) AS place
            FROM counted WINDOW own AS (PARTITION BY field)
        )
        SELECT * FROM ranked
        WHERE place <= {MOST} OR value IS NULL OR value IN (SELECT unnest($kept::VARCHAR[]))
        ORDER BY chats DESC, value
    """
    kept = {text for name in names for value in getattr(chosen, name) if (text := as_stored(value)) is not None}
    rows = store.read(sql, plan.params | {"kept": sorted(kept)}, plan.tables)
    of_field: dict[FacetField, list[Row]] = {name: [] for name in names}
    for row in rows:
        of_field[row["field"]].append(row)
    known = {}
    for name, own in of_field.items():
        counts = {as_chosen(row["value"]): int(row["chats"]) for row in own if row["chats"]}
        others = int(own[0]["known"]) - len(counts.keys() - {NO_VALUE}) if own else 0
        absent = [(value, 0) for value in dict.fromkeys((*getattr(chosen, name), NO_VALUE)) if value not in counts]
        known[name] = Facet((*counts.items(), *absent), others, int(own[0]["all_chats"]) if own else 0)
    return known


@dataclass(frozen=True)
class _Plan:
    """For each field the relation of the chats that it counts; `before` is what these relations are made of."""

    sources: Mapping[FacetField, str]
    params: dict[str, Any]
    before: str = ""
    tables: dict[str, pa.Table] = field(default_factory=dict)


def _set(chosen: ChatFilter, names: Iterable[FacetField]) -> list[FacetField]:
    return [name for name in names if getattr(chosen, name)]


def _narrowed(those: Sequence[FacetField], found: Mapping[FacetField, Matching]) -> _Plan:
    """Looks at the chats once that fail one condition at most: measured, twice as fast where two fields are set, and by
    a quarter where whoever asks sees only some chats, which is a condition, too."""
    columns = ", ".join(dict.fromkeys(FIELDS[name].sql for name in found))
    flags = [f"({found[name].where}) IS TRUE AS without_{name}" for name in those]
    wide = " OR ".join(f"({found[name].where})" for name in those or [*found][:1])
    before = f"near AS MATERIALIZED (SELECT {', '.join([columns, *flags])} FROM chats WHERE {wide}),"
    everything = " AND ".join(f"without_{name}" for name in those) or "TRUE"
    sources = {name: f"near WHERE {f'without_{name}' if name in those else everything}" for name in found}
    return _Plan(sources, _params(found), before, _tables(found))


def _params(found: Mapping[FacetField, Matching]) -> dict[str, Any]:
    return {name: value for each in found.values() for name, value in each.params.items()}


def _tables(found: Mapping[FacetField, Matching]) -> dict[str, pa.Table]:
    # The words are the same for each field, and so are the chats that have them.
    return {name: table for each in found.values() for name, table in each.tables.items()}


def _counted(name: FacetField, source: str) -> str:
    """Rows of field, value and chats; `total` counts the chats where their values do not tell it."""
    own = FIELDS[name]
    if own.kind != "list":
        counted = f"SELECT {own.sql} AS value, count(*) AS chats FROM {source} GROUP BY 1"
        return f"SELECT '{name}' AS field, value::VARCHAR AS value, chats, chats AS total FROM ({counted})"
    # The store holds each value of a list once.
    each = f"SELECT value, count(*) AS chats FROM (SELECT unnest({own.sql}) AS value FROM {source}) GROUP BY 1"
    without = f"SELECT count(*) FILTER ({no_value_sql(own)}) AS chats, count(*) AS total FROM {source}"
    return (
        f"SELECT '{name}' AS field, value, chats, 0 AS total FROM ({each})"
        f" UNION ALL SELECT '{name}', NULL, chats, total FROM ({without})"
    )


def offered_values(store: Store, field: str) -> list[str]:
    """The most frequent values of a field among the chats that are not deleted, in order; none for most fields."""
    known = FIELDS[field]
    if known.choices is not None:
        return list(known.choices)
    if not known.offered:
        return []
    value = f"unnest({known.sql})" if known.kind == "list" else known.sql
    sql = f"""
        SELECT CAST(value AS VARCHAR) AS value FROM (SELECT {value} AS value FROM chats WHERE deleted_at IS NULL)
        WHERE value IS NOT NULL GROUP BY ALL ORDER BY count(*) DESC, value LIMIT {MOST_OFFERED}
    """
    return sorted(row["value"] for row in store.read(sql) if row["value"])
