"""What the engine says when something fails: it is told apart, tried again only where that helps, and loses nothing."""

import errno
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from lib.store import Store, StoreError
from lib.store.errors import is_stored, reason_of
from lib.store.opening import file_config
from tests.conftest import location_in
from tests.faults import full_disk

KEEP = "INSERT INTO kept_contents VALUES ($id, $content, now()::TIMESTAMP, 'Tester')"

SORTED = "CREATE TABLE t AS SELECT md5(i::VARCHAR) AS a FROM range(1_000_000) AS r(i) ORDER BY a"


@pytest.fixture
def own(location: str) -> Store:
    """A store that may be broken."""
    store = Store(location)
    yield store
    store.close()


def keep(store: Store, content: str) -> None:
    store.write(lambda cursor: cursor.execute(KEEP, {"id": str(uuid4()), "content": content}))


def kept(store: Store) -> set[str]:
    return {row["content"] for row in store.read("SELECT content FROM kept_contents")}


def test_a_full_disk_is_told_at_once_and_what_was_stored_stays(own: Store, location: str):
    keep(own, "before")
    tries = []

    def work(cursor):
        tries.append(1)
        cursor.execute(KEEP, {"id": "x", "content": "while it is full"})

    with full_disk(), pytest.raises(StoreError) as told:
        own.write(work)
    assert (told.value.reason, len(tries)) == ("full", 1)
    assert kept(own) == {"before"}
    keep(own, "after")
    assert kept(own) == {"before", "after"}
    if own.is_lake:
        return  # The engine lets go of its catalogue only as the process ends.
    own.close()
    again = Store(location)
    assert kept(again) == {"before", "after"}
    again.close()


@pytest.mark.parametrize("kind", ["file"], indirect=True)
def test_what_is_stored_counts_although_the_log_cannot_be_written_back(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "history.duckdb"
    monkeypatch.setattr(
        "lib.store.opening.file_config", lambda path: file_config(path) | {"checkpoint_threshold": "1KB"}
    )
    store = Store(str(file))
    # Room for the log, but not for the blocks of the file.
    with full_disk(20_000):
        for content in "ab":
            keep(store, content * 5000)
    assert kept(store) == {"a" * 5000, "b" * 5000}
    store.close()


def test_a_conflict_that_stays_is_told(store: Store):
    def work(cursor):
        cursor.execute("SELECT taken FROM turns").fetchall()
        store.write(lambda other: other.execute("UPDATE turns SET taken = taken + 1"))
        cursor.execute("UPDATE turns SET taken = taken + 1")

    with pytest.raises(StoreError) as told:
        store.write(work, attempts=2)
    assert told.value.reason == "busy"


@pytest.mark.parametrize("kind", ["file"], indirect=True)
def test_a_closed_store_is_told(tmp_path: Path, kind: str):
    store = Store(location_in(tmp_path, kind))
    store.close()
    for use in (lambda: keep(store, "late"), lambda: kept(store), lambda: store.frame("SELECT 1")):
        with pytest.raises(StoreError) as told:
            use()
        assert told.value.reason == "closed"


@pytest.mark.parametrize("kind", ["file"], indirect=True)
def test_a_disk_that_is_full_from_the_start_is_told(tmp_path: Path, kind: str):
    with full_disk(), pytest.raises(StoreError) as told:
        Store(location_in(tmp_path, kind))
    assert told.value.reason == "full"


def of_the_engine(work: Callable[[duckdb.DuckDBPyConnection], object], **config: str) -> duckdb.Error:
    with duckdb.connect(config=config) as connection, pytest.raises(duckdb.Error) as told:
        work(connection)
    return told.value


def test_a_query_that_needs_too_much_memory_is_told():
    error = of_the_engine(lambda c: c.execute(SORTED), memory_limit="20MB", threads="1", temp_directory="")
    assert reason_of(error) == "memory"


def test_a_fault_amid_rows_that_are_handed_on_as_they_are_found_is_told_too():
    query = "SELECT repeat('x', CASE WHEN i > 100000 THEN 100000000 ELSE 1 END) FROM range(200000) AS r (i)"
    config = {"memory_limit": "60MB", "threads": "1", "temp_directory": ""}
    with duckdb.connect(config=config) as connection, pytest.raises(OSError, match="allocate") as told:
        list(connection.execute(query).to_arrow_reader(2_000))
    assert reason_of(told.value) == "memory"


def test_no_room_for_what_does_not_fit_into_memory_is_a_full_disk(tmp_path: Path):
    config = {"memory_limit": "20MB", "threads": "1", "temp_directory": str(tmp_path)}
    error = of_the_engine(lambda c: c.execute("SET max_temp_directory_size = '0KB'").execute(SORTED), **config)
    assert reason_of(error) == "full"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            duckdb.TransactionException('Failed to commit: Could not write file "h.wal": No space left on device'),
            "full",
        ),
        (duckdb.TransactionException("TransactionContext Error: Conflict on update!"), "busy"),
        (duckdb.TransactionException('Failed to commit: Cannot open file "h.wal": Permission denied'), "unwritable"),
        (duckdb.IOException('Could not write file "h": Disk quota exceeded'), "full"),
        (duckdb.IOException('Cannot open file "h.wal": Read-only file system'), "unwritable"),
        (duckdb.IOException('Could not read from file "h": Input/output error'), "drive"),
        (duckdb.IOException("Corrupt database file: computed checksum 1 does not match stored checksum 2"), "damaged"),
        (duckdb.FatalException("Failed to create checkpoint because of error: No space left on device"), "full"),
        (
            duckdb.FatalException(
                "Failed: database has been invalidated because of a previous fatal error. The database must be "
                'restarted prior to being used again.\nOriginal error: "No space left on device"'
            ),
            "stopped",
        ),
        (duckdb.ConversionException("Could not convert string 'No space left on device' to INT32"), None),
        (duckdb.BinderException('Referenced column "checksum" not found'), None),
        (OSError(errno.ENOSPC, "No space left on device"), "full"),
        (OSError(errno.EROFS, "Read-only file system"), "unwritable"),
        (OSError(errno.ENOENT, "No such file or directory"), None),
    ],
)
def test_errors_are_told_apart(error: duckdb.Error | OSError, reason: str | None):
    assert reason_of(error) == reason


def test_a_commit_that_holds_is_told_from_one_that_does_not():
    holds = "Transaction COMMIT succeeded and is durable, but the autocheckpoint failed. Reopen the database instance"
    assert is_stored(duckdb.FatalException(holds))
    assert not is_stored(duckdb.FatalException("Failed to create checkpoint"))
