"""What an import did, the reports of past ones, and the messages whose chat has not come yet."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

from lib.importing.records.times import Counted
from lib.store import Store

if TYPE_CHECKING:  # It takes long to load, which the processes that only read files need not wait for.
    import pandas as pd

# Who imports where the settings name nobody; the account that runs the program is nobody's choice.
COMMAND_LINE: Final = "command line"
# What is counted with its first examples.
COUNTED = ("unread_times", "times_twice", "times_skipped", "no_records", "odd_values", "rounded_ids")
REMARKS = ("messages_missing", "others", "emptied")


@dataclass(frozen=True)
class FileReport:
    """One file.

    `format` is json_lines, json, csv, parquet or workbook (of which it is a sheet), `kind` chats, messages or
    mixed, `records` the number of its rows, `system` the name of the vendor whose answers it holds and `evidence`
    what showed that, `encoding` how its text was written where that was not UTF-8, `mapping` the name of the column
    mapping that was used, `header_row` the row in which the header of a table begins, `made_ids` whether the ids of
    its chats were made of its rows, `unsplit` how many conversations in one cell stay one message,
    `zone` the time zone that it says its times are in, `unread` counts the rows of lists of JSON that were left out.
    """

    name: str
    format: str
    gzipped: bool
    kind: str
    records: int
    rejected: int
    system: str | None = None
    evidence: str | None = None
    encoding: str | None = None
    mapping: str | None = None
    header_row: int = 1
    made_ids: bool = False
    unsplit: int = 0
    zone: str | None = None
    unread: dict[str, int] = field(default_factory=dict)


class Place(NamedTuple):
    """Where a value stands: the file, the number of its row, and the path of the field (`messages[3].text`)."""

    file: str
    row_number: int
    field: str


class Unnamed(NamedTuple):
    """How many chats and visitors of a system with several accounts name none, and to which they were put."""

    system: str
    account: str | None
    records: int


@dataclass(frozen=True)
class Report:
    """What an import did.

    `read`, `new`, `updated`, `unchanged` and `rejected` count chats. Chats that only messages or visitors' records
    named are in `messages_only`, chats that a vendor's files hold more than once in `twice`, so that
    new + updated + unchanged + rejected + twice + held_back = read + messages_only.
    `messages_read` counts the messages and notes of accepted chats and all messages that came apart from their chats,
    `messages_rejected` rejected ones of those, `messages_stored` what was written, `messages_waiting` what waits for a
    chat that has not come yet, `messages_joined` what had waited and found its chat.
    `names_read` counts what departments and agents are called, of their lists.
    `unknown_fields` tells for each field that no reader knows in how many records it was, `left_out` the same for
    fields that a vendor's reader does not take over. `status_changes` counts updated chats by `ongoing>completed`.
    `skipped` names the files of archives that hold no chats, the first of them, and `skipped_more` counts the others.
    `not_kept` counts the rejected rows that are only counted, because there are so many. `cut` counts the texts that
    were longer than what is kept, and were cut; `cut_places` are the first of them.
    `unread_times` are times that could not be read, `times_twice` those without an offset that the clocks
    showed twice, `times_skipped` those that they never showed. `no_records` are rows of tables that tell of no chat,
    such as sums; they are in no other number. `odd_values` are optional values of an unexpected form (`rating: 9`),
    kept among the unknown fields. `rounded_ids` are ids of chats that a spreadsheet rounded: what tells more than
    such an id is kept under an id of its own.
    `account` is the one that was said for all that names none, `unnamed` what names none where there are several.
    Of the new and updated chats, `deleted_there` are deleted in the chat system, `messages_missing` have messages there
    that did not come (`78 (10/240)`), `others` change both visitor and start, and `emptied` lose more than they gain.
    `deleted_kept` counts chats of the import that are deleted here and stay so, and `held_back` those that were erased
    for good here and do not come back. Times are naive UTC.
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
    held_back: int = 0
    twice: int = 0
    messages_waiting: int = 0
    messages_joined: int = 0
    visitors_read: int = 0
    visitors_rejected: int = 0
    names_read: int = 0
    names_rejected: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    status_changes: dict[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    skipped_more: int = 0
    not_kept: int = 0
    cut: int = 0
    cut_places: tuple[Place, ...] = ()
    unread_times: Counted = field(default_factory=Counted)
    times_twice: Counted = field(default_factory=Counted)
    times_skipped: Counted = field(default_factory=Counted)
    no_records: Counted = field(default_factory=Counted)
    odd_values: Counted = field(default_factory=Counted)
    rounded_ids: Counted = field(default_factory=Counted)
    account: str | None = None
    unnamed: tuple[Unnamed, ...] = ()
    deleted_there: int = 0
    messages_missing: Counted = field(default_factory=Counted)
    others: Counted = field(default_factory=Counted)
    emptied: Counted = field(default_factory=Counted)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def rows_read(self) -> int:
        """Number of records of all files."""
        return sum(file.records for file in self.files)

    @property
    def rows_rejected(self) -> int:
        """Number of rows that were rejected; `rejected_rows` returns all of them but `not_kept`."""
        return self.rejected + self.messages_rejected + self.visitors_rejected + self.names_rejected

    @property
    def status_changed(self) -> int:
        """Number of chats whose status changed."""
        return sum(self.status_changes.values())

    @property
    def changed_nothing(self) -> bool:
        """Whether the store held all of it already."""
        return self.new == 0 and self.updated == 0 and self.messages_waiting == 0

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
                "skipped": tuple(values.get("skipped", ())),
                "cut_places": tuple(Place(*place) for place in values.get("cut_places", ())),
                "unnamed": tuple(Unnamed(*each) for each in values.get("unnamed", ())),
                **{name: Counted(**values.get(name, {})) for name in (*COUNTED, *REMARKS)},
            }
        )


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@dataclass(frozen=True)
class PastImport:
    """An import: when it began (naive UTC), by whom, its report, and when and by whom it was undone."""

    id: UUID
    started_at: datetime
    actor: str
    report: Report
    undone_at: datetime | None
    undone_by: str | None


def past_imports(store: Store, limit: int = 50) -> list[PastImport]:
    """The latest imports, newest first."""
    found = store.read(
        """SELECT id, started_at, actor, report, undone_at, undone_by FROM imports
           ORDER BY started_at DESC, id LIMIT $limit""",
        {"limit": limit},
    )
    return [PastImport(**row | {"report": Report.from_json(row["report"])}) for row in found]


def rejected_rows(store: Store, import_id: UUID, limit: int | None = None) -> "pd.DataFrame":
    """What an import rejected, all or the first, in the order of the files.

    Columns file, row_number, field, value, reason (a code of `problems`), record.
    """
    return store.frame(
        f"""SELECT file, row_number, field, value, reason, record FROM rejected_rows WHERE import_id = $import_id
            ORDER BY file, row_number {"" if limit is None else f"LIMIT {int(limit)}"}""",
        {"import_id": import_id},
    )


@dataclass(frozen=True)
class Waiting:
    """How many messages wait, for how many chats, and the ids of some of these in their system."""

    messages: int
    chats: int
    examples: tuple[str, ...]


def waiting_messages(store: Store) -> Waiting:
    """What waits in the store."""
    (row,) = store.read("""
        SELECT
            count(*) AS messages, count(DISTINCT chat_id) AS chats,
            list(DISTINCT vendor_id ORDER BY vendor_id)[:5] AS ids
        FROM waiting_messages
    """)
    return Waiting(row["messages"], row["chats"], tuple(row["ids"] or ()))
