"""The rows of a result as they are looked at, and as files."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.chats.spreadsheet import for_spreadsheets
from lib.store import Cursor, Store, now, record_event

FileKind = Literal["csv", "jsonl", "parquet"]
FILE_KINDS: dict[FileKind, str] = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
LONGEST_CELL = 10_000
CUT_SIGN = "… ✂"


def shown(table: pa.Table) -> pd.DataFrame:
    """The rows as a frame of numbers, truth values, times and texts; texts over LONGEST_CELL are cut, with CUT_SIGN."""
    columns = [_shown_column(column) for column in table.columns]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame()
    frame.columns = pd.Index(unique_names(table.column_names))
    return frame


def unique_names(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that came before; a column without a name is called by its place."""
    taken: list[str] = []
    for place, name in enumerate(names, 1):
        own, number = name or f"column_{place}", 1
        while own in taken:
            number += 1
            own = f"{name or 'column'}_{number}"
        taken.append(own)
    return taken


def _shown_column(column: pa.ChunkedArray) -> "pd.Series[Any]":
    kind = column.type
    if pa.types.is_decimal(kind):
        return _number(column)
    if _is_plain(kind):
        return pd.Series(column.to_pandas())
    texts = [None if value is None else _cut(_text(value)) for value in column.to_pylist()]
    return pd.Series(texts, dtype=object)


def _is_plain(kind: pa.DataType) -> bool:
    is_time = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    return is_time or any(test(kind) for test in (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean))


def _number(column: pa.ChunkedArray) -> "pd.Series[Any]":
    """Sums of whole numbers come as decimals: as whole numbers they are read, and charted, like others."""
    if column.type.scale == 0:
        try:
            return pd.Series(column.cast(pa.int64()).to_pandas())
        except pa.ArrowInvalid:
            pass
    return pd.Series(column.cast(pa.float64(), safe=False).to_pandas())


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + CUT_SIGN


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(_plain(value))


def _plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)


def as_file(table: pa.Table, kind: FileKind) -> bytes:
    """The rows as a file. Texts are whole; in CSV, those that a spreadsheet would run have a quote before them."""
    named = table.rename_columns(unique_names(table.column_names))
    if kind == "parquet":
        sink = io.BytesIO()
        pq.write_table(_storable(named), sink)
        return sink.getvalue()
    return _csv(named) if kind == "csv" else _json_lines(named)


def _storable(table: pa.Table) -> pa.Table:
    """The table with spans of time, which Parquet cannot hold, as texts."""
    for place, field in enumerate(table.schema):
        if field.type == pa.month_day_nano_interval():
            texts = [None if value is None else str(value) for value in table.column(place).to_pylist()]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    return table


def _csv(table: pa.Table) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow([for_spreadsheets(name) for name in table.column_names])
    for row in _rows(table):
        writer.writerow([for_spreadsheets(_cell(value)) for value in row])
    # Lone surrogates cannot come out of the engine, whose texts are UTF-8.
    return sink.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    plain = _plain(value)
    return _text(value) if isinstance(value, list | dict | tuple | bytes) or isinstance(plain, str) else plain


def _json_lines(table: pa.Table) -> bytes:
    rows = (dict(zip(table.column_names, row, strict=True)) for row in _rows(table))
    return "".join(json.dumps(row, ensure_ascii=False, default=_plain) + "\n" for row in rows).encode()


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches():
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def record_export(store: Store, actor: str, kind: FileKind, sql: str, rows: int, *, cut: bool) -> None:
    """Keeps who took which rows along."""

    def work(cursor: Cursor) -> None:
        record_event(cursor, "explore_export", actor, None, now(), file=kind, sql=sql, rows=rows, cut=cut)

    store.write(work, counts=False)
