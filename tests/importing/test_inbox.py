"""Files that arrive in the inbox folder, and the thread that looks into it."""

import errno
import gzip
import logging
import os
import socket
import threading
import time
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from lib.importing import ImportRefused, Manner, import_files, loading, past_imports, prepare, rejected_rows
from lib.importing.columns import ColumnMapping, remember
from lib.importing.inbox import inbox as inbox_module
from lib.importing.inbox.done import inbox_files, try_again
from lib.importing.inbox.inbox import Inbox
from lib.importing.keeping import keeper
from lib.store import now
from tests.importing.files import BOTH, CHAT, csv_file, json_file, json_lines, zipped
from tests.importing.vendors.chatwoot_answers import BOB, conversation
from tests.importing.vendors.every_vendor import check_expected, sources

GOOD = json_lines(*BOTH).data


class Times:
    """The time as the inbox sees it, which only passes when it is told to."""

    def __init__(self) -> None:
        self.passed = 0.0

    def monotonic(self) -> float:
        return 1000 + self.passed

    def time(self) -> float:
        return time.time() + self.passed


@pytest.fixture
def times(monkeypatch):
    made = Times()
    monkeypatch.setattr("lib.importing.inbox.folder.time", made)
    return made


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


def put(folder, name, data):
    """Puts a file there, as if it was written in this moment."""
    (folder / name).write_bytes(data)


def chats(store):
    return store.read("SELECT count(*) AS n FROM chats")[0]["n"]


def done(store):
    return {(file.name, file.problem) for file in inbox_files(store)}


def test_a_file_is_imported_once_by_its_content(store, folder, times):
    inbox = Inbox(store, folder, "Asia/Tokyo")
    assert inbox.look() == 0
    put(folder, "chats.jsonl", GOOD)
    assert inbox.look() == 0
    times.passed = 4
    assert [inbox.look(), inbox.look()] == [1, 0]
    (only,) = past_imports(store)
    assert (only.actor, only.report.new, only.report.zone) == ("Inbox", 2, "Asia/Tokyo")
    (file,) = inbox_files(store)
    assert (file.name, file.report, file.problem) == ("chats.jsonl", only.report, None)
    put(folder, "again.jsonl", GOOD)
    (folder / "chats.jsonl").rename(folder / "renamed.jsonl")
    times.passed = 8
    assert [inbox.look(), Inbox(store, folder, "UTC").look()] == [0, 0]
    put(folder, "again.jsonl", json_lines({"id": "C-3"}).data)
    assert inbox.look() == 0
    times.passed = 12
    assert [inbox.look(), chats(store), len(past_imports(store))] == [1, 3, 2]
    assert [file.name for file in inbox_files(store)] == ["again.jsonl", "chats.jsonl"]
    assert [file.name for file in inbox_files(store, limit=1)] == ["again.jsonl"]
    assert inbox_files(store, since=now()) == []


def test_what_lay_there_before_need_not_wait(in_file, folder, times):
    put(folder, "chats.jsonl", GOOD)
    times.passed = 3600
    assert Inbox(in_file, folder, "UTC").look() == 1


def test_a_growing_file_waits(in_file, folder, times):
    inbox, lines = Inbox(in_file, folder, "UTC"), [json_lines(record).data for record in BOTH]
    for size in range(1, 6):
        put(folder, "chats.jsonl", b"".join(lines[:1]) + b"\n" * size)
        times.passed += 2
        assert inbox.look() == 0
    put(folder, "chats.jsonl", b"".join(lines))
    times.passed += 2
    assert inbox.look() == 0
    times.passed += 4
    assert [inbox.look(), chats(in_file)] == [1, 2]


