"""The values that the lists of the filters offer."""

from typing import Literal, get_args

from lib.chats.chat_filter import NO_VALUE
from lib.store import Store

ListField = Literal["operator", "department", "website", "channel", "country", "rating", "tag"]
QueueField = Literal["assignee", "cause"]
LIST_FIELDS: tuple[ListField, ...] = get_args(ListField)
QUEUE_FIELDS: tuple[QueueField, ...] = get_args(QueueField)

VALUE_SQL: dict[ListField | QueueField, str] = {
    "operator": "unnest(operators)",
    "department": "department",
    "website": "website",
    "channel": "channel",
    "country": "visitor_country",
    "rating": "rating",
    "tag": "unnest(tags)",
    "assignee": "assignee",
    "cause": "missed_cause",
}


def filter_values(store: Store, field: ListField | QueueField) -> list[str]:
    """All values of a field among the chats that are not deleted, in order, and NO_VALUE at the end."""
    found = store.read(f"SELECT DISTINCT {VALUE_SQL[field]} AS value FROM chats WHERE deleted_at IS NULL")
    return [*sorted(str(row["value"]) for row in found if row["value"] is not None), NO_VALUE]
