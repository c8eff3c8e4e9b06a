"""What is known of the files of the inbox that are done with."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from lib.commands import command
from lib.importing.report import Report
from lib.store import Cursor, Store, insert, now, record_event

LOG = logging.getLogger(__name__)

ACTOR = "Inbox"
# What waits for somebody to say which column is which.
UNMAPPED = ("unknown_columns", "several_lists")


@dataclass(frozen=True)
class InboxFile:
    """A file that is done with: when (naive UTC), what its import did, or why it was refused (a code of `problems`).

    `together` is the number of files of that import.
    """

    name: str
    done_at: datetime
    report: Report | None
    problem: str | None
    together: int = 1

    @property
    def rows(self) -> tuple[int, int]:
        """The number of its own rows, and of those that were rejected."""
        if self.report is None:
            return 0, 0
        name = self.name.removeprefix(f"{self.report.account}/") if self.report.account else self.name
        own = [file for file in self.report.files if file.name == name or file.name.startswith(f"{name}/")]
        return sum(file.records for file in own), sum(file.rejected for file in own)


def inbox_files(store: Store, since: datetime | None = None, limit: int = 50) -> list[InboxFile]:
    """Files that are done with, newest first, all or those since a moment (naive UTC)."""
    found = store.read(
        """SELECT f.name, f.done_at, f.import_id, f.problem,
               CASE WHEN f.import_id IS NULL THEN 1 ELSE count(*) OVER (PARTITION BY f.import_id) END AS together
           FROM inbox_files AS f WHERE f.done_at >= coalesce($since, f.done_at)
           ORDER BY f.done_at DESC, f.name LIMIT $limit""",
        {"since": since, "limit": limit},
    )
    ids = list({str(row["import_id"]) for row in found if row["import_id"]})
    told = store.read("SELECT id, report FROM imports WHERE list_contains($ids, id::VARCHAR)", {"ids": ids})
    reports = {row["id"]: Report.from_json(row["report"]) for row in told}
    return [InboxFile(**row, report=reports.get(import_id)) for row in found for import_id in [row.pop("import_id")]]


def done_row(digest: str, name: str, import_id: UUID | None = None, problem: str | None = None) -> dict[str, object]:
    """The row of a file that is done with now."""
    return {"digest": digest, "name": name, "done_at": now(), "import_id": import_id, "problem": problem}


def note_refused(store: Store, name: str, digest: str, problem: str) -> None:
    """Writes down that a file was refused, and why."""
    LOG.warning("inbox: a file was refused, the page Import says which: %s", problem)

    def work(cursor: Cursor) -> None:
        insert(cursor, "inbox_files", done_row(digest, name, problem=problem))
        record_event(cursor, "inbox_refused", ACTOR, None, now(), file=name, problem=problem)

    store.write(work)


@command("inbox.try_again", "import", "inbox_again")
def try_again(store: Store, names: Sequence[str], actor: str) -> None:
    """Forgets that files of these names were refused, so that those which still lie in the folder are taken again."""

    def work(cursor: Cursor) -> None:
        cursor.execute(
            "DELETE FROM inbox_files WHERE problem IS NOT NULL AND list_contains($names, name)", {"names": [*names]}
        )
        record_event(cursor, "inbox_again", actor, None, now(), files=[*names])

    store.write(work)