@pytest.mark.parametrize("data", [json_file(BOTH).data[:-20], GOOD[:-20], json_file(BOTH, indent=1).data[:-20]])
def test_a_truncated_file_waits_and_is_then_imported(in_file, folder, times, data):
    inbox = Inbox(in_file, folder, "UTC")
    put(folder, "chats.json", data)
    for times.passed in (0, 4, 40):
        assert [inbox.look(), chats(in_file), inbox_files(in_file)] == [0, 0, []]
    times.passed = 61
    assert [inbox.look(), chats(in_file), done(in_file)] == [1, 1, {("chats.json", None)}]
    (only,) = past_imports(in_file)
    assert list(rejected_rows(in_file, only.id)["reason"]) == ["cut_off"]
    put(folder, "chats.json", GOOD)
    inbox.look()
    times.passed = 65
    assert [inbox.look(), chats(in_file)] == [1, 2]


def test_a_file_that_waits_is_not_read_at_every_look(in_file, folder, times, monkeypatch):
    read = []
    monkeypatch.setattr("lib.importing.inbox.inbox._digest", lambda path: read.append(path) or "x")
    put(folder, "chats.json", GOOD[:-20])
    inbox = Inbox(in_file, folder, "UTC")
    for times.passed in (0, 4, 6, 8, 10):
        inbox.look()
    assert len(read) == 1


BROKEN = {
    "a.jsonl.gz": (gzip.compress(GOOD)[:-5], "broken_gzip", True),
    "a.zip": (zipped(json_lines(CHAT)).data[:-20], "broken_zip", True),
    "empty.json": (b"", "empty", True),
    "a.json": (b'{"id": 5, "messa', "cut_off", True),
    "a.parquet": (b"PAR1" + bytes(100), "broken_parquet", True),
    "a.csv": (b"name,price\nx,1\n", "unknown_columns", False),
    "a.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_text", False),
}  # fmt: skip


def test_a_broken_file_is_reported_once(in_file, folder, times, caplog):
    inbox = Inbox(in_file, folder, "UTC")
    for name, (data, _, _) in BROKEN.items():
        put(folder, name, data)
    inbox.look()
    times.passed = 4
    inbox.look()
    at_once = {(name, problem) for name, (_, problem, waits) in BROKEN.items() if not waits}
    assert done(in_file) == at_once
    times.passed = 61
    assert inbox.look() == len(BROKEN) - len(at_once)
    assert done(in_file) == {(name, problem) for name, (_, problem, _) in BROKEN.items()}
    times.passed = 200
    assert [inbox.look(), Inbox(in_file, folder, "UTC").look(), len(inbox_files(in_file))] == [0, 0, len(BROKEN)]
    events = in_file.read("SELECT action FROM events")
    assert [event["action"] for event in events] == ["inbox_refused"] * len(BROKEN)
    assert chats(in_file) == 0
    assert len(caplog.records) == len(BROKEN)


def test_unfinished_hidden_and_other_things_are_left_alone(in_file, folder, times):
    for name in (".chats.json", "~chats.json", "chats.part", "chats.json.TMP", "x.crdownload", "x.filepart"):
        put(folder, name, GOOD)
    for name in (".inside", "~inside"):
        (folder / name).mkdir()
        put(folder / name, "chats.json", GOOD)
    times.passed = 100
    inbox = Inbox(in_file, folder, "UTC")
    assert [inbox.look(), Inbox(in_file, folder / "none", "UTC").look(), chats(in_file)] == [0, 0, 0]
    (folder / "chats.part").rename(folder / "chats.json")
    assert [inbox.look(), chats(in_file)] == [1, 2]


def test_a_mapping_that_was_saved_is_used(in_file, folder, times):
    mapping = ColumnMapping("chats", (("no", "id"), ("when", "started_at")), "dmy")
    remember(in_file, "mine", ["no", "when"], mapping, "Ann")
    put(folder, "table.csv", b"when;no\n03/02/2026 10:00;5\n")
    times.passed = 100
    assert Inbox(in_file, folder, "Asia/Tokyo").look() == 1
    (only,) = past_imports(in_file)
    assert (only.report.files[0].mapping, only.report.new) == ("mine", 1)
    assert str(in_file.read("SELECT started_at FROM chats")[0]["started_at"]) == "2026-02-03 01:00:00"


