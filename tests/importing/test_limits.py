"""How much of a file is taken at most, in every format; the limits are made small, so that small files reach them."""

import io
import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lib.importing import ImportRefused, import_files, limits
from lib.importing.reading import Manner, read_here
from lib.importing.report import Place
from tests.importing.files import (
    CHAT,
    csv_file,
    gzipped,
    json_file,
    json_lines,
    load,
    messages,
    only_chat,
    parquet,
    rejects,
    staged,
    zipped,
)
from tests.importing.vendors import zendesk_answers

LONG, MOST = "長" * 300, 100


@pytest.fixture
def short(monkeypatch):
    """Values are kept up to 100 characters."""
    monkeypatch.setattr(limits, "LONGEST_VALUE", MOST)


def long_values():
    """The same long values in each format, by its name."""
    said = {"sender_type": "visitor", "text": LONG}
    record = {"id": "C-1", "comment": LONG, "tags": ["a", LONG], "visitor": {"name": LONG}, "messages": [said, said]}
    row = {"id": "C-1", "comment": LONG, "visitor_name": LONG}
    return {
        "json lines": json_lines(record),
        "json": json_file([record], indent=1),
        "parquet": parquet([record]),
        "gzip": gzipped(json_lines(record)),
        "zip": zipped(json_lines(record)),
        "csv": csv_file([row]),
        "messages": csv_file([{"chat_id": "C-1", "sender_type": "bot", "text": LONG}]),
        "vendor": json_file({**zendesk_answers.FULL, "comment": LONG}),
        "own field": json_lines({"id": "C-1", "comment": "", "mine": {"deep": [{"x": LONG}]}}),
        "name of a field": json_lines({"id": "C-1", "comment": "", LONG: "x"}),
    }  # fmt: skip


def longest(value):
    """The length of the longest text in a value."""
    if isinstance(value, str):
        return len(value)
    inside = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return max(map(longest, inside), default=0)


@pytest.mark.parametrize("form", long_values())
def test_a_longer_value_is_cut_in_every_format_and_field(short, form):
    tables, reading = staged(long_values()[form])
    chats = [
        row | {"unknown_fields": json.loads(row["unknown_fields"] or "{}")} for row in tables.get("staged_chats", [])
    ]
    assert longest([chats, tables.get("staged_messages", []), tables.get("staged_rows", [])]) == MOST
    assert (reading.cut > 0, sum(reading.rejected.values())) == (True, 0)


def test_the_report_tells_what_was_cut_with_examples(in_file, short):
    said = {"sender_type": "visitor", "text": LONG}
    records = [CHAT, *({"id": n, "messages": [said, {**said, "text": "short"}, said]} for n in range(9))]
    report = load(in_file, json_lines(*records))
    assert report.cut == 18
    assert report.cut_places[:3] == (
        Place("chats.jsonl", 2, "messages[0].text"), Place("chats.jsonl", 2, "messages[2].text"),
        Place("chats.jsonl", 3, "messages[0].text"),
    )  # fmt: skip
    assert len(report.cut_places) == limits.EXAMPLES
    assert {len(row["text"]) for row in messages(in_file)} <= {4, 5, 8, 10, MOST}
    assert load(in_file, json_lines(*records)).unchanged == 10


def test_a_value_inside_many_others_is_cut_or_its_record_is_rejected(short):
    depth = 900
    deep = '{"a":' * depth + json.dumps(LONG) + "}" * depth
    tables, reading = staged(json_lines('{"id": 1, "x": ' + deep + "}", {"id": 2}))
    assert longest(tables["staged_chats"][0]["unknown_fields"]) < depth * 8 + 2 * MOST
    assert (reading.read["chat"], reading.cut) == (2, 1)


@pytest.fixture
def small_records(monkeypatch):
    monkeypatch.setattr(limits, "LONGEST_VALUE", 1_000)
    monkeypatch.setattr(limits, "LONGEST_RECORD", 10_000)
    monkeypatch.setattr(limits, "LONGEST_ROW", 10_000)
    monkeypatch.setattr("lib.importing.parquet_file.PIECE_BYTES", 20_000)
    monkeypatch.setattr("lib.importing.batches.HELD_BYTES", 20_000)


def batches(*sources):
    """The bytes of each batch, and the reading."""
    sizes = []
    return sizes, read_here(sources, Manner("UTC"), lambda _, table: sizes.append(table.nbytes), lambda *_: None)


@pytest.mark.parametrize("make", [json_lines, lambda *records: parquet(list(records)), lambda *r: json_file(list(r))])
def test_batches_are_bounded_by_bytes(small_records, make):
    records = [{"id": f"{n}", "comment": "x" * 5_000, "messages": [{"sender_type": "bot", "text": "y" * 900}] * 3}
               for n in range(60)]  # fmt: skip
    sizes, reading = batches(make(*records))
    assert (reading.read["chat"], reading.cut) == (60, 60)
    assert len(sizes) > 10
    assert max(sizes) < 40_000


def repeated(rows, text, members=1):
    """Parquet whose long text is written once, however often it occurs."""
    said = [[{"sender_type": "bot", "text": text}] * members] * rows
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": [f"{n}" for n in range(rows)], "messages": said}), stream, compression="zstd")
    return stream.getvalue()


def test_a_text_that_parquet_holds_once_is_not_held_once_a_row(small_records, monkeypatch):
    made, to_pylist = [], pa.RecordBatch.to_pylist
    monkeypatch.setattr("lib.importing.parquet_file.listed", lambda rows: made.append(rows.nbytes) or to_pylist(rows))
    source = parquet([{"id": "a"}])
    sizes, reading = batches(type(source)("p", data=repeated(200, "x" * 8_000)))
    assert (reading.read["chat"], reading.rejected, reading.cut) == (200, {}, 200)
    assert max(made) < 30_000
    assert max(sizes) < 60_000


@pytest.mark.parametrize(
    "make",
    [
        lambda text: json_lines({"id": 1}, {"id": 2, "comment": text}, {"id": 3}),
        lambda text: parquet([{"id": "1", "tags": None}, {"id": "2", "tags": [text[:900]] * 20}, {"id": "3"}]),
        lambda text: csv_file([{"id": 1, "tags": ""}, {"id": 2, "tags": text}, {"id": 3, "tags": ""}]),
    ],
)
def test_a_record_that_is_too_long_is_rejected_alone(in_file, small_records, make):
    report = load(in_file, make("x" * 12_000))
    assert (report.new, [row[3] for row in rejects(in_file, report)]) == (2, ["too_long"])


@pytest.mark.parametrize("error", [duckdb.OutOfMemoryException("x"), MemoryError(), duckdb.IOException("broken")])
@pytest.mark.parametrize("step", ["compare", "write", "Staging.insert"])
def test_what_the_engine_cannot_do_is_a_refusal(in_file, monkeypatch, error, step):
    def fail(*_):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(f"lib.importing.loading.{step}", fail)
        with pytest.raises(ImportRefused) as refusal:
            import_files(in_file, [json_lines(CHAT), json_lines({"id": 2}, name="b")], zone="UTC", actor="Ann")
    assert refusal.value.reason == ("engine" if isinstance(error, duckdb.IOException) else "memory")
    assert in_file.read("FROM chats") == []
    load(in_file, json_lines(CHAT))
    assert only_chat(in_file)["vendor_id"] == "C-1"
