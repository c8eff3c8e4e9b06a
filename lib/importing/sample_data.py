"""The shipped sample: fills an empty store with chats that end today, and takes them away again."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lib.chats.stale import mark_all_missed, mark_persons
from lib.commands import command
from lib.importing.formats.feed import Feed
from lib.importing.formats.json_lines import read_json_lines
from lib.importing.intake import Intake
from lib.importing.loading import ONE_AT_A_TIME, Prepared
from lib.importing.problems import FieldError
from lib.importing.progress import Meter
from lib.importing.reading import Reading, reading_of
from lib.importing.records.accounts import Accounts
from lib.importing.records.batches import Batches, Emit
from lib.importing.records.times import TimeReader
from lib.importing.report import Report
from lib.importing.sources import Item
from lib.sample import shifted
from lib.settings import ROOT
from lib.store import Cursor, Store, changed, record_event, remove_events
from lib.store import now as present

SAMPLE = ROOT / "data" / "sample.jsonl.gz"
SYSTEM = "sample"
TAKE_TURN = "UPDATE turns SET taken = 1 WHERE name = 'sample' AND taken = 0"
IS_EMPTY = """
    SELECT NOT EXISTS (FROM chats) AND NOT EXISTS (FROM imports)
       AND NOT EXISTS (FROM turns WHERE name = 'sample' AND taken > 0) AS empty
"""


def load_sample(store: Store, zone: str, now: datetime | None = None, *, path: Path = SAMPLE) -> Report | None:
    """Fills an empty store with the sample, as if its last day were `now` (naive UTC; None: the present) in `zone`.

    None, and nothing done, where the store has or had chats, or somebody else fills it.
    """
    if not store.read(IS_EMPTY)[0]["empty"]:
        return None
    local = (now or present()).replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    def store_if_empty(cursor: Cursor) -> Report | None:
        row = cursor.execute(IS_EMPTY).fetchone()
        if not row or not row[0] or not changed(cursor, TAKE_TURN, {}):
            return None
        return prepared.merged(cursor, Meter(None))

    with closing(Prepared(store, zone, lambda emit: _read(path, local, zone, emit), path.name)) as prepared:
        return prepared.stored_by(store_if_empty)


def has_sample(store: Store) -> bool:
    """Whether the store holds chats of the sample."""
    return bool(
        store.read("SELECT EXISTS (FROM chats WHERE system = $system) AS found", {"system": SYSTEM})[0]["found"]
    )


@dataclass(frozen=True)
class SampleParts:
    """What goes with the sample: its chats and messages, and the notes and e-mails that were written about them."""

    chats: int
    messages: int
    notes: int
    mails: int


def sample_parts(store: Store) -> SampleParts:
    """How much `remove_sample` would remove."""
    found = store.read(
        """WITH own AS (SELECT id FROM chats WHERE system = $system)
           SELECT (SELECT count(*) FROM own) AS chats,
               (SELECT count(*) FROM messages WHERE chat_id IN (SELECT id FROM own)) AS messages,
               (SELECT count(*) FROM note_texts WHERE chat_id IN (SELECT id FROM own)) AS notes,
               (SELECT count(*) FROM mails WHERE chat_id IN (SELECT id FROM own)) AS mails""",
        {"system": SYSTEM},
    )
    return SampleParts(**found[0])


@command("sample.remove", "import", "remove_sample")
def remove_sample(store: Store, actor: str) -> int:
    """Number of chats of the sample, which are erased with their messages, mails and events; `actor` did it."""

    def work(cursor: Cursor) -> int:
        of_sample, moment = "chat_id IN (SELECT id FROM chats WHERE system = $system)", present()
        for table in ("messages", "mails", "note_texts"):
            cursor.execute(f"DELETE FROM {table} WHERE {of_sample}", {"system": SYSTEM})
        events = remove_events(cursor, "events", of_sample, {"system": SYSTEM}, reason="sample", moment=moment)
        mark_persons(cursor, "SELECT ordinal FROM chats WHERE system = $system", {"system": SYSTEM})
        chats = changed(cursor, "DELETE FROM chats WHERE system = $system", {"system": SYSTEM})
        if chats:
            mark_all_missed(cursor)
            record_event(cursor, "remove_sample", actor, None, moment, chats=chats, events=events)
        return chats

    with ONE_AT_A_TIME:
        return store.write(work)


def _read(path: Path, local: datetime, zone: str, emit: Emit) -> Reading:
    times, batches, accounts = TimeReader(zone), Batches(emit, zone), Accounts()
    intake = Intake(batches, times, accounts, SYSTEM)
    with gzip.open(path) as file:
        records = shifted(_records(read_json_lines(file)), local)  # type: ignore[arg-type]
        items = (Item(number, record, record, len(record)) for number, record in enumerate(records, 1))
        intake.take(Feed(path.name, "json_lines", True, "chats", items), lambda _: None)
    return reading_of(intake, batches, times, accounts)


def _records(items: Iterator[Item]) -> Iterator[dict[str, Any]]:
    for item in items:
        if isinstance(item.record, FieldError):
            raise item.record
        yield {**item.record, "system": SYSTEM}
