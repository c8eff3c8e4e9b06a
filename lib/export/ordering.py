"""Lines of text in the order of an export, wherever they came from in the store."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

PIECES = 1_000


class Lines(NamedTuple):
    """Some lines, one behind the other: of how many chats, with how many entries of their transcripts."""

    text: memoryview
    chats: int
    entries: int


def in_order(batches: Iterable[pa.RecordBatch], *, scattered: bool) -> Iterator[Lines]:
    """The lines of batches with `line`, `entries` and `place`; `scattered` ones are put in order on the disk first."""
    return _gathered(batches) if scattered else map(lines_of, batches)


def lines_of(batch: pa.RecordBatch) -> Lines:
    """The lines of a batch, which lie one behind the other in its memory already."""
    column = batch.column("line")
    offsets = _offsets(column)
    text = column.buffers()[2]
    whole = memoryview(text)[offsets[0] : offsets[-1]] if text is not None and len(column) else memoryview(b"")
    return Lines(whole, batch.num_rows, int(_numbers(batch, "entries").sum()))


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[Lines]:
    told = list[tuple[Any, Any, Any]]()
    with tempfile.TemporaryFile() as scratch:
        for batch in batches:
            scratch.write(lines_of(batch).text)
            length = np.diff(_offsets(batch.column("line")))
            told.append((_numbers(batch, "place"), length, _numbers(batch, "entries")))
        if not told:
            return
        scratch.flush()
        places, lengths, entries = map(np.concatenate, zip(*told, strict=True))
        if not scratch.tell():
            yield Lines(memoryview(b""), len(places), int(entries.sum()))
            return
        ends = np.cumsum(lengths, dtype=np.int64)
        order = np.argsort(places)
        for start in range(0, len(order), PIECES):
            chosen = order[start : start + PIECES]
            # A map of the whole file would count as memory in use.
            pieces = (os.pread(scratch.fileno(), lengths[index], ends[index] - lengths[index]) for index in chosen)
            yield Lines(memoryview(b"".join(pieces)), len(chosen), int(entries[chosen].sum()))


def _offsets(column: Any) -> Any:
    """Where each line of a column begins in its memory, and where the last one ends; an unknown line is empty."""
    size = np.int64 if pa.types.is_large_string(column.type) else np.int32
    found = np.frombuffer(column.buffers()[1], dtype=size) if len(column) else np.zeros(1, dtype=size)
    return found[column.offset : column.offset + len(column) + 1].astype(np.int64)


def _numbers(batch: pa.RecordBatch, name: str) -> Any:
    return batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64)
