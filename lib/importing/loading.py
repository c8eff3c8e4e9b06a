"""Imports files: reads and checks them, then stores them in one transaction."""

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from lib.importing import merge_steps as sql
from lib.importing.intake import Intake
from lib.importing.merging import merge, take_turn
from lib.importing.progress import Meter, Progress
from lib.importing.recognising import opened
from lib.importing.report import Report
from lib.importing.sources import Source
from lib.importing.staging import Staging
from lib.importing.times import TimeReader
from lib.store import Cursor, Store, now, record_event

# Merges of one process queue up here; of two processes the later one conflicts over its turn, and repeats its merge.
ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Run:
    """One import on its way."""

    id: UUID
    started_at: datetime
    times: TimeReader
    staging: Staging
    intake: Intake
    meter: Meter


def import_files(
    store: Store,
    files: Sequence[Source],
    *,
    zone: str,
    actor: str,
    system: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """What was done; stores all or nothing. Raises ImportRefused, ZoneInfoNotFoundError and what `progress` raises.

    `zone` is the time zone of times that name no offset, `system` the system's name for records without one.
    """
    meter, times = Meter(progress, sum(file.size for file in files)), TimeReader(zone)
    with store.cursor() as cursor, closing(Staging(cursor)) as staging:
        run = Run(uuid4(), now(), times, staging, Intake(staging, times, system), meter)
        read_files(files, run)

        def work(turn: Cursor) -> Report:
            take_turn(turn)
            report = store_run(turn, run)
            record_import(turn, report, actor)
            return report

        with ONE_AT_A_TIME:
            return store.write(work, cursor=cursor)


def read_files(files: Sequence[Source], run: Run) -> None:
    """Stages the records of all files; raises ImportRefused."""
    before = 0
    for file in files:
        with file.open() as stream, opened(file, stream) as feed:
            watch = partial(run.meter.reading, before, stream)
            run.intake.take(feed, watch)
        before += file.size


def store_run(cursor: Cursor, run: Run) -> Report:
    """Merges what was read into the store, in the transaction of `cursor`."""
    merged = merge(cursor, run.id, run.meter.storing)
    files, staging = tuple(run.intake.files), run.staging
    chats = [file for file in files if file.kind == "chats"]
    rows = [file for file in files if file.kind == "messages"]
    return Report(
        import_id=run.id,
        files=files,
        zone=run.times.zone,
        zone_used=run.times.bare_seen,
        started_at=run.started_at,
        finished_at=now(),
        read=sum(file.records for file in chats),
        new=merged.new,
        updated=merged.updated,
        unchanged=merged.unchanged,
        rejected=sum(file.rejected for file in chats) + merged.repeated,
        messages_only=merged.messages_only,
        messages_read=sum(file.records for file in rows) + staging.entries - merged.repeated_entries,
        messages_rejected=sum(file.rejected for file in rows) + merged.unknown_rows,
        messages_stored=merged.messages_stored,
        unknown_fields=dict(sorted(run.intake.unknown_fields.items())),
        deleted_kept=merged.deleted_kept,
    )


def record_import(cursor: Cursor, report: Report, actor: str) -> None:
    """Adds the import to the history, and to what our users did."""
    cursor.execute(
        sql.INSERT_IMPORT,
        {
            "import_id": report.import_id,
            "started_at": report.started_at,
            "finished_at": report.finished_at,
            "actor": actor,
            "report": report.to_json(),
        },
    )
    counts = {"new": report.new, "updated": report.updated, "rejected": report.rows_rejected}
    files = [file.name for file in report.files]
    record_event(
        cursor, "import", actor, None, report.finished_at, import_id=str(report.import_id), files=files, **counts
    )
