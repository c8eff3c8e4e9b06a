"""Reads Parquet: one chat or one message a row."""

from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from lib.importing.sources import Item, failed

BATCH_ROWS = 1_000


def read_parquet(stream: BinaryIO) -> Iterator[Item]:
    """An item for each row; raises pyarrow.ArrowException or OSError where the file is damaged."""
    file = pq.ParquetFile(stream, pre_buffer=False)
    number = 0
    for batch in file.iter_batches(BATCH_ROWS, use_threads=False):
        size = batch.nbytes // max(1, batch.num_rows)
        for record in _records(batch):
            number += 1
            if record is None:
                yield failed(number, "", "not_text")
            else:
                yield Item(number, record, record, size)


def parquet_fields(stream: BinaryIO) -> list[str]:
    """Names of the columns; raises pyarrow.ArrowException or OSError where the file is damaged."""
    return list(pq.ParquetFile(stream).schema_arrow.names)


def _records(batch: pa.RecordBatch) -> list[dict[str, object] | None]:
    try:
        return list(batch.to_pylist())
    except UnicodeDecodeError:
        return [_record(batch.slice(index, 1)) for index in range(batch.num_rows)]


def _record(row: pa.RecordBatch) -> dict[str, object] | None:
    try:
        return dict(row.to_pylist()[0])
    except UnicodeDecodeError:
        return None
