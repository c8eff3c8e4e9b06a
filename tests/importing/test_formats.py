"""The same chats in every format, and files that are none."""

import gzip
import io
import random
import re
import struct
import subprocess
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lib.importing import ImportRefused, Source, import_files, rejected_rows
from tests import worlds
from tests.importing.files import (
    BOTH,
    CHAT,
    chats_csv,
    content,
    csv_file,
    gzipped,
    json_file,
    json_lines,
    load,
    message_rows,
    messages,
    messages_csv,
    only_chat,
    parquet,
    raw,
    rejects,
    zipped,
)

CONTRACT = Path(__file__).parents[2] / "docs" / "import-format.md"
MESSAGES_JSON = json_lines(*message_rows(), name="messages.jsonl")
MESSAGES_PARQUET = parquet(message_rows(), "messages.parquet")
WAYS = {
    "parquet": [[parquet(BOTH)]],
    "gzipped": [[gzipped(json_lines(*BOTH))]],
    "gzipped parquet": [[gzipped(parquet(BOTH))]],
    "a file each": [[json_lines(BOTH[0]), json_lines(BOTH[1])]],
    "csv": [[chats_csv(), messages_csv()]],
    "messages first": [[messages_csv(), chats_csv()]],
    "messages later": [[chats_csv()], [messages_csv()]],
    "gzipped csv": [[gzipped(chats_csv()), gzipped(messages_csv())]],
    "messages as json": [[chats_csv(), MESSAGES_JSON]],
    "messages as parquet": [[chats_csv()], [MESSAGES_PARQUET]],
    "with a byte order mark": [[raw(b"\xef\xbb\xbf" + file.data) for file in (chats_csv(), messages_csv())]],
    "json with a byte order mark": [[raw(b"\xef\xbb\xbf" + json_lines(*BOTH).data)]],
}


# What differs between a file and a lake comes after the formats are read.
def test_every_format_gives_the_same_chats(in_file, thorough):
    load(in_file, json_lines(*BOTH))
    # Whoever came first in the file is first in the store only by start time, and that is equal.
    wanted = content(in_file)
    for way, imports in WAYS.items():
        worlds.empty(in_file)
        for files in imports:
            report = load(in_file, *files)
            assert report.rows_rejected == 0, way
        assert content(in_file) == wanted, way
        if thorough or way == "csv":
            assert load(in_file, json_lines(*BOTH)).unchanged == 2, way


def test_csv_lists_and_cells(store):
    rows = [
        {"id": "1", "tags": "vip; order;", "rating": " 5 ", "wait_s": "1e1", "Visitor_Name": "a\nb", "mood": "sunny"},
        {"id": "2", "tags": '["a;b", "c"]', "rating": "", "mood": ""},
    ]
    report = load(store, csv_file(rows))
    first, second = store.read("SELECT * FROM chats ORDER BY vendor_id")
    assert (first["tags"], first["rating"], first["wait_s"]) == (["vip", "order"], 5, 10)
    assert (first["visitor_name"], first["unknown_fields"]) == ("a\nb", '{"mood": "sunny"}')
    assert (second["tags"], second["rating"], report.unknown_fields) == (["a;b", "c"], None, {"mood": 1})


def test_bad_rows_of_csv(store):
    lines = [b"id,tags,rating", b"1,[x,", b"2,,many", b"3,,1,extra", b"4,,9", b"5,\xff,1", b"6,,5,,", b"", b",,", b"7"]
    report = load(store, raw(b"\n".join(lines)))
    assert [row[1:] for row in rejects(store, report)] == [
        (None, "extra", "wrong_columns"),
        ("tags", "\ufffd", "not_text"),
    ]
    assert [row[0] for row in rejects(store, report)] == [4, 6]
    assert list(rejected_rows(store, report.import_id)["record"]) == ["3,,1,extra", "5,\ufffd,1"]
    assert (report.read, report.new) == (7, 5)
    assert report.odd_values.examples == ["tags: [x", "rating: many", "rating: 9"]


def test_bad_lines_of_json(store):
    lines = [b'{"id": 1}', b"oops", b"[]", b'{"id": "\xff"}', b"", b'{"x": 1}', b'{"id": 2, "a": NaN}', b'{"id": 3'
             , b"[" * 100_000, b'{"id": ' + b"9" * 5000 + b"}", b'"' + b"\\ud800" * 9 + b'"', b'{"id": 4}']  # fmt: skip
    report = load(store, raw(b"\n".join(lines)))
    assert [(row, reason) for row, _, _, reason in rejects(store, report)] == [
        (2, "not_json"), (3, "not_object"), (4, "not_text"), (6, "missing"), (7, "not_json"), (8, "not_json"),
        (9, "not_json"), (10, "not_json"), (11, "not_object"),
    ]  # fmt: skip
    assert list(rejected_rows(store, report.import_id)["record"][:2]) == ["oops", "[]"]
    assert (report.read, report.new) == (11, 2)


def test_a_line_of_garbage_first_loses_only_itself(store):
    assert load(store, raw(b'# exported today\n{"id": 1}\n')).new == 1


def test_a_line_that_is_too_long_is_rejected(store, monkeypatch):
    monkeypatch.setattr("lib.importing.limits.LONGEST_RECORD", 1000)
    report = load(store, json_lines({"id": 1}, {"id": 2, "comment": "x" * 5000}, {"id": 3}))
    assert rejects(store, report) == [(2, None, None, "too_long")]
    assert report.new == 2


