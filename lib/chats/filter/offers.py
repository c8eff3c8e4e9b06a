"""The values that the form of the conditions offers for a field."""

from lib.chats.filter.fields import FIELDS
from lib.store import Store

MOST_OFFERED = 1000


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
