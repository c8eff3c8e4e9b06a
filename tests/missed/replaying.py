"""The ledger as its events tell it: what the rows must agree with."""

import json
from typing import Any
from uuid import UUID

from lib.missed.apply import EVENT, read_columns
from lib.missed.changes import OWN_COLUMNS
from lib.store import Store

Ledger = dict[UUID, dict[str, Any]]
COLUMNS = (*OWN_COLUMNS, "follow_up_version", "follow_up_by", "follow_up_at")


def replayed(store: Store) -> Ledger:
    """The own columns of each chat that somebody ever changed, worked out from all events."""
    events = store.read(
        f"""SELECT chat_id, actor, happened_at, detail FROM events WHERE action = '{EVENT}'
            ORDER BY json_extract(detail, '$.version')::INTEGER"""
    )
    ledger: Ledger = {}
    for event in events:
        detail = json.loads(event["detail"])
        columns = ledger.setdefault(event["chat_id"], dict.fromkeys(COLUMNS))
        # The first event takes the chat in, also one of a mail or an older one, which do not name the column.
        columns["taken_in_at"] = columns["taken_in_at"] or event["happened_at"]
        columns |= read_columns(detail["set"])
        columns |= {
            "follow_up_version": detail["version"],
            "follow_up_by": event["actor"],
            "follow_up_at": event["happened_at"],
        }
    return ledger


def stored(store: Store) -> Ledger:
    """The same columns as the chats carry them."""
    found = store.read(f"SELECT id, {', '.join(COLUMNS)} FROM chats WHERE follow_up_version > 0")
    return {row.pop("id"): row for row in found}
