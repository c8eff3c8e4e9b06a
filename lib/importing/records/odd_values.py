"""Optional values of an unexpected form: a record is taken without them, and they are kept beside it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from lib.importing.problems import FieldError
from lib.importing.records.times import Counted
from lib.importing.records.unknown_fields import UnknownFields, join

T = TypeVar("T")
# Without these it is not known what a record is, or of which chat.
NEEDED = frozenset(["id", "chat_id", "system", "account", "messages", "notes", "sender_type"])
STEP = re.compile(r"[.\[]")


class OddValues:
    """Counts them for the report, and the ids of chats that a spreadsheet rounded."""

    def __init__(self) -> None:
        """Begins with none."""
        self.counted, self.rounded_ids = Counted(), Counted()

    def read_without(
        self,
        read: Callable[[Mapping[str, Any]], T],
        record: Any,
        error: FieldError,
        unknown: UnknownFields,
        path: str = "",
    ) -> T:
        """What `read` makes of a record that stands at `path`, without what it refuses, of which `error` is the first.

        The refused values are collected in `unknown`. Raises FieldError where the record cannot be without them.
        """
        while True:
            record = self._without(record, error, unknown, path)
            try:
                return read(record)
            except FieldError as another:
                error = another

    def _without(self, record: Any, error: FieldError, unknown: UnknownFields, path: str) -> dict[str, Any]:
        steps = STEP.split(error.field or "")
        head, inner = steps[0], steps[1] if len(steps) > 1 else ""
        if record.__class__ is not dict or head in NEEDED or head not in record:
            raise error
        value, place, name = record[head], path, head
        rest = {field: kept for field, kept in record.items() if field != head}
        if value.__class__ is dict and inner in value:
            rest[head] = {field: kept for field, kept in value.items() if field != inner}
            value, place, name = value[inner], join(path, head), inner
        unknown.collect({name: value}, frozenset(), place)
        self.counted.add(f"{error.field}: {error.value}")
        return rest
