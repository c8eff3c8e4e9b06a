"""Killed while the file is written anew, backed up or restored: nothing is half done, and it is finished afterwards."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.erasure.erasing import Erased, erase
from lib.erasure.finding import Wanted
from lib.erasure.leaving import compact, is_pending
from lib.settings import ROOT
from lib.store import Store
from lib.store.backup import back_up, restore
from tests.worlds import chat, insert

CHATS = 40
GONE = "gone@example.org"


class Doomed:
    """Has work done by processes, and kills them at some moment of it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.store.doomed"]
        self._mother = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._moments = random.Random(11)

    def _begun(self, work: str, store: Path, other: Path) -> int:
        assert self._mother.stdin and self._mother.stdout
        self._mother.stdin.write(f"{work}\t{store}\t{other}\n")
        child = int(self._mother.stdout.readline())
        assert self._mother.stdout.readline() == "ready\n"
        return child

    def _ended(self) -> None:
        assert self._mother.stdin and self._mother.stdout
        self._mother.stdin.write("\n")
        while self._mother.stdout.readline() != "over\n":
            pass

    def lasts(self, work: str, store: Path, other: Path) -> float:
        """How long it takes where nobody kills it."""
        self._begun(work, store, other)
        begun = time.monotonic()
        assert self._mother.stdout and self._mother.stdout.readline() == "done\n"
        span = time.monotonic() - begun
        self._ended()
        return span

    def kill(self, work: str, store: Path, other: Path, within_s: float) -> None:
        """Begins it, and kills it at some moment of so many seconds."""
        child = self._begun(work, store, other)
        time.sleep(self._moments.uniform(0, within_s))
        os.kill(child, signal.SIGKILL)
        self._ended()

    def close(self) -> None:
        """Ends the process that begins the others."""
        self._mother.communicate()


@pytest.fixture(scope="module")
def doomed() -> Iterator[Doomed]:
    made = Doomed()
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store of chats, of which one was erased and still lies in the file."""
    found = Store(str(tmp_path / "history.duckdb"))
    said = [
        chat(f"{number}", messages=[f"said {number} {turn} " * 20 for turn in range(20)]) for number in range(CHATS)
    ]
    insert(found, [*said, chat("gone", visitor_email=GONE, messages=["mark0001end"] * 20)])
    found.write_back()
    assert isinstance(erase(found, Wanted("email", value=GONE), "asked", "ann@example.com"), Erased)
    found.close()
    return found.path


def content(path: Path) -> list:
    store = Store(str(path))
    try:
        tables = [row["name"] for row in store.read("SELECT table_name AS name FROM duckdb_tables() ORDER BY ALL")]
        # When it left the file is what is not the same afterwards.
        hidden = {"erasures": "EXCLUDE (compacted_at)"}
        return [store.read(f"SELECT * {hidden.get(name, '')} FROM {name} ORDER BY ALL") for name in tables]
    finally:
        store.close()


def test_while_the_file_is_written_anew(doomed, path, tmp_path, share):
    before = content(path)
    copy = tmp_path / "copy" / "history.duckdb"
    copy.parent.mkdir()
    shutil.copy(path, copy)
    span = doomed.lasts("compacting", copy, copy)
    for _each in range(share(20)):
        doomed.kill("compacting", path, path, span)
        assert content(path) == before
        assert {each.name for each in tmp_path.iterdir()} == {"history.duckdb", "copy"}
    store = Store(str(path))
    assert compact(store) and not is_pending(store)
    store.close()
    assert content(path) == before and b"mark0001end" not in path.read_bytes()


def test_while_it_is_backed_up(doomed, path, tmp_path, share):
    before, backups = content(path), tmp_path / "backups"
    backups.mkdir()
    span = doomed.lasts("backing_up", path, backups / "first.duckdb")
    for number in range(share(20)):
        target = backups / f"backup-{number}.duckdb"
        doomed.kill("backing_up", path, target, span)
        assert content(path) == before
        if target.exists():
            assert content(target) == before
        else:
            store = Store(str(path))
            assert back_up(store, target)
            store.close()
            assert content(target) == before
    assert {each.name for each in tmp_path.iterdir()} == {"history.duckdb", "backups"}


def test_while_a_backup_is_restored(doomed, path, tmp_path, share):
    store, source = Store(str(path)), tmp_path / "backup.duckdb"
    back_up(store, source)
    store.close()
    backed_up, saved = content(source), source.read_bytes()
    store = Store(str(path))
    insert(store, [chat("later")])
    store.close()
    now_there, as_it_was = content(path), path.read_bytes()
    assert now_there != backed_up
    span = doomed.lasts("restoring", path, source)
    for _each in range(share(20)):
        for each in tmp_path.glob("history*"):
            each.unlink()
        path.write_bytes(as_it_was)
        doomed.kill("restoring", path, source, span)
        assert content(path) in (now_there, backed_up)
        assert source.read_bytes() == saved
        restore(path, source)
        assert content(path) == backed_up
        kept = [content(each) for each in tmp_path.glob("history-replaced-*.duckdb")]
        assert now_there in kept and all(each in (now_there, backed_up) for each in kept)
