"""What a value of each of the engine's types is on the screen, in a chart, and in files.

The engine itself writes each value as text, since Python, pandas and Arrow hold many of them only in part: numbers of
more than 64 bits, days before year 1 and after 9999, infinite times, offsets, spans of time, unions. Beside its text a
value comes as itself where Arrow can hold it (`typed`), for charts and Parquet; where it cannot, that is NULL.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

Kind = Literal["truth", "number", "time", "text", "json"]

_FLOATS = {"float", "double"}
_WIDE = {"hugeint", "uhugeint", "bignum"}
_WHOLE = {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger", "ubigint"}
_NUMBERS = _FLOATS | _WIDE | _WHOLE | {"decimal"}
_TIMES = {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns", "timestamp with time zone"}
_NESTED = {"list", "array", "struct", "map", "union"}
# What Arrow holds of nested values without loss.
_SOUND = _NUMBERS - _WIDE | {"boolean", "varchar"}
_JSON_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# A text in JSON, as it is; and what stands outside of texts there, but may not, or breaks a line.
_JSON_PART = re.compile(r'"(?:[^"\\]|\\.)*"|-?Infinity|NaN|\s+', re.DOTALL)
_ENDLESS = {"nan": "NaN", "-nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


@dataclass(frozen=True)
class Column:
    """A column of a result: its name, what its values are, and the SQL of them as `{}` by itself and as text.

    Without SQL of one of the two, the other tells all. `scale` is that of numbers that are no floats.
    """

    name: str
    kind: Kind
    typed: str = ""
    text: str = ""
    scale: int | None = None


def column(name: str, type_: Any) -> Column:
    """How a column of one of the engine's types is read."""
    is_json = str(type_) == "JSON"
    if is_json or type_.id in _NESTED or type_.id == "variant":
        typed = "{}" if not is_json and _is_sound(type_) else ""
        return Column(name, "json", typed, "to_json({})::VARCHAR")
    if type_.id in _NUMBERS:
        if type_.id in _FLOATS:
            return Column(name, "number", "CASE WHEN isfinite({}) THEN {} END", "{}::VARCHAR")
        typed = "TRY_CAST({}::VARCHAR AS DECIMAL(38, 0))" if type_.id in _WIDE else "{}"
        scale = dict(type_.children)["scale"] if type_.id == "decimal" else 0
        return Column(name, "number", typed, "{}::VARCHAR", scale)
    if type_.id in _TIMES:
        typed = "CASE WHEN {} >= DATE '0001-01-01' AND {} < DATE '9999-12-31' THEN {} END"
        if type_.id == "timestamp_ns":  # All its years can be held.
            typed = "CASE WHEN isfinite({}) THEN {} END"
        return Column(name, "time", typed, "{}::VARCHAR")
    if type_.id == "boolean":
        return Column(name, "truth", "{}", "{}::VARCHAR")
    typed = "{}" if type_.id in ("varchar", "blob") else ""
    return Column(name, "text", typed, "" if type_.id == "varchar" else "{}::VARCHAR")


def _is_sound(type_: Any) -> bool:
    if type_.id in ("list", "array"):
        return _is_sound(type_.children[0][1])
    if type_.id in ("struct", "map"):
        return all(_is_sound(each) for _name, each in type_.children)
    return type_.id in _SOUND and str(type_) != "JSON"


def selected(columns: Sequence[Column]) -> str:
    """The list of a SELECT over a source whose columns are `c0`, `c1` and so on; `Cells` reads what it brings."""
    parts = []
    for place, each in enumerate(columns):
        for letter, sql in (("v", each.typed), ("t", each.text)):
            if sql:
                parts.append(f"{sql.replace('{}', f'c{place}')} AS {letter}{place}")
    return ", ".join(parts)


@dataclass(frozen=True)
class Cells:
    """The values of a result: its columns, and the rows that `selected` brought."""

    columns: tuple[Column, ...]
    table: pa.Table

    def typed(self, place: int) -> pa.ChunkedArray | None:
        """The values of a column as they are, those that Arrow cannot hold as NULL; None where it can hold none."""
        return self._part("v", place)

    def is_held(self, place: int) -> bool:
        """Whether all values of a column are what `typed` gives."""
        typed, texts = self._part("v", place), self._part("t", place)
        return typed is not None and (texts is None or typed.null_count == texts.null_count)

    def texts(self, place: int) -> list[str | None]:
        """The values of a column as the engine writes them; lists and structs as JSON."""
        texts = self._part("t", place)
        found: list[str | None] = (self.table.column(f"v{place}") if texts is None else texts).to_pylist()
        if self.columns[place].kind != "json":
            return found
        return [None if text is None else _JSON_PART.sub(_sound_part, text) for text in found]

    def as_json(self, place: int) -> list[str]:
        """The values of a column as JSON; numbers have all their digits, and those that JSON has not are texts."""
        kind, found = self.columns[place].kind, list[str]()
        for text in self.texts(place):
            if text is None:
                found.append("null")
            elif kind in ("truth", "json") or (kind == "number" and is_number(text)):
                found.append(text)
            else:
                found.append(quoted_json(_ENDLESS.get(text, text) if kind == "number" else text))
        return found

    def _part(self, letter: str, place: int) -> pa.ChunkedArray | None:
        name = f"{letter}{place}"
        return self.table.column(name) if name in self.table.column_names else None


def _sound_part(found: re.Match[str]) -> str:
    part = found.group()
    if part.isspace():
        return " "
    return part if part.startswith('"') else f'"{part}"'


def is_number(text: str) -> bool:
    """Whether it is written as a finite number."""
    return _JSON_NUMBER.fullmatch(text) is not None


def quoted_json(text: str) -> str:
    """The text in JSON."""
    return json.dumps(text, ensure_ascii=False)
