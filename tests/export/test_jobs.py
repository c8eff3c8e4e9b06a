"""Exports in threads: progress, stopping, one a person, what is left of them, and what is told of failures."""

import errno
import threading
import time
from datetime import timedelta

import duckdb
import pytest

from lib.export.choice import Choice, Request
from lib.export.jobs import KEPT_FOR, Exports, Job
from lib.export.writing import Progress, write_export
from lib.store import StoreError, now
from lib.store.scratch import Scratch
from tests import worlds
from tests.worlds import TOKYO


def request_of(person: str = "Ann", **choice) -> Request:
    return Request(TOKYO, person, choice=Choice(**choice))


def ended(job: Job) -> Job:
    end = time.monotonic() + 20
    while job.state == "running" and time.monotonic() < end:
        time.sleep(0.005)
    return job


class Held:
    """Writes nothing until it is let go, but tells how far it is."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def __call__(self, store, request, path, tell):
        path.write_bytes(b"begun")
        try:
            while not self.go.wait(0.005):
                tell(Progress(1, 2, 3))
        except BaseException:
            path.unlink()
            raise
        path.unlink()
        return write_export(store, request, path, tell)


@pytest.fixture
def exports():
    found = Exports()
    yield found
    found.close()


def events(store) -> list:
    return store.read("SELECT actor, detail FROM events WHERE action = 'export'")


def test_a_finished_export_is_there_for_an_hour_and_recorded(exports, store):
    worlds.insert(store, [worlds.chat("1", messages=["Hi"])])
    job = ended(exports.start(store, request_of(masks=frozenset(["names"]))))
    assert job.state == "done"
    assert exports.of("Ann") is job and exports.of("Ben") is None
    assert exports.file(job.token) is job
    assert exports.file(job.token[:-1] + "é") is None
    assert len(job.token) >= 43
    assert job.path.stat().st_mode & 0o077 == job.path.parent.stat().st_mode & 0o077 == 0
    (event,) = events(store)
    assert event["actor"] == "Ann"
    assert job.exported.sha256 in event["detail"] and '"masked": ["names"]' in event["detail"]
    exports.clear(now() + KEPT_FOR - timedelta(minutes=1))
    assert job.path.exists()
    exports.clear(now() + KEPT_FOR)
    assert not job.path.exists() and exports.file(job.token) is None


def test_a_new_export_replaces_the_last_one(exports, store):
    first = ended(exports.start(store, request_of()))
    second = ended(exports.start(store, request_of(format="csv")))
    assert not first.path.exists() and second.path.exists()
    assert exports.file(first.token) is None
    exports.forget("Ann")
    assert exports.of("Ann") is None and not second.path.exists()


def test_one_a_person_and_two_at_once(store):
    held = Held()
    exports = Exports(held)
    ann, ben = exports.start(store, request_of("Ann")), exports.start(store, request_of("Ben"))
    assert exports.start(store, request_of("Ann")) == "running"
    assert exports.start(store, request_of("Cho")) == "too_many"
    exports.forget("Ann")
    assert exports.of("Ann") is ann
    held.go.set()
    assert (ended(ann).state, ended(ben).state) == ("done", "done")
    assert ended(exports.start(store, request_of("Cho"))).state == "done"
    exports.close()
    assert not ann.path.exists() and not ben.path.exists()


def test_stopping_leaves_nothing(store):
    exports = Exports(Held())
    job = exports.start(store, request_of())
    while job.progress.chats == 0:
        time.sleep(0.002)
    job.stop()
    assert ended(job).state == "stopped"
    assert not job.path.exists() and exports.file(job.token) is None
    assert events(store) == []
    exports.close()


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OSError(errno.ENOSPC, "no space"), "full"),
        (OSError(errno.EIO, "Input/output error"), "drive"),
        (OSError(errno.EACCES, "no"), "no_place"),
        (OSError("Out of Memory Error: failed to allocate data of size 128.0 MiB"), "memory"),
        (duckdb.OutOfMemoryException("failed to allocate data of size 128.0 MiB"), "memory"),
        (duckdb.IOException("Corrupt database file: computed checksum 1 does not match"), "damaged"),
        (StoreError("unwritable", "history.duckdb"), "unwritable"),
        (duckdb.BinderException("no such column"), "failed"),
        (ValueError("odd"), "failed"),
    ],
)
def test_a_failure_is_told_and_leaves_nothing(store, error, problem):
    def fail(_store, _request, path, _tell):
        path.write_bytes(b"begun")
        raise error

    exports = Exports(fail)
    job = ended(exports.start(store, request_of()))
    assert (job.state, job.problem, job.path.exists()) == ("failed", problem, False)
    exports.close()


def test_a_folder_that_cannot_be_made_is_told(exports, store, monkeypatch):
    def fail(_scratch):
        raise OSError(errno.EROFS, "read-only")

    monkeypatch.setattr(Scratch, "folder", property(fail))
    job = exports.start(store, request_of())
    assert (job.state, job.problem) == ("failed", "no_place")
    exports.forget("Ann")
    assert exports.of("Ann") is None


def test_a_full_disk_while_writing_is_told(exports, store, monkeypatch):
    """As it comes from the disk itself, in the middle of the zip."""
    worlds.insert(store, [worlds.chat("1")])

    def full(*_given, **_options):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("lib.export.writing._Member.write", full)
    job = ended(exports.start(store, request_of()))
    assert (job.state, job.problem) == ("failed", "full")
    assert not job.path.exists()
