"""What a file is found to be: its format, and the items that it gives, with long texts cut."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lib.importing import limits
from lib.importing.columns import ColumnMapping, mapped
from lib.importing.problems import ImportRefused
from lib.importing.records.fields import CHAT_FIELDS, ROW_FIELDS
from lib.importing.records.times import Counted
from lib.importing.sources import Item
from lib.importing.vendors import Vendor

Format = Literal["json_lines", "json", "csv", "parquet", "workbook"]
Kind = Literal["chats", "messages"]

OWN, RAW = "own", "raw"
# Fewer are no table of chats.
LEAST_COLUMNS = 2


@dataclass(frozen=True)
class Known:
    """What is known of files before they are read: the choice of their format, and the column mappings by name.

    `choice` is the code of a vendor, "own", or None to find out from the content; `mapping` the name of the one to use;
    `encoding` that of texts, of `encoding.CODECS`, or None to find it out; `rows` the list of a file of JSON with
    several, or None for the likeliest.
    """

    choice: str | None = None
    mapping: str | None = None
    encoding: str | None = None
    mappings: tuple[tuple[str, tuple[str, ...], ColumnMapping], ...] = ()
    rows: str | None = None

    def mapping_for(self, columns: Sequence[str]) -> tuple[str, ColumnMapping] | None:
        """The chosen mapping if its columns are there, else the newest one for exactly these columns."""
        for name, _columns, mapping in self.mappings:
            if name == self.mapping and {column for column, _field in mapping.fields} <= set(columns):
                return name, mapping
        return next(((name, mapping) for name, own, mapping in self.mappings if set(own) == set(columns)), None)


@dataclass(frozen=True)
class Feed:
    """The items of one file; `kind` is None where only the records can tell; `written`: all its values are texts.

    `joined` says that among the chats there may be rows of messages; `header_row` is the row of a table's header,
    and `zone` the time zone of its times, where the lines above the header say one;
    `makes_ids` says that the chats of a table have ids that were made of its rows, `unsplit` counts the
    conversations in one cell that did not follow the pattern of the mapping, as far as the items were read;
    `lists` are those in which rows may stand inside an object of JSON, and `unread` counts the rows of those that
    were left out, as far as the items were read.
    """

    name: str
    format: Format
    gzipped: bool
    kind: Kind | None
    items: Iterator[Item]
    vendor: Vendor | None = None
    evidence: str | None = None
    encoding: str | None = None
    mapping: str | None = None
    written: bool = False
    joined: bool = False
    header_row: int = 1
    zone: str | None = None
    makes_ids: bool = False
    unsplit: Counted = field(default_factory=Counted)
    lists: tuple[str, ...] = ()
    unread: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The beginning of a table whose columns are not known: some of its rows, each a value a column.

    `lists` are the lists of a file of JSON that may be one; the table is the likeliest, if none was named.
    """

    columns: tuple[str, ...]
    samples: tuple[dict[str, Any], ...]
    lists: tuple[str, ...] = ()


def kind_of(fields: Collection[str]) -> Kind | None:
    """What a record with these fields is; None if neither a chat nor a message."""
    if "chat_id" in fields and ("id" not in fields or "sender_type" in fields):
        return "messages"
    return "chats" if "id" in fields else None


def is_own(record: dict[str, Any]) -> bool:
    """Whether a record is a chat or a message of our own format."""
    kind = kind_of(record)
    known = (CHAT_FIELDS if kind == "chats" else ROW_FIELDS) - {"id", "chat_id"}
    # An id alone could be anything, unless it is all there is.
    return kind is not None and (bool(record.keys() & known) or len(record) == 1)


def with_mapping(feed: Feed, columns: Sequence[str], known: Known) -> Feed:
    """The feed of a table with these columns, read with a mapping; raises ImportRefused where there is none."""
    found = known.mapping_for(columns)
    if found is None:
        raise ImportRefused("unknown_columns", feed.name)
    name, mapping = found
    unsplit = Counted()
    items = mapped(map(cut, feed.items), mapping, unsplit)
    return replace(feed, items=items, mapping=name, written=True, makes_ids=mapping.makes_ids, unsplit=unsplit)


def cut(item: Item) -> Item:
    """The item with its long texts cut; it remembers where they stand, in paths such as `messages[3].text`."""
    # A text is never longer than the record that it stands in.
    if item.size <= limits.LONGEST_VALUE or not isinstance(item.record, dict):
        return item
    # Cuts the texts in place, and returns where they stand.
    found: list[str] = []
    waiting: list[tuple[Any, str]] = [(item.record, "")]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, dict):
            for name in [name for name in value if len(name) > limits.LONGEST_VALUE]:
                value[name[: limits.LONGEST_VALUE]] = value.pop(name)
                found.append(path or "…")
        inside = list(value.items() if isinstance(value, dict) else enumerate(value))
        for key, inner in inside:
            if isinstance(inner, str) and len(inner) > limits.LONGEST_VALUE:
                value[key] = inner[: limits.LONGEST_VALUE]
                found.append(_joined(path, key))
        waiting += [(inner, _joined(path, key)) for key, inner in inside[::-1] if isinstance(inner, dict | list)]
    return item._replace(cut=(*item.cut, *found)) if found else item


def _joined(path: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key
