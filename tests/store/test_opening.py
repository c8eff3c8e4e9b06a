import os
import struct
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from lib.store import Store, StoreError
from lib.store.opening import MIGRATIONS, NEWEST
from lib.store.soundness import checksum
from tests.conftest import location_in

ROOT = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from lib.store import Store
store = Store(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(location):
    return Path(location.removeprefix("ducklake:"))


@pytest.fixture
def other_process(location):
    """A second process that holds the store at `location`."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, location], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "open\n"
    yield process
    process.communicate()


@pytest.fixture(scope="module")
def content(kind, tmp_path_factory):
    """What is in the file of a new store."""
    location = location_in(tmp_path_factory.mktemp("content"), kind)
    Store(location).close()
    return Path(location.removeprefix("ducklake:")).read_bytes()


def refused(location: str) -> StoreError:
    with pytest.raises(StoreError) as error:
        Store(location)
    return error.value


def test_migrations_run_once_and_what_is_stored_stays(location):
    store = Store(location)
    migrated = store.read("SELECT version, name FROM migrations ORDER BY version")
    store.write(lambda cursor: cursor.execute("UPDATE turns SET taken = 7 WHERE name = 'import'"))
    store.close()
    assert [row["name"] for row in migrated] == [file.stem for file in MIGRATIONS]
    assert migrated[-1]["version"] == NEWEST
    store = Store(location)
    assert store.read("SELECT version, name FROM migrations ORDER BY version") == migrated
    assert store.read("SELECT taken FROM turns WHERE name = 'import'") == [{"taken": 7}]
    assert store.read("SELECT count(*) AS n, count(DISTINCT name) AS names FROM turns") == [{"n": 7, "names": 7}]
    store.close()


def test_a_migration_that_fails_leaves_nothing_behind(location, tmp_path, monkeypatch):
    broken = tmp_path / f"{NEWEST + 1:04}_broken.sql"
    broken.write_text("CREATE TABLE half (x INTEGER); SELECT nonsense;")
    monkeypatch.setattr("lib.store.opening.MIGRATIONS", [*MIGRATIONS, broken])
    with pytest.raises(duckdb.Error, match="nonsense"):
        Store(location)
    monkeypatch.undo()
    store = Store(location)
    assert store.read("SELECT max(version) AS n FROM migrations") == [{"n": NEWEST}]
    with pytest.raises(duckdb.CatalogException, match="half"):
        store.read("SELECT * FROM half")
    store.close()


def test_a_later_migration_runs_on_an_older_store(location, tmp_path, monkeypatch):
    Store(location).close()
    added = tmp_path / f"{NEWEST + 1:04}_added.sql"
    added.write_text("ALTER TABLE chats ADD COLUMN colour VARCHAR;")
    monkeypatch.setattr("lib.store.opening.MIGRATIONS", [*MIGRATIONS, added])
    monkeypatch.setattr("lib.store.opening.NEWEST", NEWEST + 1)
    store = Store(location)
    assert store.read("SELECT colour FROM chats") == []
    store.close()


def test_a_folder_may_have_any_name(tmp_path, kind):
    folder = tmp_path / 'it\'s "my" {0} 100% 履歴; --'
    folder.mkdir()
    for _ in range(2):
        store = Store(location_in(folder, kind))
        store.write(lambda cursor: cursor.execute("UPDATE turns SET taken = taken + 1"))
        taken = store.read("SELECT min(taken) AS n FROM turns")
        store.close()
    assert taken == [{"n": 2}]


def test_a_store_of_a_newer_program_is_refused(location):
    store = Store(location)
    store.write(lambda cursor: cursor.execute(f"INSERT INTO migrations VALUES ({NEWEST + 1}, 'from the future')"))
    store.close()
    assert refused(location).reason == "newer"


def test_a_store_of_a_newer_engine_is_refused(location, path, content):
    header = content[8:12] + struct.pack("<Q", 999) + content[20:4096]
    path.write_bytes(struct.pack("<Q", checksum(header)) + header + content[4096:])
    assert refused(location).reason == "newer"


@pytest.mark.parametrize("garbage", [b"", b"not a database " * 1000, b"SQLite format 3\0" + bytes(8000)])
def test_a_file_that_is_no_store_is_refused_and_kept(location, path, garbage):
    path.write_bytes(garbage)
    assert refused(location).reason == "damaged"
    assert path.read_bytes() == garbage


@pytest.mark.parametrize("keep", [9000, 4096, 100])
def test_a_truncated_store_is_refused(location, path, content, keep):
    path.write_bytes(content[:keep])
    assert refused(location).reason == ("cut" if keep >= 12 else "damaged")


def test_a_store_with_changed_bytes_is_refused(location, path, content):
    path.write_bytes(content[:8192] + bytes(byte ^ 0x55 for byte in content[8192:]))
    assert refused(location).reason == "damaged"


def test_a_folder_is_refused(location, path):
    path.mkdir()
    assert refused(location).reason == "no_file"


def test_a_path_under_a_file_is_refused(tmp_path, kind):
    (tmp_path / "file").write_text("")
    assert refused(location_in(tmp_path / "file", kind)).reason == "no_folder"


def test_the_error_names_the_path(location, path):
    path.mkdir()
    error = refused(location)
    assert error.path == str(path)
    assert str(path) in str(error)


def test_a_store_held_by_another_process_names_the_holder(location, other_process):
    error = refused(location)
    assert error.reason == "locked"
    assert error.holder == f"{Path(sys.executable).resolve().name} (PID {other_process.pid})"
    assert error.holder in str(error)


def test_a_store_opens_when_the_other_process_is_gone(location, other_process):
    refused(location)
    other_process.communicate()
    Store(location).close()


def test_a_store_that_is_open_in_this_process_is_locked_too_and_goes_on(location):
    store = Store(location)
    error = refused(location)
    assert error.reason == "locked"
    assert f"(PID {os.getpid()})" in error.holder
    assert store.read("SELECT 1 AS n") == [{"n": 1}]
    store.close()
    Store(location).close()


def test_a_refused_store_can_be_mended_while_the_program_runs(location, path):
    path.write_bytes(b"garbage" * 1000)
    refused(location)
    path.unlink()
    Store(location).close()
