"""What of a record is set aside, and kept beside it: fields that the contract does not name, and odd values."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from lib.importing.problems import FieldError
from lib.importing.records.times import Counted
from lib.importing.records.values import is_rounded

T = TypeVar("T")
# Without these it is not known what a record is, or of which chat.
NEEDED = frozenset(["id", "chat_id", "system", "account", "messages", "notes", "sender_type"])
STEP = re.compile(r"[.\[]")


class UnknownFields:
    """Fields that the contract does not name: their values for the chat, their paths without indexes for the report."""

    def __init__(self, kept: str | None = None) -> None:
        """`kept` is the JSON that was kept of them before, in an export."""
        self._kept = kept
        self._values: dict[str, Any] = {}
        self._paths: set[str] = set()

    def collect(self, record: Mapping[str, Any], known: frozenset[str], path: str) -> None:
        """Keeps the fields of `record` (which stands at `path`) that are not `known` and have a value."""
        for field in record:
            if field not in known and record[field] is not None and record[field] != "":
                place = self._values
                for step in path.split(".") if path else ():
                    place = place.setdefault(step, {})
                place[field] = record[field]
                self._paths.add(join(path.partition("[")[0] + path.partition("]")[2], field))

    @property
    def paths(self) -> Collection[str]:
        """The paths of what was collected."""
        return self._paths

    def dump(self) -> str | None:
        """The fields as one JSON object, or None; raises FieldError if they cannot be written."""
        if not self._values:
            return self._kept
        try:
            values = {**json.loads(self._kept), **self._values} if self._kept else self._values
            return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
        except (ValueError, TypeError, RecursionError):
            raise FieldError(None, None, "not_json") from None


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
            record = rest
            try:
                return read(record)
            except FieldError as another:
                error = another


def unrounded(value: str | None, unknown: UnknownFields, path: str) -> str | None:
    """The id, unless others may have become the same; then it is kept among the unknown fields."""
    if value is None or not is_rounded(value):
        return value
    unknown.collect({"id": value}, frozenset(), path)
    return None


def join(path: str, field: str) -> str:
    """The path of a field of what stands at a path."""
    return f"{path}.{field}" if path else field
