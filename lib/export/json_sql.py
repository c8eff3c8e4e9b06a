"""SQL that makes JSON of chats and messages; what is unknown is left out."""

from collections.abc import Callable, Iterable, Set

from lib.chats.own_files import GIVEN, MARK, Mask
from lib.export.choice import Choice
from lib.export.columns import ALWAYS, CHAT_FIELDS, MESSAGE_FIELDS, Field, is_always_there
from lib.export.masking import masked


def fields_of(fields: Iterable[Field], choice: Choice) -> list[Field]:
    """Those of the fields that are exported."""
    return [field for field in fields if is_always_there(field) or choice.has(field.chosen_by)]


def chat_line(choice: Choice) -> str:
    """A chat as an object and a line break."""
    fields = fields_of((*ALWAYS, *CHAT_FIELDS), choice)
    said = """, ',"messages":[', s.said, ']'""" if choice.with_messages else ""
    return f"concat('{{', substr({_members(fields, choice.masks)}, 2){said}, '}}', chr(10))"


def message_object(choice: Choice) -> str:
    """A message (m) as an object."""
    fields = fields_of(MESSAGE_FIELDS, choice)
    return f"concat('{{', substr({_members(fields, choice.masks)}, 2), '}}')"


def _members(fields: list[Field], masks: Set[Mask]) -> str:
    """Members of an object, each after a comma."""
    parts, done = list[str](), set[str]()
    for field in fields:
        parent, _dot, name = field.path.rpartition(".")
        if not parent:
            parts.append(_member(name, _value(field, masks)))
        elif parent not in done:
            done.add(parent)
            own = [each for each in fields if each.path.startswith(f"{parent}.")]
            members = ", ".join(_member(each.path.rpartition(".")[2], _value(each, masks)) for each in own)
            # That nothing was given is worth knowing; another empty object is not.
            inner = f"concat({members})" if parent == GIVEN else f"nullif(concat({members}), '')"
            parts.append(f"""',"{parent}":{{' || substr({inner}, 2) || '}}'""")
    return f"concat({', '.join(parts)})"


def _member(name: str, value: str) -> str:
    return f"""',"{name}":' || {value}"""


def _value(field: Field, masks: Set[Mask]) -> str:
    value = masked(field, masks)
    return value if field.path == MARK else _WRITTEN[field.kind](value)


_WRITTEN: dict[str, Callable[[str], str]] = {
    "text": lambda value: f"to_json({value})::VARCHAR",
    "texts": lambda value: f"CASE WHEN len({value}) > 0 THEN to_json({value})::VARCHAR END",
    "time": lambda value: f"""'"' || replace({value}::VARCHAR, ' ', 'T') || 'Z"'""",
    "number": lambda value: f"{value}::VARCHAR",
    "flag": lambda value: f"{value}::VARCHAR",
    "json": lambda value: value,
}
