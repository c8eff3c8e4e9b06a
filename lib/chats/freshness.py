"""How fresh the data is."""

from dataclasses import dataclass
from datetime import datetime

from lib.store import Store


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
