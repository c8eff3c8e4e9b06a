"""Reads Parquet: one chat or one message a row."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lib.importing import limits
from lib.importing.parquet_sizes import Sizes, sizes
from lib.importing.sources import Item, failed

BATCH_ROWS = 1_000
# So many bytes become objects of Python at a time, each of which takes more room.
PIECE_BYTES = 8 << 20
# What Parquet calls its texts.
TEXTS = ("NONE", "STRING", "JSON", "ENUM")


def read_parquet(stream: BinaryIO) -> Iterator[Item]:
    """An item for each row; raises pyarrow.ArrowException or OSError where the file is damaged."""
    known = pq.ParquetFile(stream)
    plain = pa.schema([_plain(field) for field in known.schema_arrow])
    # A text that the file holds once for many rows stays one text until the row is taken.
    file = pq.ParquetFile(
        stream, pre_buffer=False, read_dictionary=_texts(known.schema), page_checksum_verification=True
    )
    number = 1
    for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
        for piece, each in _pieces(batch):
            yield from _items(number, piece, each, plain)
            number += len(each)


def parquet_fields(stream: BinaryIO) -> list[str]:
    """Names of the columns; raises pyarrow.ArrowException or OSError where the file is damaged."""
    return list(pq.ParquetFile(stream).schema_arrow.names)


def listed(rows: pa.RecordBatch) -> list[Any]:
    """The rows as dictionaries."""
    return list(rows.to_pylist())


def _plain(field: pa.Field) -> pa.Field:
    return field.with_type(pa.string()) if pa.types.is_string_view(field.type) else field


def _texts(schema: Any) -> list[str]:
    columns = [schema.column(index) for index in range(len(schema))]
    return [c.path for c in columns if c.physical_type == "BYTE_ARRAY" and c.logical_type.type in TEXTS]


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
        if record is None:
            yield failed(number + index, "", "not_text")
        else:
            yield Item(number + index, record, record, int(each[index]))


def _records(batch: pa.RecordBatch) -> list[dict[str, object] | None]:
    try:
        return listed(batch)
    except UnicodeDecodeError:
        return [_record(batch.slice(index, 1)) for index in range(batch.num_rows)]


def _record(row: pa.RecordBatch) -> dict[str, object] | None:
    try:
        return dict(listed(row)[0])
    except UnicodeDecodeError:
        return None
