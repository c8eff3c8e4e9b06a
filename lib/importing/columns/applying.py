"""Turns the rows of a table into records of our own import format."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, groupby, islice
from typing import Any, NamedTuple

from lib.importing.columns.cells import NOT_IN_RECORDS, CellReader, Cells
from lib.importing.columns.mapping import FIELDS_BY_NAME, ColumnMapping, TableKind
from lib.importing.columns.shapes import is_time
from lib.importing.columns.spellings import text_of
from lib.importing.problems import FieldError
from lib.importing.records.checked import made_id
from lib.importing.records.fields import NESTED_COLUMNS
from lib.importing.records.times import Counted
from lib.importing.records.values import identifier
from lib.importing.sources import Item

# So many rows of a chat are looked at for its facts before its record is given.
LOOKAHEAD = 100

Record = dict[str, Any]
ChatKey = tuple[str | None, str | None, str]


class Row(NamedTuple):
    """A row of a table of messages, taken apart; `chat` is None where it names no chat."""

    item: Item
    chat: ChatKey | None
    cells: Cells
    others: Cells


def mapped(items: Iterable[Item], mapping: ColumnMapping, unsplit: Counted | None = None) -> Iterator[Item]:
    """The items with records of our own format; of a table of messages, a chat comes before its first message.

    Conversations that do not follow the pattern are counted in `unsplit`.
    """
    reader = CellReader(mapping, unsplit)
    if mapping.kind == "messages":
        yield from _messages(items, reader)
        return
    for item in items:
        if not isinstance(item.record, dict):
            yield item
            continue
        cells, others = reader.read(item.record)
        if reader.makes_ids:
            cells["id"] = made_id(item.record)
        messages = reader.messages(cells)
        said = {} if messages is None else {"messages": messages}
        yield item._replace(record=_chat(cells) | others | said)


def _messages(items: Iterable[Item], reader: CellReader) -> Iterator[Item]:
    # No chat is given for rows that name none.
    seen: set[ChatKey | None] = {None}
    named: Callable[[Iterator[Row]], Iterator[Row]] = partial(_with_made_ids, {}) if reader.makes_ids else iter
    for chat, rows in groupby((_row(item, reader) for item in items), key=lambda row: row.chat):
        of_chat = named(rows)
        if chat not in seen:
            first = list(islice(of_chat, LOOKAHEAD))
            # What the rows say of their chat; of each fact the first one counts.
            facts: Cells = {}
            for given in chain(map(_told, first), map(_visitor, first), map(_start, first)):
                facts = given | facts
            yield first[0].item._replace(record=_chat(facts), cut=())
            of_chat = chain(first, of_chat)
        yield from map(_message_item, of_chat)
        seen.add(chat)


def _with_made_ids(ids: dict[ChatKey, str], rows: Iterator[Row]) -> Iterator[Row]:
    """The rows of a chat with the id that its first row makes, together with the visitor who speaks first."""
    first = list(islice(rows, LOOKAHEAD))
    chat = first[0].chat
    if chat is not None and chat not in ids:
        ids[chat] = made_id(first[0].item.record, next(filter(None, map(_visitor, first)), None))
    for row in chain(first, rows):
        yield row._replace(cells=row.cells | {"id": ids[chat]}) if chat else row


def _row(item: Item, reader: CellReader) -> Row:
    if not isinstance(item.record, dict):
        return Row(item, None, {}, {})
    cells, others = reader.read(item.record)
    system, account = text_of(cells.get("system")), text_of(cells.get("account"))
    if reader.makes_ids:
        # Chats of a table without ids are told apart by their visitors; without these, all rows are one chat.
        known = (text_of(cells.get(f"visitor_{name}")) for name in ("id", "email", "phone", "name"))
        return Row(item, (system, account, next(filter(None, known), "")), cells, others)
    try:
        return Row(item, (system, account, identifier(cells.get("id"), "id")), cells, others)
    except FieldError:
        return Row(item, None, cells, others)


def _message_item(row: Row) -> Item:
    if not isinstance(row.item.record, dict):
        return row.item
    cells = {field: value for field, value in _only(row.cells, "messages").items() if field not in NOT_IN_RECORDS}
    whose = {"chat_id": row.cells.get("id"), "system": row.cells.get("system"), "account": row.cells.get("account")}
    record = whose | {"id": cells.pop("message_id", None)}
    return row.item._replace(record=record | _nested(cells) | row.others)


def _told(row: Row) -> Cells:
    return _only(row.cells, "chats")


def _visitor(row: Row) -> Cells:
    told = row.cells if row.cells["sender_type"] == "visitor" else {}
    return {f"visitor_{name}": told[f"sender_{name}"] for name in ("id", "name", "email") if f"sender_{name}" in told}


def _start(row: Row) -> Cells:
    sent_at = row.cells.get("at")
    return {"started_at": sent_at} if isinstance(sent_at, str) and is_time(sent_at, [None]) else {}


def _only(cells: Cells, of: TableKind) -> Cells:
    # What is no column, as `automatic`, is made of a message.
    of_columns = {field: FIELDS_BY_NAME[field].of if field in FIELDS_BY_NAME else "messages" for field in cells}
    return {field: value for field, value in cells.items() if of_columns[field] == of}


def _chat(facts: Cells) -> Record:
    # A chat without an id is told from a message by the empty field.
    return {"id": None} | _nested(facts)


def _nested(cells: Cells) -> Record:
    record: Record = {}
    for field, value in cells.items():
        parent, name = NESTED_COLUMNS.get(field, (None, field))
        place = record.setdefault(parent, {}) if parent else record
        place[name] = value
    return record
