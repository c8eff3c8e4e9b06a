"""Guesses which columns of a table are which of our fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from lib.importing.columns.mapping import CLOCKS, FIELDS, ColumnMapping, TableKind
from lib.importing.columns.shapes import Values, are_clocks, are_days, date_order, fits, shows
from lib.importing.columns.spellings import meanings, sender_of, text_of
from lib.importing.columns.transcripts import pattern_of

# The better guess first where a name may be either.
CHOICES: dict[TableKind, list[str]] = {
    "messages": [field.name for field in sorted(FIELDS, key=lambda field: field.of, reverse=True)],
    "chats": [field.name for field in FIELDS if field.of == "chats"],
}
SHOWN: dict[TableKind, tuple[str, ...]] = {
    "messages": ("visitor_email", "visitor_ip", "visitor_country", "at", "text"),
    "chats": ("visitor_email", "visitor_ip", "visitor_country", "started_at", "question"),
}
TIME_FIELDS = ("started_at", "ended_at", "updated_at", "at")

Found = dict[str, str]  # our field -> column
Table = dict[str, Values]  # column -> its known values


def guess(columns: Sequence[str], samples: Sequence[Mapping[str, Any]]) -> ColumnMapping:
    """The likeliest mapping of a table with these columns, some of whose rows are `samples`."""
    table: Table = {}
    for column in columns:
        values = [row.get(column) for row in samples]
        inside = [item for value in values if isinstance(value, list) for item in value]
        # No field of ours takes an object or a list of objects.
        is_plain = not any(isinstance(value, dict) for value in values)
        if is_plain and not any(isinstance(item, dict | list) for item in inside):
            table[column] = [text for text in map(text_of, values) if text is not None]
    found = _found(table, "messages")
    ids = table[found["id"]] if "id" in found else ()
    is_said = "text" in found and ("message_id" in found or len(set(ids)) < len(ids))
    kind: TableKind = "messages" if "sender_type" in found or is_said else "chats"
    talk = None
    if kind == "chats":
        talk = next((column for column in table if pattern_of(table[column])), None)
        found = _found({column: values for column, values in table.items() if column != talk}, kind)
        found |= {"transcript": talk} if talk else {}
    field_of = {column: field for field, column in found.items()}
    times = [value for field in TIME_FIELDS if field in found for value in table[found[field]]]
    said = [(word, sender_of(word)) for word in table[found["sender_type"]]] if "sender_type" in found else []
    kinds = [(word, sender_of(word)) for word in table[found["message_kind"]]] if "message_kind" in found else []
    pairs = [*said, *(pair for pair in kinds if pair[1] in ("note", "system"))]
    return ColumnMapping(
        kind=kind,
        fields=tuple((column, field_of[column]) for column in table if column in field_of),
        date_order=date_order(times),
        senders=tuple(dict.fromkeys((word, sender) for word, sender in pairs if sender)),
        pattern=pattern_of(table[talk]) if talk else "",
    )


def _found(table: Table, kind: TableKind) -> Found:
    named = {
        column: {field: rank for field, rank in meanings(column).items() if fits(field, values)}
        for column, values in table.items()
    }
    candidates = sorted(
        (meant[field], place, order, column, field)
        for place, (column, meant) in enumerate(named.items())
        for order, field in enumerate(CHOICES[kind])
        if field in meant
    )
    found: Found = {}
    for *_, likely, field in candidates:
        if field not in found and likely not in found.values():
            found[field] = likely
    silent = [column for column in table if not named[column]]
    for field in SHOWN[kind]:
        column = next((column for column in silent if shows(field, table[column])), None)
        if column is not None and field not in found:
            found[field] = column
            silent.remove(column)
    return found | _clocks(found, table)


def _clocks(found: Found, table: Table) -> Found:
    """The columns with the times of day of dates: named so, or right beside the date."""
    days = {field: found[field] for field in CLOCKS if field in found and are_days(table[found[field]])}
    columns, clocks = list(table), Found()
    for place, column in enumerate(columns):
        if column in found.values() or not are_clocks(table[column]):
            continue
        named = [field for field in meanings(column) if field in CLOCKS]
        beside = [field for field, day in days.items() if abs(columns.index(day) - place) == 1 and not named]
        ends = named == ["ended_at"] and "ended_at" not in found and "started_at" in days
        field = next((field for field in [*named, *beside] if field in days), "ended_at" if ends else None)
        if field and CLOCKS[field] not in clocks:
            clocks[CLOCKS[field]] = column
    return clocks
