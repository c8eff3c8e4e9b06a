"""Reads Parquet: one chat or one message a row.

A value's size is what it is once each stands alone: a text that a dictionary holds once counts wherever it is.
"""

import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lib.importing import limits
from lib.importing.problems import Unfit
from lib.importing.sources import Item, failed

# What a value costs beside its text.
EACH = 8

Sizes = npt.NDArray[np.int64]
BATCH_ROWS = 1_000
# So many bytes become objects of Python at a time, each of which takes more room.
PIECE_BYTES = 8 << 20
MAGIC = b"PAR1"
# The library ends its process where what a damaged file says of a column contradicts itself. The size of what is asked
# comes before it; what is right is answered by a letter, and the process ends where it is not.
ASKING = """
import io, sys
import pyarrow.parquet as pq
while size := int.from_bytes(sys.stdin.buffer.read(8), "little"):
    told = pq.read_metadata(io.BytesIO(sys.stdin.buffer.read(size)))
    for group in map(told.row_group, range(told.num_row_groups)):
        for column in range(group.num_columns):
            group.column(column)
    sys.stdout.write("y")
    sys.stdout.flush()
"""
# What Parquet calls its texts.
TEXTS = ("NONE", "STRING", "JSON", "ENUM")
# IndexError: a text is named that is not there. UnicodeDecodeError: a name is no text.
BROKEN = (pa.ArrowException, OSError, IndexError, UnicodeDecodeError)


