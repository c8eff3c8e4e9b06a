"""What a reader of a vendor's export gives: chats, messages and visitors as records of our own import format."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from lib.importing.problems import FieldError
from lib.importing.records.times import TimeReader

Answer = Mapping[str, Any]
Record = dict[str, Any]
LeftOut = Counter[str]
NameKind = Literal["department", "agent"]
RecordKind = Literal["chat", "message", "visitor"]
FoundKind = Literal["chat", "message", "visitor", "name"]

PLACEHOLDER = re.compile(r"(unnamed )?(visitor|customer|guest)[ #_-]*[0-9]*", re.IGNORECASE)

# A zone matters only to times that name no offset, and not to how far two of them are apart.
TIMES = TimeReader("UTC")
# Of these, what counts as false is a value all the same.
FIGURES = frozenset([bool, int, float])
# How visitors rated a chat, in the words of all systems, as one to five stars.
STARS: Mapping[str, int | None] = {
    **{str(stars): stars for stars in range(1, 6)}, "good": 5, "rated_good": 5, "bad": 1, "rated_bad": 1,
    **dict.fromkeys(("", "0", "-1", "unrated", "not_rated", "none"), None),
}  # fmt: skip
# Of a system that knows only these two.
GOOD_OR_BAD: Mapping[str, int | None] = {"1": 5, "0": 1, "": None, "none": None}


class Found(NamedTuple):
    """A record of docs/import-format.md, or a name, or why there is none; `raw` is what stood in the answer."""

    kind: FoundKind
    record: Record | FieldError
    raw: Any


@dataclass(frozen=True)
class Vendor:
    """How the answers of one chat system are read; the texts are English and translated where they are shown.

    `recognise` tells what in an answer shows that it is this vendor's (`chats[].history`), None if it is not.
    `read` gives all records of an answer and counts in `LeftOut`, by path, what it does not take over.
    `lists` names the members of an answer in which a large one may be sliced, element by element (`data.payload` is one
    inside another), `maps` those that hold records by their ids.
    `judged` says that the system knows no missed chats, so that the rule "no human reply" has to find them.
    """

    code: str
    name: str
    reads: str
    leaves_out: str
    missed: tuple[str, ...]
    recognise: Callable[[Answer], str | None]
    read: Callable[[Answer, LeftOut], Iterator[Found]]
    lists: frozenset[str] = frozenset()
    maps: frozenset[str] = frozenset(["docs"])
    judged: bool = False


def each(kind: RecordKind, items: Iterable[Any], read: Callable[[Answer], Record]) -> Iterator[Found]:
    """What `read` makes of each item; an item that is no object, or that `read` refuses, is found with its reason."""
    for item in items:
        try:
            yield Found(kind, read(item) if isinstance(item, dict) else FieldError(None, item, "not_object"), item)
        except FieldError as error:
            yield Found(kind, error, item)


def names_in(
    kind: NameKind,
    items: Iterable[Any],
    *,
    ids: Iterable[str] = ("id",),
    called: Iterable[str] = ("name",),
    beside: Answer | None = None,
) -> Iterator[Found]:
    """What the departments or agents of a list are called, by each of their `ids`; those without a name are left.

    `beside` is what else is known of all of them.
    """
    for item in items:
        name = first(*(item.get(field) for field in called)) if isinstance(item, dict) else None
        for found in ids if name else ():
            if (known := item.get(found)) not in (None, ""):
                yield Found("name", {"kind": kind, "id": known, "name": name, **(beside or {})}, item)


def several(kind: RecordKind, items: Iterable[Any], read: Callable[[Answer], list[Record]]) -> Iterator[Found]:
    """As `each`, where `read` may make more than one record of an item."""
    for item in items:
        found = next(each(kind, [item], lambda given: {"records": read(given)}))
        records = [found.record] if isinstance(found.record, FieldError) else found.record["records"]
        yield from (Found(kind, record, item) for record in records)


def listed(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty one, anything else as the only item of one."""
    return value if isinstance(value, list) else [] if value is None or value == "" else [value]


def part(record: Answer, field: str) -> Answer:
    """The object in a field, empty where there is none; raises FieldError for anything else."""
    value = record.get(field)
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise FieldError(field, value, "wrong_type")
    return value


def parts(record: Answer, field: str) -> list[Any]:
    """The list in a field, empty where there is none; raises FieldError for anything else."""
    value = record.get(field)
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        raise FieldError(field, value, "wrong_type")
    return value


def objects(record: Answer, field: str) -> list[Answer]:
    """The objects of the list in a field; raises FieldError where it holds anything else."""
    found = parts(record, field)
    for index, item in enumerate(found):
        if not isinstance(item, dict):
            raise FieldError(f"{field}[{index}]", item, "wrong_type")
    return found


def spread(field: str, items: Iterable[Any], read: Callable[[Answer], list[Record]]) -> list[Record]:
    """What `read` makes of all items of the list in a field; a FieldError tells in which item."""
    found: list[Record] = []
    for index, item in enumerate(items):
        try:
            found.extend(read(item))
        except FieldError as error:
            raise error.inside(f"{field}[{index}]") from None
    return found


def others(record: Answer, used: frozenset[str], ours: frozenset[str] = frozenset()) -> Record:
    """The fields that a reader does not know, which are kept with the chat and named in the report.

    One with the name of a field of `ours` means something else there, so it is kept as `vendor_name`.
    """
    return {
        f"vendor_{field}" if field in ours else field: value
        for field, value in ((field, _known(record[field])) for field in record if field not in used)
        if value not in (None, "", [], {})
    }


def _known(value: Any) -> Any:
    """A value without the nulls in it: where the records of a chat are united, these are lost."""
    if not isinstance(value, dict):
        return value
    return {field: _known(inside) for field, inside in value.items() if inside is not None}


def drop(record: Answer, fields: Iterable[str], left_out: LeftOut, path: str = "") -> None:
    """Counts those of the fields that have a value as left out."""
    for field in fields:
        value = record.get(field)
        if value or value.__class__ in FIGURES:
            left_out[f"{path}{field}"] += 1


def first(*values: Any) -> Any:
    """The first value that is known."""
    return next((value for value in values if value is not None and value != ""), None)


def named(name: Any) -> Any:
    """A visitor's name, None where the system made it up (`Visitor 12345678`, `guest-10`)."""
    return None if isinstance(name, str) and PLACEHOLDER.fullmatch(name.strip()) else name


def with_files(message: Record, files: list[Record]) -> list[Record]:
    """A message with the first of its files, and an entry of its own for each further one."""
    said = {field: message.get(field) for field in ("at", "sender_type", "sender_name", "automatic")}
    further = [{**said, "id": f"{message['id']}#{n}", "attachment": file} for n, file in enumerate(files[1:], 2)]
    return [{**message, "attachment": files[0]} if files else message, *further]


def moment(record: Answer, field: str) -> int | None:
    """The time in a field, to be compared with others; None where it is unknown, raises FieldError where it is none."""
    return TIMES.read(record.get(field), field)


def seconds_between(start: int | None, end: int | None) -> float | None:
    """The seconds from one moment to a later one."""
    return None if start is None or end is None or end < start else (end - start) / 1e6


def rated(value: Any, meant: Mapping[str, int | None] = STARS) -> Record:
    """The rating that a system's value means; one that is not known stays as it was written, as `vendor_rating`."""
    word = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip().lower()
    return {"rating": meant[word]} if word in meant else {"rating": None, "vendor_rating": value}
