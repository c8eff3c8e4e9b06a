"""A process in which queries run, one after the other: what they take of memory and time, they take from nobody else.

`python -m lib.explore.worker FD NICE` is asked by `lib.explore.running` over the socket FD, and stands back by NICE. It
reads the store's file beside the app that has it open. It ends where nobody asks for a while, where the app ends, and
where a query takes too much.
"""

import json
import os
import re
import resource
import signal
import sys
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from lib.explore.cells import Column, column, selected
from lib.explore.checking import Checked
from lib.explore.values import Limits, Value
from lib.explore.views import make_views
from lib.logs import keep_values_out
from lib.store import Confinement, Cursor
from lib.store.confining import confine
from lib.store.lockless import read_without_lock
from lib.store.opening import Config, open_beside
from lib.store.spellings import teach_search_form

IDLE_S = 60
BATCH_ROWS = 2048
# A single value may be larger than all that is read: so many times as large.
LARGEST_BATCH = 4
# What the engine may take, and all of the process: some of what it takes it does not count.
ENGINE: Config = {"memory_limit": "512MB", "max_temp_directory_size": "4GB"}
MOST_BYTES = 1 << 30
# Of the time that the app allows, after which it is not there any more to stop a query.
GRACE_S = 5
# Of the two lines that stand around a query, one comes before it.
_PLACE = re.compile(r"^LINE (\d+): ", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A query that was checked, with the store that it reads, and what it sees of that.

    Local times are in `zone`, and it spills into `spill`.
    """

    location: str
    confinement: Confinement | None
    query: Checked
    values: dict[str, Value]
    zone: str
    limits: Limits
    spill: Path


@dataclass(frozen=True)
class Answer:
    """The columns of the rows that follow, and whether there are more of these; or why there are none."""

    columns: list[dict[str, Any]]
    cut: bool = False
    is_memory: bool = False
    message: str | None = None


def main() -> None:
    """Answers what it is asked: an `Answer` as JSON, and after one with columns the rows as an Arrow stream."""
    keep_values_out()
    asked = Connection(int(sys.argv[1]))
    os.nice(int(sys.argv[2]))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    # What a process leaves behind that the system ends has everything in it that was read.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    read_without_lock()
    while asked.poll(IDLE_S):
        try:
            question: Question = asked.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, question.limits.seconds + GRACE_S)
        for part in _answered(question):
            asked.send_bytes(part)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answered(question: Question) -> list[Any]:
    try:
        columns, table, cut = _found(question)
        stream = pa.BufferOutputStream()
        with pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table)
        return [_json(Answer([asdict(each) for each in columns], cut)), stream.getvalue()]
    except (MemoryError, pa.ArrowMemoryError, duckdb.OutOfMemoryException):
        return [_json(Answer([], is_memory=True))]
    except Exception as error:  # Whatever it is that a query brought about, it is told.
        text = str(error)
        if "Out of Memory" in text:
            return [_json(Answer([], is_memory=True))]
        return [_json(Answer([], message=_PLACE.sub(_line_before, text.partition("\n\nPossible solutions")[0])))]


def _found(question: Question) -> tuple[tuple[Column, ...], pa.Table, bool]:
    with open_beside(question.location, question.spill, ENGINE) as connection:
        teach_search_form(connection)
        if question.confinement:
            confine(connection, question.confinement, {})
        make_views(connection, question.query.views, question.zone)
        # The query without the semicolons, and what is no part of it, at its end.
        text = question.query.sql.encode()
        for start, _kind in reversed(duckdb.tokenize(question.query.sql)):
            if text[start : start + 1] != b";":
                break
            text = text[:start]
        sql, params = text.decode(), dict(question.values) or None
        described = connection.execute(f"DESCRIBE\n{sql}", params).fetchall()
        columns = tuple(column(name, connection.sqltype(type_)) for name, type_, *_rest in described)
        names = ", ".join(f"c{place}" for place in range(len(columns)))
        wrapped = f"SELECT {selected(columns)} FROM (\n{sql}\n) AS found({names})"
        return columns, *_read(connection.execute(wrapped, params), question.limits)


def _read(cursor: Cursor, limits: Limits) -> tuple[pa.Table, bool]:
    """As much as the limits allow, and whether there is more; the engine makes no more rows than are read."""
    reader = cursor.to_arrow_reader(BATCH_ROWS)
    batches: list[pa.RecordBatch] = []
    rows = size = 0
    cut = True
    while rows <= limits.rows and size <= limits.size:
        try:
            batch = reader.read_next_batch()
        except StopIteration:
            cut = rows > limits.rows
            break
        if batch.nbytes > LARGEST_BATCH * limits.size:
            raise MemoryError
        batches.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
    return pa.Table.from_batches(batches, reader.schema).slice(0, limits.rows), cut


def _line_before(found: re.Match[str]) -> str:
    """The place as it is in the query alone, as wide as it was so that the mark below stays where it points."""
    return f"LINE {int(found[1]) - 1}: ".ljust(len(found[0]))


def _json(answer: Answer) -> bytes:
    return json.dumps(asdict(answer)).encode()


if __name__ == "__main__":
    main()
