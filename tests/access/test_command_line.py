"""The sealed log is checked from the command line, too: what is found, and the end of the chain to note."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.access.__main__ import main
from lib.access.seals import head_of, seal
from lib.store import Store, backup, now, record_event
from lib.store.backup import grant_wish


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store with three sealed events."""
    path = tmp_path / "history.duckdb"
    store = Store(str(path))
    store.write(lambda cursor: [record_event(cursor, "restore", "Ann", None, now()) for _ in range(3)])
    seal(store, b"secret")
    store.close()
    monkeypatch.setenv("CHAT_HISTORY_STORE", str(path))
    monkeypatch.setenv("CHAT_HISTORY_SEAL_KEY", "secret")
    yield path


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def change(file: Path, sql: str) -> None:
    store = Store(str(file))
    store.write(lambda cursor: cursor.execute(sql))
    store.close()


def test_a_sound_log_and_its_head(file: Path, capsys):
    assert main(["verify"]) == 0
    lines = told(capsys)
    assert lines[0] == "3 seals; 0 rows are not sealed yet; 0 are rightly gone"
    assert lines[-2] == "all is as it was sealed"
    assert main(["verify", "--head", lines[-1].removeprefix("head ")]) == 0


def test_what_was_tampered_with_is_named(file: Path, capsys):
    change(file, "UPDATE events SET actor = 'Eve' WHERE id = (SELECT event_id FROM seals WHERE number = 2)")
    assert main(["verify"]) == 1
    (line,) = [each for each in told(capsys) if each.startswith("changed")]
    assert "seal 2, events " in line
    change(file, "DELETE FROM events")
    change(file, "DELETE FROM seals")
    assert main(["verify"]) == 0
    assert main(["verify", "--head", "3:" + "a" * 64]) == 1
    assert "head: the noted end is not in the log, seal 3" in told(capsys)


def test_another_key_believes_nothing(file: Path, capsys, monkeypatch):
    monkeypatch.setenv("CHAT_HISTORY_SEAL_KEY", "another")
    assert main(["verify"]) == 1
    lines = told(capsys)
    assert lines[-2] == "3 faults"
    assert "is CHAT_HISTORY_SEAL_KEY the key" in lines[1]


def test_without_a_key_it_says_what_is_not_found(file: Path, capsys, monkeypatch):
    monkeypatch.delenv("CHAT_HISTORY_SEAL_KEY")
    change(file, "DELETE FROM seals")
    assert main(["verify"]) == 0
    assert "no key is set" in " ".join(told(capsys))


def test_while_the_app_runs_a_copy_is_checked(file: Path, capsys, monkeypatch):
    monkeypatch.setattr(backup, "LOOK_EVERY_S", 0.02)
    store, done = Store(str(file)), threading.Event()
    noted = head_of(store)

    def grant() -> None:
        while not done.wait(0.02):
            grant_wish(store)

    # A process that holds it, as this one would be for another.
    monkeypatch.setattr("lib.access.__main__.Store", _locked_once(Store))
    granting = threading.Thread(target=grant)
    granting.start()
    assert main(["verify", "--head", str(noted)]) == 0
    done.set()
    granting.join()
    store.close()


def _locked_once(kind):
    from lib.store import StoreError

    tries = []

    def open_store(location: str) -> Store:
        tries.append(location)
        if len(tries) == 1:
            raise StoreError("locked", location)
        return kind(location)

    return open_store


def test_what_cannot_be_checked_is_told(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setenv("CHAT_HISTORY_STORE", str(tmp_path / "none.duckdb"))
    assert main(["verify"]) == 2
    assert "none.duckdb" in capsys.readouterr().err
    assert not (tmp_path / "none.duckdb").exists()
    with pytest.raises(SystemExit):
        main(["verify", "--head", "3"])
