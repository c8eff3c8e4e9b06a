"""What is only needed for a while goes with its process, or when the store is opened the next time."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from lib.store import Store, StoreError
from lib.store.scratch import Scratch
from tests.worlds import chat, insert

ROOT = Path(__file__).resolve().parents[2]
# Ends in the middle of an export, of a backup and of a query that does not fit into memory.
WORK = """
import sys, threading
from pathlib import Path
from lib.export.choice import Request
from lib.export.jobs import Exports
from lib.store import Store, backup
from tests.worlds import TOKYO

store = Store(sys.argv[1])
begun = threading.Barrier(3)

def write(store, request, path, tell):
    path.write_text("akiko@example.com")
    begun.wait()
    threading.Event().wait()

def copy(store, target):
    target.write_text("akiko@example.com")
    Path(f"{target}.wal").write_text("akiko@example.com")
    begun.wait()
    threading.Event().wait()

backup._copy = copy
Exports(write).start(store, Request(TOKYO, "Ann"))
threading.Thread(target=backup.back_up, args=(store, Path(sys.argv[2]) / "copy.duckdb"), daemon=True).start()
(store.scratch.folder / "duckdb_temp_storage_DEFAULT-0.tmp").write_text("akiko@example.com")
begun.wait()
print("begun", flush=True)
threading.Event().wait()
"""


def files(folder: Path) -> set[str]:
    """The names of what holds anything."""
    return {path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_size}


@pytest.fixture
def location(tmp_path: Path) -> str:
    """Where no store is yet."""
    return str(tmp_path / "history.duckdb")


def test_what_a_killed_process_leaves_goes_when_the_store_is_opened(location, tmp_path):
    elsewhere = tmp_path / "backups"
    elsewhere.mkdir()
    store = Store(location)
    insert(store, [chat("1")])
    store.close()
    with subprocess.Popen(
        [sys.executable, "-c", WORK, location, str(elsewhere)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGKILL)
    left = files(tmp_path)
    assert {"copy.duckdb.unfinished", "copy.duckdb.unfinished.wal", "duckdb_temp_storage_DEFAULT-0.tmp"} < left
    assert any(name.endswith(".zip") for name in left)
    store = Store(location)
    assert files(tmp_path) <= {"history.duckdb", "history.duckdb.wal"}
    store.close()


def test_a_closed_store_leaves_nothing_in_its_folder(location):
    store = Store(location)
    (store.scratch.folder / "file").write_text("akiko@example.com")
    assert store.scratch.folder.stat().st_mode & 0o077 == 0
    store.close()
    assert not Path(f"{store.path}.tmp").exists()


def test_the_engine_spills_into_it(location):
    with closing(Store(location)) as store:
        assert store.read("SELECT current_setting('temp_directory') AS folder") == [
            {"folder": str(store.scratch.folder)}
        ]


def test_what_another_process_still_needs_stays(tmp_path):
    """Of a lake, which several may open; each has a lock on its own folder."""
    with closing(Scratch(tmp_path / "lake")) as one, closing(Scratch(tmp_path / "lake")) as other:
        (one.folder / "file").write_text("still needed")
        (one.folder.parent / "0").mkdir()
        own = {one.folder.name, other.folder.name}
        other.clear_left()
        assert files(tmp_path) == {"file"}
        assert {path.name for path in one.folder.parent.iterdir()} == {"lock", *own}


def test_a_store_that_is_refused_leaves_nothing(tmp_path):
    (tmp_path / "history.duckdb").write_text("no database" * 1000)
    with pytest.raises(StoreError):
        Store(str(tmp_path / "history.duckdb"))
    assert [path.name for path in tmp_path.iterdir()] == ["history.duckdb"]
