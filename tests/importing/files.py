"""Files to import, made in memory, and what a store holds after them."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lib.importing import Manner, Report, Source, import_files, rejected_rows
from lib.importing.formats.feed import Known
from lib.importing.reading import Reading, read_here
from lib.store import Store

Record = Mapping[str, Any]


def json_lines(*records: Any, name: str = "chats.jsonl") -> Source:
    lines = (record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records)
    return Source(name, data="".join(f"{line}\n" for line in lines).encode())


def parquet(records: list[dict[str, Any]], name: str = "chats.parquet") -> Source:
    stream = io.BytesIO()
    fields = dict.fromkeys(field for record in records for field in record)
    pq.write_table(pa.table({field: [record.get(field) for record in records] for field in fields}), stream)
    return Source(name, data=stream.getvalue())


def csv_file(rows: Iterable[Record], name: str = "chats.csv") -> Source:
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(column for row in rows for column in row)))
    writer.writeheader()
    writer.writerows(rows)
    return Source(name, data=text.getvalue().encode())


def raw(content: bytes | str, name: str = "file") -> Source:
    return Source(name, data=content.encode() if isinstance(content, str) else content)


def gzipped(source: Source) -> Source:
    return Source(source.name + ".gz", data=gzip.compress(source.data))


def json_file(answer: Any, name: str = "answer.json", **options: Any) -> Source:
    return Source(name, data=json.dumps(answer, ensure_ascii=False, **options).encode())


def zipped(*sources: Source, name: str = "all.zip") -> Source:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, source in enumerate(sources):
            archive.writestr(f"{number}/{source.name}", source.data)
    return Source(name, data=stream.getvalue())


def load(store: Store, *sources: Source, zone: str = "UTC", **options: Any) -> Report:
    """The report of an import; all that must hold of every import is checked on the way."""
    report = import_files(store, sources, zone=zone, actor="Ann", **options)
    accepted = report.new + report.updated + report.unchanged
    assert accepted + report.rejected + report.twice + report.held_back == report.read + report.messages_only
    rejected = list(rejected_rows(store, report.import_id)["reason"])
    assert report.rows_rejected == len(rejected)
    assert sum(file.rejected for file in report.files) == len(rejected) - rejected.count("repeated_id")
    assert report.rows_read >= report.read + report.visitors_read
    assert Report.from_json(report.to_json()) == report
    check_consistent(store)
    return report


def staged(*sources: Source, known: Known | None = None) -> tuple[dict[str, list[dict[str, Any]]], Reading]:
    """What is read of files, by the table in which it waits to be stored, without where it stood; and the reading."""
    tables: dict[str, list[dict[str, Any]]] = {}

    def keep(name: str, table: pa.Table) -> None:
        places = [column for column in ("file", "row_number") if column in table.column_names]
        tables.setdefault(name, []).extend(table.drop_columns(places).to_pylist())

    return tables, read_here(sources, Manner("UTC", known=known or Known()), keep, lambda *_: None)


def only_chat(store: Store) -> dict[str, Any]:
    (chat,) = store.read("SELECT * FROM chats")
    return chat


def messages(store: Store) -> list[dict[str, Any]]:
    return store.read("SELECT * FROM messages ORDER BY ordinal, position")


def rejects(store: Store, report: Report) -> list[tuple[int, str | None, str | None, str]]:
    found = rejected_rows(store, report.import_id).astype(object)
    found = found.where(found.notna(), None)
    return [(row.row_number, row.field, row.value, row.reason) for row in found.itertuples()]


def check_consistent(store: Store) -> None:
    """Fails where a chat is there twice, or messages do not belong to exactly one chat in an unbroken order."""
    (row,) = store.read("""
        SELECT
            (SELECT count(*) - count(DISTINCT id) FROM chats) AS double_chats,
            (SELECT count(*) - count(DISTINCT ordinal) FROM chats) AS double_ordinals,
            (SELECT count(*) FROM messages AS m ANTI JOIN chats AS c ON c.id = m.chat_id AND c.ordinal = m.ordinal)
                AS strays,
            (SELECT count(*) FROM (FROM messages SELECT chat_id GROUP BY chat_id
                HAVING min(position) <> 0 OR max(position) <> count(*) - 1 OR count(DISTINCT position) <> count(*)))
                AS gaps,
            (SELECT count(*) FROM chats AS c WHERE vendor_id <> id::VARCHAR AND message_count <>
                (SELECT count(*) FROM messages AS m WHERE m.chat_id = c.id AND kind <> 'note')) AS wrong_counts
    """)
    assert row == {"double_chats": 0, "double_ordinals": 0, "strays": 0, "gaps": 0, "wrong_counts": 0}


def content(store: Store, *without: str) -> tuple[list[dict[str, Any]], ...]:
    """All chats, messages and visitors, without what may differ from import to import.

    A digest of facts only spares the comparison where one record told them all. A chat of somebody says nothing of when
    it was made nobody's: a store of an older version has no column for that.
    """
    tables = (
        store.read("SELECT * EXCLUDE (import_id, facts_digest) FROM chats ORDER BY id"),
        store.read("SELECT * FROM messages ORDER BY chat_id, position"),
        store.read("FROM visitors ORDER BY system, visitor_id"),
    )
    return tuple(
        [{key: row[key] for key in row if key not in without and (key != "anonymised_at" or row[key])} for row in table]
        for table in tables
    )


CHAT: dict[str, Any] = {
    "id": "C-1",
    "started_at": "2026-03-01T09:30:00Z",
    "ended_at": "2026-03-01T09:41:30Z",
    "status": "Closed",
    "channel": "web",
    "operator": "Aoi",
    "visitor": {"id": "v-1", "name": "加藤 凛", "email": "rin@example.com", "country": "JP"},
    "rating": 5,
    "tags": ["order", "vip"],
    "messages": [
        {"at": "2026-03-01T09:30:05Z", "sender_type": "visitor", "sender_name": "凛", "text": "荷物はどこですか"},
        {"at": "2026-03-01T09:30:40Z", "sender_type": "operator", "sender_name": "Aoi", "text": "確認します"},
        {"at": "2026-03-01T09:31:00Z", "sender_type": "operator", "sender_name": "Ben", "text": "Here it is",
         "attachment": {"name": "a.pdf", "type": "application/pdf", "size": 7, "url": "https://example.com/a.pdf"}},
    ],
}  # fmt: skip
OTHER_CHAT: dict[str, Any] = {
    "id": "C-2",
    "system": "shop",
    "started_at": "2026-03-01T08:00:00Z",
    "visitor": {"name": "Rin"},
    "messages": [{"at": "2026-03-01T08:00:00Z", "sender_type": "visitor", "text": "anyone?"}],
}
BOTH = [CHAT, OTHER_CHAT]


def as_columns(record: Record) -> dict[str, Any]:
    """A record as a row of CSV, without its messages."""
    flat: dict[str, Any] = {}
    for field, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{field}_{inner}": item for inner, item in value.items()}
        elif field != "messages":
            flat[field] = "; ".join(value) if isinstance(value, list) else value
    return flat


def message_rows(records: Iterable[Record] = BOTH) -> list[dict[str, Any]]:
    """The messages of records as records of a file of messages."""
    return [
        {"chat_id": record["id"], **({"system": record["system"]} if "system" in record else {}), **message}
        for record in records
        for message in record["messages"]
    ]


def chats_csv(records: Iterable[Record] = BOTH) -> Source:
    return csv_file([as_columns(record) for record in records])


def messages_csv(records: Iterable[Record] = BOTH) -> Source:
    return csv_file([as_columns(row) for row in message_rows(records)], "messages.csv")
