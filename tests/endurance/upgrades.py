"""Upgrades stores that older versions of the program made, and kills each upgrade a few times before it may end."""

import io
import itertools
import random
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from lib.settings import ROOT
from lib.store import Store
from lib.store.opening import MIGRATIONS

# Of each version: imports the sample, deletes chats, and adds notes to others.
FILL = """
import sys
from pathlib import Path
from lib.chats.notes import add_note
from lib.chats.removal import delete_chat
from lib.importing import Source, import_files
from lib.store import Store
store = Store(sys.argv[1])
file = Path("data/sample.jsonl.gz")
import_files(store, [Source(file.name, file)], zone="Asia/Tokyo", actor="Ann")
chats = [row["id"] for row in store.read("SELECT id FROM chats ORDER BY id LIMIT 40")]
for chat in chats[:20]:
    delete_chat(store, chat, "Ann", "asked for")
for chat in chats[20:]:
    add_note(store, chat, "called back", "Ann")
store.close()
"""
OPEN = """
import sys
from lib.store import Store
print("begins", flush=True)
Store(sys.argv[1]).close()
"""
KILLS = 3
# What each version has stored, and every later one has to know. Waits are made anew.
KEPT = {
    "chats": "id, system, vendor_id, status, started_at, ended_at, operator, visitor_name, visitor_email, "
    "visitor_phone, question, rating, comment, tags, message_count, deleted_at",
    "messages": "chat_id, position, sent_at, kind, name, text, attachment_name",
    "events": "id, happened_at, actor, action, chat_id, detail",
    "imports": "id, started_at, actor, report",
}
# What is another one in each upgrade: the moment, and ids of the views that the program brings along.
NOT_COMPARED = {"last_derivation": "1", "saved_views": "code, name, owner, shared, page, content, threshold, position"}


def older_versions() -> Iterator[tuple[int, str]]:
    """The number of the newest migration of each version that had fewer than now, and its commit."""
    for older, newer in itertools.pairwise(MIGRATIONS):
        commit = _added(newer)
        if commit != _added(older):
            yield int(older.name.split("_")[0]), f"{commit}^"


def upgrades(times: int, folder: Path, seed: int) -> int:
    """Has each version's store upgraded as often, tells what came of it, and returns how often something was amiss."""
    rng, amiss, killed = random.Random(seed), 0, 0
    for version, commit in older_versions():
        old = folder / f"{version}.duckdb"
        _fill(commit, folder / f"program {version}", old)
        before = _contents(old, KEPT)
        whole = shutil.copy(old, folder / f"{version}.whole.duckdb")
        took = _open(whole, None)
        assert took
        after = _contents(whole, _tables(whole))
        if before != _contents(whole, KEPT):
            amiss += 1
            print(f"version {version}: the upgrade changed what was stored")
        for n in range(times):
            file = shutil.copy(old, folder / f"{version}.{n}.duckdb")
            killed += sum(_open(file, rng.uniform(0, took)) is None for _ in range(KILLS))
            if _open(file, None) is None or _contents(file, _tables(file)) != after:
                amiss += 1
                print(f"version {version}: after interruptions the store is another than without")
            file.unlink()
        print(f"version {version}: {len(before['chats'])} chats; an upgrade takes {took:.1f} s", flush=True)
    print(f"{killed} upgrades killed; stores in which something was amiss: {amiss}")
    return amiss


def _added(migration: Path) -> str:
    command = ["git", "log", "--format=%h", "--diff-filter=A", "-1", "--", str(migration)]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _fill(commit: str, program: Path, store: Path) -> None:
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(program, filter="data")
    subprocess.run([sys.executable, "-c", FILL, str(store)], cwd=program, check=True)


def _open(store: Path, kill_after_s: float | None) -> float | None:
    """Seconds in which a process opened the store; None where it was killed, so long after it began."""
    command = [sys.executable, "-c", OPEN, str(store)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        began = time.perf_counter()
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            process.kill()
        process.wait()
        return time.perf_counter() - began if process.returncode == 0 else None


def _tables(store: Path) -> dict[str, str]:
    opened = Store(str(store))
    try:
        found = opened.read("SELECT table_name FROM duckdb_tables()")
        return {row["table_name"]: "*" for row in found} | NOT_COMPARED
    finally:
        opened.close()


def _contents(store: Path, tables: dict[str, str]) -> dict[str, list[str]]:
    """The rows of tables as texts, in order; read without the program, which would upgrade the store."""
    with duckdb.connect(str(store)) as opened:
        return {
            table: sorted(map(str, opened.execute(f"SELECT {columns} FROM {table}").fetchall()))
            for table, columns in tables.items()
        }
