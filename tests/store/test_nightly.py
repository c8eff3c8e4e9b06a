"""The app makes a backup each night by itself, keeps the newest ones, and tells where it could not."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lib.store import Store, nightly
from lib.store.nightly import AGAIN_AFTER_S, Nightly, backup_state
from tests.faults import full_disk
from tests.worlds import make_chat

# Half past three in Tokyo, after the night has begun.
MOMENT = datetime(2026, 11, 22, 18, 30)


@pytest.fixture
def held(tmp_path: Path):
    store = Store(str(tmp_path / "history.duckdb"))
    make_chat(store, "one")
    yield store
    store.close()


@pytest.fixture
def folder(tmp_path: Path):
    found = tmp_path / "backups"
    found.mkdir()
    nightly._problems.clear()
    return found


@pytest.fixture
def at(monkeypatch):
    """Sets the clock, and gives what is made from then on that time."""
    clock = {"now": MOMENT}
    monkeypatch.setattr(nightly, "now", lambda: clock["now"])

    def monotonic() -> float:
        return (clock["now"] - datetime(2026, 1, 1)).total_seconds()

    monkeypatch.setattr(nightly.time, "monotonic", monotonic)

    def set_to(moment: datetime, work: Nightly, store: Store, into: Path) -> set[str]:
        clock["now"] = moment
        before = {file.name for file in into.iterdir()} if into.is_dir() else set()
        assert work.look(store) is False
        made = {file.name for file in into.iterdir()} - before if into.is_dir() else set()
        for name in made:
            os.utime(into / name, (moment.replace(tzinfo=UTC).timestamp(),) * 2)
        return made

    return set_to


def test_one_is_made_each_night_and_the_newest_stay(held, folder, at):
    work = Nightly(folder, 3, "Asia/Tokyo")
    assert at(MOMENT, work, held, folder) == {"history-2026-11-23-033000.duckdb"}
    assert at(MOMENT + timedelta(hours=22), work, held, folder) == set()
    (folder / "history-mine.duckdb").touch()
    for night in range(1, 5):
        assert len(at(MOMENT + timedelta(days=night), work, held, folder)) == 1
    assert sorted(file.name for file in folder.iterdir()) == [
        "history-2026-11-25-033000.duckdb",
        "history-2026-11-26-033000.duckdb",
        "history-2026-11-27-033000.duckdb",
        "history-mine.duckdb",
    ]
    copy = Store(str(folder / "history-2026-11-27-033000.duckdb"))
    try:
        assert copy.read("SELECT count(*) AS n FROM chats") == [{"n": 1}]
    finally:
        copy.close()


def test_the_night_begins_at_two_by_the_clock_of_the_zone(held, folder, at):
    work = Nightly(folder, 3, "Asia/Tokyo")
    assert at(datetime(2026, 11, 22, 10), work, held, folder)
    assert not at(datetime(2026, 11, 22, 16, 59), work, held, folder)
    assert at(datetime(2026, 11, 22, 17, 0), work, held, folder)


def test_a_folder_that_is_gone_is_told_and_tried_again_after_an_hour(held, tmp_path, at):
    gone = tmp_path / "gone"
    work = Nightly(gone, 3, "UTC")
    assert at(MOMENT, work, held, gone) == set()
    assert "this folder is not there" in backup_state(gone).problem
    gone.mkdir()
    assert at(MOMENT + timedelta(seconds=AGAIN_AFTER_S - 1), work, held, gone) == set()
    assert len(at(MOMENT + timedelta(seconds=AGAIN_AFTER_S + 1), work, held, gone)) == 1
    assert backup_state(gone).problem == ""


def test_a_full_disk_leaves_no_half_backup_and_the_store_as_it_was(held, folder, at):
    work = Nightly(folder, 3, "UTC")
    with full_disk():
        assert at(MOMENT, work, held, folder) == set()
    assert "full" in backup_state(folder).problem
    assert [*folder.iterdir()] == []
    assert held.read("SELECT count(*) AS n FROM chats") == [{"n": 1}]


def test_a_backup_that_goes_while_the_folder_is_looked_at_is_none(folder, monkeypatch):
    (folder / "history-2026-11-21-020000.duckdb").touch()
    (folder / "history-2026-11-22-020000.duckdb").touch()
    stat = Path.stat

    def gone(self, **how):
        if self.name == "history-2026-11-22-020000.duckdb":
            raise FileNotFoundError(self)
        return stat(self, **how)

    monkeypatch.setattr(Path, "stat", gone)
    assert backup_state(folder).newest.name == "history-2026-11-21-020000.duckdb"


def test_the_state_tells_the_newest_and_whether_it_is_old(held, folder, at):
    assert backup_state(folder).made_at is None
    assert backup_state(folder).is_old(MOMENT)
    at(MOMENT, Nightly(folder, 3, "UTC"), held, folder)
    state = backup_state(folder)
    assert (state.newest.name, state.made_at) == ("history-2026-11-22-183000.duckdb", MOMENT)
    assert not state.is_old(MOMENT + timedelta(days=2))
    assert state.is_old(MOMENT + timedelta(days=2, seconds=1))
