"""What an import did."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class FileReport:
    """One file: `format` is json_lines, csv or parquet, `kind` chats or messages, `records` the number of its rows."""

    name: str
    format: str
    gzipped: bool
    kind: str
    records: int
    rejected: int


@dataclass(frozen=True)
class Report:
    """What an import did.

    `read`, `new`, `updated`, `unchanged` and `rejected` count chats. Chats that only a file of messages named are in
    `messages_only`, so that new + updated + unchanged + rejected = read + messages_only.
    `messages_read` counts the messages and notes of accepted chats and all rows of files of messages,
    `messages_rejected` rejected rows of such files, `messages_stored` what was written.
    `unknown_fields` tells for each field that the contract does not name in how many records it was.
    `deleted_kept` counts chats of the import that are deleted here and stay so. Times are naive UTC.
    """

    import_id: UUID
    files: tuple[FileReport, ...]
    zone: str
    zone_used: bool
    started_at: datetime
    finished_at: datetime
    read: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    messages_only: int
    messages_read: int
    messages_rejected: int
    messages_stored: int
    unknown_fields: dict[str, int]
    deleted_kept: int

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def rows_rejected(self) -> int:
        """Number of rows that `rejected_rows` returns."""
        return self.rejected + self.messages_rejected

    @property
    def changed_nothing(self) -> bool:
        """Whether the store held all of it already."""
        return self.new == 0 and self.updated == 0

    def to_json(self) -> str:
        """The report as one line of JSON."""
        values = {**asdict(self), "seconds": self.seconds}
        return json.dumps(values, ensure_ascii=False, default=_plain)

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """The report that `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        values.pop("seconds")
        return cls(
            **{
                **values,
                "import_id": UUID(values["import_id"]),
                "files": tuple(FileReport(**file) for file in values["files"]),
                "started_at": datetime.fromisoformat(values["started_at"]),
                "finished_at": datetime.fromisoformat(values["finished_at"]),
            }
        )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
