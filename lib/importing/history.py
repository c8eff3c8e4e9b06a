"""Imports of the past."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import pandas as pd

from lib.importing.report import Report
from lib.store import Store

# Who imports where the settings name nobody; the account that runs the program is nobody's choice.
COMMAND_LINE: Final = "command line"


@dataclass(frozen=True)
class PastImport:
    """An import: when it began (naive UTC), by whom, and its report."""

    id: UUID
    started_at: datetime
    actor: str
    report: Report


def past_imports(store: Store, limit: int = 50) -> list[PastImport]:
    """The latest imports, newest first."""
    found = store.read(
        "SELECT id, started_at, actor, report FROM imports ORDER BY started_at DESC, id LIMIT $limit", {"limit": limit}
    )
    return [PastImport(row["id"], row["started_at"], row["actor"], Report.from_json(row["report"])) for row in found]


def rejected_rows(store: Store, import_id: UUID, limit: int | None = None) -> pd.DataFrame:
    """What an import rejected, all or the first, in the order of the files.

    Columns file, row_number, field, value, reason (a code of `problems`), record.
    """
    return store.frame(
        f"""SELECT file, row_number, field, value, reason, record FROM rejected_rows WHERE import_id = $import_id
            ORDER BY file, row_number {"" if limit is None else f"LIMIT {int(limit)}"}""",
        {"import_id": import_id},
    )