def test_parquet_with_its_own_types(store):
    table = pa.table(
        {
            "id": pa.array([1, 2]),
            "started_at": pa.array([1_772_357_400_000, None], pa.timestamp("ms")),
            "rating": pa.array([5.0, float("nan")]),
            "wait_s": pa.array([1, None], pa.decimal128(9, 2)),
            "blob": pa.array([b"x", None]),
        }
    )
    stream = io.BytesIO()
    pq.write_table(table, stream)
    report = load(store, raw(stream.getvalue()), zone="Asia/Tokyo")
    first, second = store.read("SELECT * FROM chats ORDER BY vendor_id")
    assert (first["rating"], first["wait_s"], str(first["started_at"])) == (5, 1, "2026-03-01 00:30:00")
    assert (second["rating"], second["started_at"]) == (None, None)
    assert (report.zone_used, report.unknown_fields) == (True, {"blob": 1})


def xlsx() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17)
GZIP = gzip.compress(random.Random(1).randbytes(50_000))
REFUSED = {
    "empty": [b"", b"\n \n", b"\xef\xbb\xbf", gzip.compress(b"")],
    "not_text": [PNG, random.Random(2).randbytes(5000), bytes(100), b'{"\xff": 1}'],
    "workbook": [xlsx()],
    "not_chats": [b"<!doctype html><p>id</p>", b"hello", b"[1, 2]", parquet([{"price": 2}]).data],
    "unknown_columns": [b"name,price\nx,1\n", b"id,name,price\n1,x,2\n", b"chat_id,price\n1,2\n",
                        b'{"name": "x"}\n{"name": "y"}\n', b'[\n{"a": 1},\n', parquet([{"id": 1, "price": 2}]).data],
    "broken_gzip": [GZIP[:20_000], gzip.compress(json_lines(*BOTH).data)[:-4], b"\x1f\x8b" + b"x" * 100,
                    gzip.compress(parquet(BOTH).data)[:-20]],
    "broken_parquet": [b"PAR1" + b"x" * 100, parquet(BOTH).data[:-30]],
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_a_file_that_is_no_export_is_refused_as_a_whole(store, reason):
    for n, data in enumerate(REFUSED[reason]):
        with pytest.raises(ImportRefused) as refusal:
            import_files(store, [json_lines(CHAT), raw(data, "bad")], zone="UTC", actor="Ann")
        assert (n, refusal.value.reason, refusal.value.file) == (n, reason, "bad")
    assert store.read("FROM chats") == store.read("FROM imports") == store.read("FROM rejected_rows") == []


def test_a_file_that_is_not_there_is_refused(store, tmp_path):
    for path, reason in ((tmp_path / "none.csv", "unreadable"), (tmp_path, "no_file")):
        with pytest.raises(ImportRefused) as refusal:
            import_files(store, [Source("x", path)], zone="UTC", actor="Ann")
        assert refusal.value.reason == reason


def test_a_file_may_be_a_path_or_a_stream(store, tmp_path):
    path = tmp_path / "chats"
    path.write_bytes(gzipped(json_lines(CHAT)).data)
    stream = io.BytesIO(path.read_bytes())
    assert load(store, Source("a path", path)).new == 1
    stream.seek(5)
    assert load(store, Source("a stream", data=stream)).unchanged == 1
    assert not stream.closed


def test_a_header_alone_is_an_export_without_chats(store):
    report = load(store, raw("id,started_at\n"), raw("chat_id,sender_type,text\n"))
    assert (report.read, report.messages_read, report.rows_rejected) == (0, 0, 0)
    assert [file.kind for file in report.files] == ["chats", "messages"]


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", CONTRACT.read_text(encoding="utf-8"), re.DOTALL)


def test_the_examples_of_the_contract_load_as_they_are(store):
    (json_example,) = examples("json")
    report = load(store, raw(json_example))
    assert (report.new, report.messages_stored, report.unknown_fields) == (1, 2, {})
    by_json = only_chat(store), messages(store)
    worlds.empty(store)
    chats, rows = examples("csv")
    report = load(store, raw(chats), raw(rows), zone="Asia/Tokyo")
    assert (report.new, report.messages_stored, report.rows_rejected, report.zone_used) == (1, 2, 0, True)
    for column in ("id", "started_at", "ended_at", "wait_s", "question", "operator", "visitor_email"):
        assert only_chat(store)[column] == by_json[0][column]
    assert [row["sent_at"] for row in messages(store)] == [row["sent_at"] for row in by_json[1]]


def test_many_small_files_of_a_zip_are_read_as_one(store, monkeypatch):
    begun, directories = [], []
    popen, real = subprocess.Popen, zipfile.ZipFile._RealGetContents
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **options: begun.append(args) or popen(*args, **options))
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", lambda self: directories.append(self) or real(self))
    chats = [{"id": f"C-{number}"} for number in range(40)]
    load(store, zipped(*(parquet([chat]) for chat in chats[:20]), *(json_file(chat) for chat in chats[20:])))
    assert store.read("SELECT count(*) AS n FROM chats") == [{"n": 40}]
    # To begin a process, or to read the list of the files of a zip, costs more than to read one of them.
    assert (len(begun), len(directories) <= 4) == (1, True)
