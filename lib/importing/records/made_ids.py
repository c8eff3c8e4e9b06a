"""Ids for the chats of tables that have none, or none that a spreadsheet left as they were."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any


def made_id(row: Mapping[str, Any], visitor: Mapping[str, Any] | None = None) -> str:
    """An id by what stands in a row, its start and visitor too: the same whenever the row comes again.

    `visitor` is what only other rows of the chat tell of the visitor.
    """
    told = [{name: row[name] for name in sorted(row) if row[name] not in (None, "")}, visitor or {}]
    written = json.dumps(told, ensure_ascii=True, sort_keys=True, default=str)
    return "row-" + blake2b(written.encode(), digest_size=10).hexdigest()
