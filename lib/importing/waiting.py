"""Messages whose chat has not come yet."""

from dataclasses import dataclass

from lib.store import Store


@dataclass(frozen=True)
class Waiting:
    """How many messages wait, for how many chats, and the ids of some of these in their system."""

    messages: int
    chats: int
    examples: tuple[str, ...]


def waiting_messages(store: Store) -> Waiting:
    """What waits in the store."""
    (row,) = store.read("""
        SELECT
            count(*) AS messages, count(DISTINCT chat_id) AS chats,
            list(DISTINCT vendor_id ORDER BY vendor_id)[:5] AS ids
        FROM waiting_messages
    """)
    return Waiting(row["messages"], row["chats"], tuple(row["ids"] or ()))
