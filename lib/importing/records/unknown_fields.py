"""Fields that the contract does not name, which are kept with their chat."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from lib.importing.problems import FieldError


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
                self._place(path)[field] = record[field]
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

    def _place(self, path: str) -> dict[str, Any]:
        place = self._values
        for step in path.split(".") if path else ():
            place = place.setdefault(step, {})
        return place


def join(path: str, field: str) -> str:
    """The path of a field of what stands at a path."""
    return f"{path}.{field}" if path else field
