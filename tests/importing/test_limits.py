"""How much of a file is taken at most, in every format; the limits are made small, so that small files reach them."""

import gzip
import io
import json
import random
import stat
import zipfile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lib.importing import ImportRefused, import_files, limits, rejected_rows
from lib.importing.formats.head import is_lines
from lib.importing.reading import Manner, read_here
from lib.importing.report import Place
from lib.importing.wording import skipped_sentence
from tests import worlds
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
    raw,
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
    monkeypatch.setattr("lib.importing.formats.parquet_file.PIECE_BYTES", 20_000)
    monkeypatch.setattr("lib.importing.records.batches.HELD_BYTES", 20_000)


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
    monkeypatch.setattr(
        "lib.importing.formats.parquet_file.listed", lambda rows: made.append(rows.nbytes) or to_pylist(rows)
    )
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
    def fail(*_, **__):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(f"lib.importing.loading.{step}", fail)
        with pytest.raises(ImportRefused) as refusal:
            import_files(in_file, [json_lines(CHAT), json_lines({"id": 2}, name="b")], zone="UTC", actor="Ann")
    assert refusal.value.reason == ("engine" if isinstance(error, duckdb.IOException) else "memory")
    assert in_file.read("FROM chats") == []
    load(in_file, json_lines(CHAT))
    assert only_chat(in_file)["vendor_id"] == "C-1"


@pytest.mark.parametrize(
    "many", [[[]] * 3_000, [{}] * 3_000, dict.fromkeys(map(str, range(3_000)), 0), [[[]] * 9] * 300]
)
@pytest.mark.parametrize("rows", [True, False])
def test_a_record_of_very_many_values_is_rejected_before_they_are_made(in_file, monkeypatch, many, rows):
    monkeypatch.setattr(limits, "MOST_VALUES", 1_000)
    monkeypatch.setattr("lib.importing.formats.json_values.BLOCK_BYTES", 1 << 12)
    monkeypatch.setattr("lib.importing.formats.json_values.SLICED_FROM", 1 << 12)
    records = [{"id": 1, "comment": ',[{\\"' * 900}, {"id": 2, "x": many}, {"id": 3}]
    report = load(in_file, json_lines(*records) if rows else json_file(records, indent=1))
    # As with what is too long, it is not looked for where the next record of a list begins.
    assert (report.new, [row[3] for row in rejects(in_file, report)]) == (2 if rows else 1, ["too_many_values"])


def test_a_record_of_very_many_values_is_not_made_to_see_what_the_file_is(monkeypatch):
    monkeypatch.setattr(limits, "MOST_VALUES", 1_000)
    monkeypatch.setattr("lib.importing.formats.head.DECODER", None)
    assert is_lines(json_lines({"x": [[]] * 3_000}).data)


def refused(store, *sources):
    with pytest.raises(ImportRefused) as refusal:
        import_files(store, sources, zone="UTC", actor="Ann")
    assert store.read("FROM chats") == []
    return refusal.value.reason


def table(**columns):
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, compression="zstd")
    return raw(stream.getvalue(), "table.parquet")


