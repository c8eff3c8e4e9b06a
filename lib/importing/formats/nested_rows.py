"""Rows of a table that stand inside an object of JSON: in a list, or in an object that has them by their ids."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lib.importing.columns import guess
from lib.importing.problems import FieldError
from lib.importing.sources import Item

DEEPEST, LOOKED_AT = 3, 50
# So many of the objects by id have to have the same names.
MOST = 0.5
KEY = "id"

Record = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where the rows stand: the names of the members that lead there, and whether their ids are the names of theirs."""

    path: tuple[str, ...]
    by_id: bool

    def __str__(self) -> str:
        return ".".join(self.path) + ("{}" if self.by_id else "[]")

    def rows(self, record: Any) -> list[Any]:
        """The rows that stand there in an object."""
        for name in self.path:
            record = record.get(name) if isinstance(record, dict) else None
        if self.by_id:
            inside = record.items() if isinstance(record, dict) else ()
            return [{KEY: name, **row} if isinstance(row, dict) else row for name, row in inside]
        return record if isinstance(record, list) else []


def place_of_rows(record: Record) -> Place | None:
    """Where an object holds the rows of a table; None where it is a row itself, or holds none."""
    places = list(_places(record, ()))
    if not places:
        return None
    best = max(places, key=lambda place: (_fields(place.rows(record)), len(place.rows(record))))
    return best if _fields(best.rows(record)) > _fields([record]) else None


def rows_inside(items: Iterable[Item], place: Place) -> Iterator[Item]:
    """An item for each row that stands there in the objects of the items."""
    number = 0
    for item in items:
        rows = place.rows(item.record) if isinstance(item.record, dict) else [item.record]
        for row in rows:
            number += 1
            record = row if isinstance(row, dict | FieldError) else FieldError(None, row, "not_object")
            yield Item(
                number, record, item.raw if isinstance(row, FieldError) else row, item.size // len(rows), item.cut
            )


def _places(value: Any, path: tuple[str, ...]) -> Iterator[Place]:
    if isinstance(value, list):
        if path and value and all(isinstance(row, dict) for row in value[:LOOKED_AT]):
            yield Place(path, by_id=False)
    elif isinstance(value, dict):
        if _is_by_id(value):
            yield Place(path, by_id=True)
        if len(path) < DEEPEST:
            for name, inside in value.items():
                yield from _places(inside, (*path, name))


def _is_by_id(value: Record) -> bool:
    rows = list(value.values())[:LOOKED_AT]
    if len(rows) < 2 or not all(isinstance(row, dict) and row for row in rows):
        return False
    names: Sequence[set[str]] = [set(row) for row in rows]
    return all(2 * len(own & names[0]) > MOST * (len(own) + len(names[0])) for own in names)


def _fields(rows: Sequence[Any]) -> int:
    """How many of our fields the columns of rows seem to be; more with an id among them."""
    records = [row for row in rows[:LOOKED_AT] if isinstance(row, dict)]
    found = guess(list(dict.fromkeys(name for record in records for name in record)), records).fields
    return len(found) + any(field == "id" for _, field in found)