def test_vendors_files_may_come_in_any_order(in_file, folder, times):
    for source in sources("zoho")[::-1]:
        put(folder, source.name, source.data)
    times.passed = 100
    assert Inbox(in_file, folder, "UTC").look() == len(sources("zoho"))
    check_expected(in_file, "zoho")


def test_a_file_that_breaks_the_import_does_not_keep_others_waiting(in_file, folder, times, monkeypatch, caplog):
    def digest(path):
        if path.name == "a.json" and times.passed < 150:
            raise RuntimeError
        return path.name

    monkeypatch.setattr("lib.importing.inbox.inbox._digest", digest)
    put(folder, "a.json", json_lines({"id": 1}).data)
    put(folder, "b.json", json_lines({"id": 2}).data)
    inbox = Inbox(in_file, folder, "UTC")
    times.passed = 100
    assert [inbox.look(), inbox.look(), chats(in_file)] == [1, 0, 1]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    times.passed = 161
    assert [inbox.look(), chats(in_file)] == [1, 2]


def test_a_name_that_is_no_text(in_file, folder, times):
    put(folder, "a\udcff.json", GOOD)
    put(folder, "b\udcff.json", b"hello")
    times.passed = 100
    assert Inbox(in_file, folder, "UTC").look() == 2
    assert done(in_file) == {("a\ufffd.json", None), ("b\ufffd.json", "not_chats")}


def socket_in(path):
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))


