"""Large files are read in a process of their own."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from lib.importing import ImportRefused, Source, import_files
from lib.importing import reader_process as apart
from lib.importing.columns import ColumnMapping, remember
from lib.importing.formats.feed import Known
from lib.importing.progress import Meter
from lib.importing.reading import Manner, read_here
from lib.settings import ROOT
from tests.importing.files import BOTH, CHAT, csv_file, gzipped, json_file, json_lines, load, raw, zipped
from tests.importing.vendors.every_vendor import ANSWERS, sources

MANNER = Manner("Asia/Tokyo", "shop")


class UserLeftError(Exception):
    pass


@pytest.fixture(autouse=True)
def always_apart(monkeypatch):
    monkeypatch.setattr("lib.importing.reader_process.APART_FROM_BYTES", 0)


@pytest.fixture
def readers(monkeypatch):
    """The processes that were started."""
    started, popen = [], subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *args, **options: started.append(popen(*args, **options)) or started[-1]
    )
    return started


def staged(read, files, manner=MANNER):
    """What a way of reading hands on, and what it tells."""
    tables = {}
    reading = read(files, manner, lambda name, table: tables.setdefault(name, []).extend(table.to_pylist()))
    return tables, reading


def here(files, manner, emit):
    return read_here(files, manner, emit, lambda *_: None)


def apart_from_here(files, manner, emit):
    return apart.read(files, manner, emit, Meter(None))


MAPPING = ("mine", ("no", "when"), ColumnMapping("chats", (("no", "id"), ("when", "started_at")), "dmy"))
FILES = {
    "own": [json_lines(*BOTH, {"id": []}), csv_file([{"id": 7, "started_at": "2026-03-01 09:00"}])],
    "all vendors": [zipped(*(source for code in sorted(ANSWERS) for source in sources(code)))],
    "a mapping": [csv_file([{"no": 5, "when": "01/02/2026"}])],
    "odd": [gzipped(json_file(CHAT)), zipped(json_lines(CHAT), raw(b"?", "ü.txt")), raw('[{"id": "あ"}, {"id"')],
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_other_process_gives_the_same(name, readers):
    manner = Manner("Asia/Tokyo", "shop", Known(mappings=(MAPPING,)))
    assert staged(apart_from_here, FILES[name], manner) == staged(here, FILES[name], manner)
    assert [process.returncode is not None for process in readers] == [True]


def test_an_import_through_the_other_process(in_file, tmp_path, readers):
    remember(in_file, MAPPING[0], MAPPING[1], MAPPING[2], "Ann")
    path = tmp_path / "ü \udcff.jsonl"
    path.write_bytes(json_lines(*BOTH, "oops").data)
    told = []
    report = load(in_file, Source(path.name, path), *FILES["a mapping"], progress=told.append)
    assert (report.new, report.rejected, report.files[1].mapping) == (3, 1, "mine")
    assert [file.name for file in report.files] == ["ü \ufffd.jsonl", "chats.csv"]
    assert {each.stage for each in told} == {"reading", "storing"}
    assert len(readers) == 1


def test_a_path_may_be_relative(in_file, tmp_path, monkeypatch):
    (tmp_path / "chats.jsonl").write_bytes(json_lines(CHAT).data)
    monkeypatch.chdir(tmp_path)
    assert load(in_file, Source("x", Path("chats.jsonl"))).new == 1


@pytest.mark.parametrize(
    ("file", "reason"),
    [(raw(b""), "empty"), (raw(b"a,b\n1,2\n"), "unknown_columns"), (raw(b"PK\x03\x04"), "broken_zip")],
)
def test_refusals_travel(in_file, file, reason, readers):
    with pytest.raises(ImportRefused) as refusal:
        import_files(in_file, [json_lines(CHAT), file], zone="UTC", actor="Ann")
    assert (refusal.value.reason, refusal.value.file) == (reason, "file")
    assert in_file.read("FROM chats") == []
    assert all(process.returncode is not None for process in readers)


def test_a_zone_or_a_file_that_is_not_there_needs_no_process(in_file, readers, tmp_path):
    with pytest.raises(KeyError):
        import_files(in_file, [json_lines(CHAT)], zone="Mars/Base", actor="Ann")
    with pytest.raises(ImportRefused):
        import_files(in_file, [Source("x", tmp_path / "none")], zone="UTC", actor="Ann")
    assert readers == []


def test_packed_files_count_as_what_is_in_them(readers, monkeypatch):
    monkeypatch.setattr("lib.importing.reader_process.APART_FROM_BYTES", 50_000)
    file = json_lines(*({"id": n, "comment": random.Random(n).randbytes(50).hex()} for n in range(500)))
    for packed in (zipped(file), gzipped(file), json_lines(CHAT)):
        staged(apart_from_here, [packed])
    assert len(readers) == 2
    assert max(len(zipped(file).data), len(gzipped(file).data)) < 50_000


MANY = json_lines(*({"id": n, "comment": "x" * 3000} for n in range(10_000)))


def test_a_reader_that_is_killed_is_a_refusal(in_file, readers):
    def kill(progress):
        readers[0].kill()

    with pytest.raises(ImportRefused) as refusal:
        import_files(in_file, [MANY], zone="UTC", actor="Ann", progress=kill)
    assert (refusal.value.reason, refusal.value.file) == ("reader_died", MANY.name)
    assert in_file.read("FROM chats") == []


@pytest.mark.parametrize("code", ["import sys; sys.exit(1)", "import os; os.close(0); os.close(1)", "print('ready')"])
def test_a_reader_that_does_not_answer_is_a_refusal(in_file, monkeypatch, code):
    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: popen([sys.executable, "-c", code], **options))
    names = [Source(f"{n:1000}", data=b"{}") for n in range(100)]
    with pytest.raises(ImportRefused) as refusal:
        import_files(in_file, names, zone="UTC", actor="Ann")
    assert refusal.value.reason == "reader_died"


def test_who_leaves_early_leaves_no_process(in_file, readers):
    def leave(progress):
        raise UserLeftError

    with pytest.raises(UserLeftError):
        import_files(in_file, [MANY], zone="UTC", actor="Ann", progress=leave)
    assert [process.returncode for process in readers] == [-9]
    assert in_file.read("FROM chats") == []


def test_progress_is_told_while_the_other_process_reads(in_file):
    told = []
    load(in_file, MANY, progress=told.append)
    reading = [each.done for each in told if each.stage == "reading"]
    assert reading
    assert reading == sorted(reading)
    assert {each.total for each in told if each.stage == "reading"} == {len(MANY.data)}


BIG = """
import json, resource, sys
from pathlib import Path
from lib.importing import Source, import_files
from lib.store import Store
from tests.importing.vendors.zendesk_answers import SPOKEN
path = Path(sys.argv[1], "export.json")
with path.open("w") as file:
    file.write('{"chats": [')
    for n in range(8000):
        file.write(", " * (n > 0) + json.dumps({**SPOKEN, "id": str(n), "comment": "x" * 4000}))
    file.write('], "end_time": 5}')
store = Store(str(Path(sys.argv[1], "history.duckdb")))
import_files(store, [Source("s", data=b'{"id": "small"}')], zone="UTC", actor="Ann")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = import_files(store, [Source("x", path)], zone="UTC", actor="Ann")
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([report.new, report.rejected, path.stat().st_size >> 20, grown >> 10, child >> 10]))
"""


def test_a_single_line_of_forty_megabytes_needs_little_memory(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", BIG, str(tmp_path)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    new, rejected, megabytes, grown, of_reader = json.loads(done.stdout)
    assert (new, rejected, megabytes) == (8000, 0, 40)
    assert grown < 100
    assert of_reader < 600


def test_what_was_uploaded_has_no_name_on_the_disk_that_a_kill_could_leave(tmp_path, monkeypatch):
    seen, popen = [], subprocess.Popen
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def start(*args, **options):
        seen.append(list(tmp_path.iterdir()))
        return popen(*args, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    assert staged(apart_from_here, FILES["odd"], MANNER) == staged(here, FILES["odd"], MANNER)
    assert seen == [[]]
