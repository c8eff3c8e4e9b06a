"""SQL that makes lines of CSV of chats and messages: quoted, neutralised for spreadsheets, ended by CRLF."""

from collections.abc import Callable

from lib.chats.own_files import MARK, VERSION, for_spreadsheets_sql
from lib.export.choice import Choice
from lib.export.columns import ALWAYS, CHAT_FIELDS, MESSAGE_FIELDS, Field
from lib.export.json_sql import fields_of
from lib.export.masking import masked

BOM = b"\xef\xbb\xbf"
END = "chr(13), chr(10)"
_CHAT_OF_MESSAGE = (
    Field("chat_id", "c.vendor_id"),
    Field("system", "c.system"),
    Field("account", "c.account"),
    Field(MARK, str(VERSION), "number"),
)


def chat_header(choice: Choice) -> bytes:
    """The first line of the chats."""
    return _header(_chat_fields(choice))


def message_header(choice: Choice) -> bytes:
    """The first line of the messages."""
    return _header(_message_fields(choice))


def chat_line(choice: Choice) -> str:
    """A chat as a line."""
    return _line(_chat_fields(choice), choice)


def message_line(choice: Choice) -> str:
    """A message (m) of a chat (c) as a line."""
    return _line(_message_fields(choice), choice)


def _chat_fields(choice: Choice) -> list[Field]:
    # What only programs need comes last.
    people = choice.for_people.fields() if choice.for_people else ()
    return [*people, *fields_of((*CHAT_FIELDS, *ALWAYS), choice)]


def _message_fields(choice: Choice) -> list[Field]:
    return [*sorted(fields_of(MESSAGE_FIELDS, choice), key=lambda field: field.path == "id"), *_CHAT_OF_MESSAGE]


def _header(fields: list[Field]) -> bytes:
    return BOM + ",".join(field.column for field in fields).encode() + b"\r\n"


def _line(fields: list[Field], choice: Choice) -> str:
    cells = [_WRITTEN[field.kind](masked(field, choice.masks)) for field in fields]
    return f"concat({', chr(44), '.join(cells)}, {END})"


def _quoted(value: str) -> str:
    return f"""'"' || replace({for_spreadsheets_sql(value)}, '"', '""') || '"'"""


_WRITTEN: dict[str, Callable[[str], str]] = {
    "text": _quoted,
    "json": _quoted,
    "texts": lambda value: _quoted(f"CASE WHEN len({value}) > 0 THEN to_json({value})::VARCHAR END"),
    "time": lambda value: f"replace({value}::VARCHAR, ' ', 'T') || 'Z'",
    "number": lambda value: f"{value}::VARCHAR",
    "flag": lambda value: f"{value}::VARCHAR",
}
