"""A backup comes back in the place of the database, which is kept; whatever happens, one of the two is there."""

from pathlib import Path

import pytest

from lib.store import Store, backup
from lib.store.__main__ import main
from lib.store.backup import BackupError, back_up, restore
from lib.store.soundness import log_of
from tests.faults import full_disk
from tests.worlds import make_chat

COUNT = "SELECT count(*) AS n FROM chats"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch):
    """A backup of one chat, and the database, which has a second one by now and is closed."""
    store = Store(str(tmp_path / "history.duckdb"))
    monkeypatch.setenv("CHAT_HISTORY_STORE", str(store.path))
    make_chat(store, "one")
    back_up(store, tmp_path / "backup.duckdb")
    make_chat(store, "two")
    store.close()
    return store.path, tmp_path / "backup.duckdb"


def chats(file: Path) -> int:
    store = Store(str(file))
    try:
        return store.read(COUNT)[0]["n"]
    finally:
        store.close()


def test_what_was_there_is_kept_and_the_backup_stays(kept, capsys):
    path, file = kept
    assert main(["restore", str(file)]) == 0
    (old,) = path.parent.glob("history-replaced-*.duckdb")
    assert str(old) in capsys.readouterr().out
    assert (chats(path), chats(old), chats(file)) == (1, 2, 1)


def test_a_database_that_cannot_be_opened_any_more_is_kept_with_its_log(kept):
    path, file = kept
    path.write_bytes(b"no database" * 1000)
    log_of(path).write_bytes(b"no log")
    old = restore(path, file)
    assert old.read_bytes().startswith(b"no database")
    assert log_of(old).read_bytes() == b"no log"
    assert chats(path) == 1


def test_where_there_is_no_database_the_backup_becomes_it(kept):
    path, file = kept
    path.unlink()
    assert restore(path, file) is None
    assert chats(path) == 1


def test_a_database_in_use_is_left_alone(kept, capsys, monkeypatch):
    path, file = kept

    def locked(_location):
        raise backup.StoreError("locked", str(path))

    monkeypatch.setattr(backup, "Store", locked)
    assert main(["restore", str(file)]) == 2
    assert "close the program that holds it first" in capsys.readouterr().err
    monkeypatch.undo()
    assert [each.name for each in path.parent.glob("history*.duckdb")] == ["history.duckdb"]
    assert chats(path) == 2


@pytest.mark.parametrize("content", [b"", b"no backup at all", None])
def test_what_is_no_backup_is_refused(kept, content):
    path, file = kept
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(BackupError):
        restore(path, file)
    assert chats(path) == 2


def test_a_full_disk_leaves_the_database_as_it_was(kept):
    path, file = kept
    with full_disk(20_000), pytest.raises(BackupError, match="full"):
        restore(path, file)
    assert chats(path) == 2


@pytest.mark.parametrize("step", ["link", "rename 1", "rename 2"])
def test_who_is_interrupted_has_a_database_and_can_do_it_again(kept, monkeypatch, step):
    path, file = kept
    log_of(path).write_bytes(b"")
    name, _, number = step.partition(" ")
    left = [int(number or 1)]

    class Killed(BaseException):
        """The process is gone."""

    def stopped(function):
        def once(*given, **named):
            left[0] -= 1
            if not left[0]:
                raise Killed
            return function(*given, **named)

        return once

    monkeypatch.setattr(backup, "_written_back", lambda _store: None)
    owner = backup.os if name == "link" else Path
    monkeypatch.setattr(owner, name, stopped(getattr(owner, name)))
    with pytest.raises(Killed):
        restore(path, file)
    monkeypatch.undo()
    assert path.exists()
    restore(path, file)
    assert chats(path) == 1
