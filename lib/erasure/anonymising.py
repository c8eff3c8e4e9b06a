"""Makes chats of a person chats of nobody: when, how long, by whom and how it went stays, and so do all figures.

The texts of a chat and who its visitor was are what the table of columns calls personal, so a new column that is
personal goes with them. All else that names the person goes as it does for erasing (lib/erasure/erasing.py).
"""

from datetime import datetime
from typing import Final

from lib.chats.columns import COLUMNS
from lib.store import Cursor, changed

# What stands where a column must hold something, or something else would follow from nothing.
_STAYS: Final = {
    # By the other one the person can be found in the chat system. An import knows this one, too: see held_back.py.
    "vendor_id": "id::VARCHAR",
    "facts_digest": "''",
    "messages_digest": "''",
    # An import that is undone would take the chat away, or bring back what it replaced.
    "import_id": "'00000000-0000-0000-0000-000000000000'::UUID",
    "reply_closed_at": "coalesce(reply_closed_at, reply_until)",
}
# Made of what is personal, or leading to a chat that still is somebody's.
_BESIDE: Final = (
    "question_search", "visitor_search", "came_back_chat", "recovered_chat", "reply_channel", "reply_until",
)  # fmt: skip
_GONE: Final = [column.name for column in COLUMNS if column.personal and not column.expression]
_SET: Final = dict.fromkeys((*_GONE, *_BESIDE), "NULL") | _STAYS


def anonymise(cursor: Cursor, condition: str, moment: datetime) -> int:
    """Number of chats that tell of nobody from `moment` (naive UTC) on: those for which the condition (SQL) holds.

    One that was anonymised before keeps its time.
    """
    told = ", ".join(f"{name} = {value}" for name, value in _SET.items())
    return changed(
        cursor,
        f"UPDATE chats SET {told}, anonymised_at = coalesce(anonymised_at, $moment) WHERE {condition}",
        {"moment": moment},
    )
