"""A store whose file or log is not whole is refused and left as it is: nothing acknowledged is lost in silence."""

import os
import random
import shutil
from pathlib import Path

import duckdb
import pytest

from lib.chats.removal import delete_chat
from lib.store import Store, StoreError
from lib.store.soundness import log_of, require_sound
from tests.worlds import chat, insert

CHATS = 40
DELETED = "SELECT count(*) AS n FROM chats WHERE deleted_at IS NOT NULL"


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose deletions are all in its log, as a kill leaves it."""
    folder = tmp_path_factory.mktemp("logged")
    store = Store(str(folder / "working.duckdb"))
    insert(store, [chat(f"chat {n}") for n in range(CHATS)])
    assert store.write_back()
    for row in store.read("SELECT id FROM chats"):
        delete_chat(store, row["id"], "Ann")
    shutil.copy(store.path, folder / "history.duckdb")
    shutil.copy(f"{store.path}.wal", folder / "history.duckdb.wal")
    store.close()
    return folder / "history.duckdb"


@pytest.fixture
def file(logged: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    for each in (logged, log_of(logged)):
        shutil.copy(each, tmp_path)
    return tmp_path / logged.name


def refusal(file: Path) -> str:
    """The reason for which a store is refused, which leaves all as it was."""
    before = {each.name: each.read_bytes() for each in file.parent.iterdir()}
    with pytest.raises(StoreError) as error:
        Store(str(file))
    assert {each.name: each.read_bytes() for each in file.parent.iterdir()} == before
    return error.value.reason


def deletions(file: Path) -> int:
    store = Store(str(file))
    try:
        return store.read(DELETED)[0]["n"]
    finally:
        store.close()


def test_what_a_kill_leaves_is_whole(file):
    assert deletions(file) == CHATS


def test_a_log_without_its_file_is_refused(file):
    file.unlink()
    assert refusal(file) == "log_alone"


@pytest.mark.parametrize("left", [0.5, 0.99, 0.01])
def test_a_file_that_is_cut_off_is_refused(file, left):
    os.truncate(file, int(file.stat().st_size * left))
    assert refusal(file) == "cut"


@pytest.mark.parametrize("first", [1, 10, 41, 300])
def test_a_log_without_its_beginning_is_refused(file, first):
    log_of(file).write_bytes(log_of(file).read_bytes()[first:])
    assert refusal(file) == "log_damaged"


def test_half_a_commit_at_the_end_of_a_log_was_never_acknowledged(file):
    os.truncate(log_of(file), log_of(file).stat().st_size - 5)
    assert deletions(file) == CHATS - 1


@pytest.mark.parametrize("length", [0, 5, 30])
def test_a_log_that_was_only_just_begun_holds_nothing(file, length):
    os.truncate(log_of(file), length)
    assert deletions(file) == 0


def test_a_thousand_damaged_logs_are_refused_or_right(logged, tmp_path):
    """One store is opened a few times only: most damage is found before the engine sees it."""
    rng, whole = random.Random(11), log_of(logged).read_bytes()
    file = tmp_path / logged.name
    for n in range(1000):
        damaged, place = bytearray(whole), rng.randrange(len(whole) - 1)
        match n % 4:
            case 0:
                damaged[place] ^= 1 << rng.randrange(8)
            case 1:
                del damaged[place : min(place + rng.randrange(1, 400), len(whole) - 1)]
            case 2:
                damaged[place : place + 200] = bytes(len(damaged[place : place + 200]))
            case _:
                del damaged[: place + 1]
        log_of(file).write_bytes(damaged)
        shutil.copy(logged, file)
        try:
            require_sound(file)
            with duckdb.connect(str(file)) as opened:
                found = opened.execute(DELETED).fetchone()
        except (StoreError, duckdb.Error):
            continue
        # Where only the last commit is damaged, it cannot be told from one that never ended.
        assert found in ((CHATS,), (CHATS - 1,)), (n, place)


def test_a_file_of_another_program_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "history.duckdb"
    with duckdb.connect(str(file)) as other:
        other.execute("CREATE TABLE books AS SELECT 1 AS id")
        other.execute("CHECKPOINT")
        other.execute("INSERT INTO books VALUES (2)")
        log = log_of(file).read_bytes()
    log_of(file).write_bytes(log)
    assert refusal(file) == "foreign"


@pytest.mark.parametrize("kind", ["folder", "fifo", "loop", "no folder"])
def test_what_is_no_file_is_told(kind, tmp_path):
    file = tmp_path / "history.duckdb"
    match kind:
        case "folder":
            file.mkdir()
        case "fifo":
            os.mkfifo(file)
        case "loop":
            file.symlink_to(tmp_path / "other")
            (tmp_path / "other").symlink_to(file)
        case "no folder":
            file = tmp_path / "not mounted" / "history.duckdb"
    with pytest.raises(StoreError) as error:
        Store(str(file))
    assert error.value.reason == ("no_folder" if kind == "no folder" else "no_file")
    assert not (tmp_path / "not mounted").exists()
