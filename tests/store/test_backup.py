"""A backup is one file that holds the store as it is at one moment, also while others write and import."""

import json
import os
import threading
import time
from pathlib import Path

import duckdb
import pytest

from lib.store import Store, backup
from lib.store.__main__ import main
from lib.store.backup import BackupError, back_up, grant_wish
from tests.faults import full_disk
from tests.worlds import chat, insert

FIRST_BLOCK, BLOCK = 3 * 4096, 256 << 10
PAIRS = "SELECT (SELECT count(*) FROM chats) AS chats, (SELECT count(*) FROM messages) AS messages"


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store of the settings, with chats in its file and in its log."""
    store = Store(str(tmp_path / "history.duckdb"))
    insert(store, [chat(f"old {n}", messages=["Hello"]) for n in range(50)])
    assert store.write_back()
    insert(store, [chat(f"new {n}", messages=["Hello"]) for n in range(5)])
    monkeypatch.setenv("CHAT_HISTORY_STORE", str(store.path))
    yield store
    store.close()


def numbers(file: Path) -> dict[str, int]:
    """What a file alone holds."""
    assert not Path(f"{file}.wal").exists()
    store = Store(str(file))
    try:
        return store.read(PAIRS)[0]
    finally:
        store.close()


def test_a_backup_holds_the_file_and_its_log_and_leaves_nothing_beside_it(held, tmp_path):
    target = tmp_path / "backups" / "today.duckdb"
    target.parent.mkdir()
    assert back_up(held, target) == target.stat().st_size
    assert [file.name for file in target.parent.iterdir()] == ["today.duckdb"]
    assert numbers(target) == {"chats": 55, "messages": 55}


def test_backups_beside_a_writer_are_each_of_one_moment(held, tmp_path):
    done, failed = threading.Event(), []

    def write() -> None:
        try:
            for n in range(10_000):
                if done.is_set():
                    return
                insert(held, [chat(f"more {n} {k}", messages=["Hello"]) for k in range(20)])
                held.write_back()
        except duckdb.Error as error:
            failed.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    found = []
    for n in range(8):
        back_up(held, tmp_path / f"{n}.duckdb")
        found.append(numbers(tmp_path / f"{n}.duckdb"))
    done.set()
    writer.join()
    assert not failed
    assert all(each["chats"] == each["messages"] for each in found)
    assert found[-1]["chats"] > found[0]["chats"] >= 55


@pytest.mark.parametrize("trouble", ["is there already", "No such file or directory"])
def test_a_backup_that_cannot_be_made_is_refused_and_leaves_nothing(trouble, held, tmp_path):
    folder = tmp_path / "folder"
    if trouble == "is there already":
        folder.mkdir()
        (folder / "backup.duckdb").touch()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BackupError, match=trouble):
        back_up(held, folder / "backup.duckdb")
    assert sorted(tmp_path.rglob("*")) == before


def test_the_command_asks_the_program_that_holds_the_store(held, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(backup, "LOOK_EVERY_S", 0.01)
    stopped = threading.Event()

    def keep() -> None:
        while not stopped.wait(0.01):
            grant_wish(held)

    keeper = threading.Thread(target=keep)
    keeper.start()
    try:
        assert main(["backup", str(tmp_path / "backup.duckdb")]) == 0
        assert main(["backup", str(tmp_path / "backup.duckdb")]) == 2
        assert main(["check"]) == 0
    finally:
        stopped.set()
        keeper.join()
    said = capsys.readouterr()
    assert "backup.duckdb is there already" in said.err
    assert "chats: 55 rows" in said.out
    assert numbers(tmp_path / "backup.duckdb") == {"chats": 55, "messages": 55}
    left = {file.name for file in tmp_path.iterdir() if not file.name.startswith(held.path.name)}
    assert left == {"backup.duckdb"}
    assert not held.path.with_name("history.duckdb.backup").exists()


def test_who_does_not_answer_is_told(held, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(backup, "PATIENCE_S", 0.1)
    assert main(["backup", str(tmp_path / "backup.duckdb")]) == 2
    assert "did not answer" in capsys.readouterr().err
    assert not (tmp_path / "history.duckdb.backup").exists()


def test_without_the_app_the_command_does_it_itself(held, tmp_path, capsys):
    held.close()
    assert main(["backup"]) == 0
    (made,) = tmp_path.glob("history-*.duckdb")
    assert str(made) in capsys.readouterr().out
    assert numbers(made) == {"chats": 55, "messages": 55}


def test_a_damaged_store_is_told_by_a_check(held, tmp_path, capsys):
    held.close()
    data = bytearray(held.path.read_bytes())
    for place in range(FIRST_BLOCK, len(data), BLOCK):
        data[place + 100] ^= 255
    held.path.write_bytes(data)
    assert main(["check"]) == 2
    assert str(held.path) in capsys.readouterr().err


@pytest.mark.parametrize("wish", ["", "[]", "{}", '{"target": 7}'])
def test_a_wish_that_cannot_be_read_is_refused_once(wish, held):
    file = held.path.with_name(held.path.name + ".backup")
    file.write_text(wish)
    grant_wish(held)
    assert not file.exists()
    assert "refused" in file.with_suffix(".backup_answer").read_text()


def test_a_wish_that_nobody_waits_for_any_more_is_not_granted(held, tmp_path):
    wish = held.path.with_name(held.path.name + ".backup")
    wish.write_text(json.dumps({"target": str(tmp_path / "late.duckdb")}))
    an_hour_ago = time.time() - 3600
    os.utime(wish, (an_hour_ago, an_hour_ago))
    grant_wish(held)
    assert not wish.exists() and not (tmp_path / "late.duckdb").exists()


def test_a_full_disk_is_told_and_leaves_no_half_of_a_backup(held, tmp_path, capsys):
    held.close()
    target = tmp_path / "backup.duckdb"
    with full_disk(20_000):
        assert main(["backup", str(target)]) == 2
    assert capsys.readouterr().err == f"{target}: the disk is full; free some space, then try again\n"
    assert not list(tmp_path.glob("backup*"))