def sizes(array: Any) -> Sizes:
    """The bytes of each value of an array."""
    kind = array.type
    found: Sizes
    if pa.types.is_dictionary(kind):
        of_each = sizes(array.dictionary)
        found = of_each[_lengths(array.indices)] if len(of_each) else _even(array.indices, EACH)
    elif pa.types.is_struct(kind):
        found = sum((sizes(inner) for inner in array.flatten()), _even(array, EACH))
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        inside = sizes(array.keys) + sizes(array.items) if pa.types.is_map(kind) else sizes(array.values)
        found = np.diff(np.concatenate([[0], np.cumsum(inside)])[array.offsets.to_numpy()]) + EACH
    elif pa.types.is_fixed_size_list(kind):
        inside = sizes(array.values)[array.offset * kind.list_size :][: len(array) * kind.list_size]
        found = inside.reshape(len(array), kind.list_size).sum(axis=1) + EACH
    elif pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_string(kind):
        found = _lengths(pc.binary_length(array)) + EACH
    else:
        # A fixed number of bytes each, or near to it.
        found = _even(array, EACH + array.nbytes // max(1, len(array)))
    return found


def _lengths(array: Any) -> Sizes:
    found: Sizes = pc.fill_null(array, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def _even(array: Any, size: int) -> Sizes:
    return np.full(len(array), size, np.int64)


def read_parquet(stream: BinaryIO, most: int) -> Iterator[Item]:
    """An item for each row of a file that may unpack to `most` bytes; raises Unfit, also while rows are read."""
    left = limits.MOST_REPEATED * most
    try:
        for item in _rows(stream, most):
            left -= max(limits.LEAST_OF_ROW, min(item.size, limits.LONGEST_VALUE))
            if left < 0:
                raise Unfit("too_large")
            yield item
    except BROKEN as error:
        raise Unfit("broken_parquet") from error


def _rows(stream: BinaryIO, most: int) -> Iterator[Item]:
    known = pq.ParquetFile(stream)
    # What a file says of itself, as a file without rows.
    stream.seek(-8, io.SEEK_END)
    size = int.from_bytes(stream.read(4), "little")
    stream.seek(-8 - size, io.SEEK_END)
    if not _is_consistent(MAGIC + stream.read()):
        raise Unfit("broken_parquet")
    # Refuses a file by what it says of itself, before anything of it is read.
    if known.metadata.num_columns > limits.MOST_COLUMNS:
        raise Unfit("too_many_columns")
    unpacked = limits.LEAST_OF_ROW * known.metadata.num_rows
    for group in map(known.metadata.row_group, range(known.metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            unpacked += max(column.total_uncompressed_size, limits.LEAST_OF_CELL * column.num_values)
    if unpacked > most:
        raise Unfit("too_large")
    plain = pa.schema(
        field.with_type(pa.string()) if pa.types.is_string_view(field.type) else field for field in known.schema_arrow
    )
    # A text that the file holds once for many rows stays one text until the row is taken.
    columns = [known.schema.column(index) for index in range(len(known.schema))]
    file = pq.ParquetFile(
        stream,
        pre_buffer=False,
        read_dictionary=[c.path for c in columns if c.physical_type == "BYTE_ARRAY" and c.logical_type.type in TEXTS],
        page_checksum_verification=True,
    )
    number = 1
    for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
        for piece, each in _pieces(batch):
            yield from _items(number, piece, each, plain)
            number += len(each)


def parquet_fields(stream: BinaryIO) -> list[str]:
    """Names of the columns; raises Unfit."""
    try:
        return list(pq.ParquetFile(stream).schema_arrow.names)
    except BROKEN as error:
        raise Unfit("broken_parquet") from error


class _Asked:
    """The process that is asked, begun by the first question and anew where one ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def answers(self, told: bytes) -> bool:
        """Whether what a file says of its columns can be."""
        process = self._process = self._process or subprocess.Popen(  # noqa: S603 - our own
            [sys.executable, "-c", ASKING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        if process.stdin is None or process.stdout is None:
            raise AssertionError("a process without its pipes")
        try:
            process.stdin.write(len(told).to_bytes(8, "little") + told)
            process.stdin.flush()
            if process.stdout.read(1):
                return True
        except BrokenPipeError:
            pass
        self.end()
        return False

    def end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.communicate()
        self._process = None


ASKED: ContextVar[_Asked | None] = ContextVar("asked", default=None)


@contextmanager
def asked_together() -> Iterator[None]:
    """Within it all files are asked in one process: of many small ones, to begin it costs more than to read them."""
    asked = _Asked()
    token = ASKED.set(asked)
    try:
        yield
    finally:
        ASKED.reset(token)
        asked.end()


@lru_cache(maxsize=8)
def _is_consistent(told: bytes) -> bool:
    """Whether what a file says of its columns can be; asked in a process that may end by it."""
    if asked := ASKED.get():
        return asked.answers(told)
    with asked_together():
        return _is_consistent.__wrapped__(told)


def listed(rows: pa.RecordBatch) -> list[Any]:
    """The rows as dictionaries."""
    return list(rows.to_pylist())


def _pieces(batch: pa.RecordBatch) -> Iterator[tuple[pa.RecordBatch, Sizes]]:
    """The rows, some at a time, and the bytes of each of these."""
    each = sizes(batch.to_struct_array())
    places = np.cumsum(each) // PIECE_BYTES
    begin = [0, *(np.flatnonzero(np.diff(places)) + 1), len(each)]
    for start, end in pairwise(map(int, begin)):
        yield batch.slice(start, end - start), each[start:end]


def _items(number: int, rows: pa.RecordBatch, each: Sizes, plain: pa.Schema) -> Iterator[Item]:
    if each.max(initial=0) > limits.LONGEST_RECORD:
        for index, size in enumerate(map(int, each)):
            if size > limits.LONGEST_RECORD:
                yield failed(number + index, "", "too_long")
            else:
                yield from _items(number + index, rows.slice(index, 1), each[index : index + 1], plain)
        return
    for index, record in enumerate(_records(rows.cast(plain))):
        if isinstance(record, str):
            yield failed(number + index, "", record)
        else:
            yield Item(number + index, record, record, int(each[index]))


def _records(batch: pa.RecordBatch) -> list[dict[str, object] | str]:
    """The rows; in the place of one that no object of Python can hold, why (a code of `problems`)."""
    try:
        return [*listed(batch)]
    except (ValueError, OverflowError):
        found: list[dict[str, object] | str] = []
    for index in range(batch.num_rows):
        try:
            found += listed(batch.slice(index, 1))
        except UnicodeDecodeError:
            found.append("not_text")
        except (ValueError, OverflowError):  # A time in the year 300,000.
            found.append("out_of_range")
    return found
