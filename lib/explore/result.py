"""The rows of a result as they are looked at, and as files."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib.chats.own_files import for_spreadsheets
from lib.commands import command
from lib.explore.cells import Cells, is_number, quoted_json
from lib.store import Cursor, Store, now, record_event

FileKind = Literal["csv", "jsonl", "parquet"]
FILE_KINDS: dict[FileKind, str] = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
LONGEST_CELL = 10_000
CUT_SIGN = "… ✂"
# In SQL it is written so; an empty text is empty.
NULL_SIGN = "NULL"
# Numbers of so many digits are in a browser what they are here; others are shown as the texts that they are.
MOST_DIGITS = 15


@dataclass(frozen=True)
class Shown:
    """Rows for the screen; `formats` has the format of numbers by column, None where they are texts of digits."""

    frame: pd.DataFrame
    formats: dict[str, str | None]


def shown(cells: Cells) -> Shown:
    """The rows as they are read: truth values, numbers where a browser has them exactly, and texts.

    Texts over LONGEST_CELL are cut, with CUT_SIGN.
    """
    names = unique_names([column.name for column in cells.columns])
    columns: dict[str, pd.Series[Any]] = {}
    formats: dict[str, str | None] = {}
    for place, name in enumerate(names):
        kind, scale, texts = cells.columns[place].kind, cells.columns[place].scale, cells.texts(place)
        if kind == "number" and not all(text is None or _is_exact(text, scale) for text in texts):
            columns[name], formats[name] = pd.Series(texts, dtype=object), None
        elif kind == "number" and scale == 0:
            whole = [None if text is None else int(text) for text in texts]
            columns[name], formats[name] = pd.Series(whole, dtype="Int64"), "plain"
        elif kind == "number":
            broken = [None if text is None else float(text) for text in texts]
            columns[name], formats[name] = pd.Series(broken, dtype="float64"), f"%.{scale}f" if scale else "plain"
        elif kind == "truth":
            columns[name] = pd.Series([None if text is None else text == "true" for text in texts], dtype=object)
        else:
            columns[name] = pd.Series(
                [text[:LONGEST_CELL] + CUT_SIGN if text and len(text) > LONGEST_CELL else text for text in texts],
                dtype=object,
            )
    return Shown(pd.DataFrame(columns), formats)


def _is_exact(text: str, scale: int | None) -> bool:
    """Whether the number is the same in a browser, which has floats alone and knows no -0."""
    digits = text.replace(".", "").lstrip("-0")
    return is_number(text) and (scale is None or len(digits) <= MOST_DIGITS) and (bool(digits) or text[0] != "-")


def charted(cells: Cells) -> pd.DataFrame:
    """The rows for a chart: numbers and times as near as one can draw them, those without a place as missing."""
    frame = shown(cells).frame
    for place, name in enumerate(frame.columns):
        typed, kind = cells.typed(place), cells.columns[place].kind
        if typed is not None and kind in ("number", "time"):
            if pa.types.is_date(typed.type):
                typed = typed.cast(pa.timestamp("s"))
            elif not pa.types.is_timestamp(typed.type):
                typed = typed.cast(pa.float64(), safe=False)
            frame[name] = pd.Series(typed.to_pandas())
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


def as_file(cells: Cells, kind: FileKind) -> bytes:
    """The rows as a file. Texts are whole; in CSV, those that a spreadsheet would run have a quote before them."""
    names = unique_names([column.name for column in cells.columns])
    if kind == "parquet":
        sink = io.BytesIO()
        # Columns with their types; one with a value that Parquet cannot hold as texts.
        columns = [
            cells.typed(place) if cells.is_held(place) else pa.chunked_array([cells.texts(place)], pa.string())
            for place in range(len(names))
        ]
        pq.write_table(pa.table(columns, names=list(names)), sink)
        return sink.getvalue()
    if kind == "csv":
        # NULL is an empty field, and texts, the empty one too, are in quotes.
        fields = [
            [_cell(text, is_bare=column.kind in ("number", "truth")) for text in cells.texts(place)]
            for place, column in enumerate(cells.columns)
        ]
        header = [_cell(name, is_bare=False) for name in names]
        lines = [",".join(row) + "\r\n" for row in [header, *zip(*fields, strict=True)]]
        # Lone surrogates cannot come out of the engine, whose texts are UTF-8.
        return "".join(lines).encode("utf-8-sig")
    keys = [quoted_json(name) for name in names]
    rows = zip(*(cells.as_json(place) for place in range(len(names))), strict=True)
    lines = ["{" + ", ".join(f"{key}: {value}" for key, value in zip(keys, row, strict=True)) + "}\n" for row in rows]
    return "".join(lines).encode()


def _cell(text: str | None, *, is_bare: bool) -> str:
    if text is None:
        return ""
    # Of what is no text, only "-inf" could be taken for a formula.
    if is_bare and (text[0] != "-" or is_number(text)):
        return text
    return '"' + str(for_spreadsheets(text)).replace('"', '""') + '"'


@command("rows.export", "export", "explore_export")
def record_export(store: Store, actor: str, kind: FileKind, sql: str, rows: int, *, cut: bool) -> None:
    """Keeps who took which rows along."""

    def work(cursor: Cursor) -> None:
        record_event(cursor, "explore_export", actor, None, now(), file=kind, sql=sql, rows=rows, cut=cut)

    store.write(work, counts=False)
