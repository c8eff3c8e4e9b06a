"""SQL that makes typed rows of chats, with their messages inside, and the Arrow schema that they are written in."""

from typing import Any

import pyarrow as pa

from lib.export.choice import Choice
from lib.export.columns import ALWAYS, CHAT_FIELDS, MESSAGE_FIELDS, Field
from lib.export.json_sql import fields_of
from lib.export.masking import masked

_TYPES: dict[str, Any] = {
    "text": pa.string(),
    "json": pa.string(),
    "texts": pa.list_(pa.string()),
    "time": pa.timestamp("us", "UTC"),
    "number": pa.float64(),
    "flag": pa.bool_(),
}
# Numbers without a fraction.
_WHOLE = frozenset(["chat_history_export", "rating", "message_count", "follow_up.mails", "attachment.size"])


def schema(choice: Choice) -> pa.Schema:
    """Names and types of the columns; times are UTC."""
    fields = _typed(fields_of((*ALWAYS, *CHAT_FIELDS), choice))
    if choice.with_messages:
        said = pa.struct(_typed(fields_of(MESSAGE_FIELDS, choice)))
        fields.append(pa.field("messages", pa.list_(said)))
    return pa.schema(fields)


def chat_columns(choice: Choice) -> str:
    """A chat (c) with what was said (s) as columns of the schema."""
    parts = _parts(fields_of((*ALWAYS, *CHAT_FIELDS), choice), choice)
    columns = [f"{value} AS {name}" for name, value in parts]
    return ", ".join([*columns, *(["coalesce(s.said, []) AS messages"] if choice.with_messages else [])])


def message_struct(choice: Choice) -> str:
    """A message (m) as a struct of the schema."""
    return _struct(_parts(fields_of(MESSAGE_FIELDS, choice), choice))


def _parts(fields: list[Field], choice: Choice) -> list[tuple[str, str]]:
    """Names and SQL of the values; fields with a common parent are one struct."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in fields:
        parent, _dot, name = field.path.rpartition(".")
        value = masked(field, choice.masks)
        if field.kind == "number":
            value = f"{value}::{'BIGINT' if field.path in _WHOLE else 'DOUBLE'}"
        groups.setdefault(parent or name, []).append((name, value))
    nested = {field.path.partition(".")[0] for field in fields if "." in field.path}
    return [(name, _struct(parts) if name in nested else parts[0][1]) for name, parts in groups.items()]


def _struct(parts: list[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"'{name}': {value}" for name, value in parts) + "}"


def _typed(fields: list[Field]) -> list[Any]:
    groups: dict[str, list[Any]] = {}
    for field in fields:
        parent, _dot, name = field.path.rpartition(".")
        type_ = pa.int64() if field.path in _WHOLE else _TYPES[field.kind]
        groups.setdefault(parent or name, []).append(pa.field(name, type_))
    nested = {field.path.partition(".")[0] for field in fields if "." in field.path}
    return [pa.field(name, pa.struct(found)) if name in nested else found[0] for name, found in groups.items()]
