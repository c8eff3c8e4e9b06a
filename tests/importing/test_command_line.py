import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args
from unittest.mock import Mock

import duckdb
import pytest

from lib.importing import past_imports
from lib.importing.__main__ import STORE_PROBLEMS, main
from lib.store import Reason, Store
from lib.store.errors import MEANINGS
from tests.importing.files import CHAT, csv_file, json_lines

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(monkeypatch, capsys, location):
    def call(*arguments):
        status = main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    monkeypatch.setenv("CHAT_HISTORY_STORE", location)
    monkeypatch.setenv("CHAT_HISTORY_ZONE", "Asia/Tokyo")
    monkeypatch.setenv("CHAT_HISTORY_PERSON", "Ann")
    return call


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.jsonl"
    path.write_bytes(json_lines(CHAT, {"id": 2, "started_at": "2026-03-01 09:00"}).data)
    return path


def test_all_rows_taken(run, good, location):
    status, out, err = run(good)
    assert (status, err) == (0, "")
    assert "2 chats read: 2 new, 0 updated, 0 unchanged, 0 rejected." in out
    assert "Asia/Tokyo" in out
    store = Store(location)
    assert [(each.actor, each.report.zone) for each in past_imports(store)] == [("Ann", "Asia/Tokyo")]
    store.close()


def test_some_rejected(run, good, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(csv_file([{"id": f"{n / 10 + 1}E+15", "rating": ""} for n in range(30)]).data)
    status, out, _ = run(good, bad)
    assert status == 1
    assert f"{bad}, row 2: id '1.0E+15'" in out
    assert out.endswith("and 10 more\n")


def test_the_report_as_json(run, good):
    status, out, _ = run(good, "--json", "--zone", "UTC")
    report = json.loads(out)
    assert (status, report["new"], report["zone"], report["zone_used"]) == (0, 2, "UTC", True)


@pytest.mark.parametrize("arguments", [["none.csv"], [__file__], ["GOOD", "--zone", "Mars"]])
def test_refused(run, good, arguments):
    status, out, err = run(*(good if argument == "GOOD" else argument for argument in arguments))
    assert (status, out, err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("error", [MemoryError(), duckdb.OutOfMemoryException("x"), duckdb.IOException("x")])
def test_what_the_machine_cannot_do_is_one_sentence(run, good, monkeypatch, error):
    monkeypatch.setattr("lib.importing.loading.write", Mock(side_effect=error))
    status, out, err = run(good)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"{good}: ")


def test_values_that_were_cut_are_told(run, good, monkeypatch):
    monkeypatch.setattr("lib.importing.limits.LONGEST_VALUE", 24)
    status, out, _ = run(good)
    assert status == 0
    place = f"{good}, row 1: messages[2].attachment.url"
    assert f"One value was longer than 24 characters, and was cut: {place}\n" in out


def test_times_that_are_not_sure_are_told(run, tmp_path):
    file = tmp_path / "chats.csv"
    starts = ("soon", "2026-11-01 01:30", "2026-03-08 02:30")
    file.write_bytes(csv_file([{"id": n, "started_at": start} for n, start in enumerate(starts)]).data)
    status, out, _ = run(file, "--zone", "America/New_York")
    assert status == 0
    assert "One time could not be read: soon\n" in out
    assert "One time without an offset is in an hour that America/New_York had twice; " in out
    assert "One time without an offset is in an hour that America/New_York never had: 2026-03-08 02:30\n" in out


def test_a_link_that_is_named_is_followed(run, good, tmp_path):
    (tmp_path / "link.jsonl").symlink_to(good)
    assert run(tmp_path / "link.jsonl")[0] == 0


def test_what_is_no_file_is_refused_and_waited_for_by_nobody(run, tmp_path):
    os.mkfifo(tmp_path / "pipe.jsonl")
    for path in (tmp_path, tmp_path / "pipe.jsonl"):
        assert run(path) == (
            2,
            "",
            f"{path}: This is a folder, or something else that is no file. Name a file, or put one there.\n",
        )


def test_a_store_in_use_is_one_sentence(tmp_path, good):
    location = str(tmp_path / "history.duckdb")
    store = Store(location)
    ended = subprocess.run(
        [sys.executable, "-m", "lib.importing", good], cwd=ROOT, env={"CHAT_HISTORY_STORE": location},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    store.close()
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "PID" in ended.stderr


def test_a_full_disk_is_one_sentence_and_leaves_the_store_as_it_was(tmp_path, good):
    location = str(tmp_path / "history.duckdb")
    Store(location).close()
    code = (
        "import sys; from lib.importing.__main__ import main; from tests.faults import full_disk\n"
        "with full_disk(): sys.exit(main(sys.argv[1:]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, good], cwd=ROOT, env={"CHAT_HISTORY_STORE": location},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "The disk is full: nothing was imported. Free some space, then import again.\n"
    store = Store(location)
    assert store.read("SELECT count(*) AS n FROM chats") == [{"n": 0}]
    store.close()


def test_every_reason_of_a_store_has_a_sentence():
    assert set(STORE_PROBLEMS) == set(get_args(Reason)) == set(MEANINGS)


def test_an_account_that_cannot_be_one_is_refused_in_a_sentence(run, tmp_path, capsys):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1"}')
    with pytest.raises(SystemExit) as refused:
        run(path, "--account", "x" * 250)
    assert refused.value.code == 2
    assert "longer than" in capsys.readouterr().err
    assert run(path, "--account", "Tokyo\nBay")[0] == run(path, "--account", " ")[0] == 0


def test_an_account_that_is_said_is_that_of_the_chats_and_stands_in_the_report(run, tmp_path, location):
    path = tmp_path / "chats.csv"
    path.write_bytes(csv_file([{"id": "1"}]).data)
    for name in ("osaka", "kobe"):
        status, out, _ = run(path, "--account", name)
        assert (status, "1 chats read: 1 new" in out, f"What names no account is of: {name}" in out) == (0, True, True)
    assert "Chats and visitors of import that name no account: 1. They were put to: First account" in run(path)[1]
    store = Store(location)
    assert store.read("SELECT count(DISTINCT account) AS n, count(*) AS chats FROM chats") == [{"n": 2, "chats": 3}]
    store.close()


def test_an_encoding_is_chosen_or_does_not_fit(run, tmp_path, location):
    korean = tmp_path / "korean.csv"
    korean.write_bytes("id,comment\r\nA,x\r\nB,배송이 어디에\r\n".encode("cp949"))
    status, out, err = run(korean, "--encoding", "utf-8")
    assert (status, out) == (2, "")
    assert err.endswith("The first line that cannot be read as UTF-8: 3\n")
    assert run(korean, "--encoding", "euc-kr")[0] == 0
    assert run(korean, "--encoding", "CP949")[0] == 0
    with pytest.raises(SystemExit):
        run(korean, "--encoding", "Klingon")