TOO_LARGE = {
    "equal rows": lambda: table(id=["a"] * 700_000),
    "equal messages": lambda: table(id=["a"], messages=[[{"text": None}] * 20_000_000]),
    "long texts": lambda: table(id=[f"{n}" for n in range(70)], comment=[f"{n:1000000}" for n in range(70)]),
    "gzip": lambda: raw(gzip.compress(b'{"id": 1}\n' + b" " * (65 << 20)), "x.gz"),
    "parquet in gzip": lambda: gzipped(table(id=["a"] * 700_000)),
    "gzip in zip": lambda: zipped(raw(gzip.compress(b'{"id": 1}\n' + b" " * (3 << 20)), "x.gz")),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_unpacks_to_more_than_its_size_tells_is_refused(in_file, name):
    source = TOO_LARGE[name]()
    assert len(source.data) < 200_000
    assert refused(in_file, source) == "too_large"


def test_a_real_export_is_not_taken_for_one(in_file):
    rows = [{**CHAT, "id": f"{n}", "comment": random.Random(n).randbytes(9).hex()} for n in range(2_000)]
    for make in (parquet, lambda rows: gzipped(json_lines(*rows)), lambda rows: zipped(gzipped(json_lines(*rows)))):
        assert load(in_file, make(rows)).read == 2_000


WIDE = [f"column{n}" for n in range(limits.MOST_COLUMNS)]


@pytest.mark.parametrize(
    "make",
    [lambda names: csv_file([dict.fromkeys(names, "1")]), lambda names: table(**{name: ["1"] for name in names})],
)
def test_a_table_of_too_many_columns_is_refused(in_file, make):
    assert refused(in_file, make(["id", "comment", *WIDE])) == "too_many_columns"
    assert load(in_file, make(["id", "comment", *WIDE[2:]])).new == 1


def test_many_fields_of_a_record_are_kept_and_some_of_them_named(in_file, monkeypatch):
    monkeypatch.setattr(limits, "MOST_NAMED", 10)
    report = load(in_file, json_lines({"id": 1, "comment": "", **dict.fromkeys(WIDE, "x"), "é" * 300: "x"}))
    assert (len(report.unknown_fields), report.unknown_fields["…"]) == (11, len(WIDE) + 1 - 10)
    assert max(map(len, report.unknown_fields)) <= limits.LONGEST_PATH
    assert len(json.loads(only_chat(in_file)["unknown_fields"])) == len(WIDE) + 1


@pytest.mark.parametrize("record", [{"id": "same"}, {"id": []}])
def test_of_very_many_rejected_rows_some_are_kept_and_all_counted(in_file, monkeypatch, record):
    monkeypatch.setattr(limits, "MOST_REJECTED", 10)
    files = [json_lines(*[record] * 30, name=name) for name in ("a", "b")]
    report = import_files(in_file, [*files, json_lines({"id": "good"})], zone="UTC", actor="Ann")
    rejected = 59 if record["id"] else 60
    assert (report.read, report.rows_rejected, report.not_kept) == (61, rejected, rejected - 10)
    assert len(rejected_rows(in_file, report.import_id)) == 10


def test_the_texts_of_rejected_rows_are_bounded_together(in_file, monkeypatch):
    monkeypatch.setattr(limits, "MOST_REJECTED_BYTES", 1_000)
    report = import_files(in_file, [json_lines(*[{"id": [], "comment": "y" * 300}] * 9)], zone="UTC", actor="Ann")
    assert (report.rows_rejected, report.not_kept) == (9, 5)


def archive(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return raw(stream.getvalue(), "x.zip")


def test_of_a_zip_of_many_files_the_directory_is_read_a_few_times_only(in_file, monkeypatch):
    read, read_directory = [], zipfile.ZipFile._RealGetContents
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", lambda own: read.append(1) or read_directory(own))
    monkeypatch.setattr(limits, "MOST_NAMED", 100)
    empty = {f"{n}.json": b"" for n in range(300)}
    report = load(in_file, archive(empty | {f"c{n}.json": json_lines({"id": n}).data for n in range(30)}))
    assert len(read) < 5
    assert (report.new, len(report.skipped), report.skipped_more) == (30, 100, 200)
    assert skipped_sentence(report).endswith("and 290 more")


def test_many_small_files_are_handed_on_together():
    sizes, reading = batches(archive({f"{n}.json": json_lines({"id": n}).data for n in range(30)}))
    assert (len(sizes), reading.read["chat"]) == (1, 30)


def test_a_link_in_a_zip_is_nothing_to_read(in_file):
    link = zipfile.ZipInfo("link.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    report = load(in_file, archive({link: b'{"id": "a"}', "good.json": b'{"id": "b"}'}))
    assert (report.new, report.skipped) == (1, ("x.zip/link.json",))
    assert refused(worlds_emptied(in_file), archive({link: b"/etc/passwd"})) == "not_chats"


def worlds_emptied(store):
    worlds.empty(store)
    return store


SOUND = parquet([{"id": f"{n}", "comment": f"{n} " * 50} for n in range(200)]).data
PAGE = SOUND.index(b"PAR1") + 40
DAMAGED = {
    "cut": SOUND[:-20],
    "cut in the middle": SOUND[: len(SOUND) // 2],
    "magic alone": SOUND[:4],
    "other end": SOUND[:-4] + b"PAR2",
    "footer": SOUND[:-200] + bytes(150) + SOUND[-50:],
    "pages": SOUND[:PAGE] + bytes(400) + SOUND[PAGE + 400 :],
    "no pages": SOUND[:4] + SOUND[-500:],
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_parquet_file_is_said_to_be_damaged(in_file, name):
    assert refused(in_file, raw(DAMAGED[name], "x.parquet")) == "broken_parquet"


@pytest.mark.parametrize("seed", range(12))
def test_parquet_with_flipped_bytes_is_refused_or_read(in_file, seed):
    data, chance = bytearray(SOUND), random.Random(seed)
    for _ in range(3):
        data[chance.randrange(4, len(data) - 4)] ^= chance.randrange(1, 256)
    try:
        load(in_file, raw(bytes(data), "x.parquet"))
    except ImportRefused as refusal:
        assert refusal.reason in {"broken_parquet", "not_chats", "too_large", "not_text"}


def test_a_time_that_python_cannot_hold_is_rejected_alone(in_file):
    times = pa.array([1_772_357_400_000_000, 9_000_000_000_000_000_000, None], pa.timestamp("us"))
    report = load(in_file, table(id=["a", "b", "c"], started_at=times))
    assert (report.new, [row[3] for row in rejects(in_file, report)]) == (2, ["out_of_range"])


def test_an_old_workbook_is_called_one(in_file):
    assert refused(in_file, raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))) == "workbook"
