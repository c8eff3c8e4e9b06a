"""Takes a row of a table apart: the values of our fields, and the cells of all other columns."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lib.importing.columns.mapping import CLOCKS, FIELDS_BY_NAME, ColumnMapping
from lib.importing.columns.spellings import at_clock, iso_time, listed, normal, rating, seconds, sender_of, text_of
from lib.importing.columns.transcripts import follows, split, talk_of
from lib.importing.records.fields import CHAT_FIELDS, ROW_FIELDS
from lib.importing.records.times import Counted

OUR_NAMES = CHAT_FIELDS | ROW_FIELDS
# Records have no such fields, so that their cells are kept beside them.
NOT_IN_RECORDS = frozenset(["message_kind", "sender_id", "sender_email"])
# Under these names LINE Official Account answers by itself.
AUTOMATIC_NAMES = frozenset(["応答メッセージ", "あいさつメッセージ", "AI応答メッセージ"])

Cells = dict[str, Any]


class CellReader:
    """Reads rows by a mapping."""

    def __init__(self, mapping: ColumnMapping, unsplit: Counted | None = None) -> None:
        """Conversations that do not follow the pattern are counted in `unsplit`."""
        self.makes_ids = mapping.makes_ids
        self._is_messages = mapping.kind == "messages"
        kinds = ("chats", "messages") if self._is_messages else ("chats",)
        self._fields = [
            (column, field)
            for column, field in mapping.fields
            if FIELDS_BY_NAME[field].of in kinds and not (field == "transcript" and self._is_messages)
        ]
        self._pattern, self._date_order = mapping.pattern, mapping.date_order
        self._unsplit = unsplit or Counted()
        self._names_senders = any(field == "sender_type" for _, field in self._fields)
        self._senders = {normal(word): sender for word, sender in mapping.senders}
        time = partial(iso_time, order=mapping.date_order)
        self._reading: dict[str, Callable[[str], Any]] = {
            **dict.fromkeys(("started_at", "ended_at", "updated_at", "at"), time),
            **dict.fromkeys(("wait_s", "offset_s"), seconds),
            **dict.fromkeys(("tags", "operators", "supervisors"), listed),
            "rating": rating,
        }

    def read(self, record: Mapping[str, Any]) -> tuple[Cells, Cells]:
        """The known values of our fields, and the other cells under names that are none of ours."""
        cells: Cells = {}
        used: set[str] = set()
        for column, field in self._fields:
            value = record.get(column)
            if value is None or (isinstance(value, str) and (not value or value.isspace())):
                used.add(column)
            elif field not in cells:
                reading = self._reading.get(field)
                cells[field] = reading(value) if reading and isinstance(value, str) else value
                used.update(() if field in NOT_IN_RECORDS else (column,))
        clocks = {field: str(cells.pop(clock)) for field, clock in CLOCKS.items() if clock in cells}
        for field, clock in clocks.items():
            # An end without a date is of the day of the start, or of the next one.
            start = cells.get("started_at") if field == "ended_at" and field not in cells else None
            cells[field] = at_clock(str(start or cells.get(field, "")), clock, is_end=start is not None)
        if self._is_messages:
            self._add_sender(cells)
        others: Cells = {}
        for column, value in record.items():
            if column not in used:
                name = column
                while name in OUR_NAMES or name in others:
                    name = f"column {name}"
                others[name] = value
        return cells, others

    def messages(self, cells: Cells) -> list[dict[str, Any]] | None:
        """The messages of a conversation that stands in one cell, which is taken out of the cells; None without one."""
        told = cells.pop("transcript", None)
        if told is None:
            return None
        value = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, default=str)
        if self._pattern and not follows(value, self._pattern):
            self._unsplit.add(" ".join(value.split()))
        return split(value, self._pattern, talk_of(cells, self._date_order))

    def _add_sender(self, cells: Cells) -> None:
        kind = self._word(cells.get("message_kind"))
        says_anything = "text" in cells or any(field.startswith("attachment_") for field in cells)
        is_event = kind == "system" and not says_anything
        if is_event or kind == "note":
            cells["sender_type"] = kind
        elif self._names_senders:
            cells["sender_type"] = self._word(cells.get("sender_type")) or cells.get("sender_type")
        else:
            name = cells.get("sender_name")
            cells["sender_type"] = "operator" if name is not None and name == cells.get("operator") else "visitor"
        if cells["sender_type"] == "operator" and cells.get("sender_name") in AUTOMATIC_NAMES:
            cells |= {"sender_type": "bot", "automatic": True}
        if is_event:
            cells["text"] = text_of(cells["message_kind"])

    def _word(self, value: Any) -> str | None:
        word = text_of(value)
        return None if word is None else self._senders.get(normal(word)) or sender_of(word)