STRANGE = {
    "link": lambda path: path.symlink_to(path.parent.parent / "secret.jsonl"),
    "dangling link": lambda path: path.symlink_to(path.parent / "nothing"),
    "link to a folder": lambda path: path.symlink_to(path.parent.parent),
    "pipe": os.mkfifo,
    "folder": Path.mkdir,
    "socket": socket_in,
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_file_is_refused_once_and_never_opened(in_file, folder, times, kind, monkeypatch):
    (folder.parent / "secret.jsonl").write_bytes(GOOD)
    STRANGE[kind](folder / "x.jsonl")
    put(folder, "good.jsonl", json_lines({"id": "other"}).data)
    inbox = Inbox(in_file, folder, "UTC")
    inbox.look()
    times.passed = 100
    assert [inbox.look(), inbox.look(), Inbox(in_file, folder, "UTC").look(), chats(in_file)] == [2, 0, 0, 1]
    assert done(in_file) == {("x.jsonl", "link" if "link" in kind else "no_file"), ("good.jsonl", None)}


def test_a_link_that_takes_the_place_of_a_file_meanwhile_is_not_followed(in_file, folder, times, monkeypatch):
    (folder.parent / "secret.jsonl").write_bytes(GOOD)
    put(folder, "x.jsonl", json_lines({"id": "other"}).data)
    prepare = inbox_module.prepare

    def change_and_prepare(store, sources, manner):
        (folder / "x.jsonl").unlink()
        (folder / "x.jsonl").symlink_to(folder.parent / "secret.jsonl")
        return prepare(store, sources, manner)

    monkeypatch.setattr(inbox_module, "prepare", change_and_prepare)
    times.passed = 100
    Inbox(in_file, folder, "UTC").look()
    assert (chats(in_file), done(in_file)) == (0, {("x.jsonl", "link")})


def test_a_hard_link_is_a_file(in_file, folder, times):
    (folder.parent / "other.jsonl").write_bytes(GOOD)
    (folder / "x.jsonl").hardlink_to(folder.parent / "other.jsonl")
    times.passed = 100
    assert [Inbox(in_file, folder, "UTC").look(), chats(in_file)] == [1, 2]


ERRORS = [(MemoryError(), "memory"), (duckdb.OutOfMemoryException("x"), "memory"), (duckdb.IOException("y"), "engine"),
          (ImportRefused("reader_died", "x"), "reader_died"), (RuntimeError("x"), "failed")]  # fmt: skip


@pytest.mark.parametrize(("error", "problem"), ERRORS)
def test_a_file_that_fails_three_times_is_given_up_until_it_is_to_be_tried_again(
    in_file, folder, times, monkeypatch, error, problem
):
    compare, tried = loading.compare, []

    def fail(*arguments, **more):
        tried.append(1)
        if len(tried) < 5:
            raise error
        return compare(*arguments, **more)

    monkeypatch.setattr(loading, "compare", fail)
    put(folder, "x.jsonl", GOOD)
    put(folder, "y.jsonl", b"hello")
    inbox = Inbox(in_file, folder, "UTC")
    inbox.look()
    for times.passed in (10, 12, 80, 82):
        inbox.look()
    assert (len(tried), done(in_file)) == (2, {("y.jsonl", "not_chats")})
    for times.passed in (150, 152, 220, 300):
        inbox.look()
    assert (len(tried), done(in_file)) == (3, {("x.jsonl", problem), ("y.jsonl", "not_chats")})
    assert [Inbox(in_file, folder, "UTC").look(), len(tried)] == [0, 3]
    try_again(in_file, ["x.jsonl"], "Ann")
    assert [inbox.look(), len(tried), done(in_file)] == [0, 4, {("y.jsonl", "not_chats")}]
    times.passed += 100
    assert [inbox.look(), chats(in_file)] == [1, 2]
    assert done(in_file) == {("x.jsonl", None), ("y.jsonl", "not_chats")}


def test_failures_that_differ_are_not_the_same_failure(in_file, folder, times, monkeypatch):
    errors = [MemoryError(), RuntimeError(), MemoryError(), RuntimeError(), RuntimeError(), RuntimeError()]
    monkeypatch.setattr(loading, "compare", lambda *_, **__: raise_(errors.pop(0)))
    put(folder, "x.jsonl", GOOD)
    inbox = Inbox(in_file, folder, "UTC")
    for times.passed in (70, 140, 210, 280, 350):
        inbox.look()
    assert (len(errors), done(in_file)) == (1, set())
    times.passed = 420
    assert [inbox.look(), done(in_file)] == [1, {("x.jsonl", "failed")}]


def raise_(error):
    raise error


def test_a_file_that_changed_is_tried_again_by_itself(in_file, folder, times, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(loading, "compare", lambda *_, **__: raise_(MemoryError()))
        put(folder, "x.jsonl", GOOD)
        inbox = Inbox(in_file, folder, "UTC")
        for times.passed in (70, 140, 210, 280):
            inbox.look()
    assert done(in_file) == {("x.jsonl", "memory")}
    put(folder, "x.jsonl", GOOD + b"\n")
    inbox.look()
    times.passed = 290
    assert [inbox.look(), chats(in_file)] == [1, 2]


def test_a_file_that_may_not_be_read_is_told_and_taken_once_it_may(in_file, folder, times, monkeypatch):
    put(folder, "x.jsonl", GOOD)
    inbox = Inbox(in_file, folder, "UTC")
    opened = os.open

    def closed(path, *arguments, **options):
        # Nothing is closed to a superuser, as who runs the tests may be.
        if str(path).endswith("x.jsonl"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", closed)
        for times.passed in (70, 140, 210):
            inbox.look()
    assert done(in_file) == {("x.jsonl", "unreadable")}
    put(folder, "x.jsonl", GOOD + b"\n")
    inbox.look()
    times.passed = 220
    assert [inbox.look(), chats(in_file)] == [1, 2]


def wait_until(condition):
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("lib.importing.keeping.LOOK_EVERY_S", 0.01)
    monkeypatch.setattr("lib.importing.inbox.folder.STILL_S", 0.05)


def test_the_keeper_looks_until_it_is_stopped(in_file, folder, quick):
    old = json_file(conversation(1, "open", BOB)).data
    loop = keeper(lambda: in_file, folder, "UTC")
    loop.start()
    put(folder, "chats.jsonl", GOOD)
    put(folder, "old.json", old)
    wait_until(lambda: len(inbox_files(in_file)) == 2)
    loop.stop()
    put(folder, "later.jsonl", json_lines({"id": "later"}).data)
    time.sleep(0.15)
    assert chats(in_file) == 3
    assert "keeper" not in {thread.name for thread in threading.enumerate()}


def test_the_keeper_finds_chats_that_have_waited_too_long(in_file, quick, monkeypatch):
    applied = []
    monkeypatch.setattr("lib.importing.keeping.apply_rules", lambda store, moment: applied.append((store, moment)))
    loop = keeper(lambda: in_file, None, "UTC")
    loop.start()
    wait_until(lambda: applied)
    time.sleep(0.05)
    loop.stop()
    ((store, moment),) = applied
    assert store is in_file
    assert abs((moment - now()).total_seconds()) < 10


def test_the_keeper_goes_on_when_the_store_cannot_be_opened(in_file, folder, quick, caplog):
    tried = []

    def open_store():
        tried.append(1)
        if len(tried) < 3:
            raise OSError("locked")
        return in_file

    put(folder, "chats.jsonl", GOOD)
    loop = keeper(open_store, folder, "UTC")
    loop.start()
    wait_until(lambda: inbox_files(in_file))
    loop.stop()
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2


def test_a_folder_in_the_inbox_is_an_account(in_file, folder, times):
    for name in ("shop-1", "shop-2", ".hidden", "done.csv"):
        (folder / name).mkdir()
        put(folder / name, "chats.csv", csv_file([{"id": "1"}, {"id": "2"}]).data)
    (folder / "linked").symlink_to(folder / "shop-1")
    put(folder, "chats.csv", csv_file([{"id": "1"}]).data)
    inbox = Inbox(in_file, folder, "UTC")
    inbox.look()
    times.passed = 4
    assert inbox.look() == 5  # The link is refused, and the folder with the name of a file.
    found = in_file.read("SELECT account, vendor_id FROM chats ORDER BY account NULLS FIRST, vendor_id")
    assert [tuple(row.values()) for row in found] == [
        (None, "1"), ("shop-1", "1"), ("shop-1", "2"), ("shop-2", "1"), ("shop-2", "2"),
    ]  # fmt: skip
    assert done(in_file) == {
        ("chats.csv", None), ("shop-1/chats.csv", None), ("shop-2/chats.csv", None), ("linked", "link"),
        ("done.csv", "no_file"),
    }  # fmt: skip
    (folder / "aside").mkdir()
    (folder / "chats.csv").rename(folder / "aside" / "chats.csv")
    times.passed = 100
    assert [inbox.look(), Inbox(in_file, folder, "UTC").look()] == [0, 0]
    assert {past.report.account for past in past_imports(in_file)} == {None, "shop-1", "shop-2"}


def test_an_import_that_was_overtaken_is_tried_again(in_file, folder, times):
    sooner, later = (json_file(conversation(1, "open", BOB, account_id=number)) for number in (1, 2))
    with closing(prepare(in_file, [later], Manner("UTC"))) as prepared:
        import_files(in_file, [sooner], zone="UTC", actor="Ann")
        with pytest.raises(ImportRefused) as refused:
            prepared.store("Ann")
    assert refused.value.reason == "accounts"
    assert import_files(in_file, [later], zone="UTC", actor="Ann").new == 1


def test_files_that_arrive_together_are_one_import(in_file, folder, times):
    for number in range(100):
        put(folder, f"{number:03}.json", json_lines({"id": str(number)}).data)
    put(folder, "broken.json", b'{"id": 5, "messa')
    put(folder, "table.csv", b"no;when\n5;1\n")
    put(folder, "050 again.json", json_lines({"id": "50"}).data)
    inbox = Inbox(in_file, folder, "UTC")
    inbox.look()
    times.passed = 4
    assert inbox.look() == 101
    (only,) = past_imports(in_file)
    assert (len(only.report.files), only.report.new, chats(in_file)) == (100, 100, 100)
    files = inbox_files(in_file, limit=200)
    assert {(file.name, file.problem) for file in files if file.problem} == {("table.csv", "unknown_columns")}
    imported = [file for file in files if not file.problem]
    assert {(file.rows, file.together) for file in imported} == {((1, 0), 100)}
    assert all(file.report == only.report for file in imported)
    times.passed = 70
    assert [inbox.look(), len(past_imports(in_file)), len(inbox_files(in_file, limit=200))] == [1, 1, 102]
    assert ("broken.json", "cut_off") in {(file.name, file.problem) for file in inbox_files(in_file)}


def test_files_that_tell_of_the_same_chat_count_one_after_the_other(in_file, folder, times):
    for name, status in {"a": "ongoing", "b": "completed"}.items():
        put(folder, f"{name}.jsonl", json_lines({"id": "1", "status": status}).data)
    times.passed = 100
    assert Inbox(in_file, folder, "UTC").look() == 2
    assert [past.report.rows_rejected for past in past_imports(in_file)] == [0, 0]
    assert in_file.read("SELECT status FROM chats") == [{"status": "completed"}]


def test_the_first_of_many_files_wait_for_the_last_but_not_for_ever(in_file, folder, times):
    inbox = Inbox(in_file, folder, "UTC")
    for number in range(40):
        put(folder, f"{number}.json", json_lines({"id": str(number)}).data)
        os.utime(folder / f"{number}.json", (times.time(), times.time()))
        inbox.look()
        times.passed += 2
    assert 0 < chats(in_file) < 40
    times.passed += 4
    inbox.look()
    assert (chats(in_file), len(past_imports(in_file))) == (40, 2)


def test_folders_inside_the_folder_of_an_account_are_of_the_account(in_file, folder, times):
    for place in ("shop/2026/01", "shop/2026/02"):
        (folder / place).mkdir(parents=True)
        put(folder / place, "chats.json", json_lines({"id": place[-1]}).data)
    times.passed = 100
    assert Inbox(in_file, folder, "UTC").look() == 2
    (only,) = past_imports(in_file)
    assert ([file.name for file in only.report.files], only.report.account) == (
        ["2026/01/chats.json", "2026/02/chats.json"], "shop",
    )  # fmt: skip
    assert done(in_file) == {("shop/2026/01/chats.json", None), ("shop/2026/02/chats.json", None)}
    assert {file.rows for file in inbox_files(in_file)} == {(1, 0)}
    assert in_file.read("SELECT DISTINCT account FROM chats") == [{"account": "shop"}]


@pytest.mark.parametrize("started_again", [False, True])
def test_a_file_without_a_mapping_is_tried_again_when_one_is_saved(in_file, folder, times, started_again):
    mapping = ColumnMapping("chats", (("no", "id"), ("when", "started_at")), "dmy")
    put(folder, "table.csv", b"when;no\n03/02/2026 10:00;5\n")
    put(folder, "other.csv", b"x;y\n1;5\n")
    inbox = Inbox(in_file, folder, "UTC")
    times.passed = 100
    assert [inbox.look(), inbox.look()] == [2, 0]
    remember(in_file, "mine", ["no", "when"], mapping, "Ann")
    if started_again:
        inbox = Inbox(in_file, folder, "UTC")
        inbox.look()
    times.passed = 110
    looks = [inbox.look() for _ in range(4)]
    assert (sum(looks), chats(in_file)) == (2, 1)
    assert done(in_file) == {("table.csv", None), ("other.csv", "unknown_columns")}


def test_a_file_with_several_lists_is_tried_again_when_one_has_a_mapping(in_file, folder, times):
    tickets = [{"no": "T-1", "when": "2026-03-01 10:00"}]
    others = [{"id number": "X", "begin": "2026-03-02"}]
    put(folder, "two.json", json_file({"a": tickets, "b": others}).data)
    inbox = Inbox(in_file, folder, "UTC")
    times.passed = 100
    inbox.look()
    assert done(in_file) == {("two.json", "several_lists")}
    remember(in_file, "mine", ["no", "when"], ColumnMapping("chats", (("no", "id"), ("when", "started_at"))), "Ann")
    times.passed = 110
    inbox.look()
    inbox.look()
    assert (done(in_file), chats(in_file)) == ({("two.json", None)}, 1)
