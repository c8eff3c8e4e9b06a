"""Rows of tables that stand inside an object of JSON: in lists, or in objects that have them by their ids."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lib.importing.columns import guess
from lib.importing.columns.spellings import WORDS, normal
from lib.importing.formats.json_values import Slice
from lib.importing.problems import FieldError
from lib.importing.sources import Item

DEEPEST, LOOKED_AT = 3, 50
# So many of the objects by id have to have the same names, and of the rows of two lists that are of one shape.
MOST, ALIKE = 0.5, 0.7
KEY = "id"
# What chats have; lists of people have names and ids, too.
TELLING = frozenset(["started_at", "ended_at", "at", "question", "text", "transcript"])
NO_CHATS = re.compile(
    rf"(?:{WORDS['groups']['visitor']}|{WORDS['groups']['operator']}|team|teammember|department|group|tag|label|brand"
    r"|website|channel|inbox|部署|部門|チーム|グループ|タグ)(?:e?s|一覧|リスト)?",
    re.IGNORECASE,
)

Record = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where rows stand: the names of the members that lead there, and whether their ids are the names of theirs."""

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

    def records(self, record: Any) -> list[Record]:
        """The first rows that stand there in an object."""
        return [row for row in self.rows(record)[:LOOKED_AT] if isinstance(row, dict)]

    def columns(self, record: Any) -> tuple[str, ...]:
        """The names that these have."""
        return tuple(dict.fromkeys(name for row in self.records(record) for name in row))


def places_in(record: Record) -> Sequence[Place]:
    """Where an object holds the rows of tables, the likeliest table first; nowhere where it is a row itself."""
    score = {place: (_fields(place.records(record)), len(place.rows(record))) for place in _places(record, ())}
    found = list[Place]()
    for place in sorted(score, key=lambda place: score[place], reverse=True):
        if not any(_is_inside(place, other) or _is_inside(other, place) for other in found):
            found.append(place)
    if not found or score[found[0]][0] <= _fields([record]):
        return ()
    return tuple(dict.fromkeys([*likeliest(record, found), *found]))


def likeliest(record: Record, places: Sequence[Place]) -> list[Place]:
    """Those of the places that look like chats; where none does, like messages; where none does, all that may be."""
    guessed = {place: guess(place.columns(record), place.records(record)) for place in places}
    unnamed = [place for place in places if not NO_CHATS.fullmatch(normal((place.path or ("",))[-1]))]
    for some in (unnamed, places):
        telling = [place for place in some if TELLING & {field for _, field in guessed[place].fields}]
        if telling:
            return [place for place in telling if guessed[place].kind == "chats"] or telling
    return [place for place in unnamed or places if guessed[place].fields]


def are_alike(record: Record, places: Sequence[Place]) -> bool:
    """Whether the rows of all places are of one shape."""
    names = [set(place.columns(record)) for place in places]
    return all(2 * len(own & names[0]) >= ALIKE * (len(own) + len(names[0])) for own in names)


def rows_inside(items: Iterable[Item], places: Sequence[Place], unread: dict[str, int]) -> Iterator[Item]:
    """An item for each row that stands at the places in the objects of the items; counts other rows in `unread`."""
    number = 0
    for item in items:
        rows = _rows(item.record, places, unread) if isinstance(item.record, dict) else [item.record]
        for row in rows:
            number += 1
            record = row if isinstance(row, dict | FieldError) else FieldError(None, row, "not_object")
            yield Item(
                number, record, item.raw if isinstance(row, FieldError) else row, item.size // len(rows), item.cut
            )


def _rows(record: Record, places: Sequence[Place], unread: dict[str, int]) -> list[Any]:
    if isinstance(record, Slice):
        # What stood before the one element comes again with what remains of the object.
        return [row for place in places if not place.by_id for row in place.rows(record)]
    for other in _places(record, ()):
        if not any(_is_inside(other, place) or _is_inside(place, other) for place in places):
            unread[str(other)] = unread.get(str(other), 0) + len(other.rows(record))
    return [row for place in places for row in place.rows(record)]


def _is_inside(place: Place, other: Place) -> bool:
    return place.path[: len(other.path)] == other.path


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


def _fields(records: Sequence[Record]) -> int:
    """How many of our fields the columns of rows seem to be; more with an id among them."""
    found = guess(list(dict.fromkeys(name for record in records for name in record)), records).fields
    return len(found) + any(field == "id" for _, field in found)
