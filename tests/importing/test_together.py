"""Imports that run at the same time, or that are killed."""

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from lib.importing import Source, import_files, past_imports
from lib.store import Store
from tests.importing.files import check_consistent, json_lines, load

ROOT = Path(__file__).resolve().parents[2]
CHATS = 1500
KILLS = 5
IMPORT = """
import sys
from pathlib import Path
from lib.importing import Source, import_files
from lib.store import Store
store = Store(sys.argv[1])
print("ready", flush=True)
import_files(store, [Source("x", Path(sys.argv[2]))], zone="UTC", actor="x",
             progress=lambda now: now.stage == "storing" and print(now.done, now.total, flush=True))
"""


def export(comment: str = "") -> Source:
    said = [{"sender_type": "visitor", "text": f"text {n}", "at": "2026-03-01T00:00:00Z"} for n in range(8)]
    return json_lines(*({"id": n, "comment": comment, "messages": said} for n in range(CHATS)))


def test_two_threads_that_import_the_same_file_make_each_chat_once(store):
    reports, file = [], export()
    threads = [threading.Thread(target=lambda: reports.append(load(store, file))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.new for report in reports) == [0, 0, CHATS]
    assert [report.rows_rejected for report in reports] == [0, 0, 0]
    check_consistent(store)


def test_a_user_who_deletes_during_an_import_is_not_undone(store):
    load(store, export())
    deleted = []

    def delete_once(progress) -> None:
        if progress.stage == "storing" and not deleted:
            deleted.append(store.write(lambda cursor: cursor.execute("UPDATE chats SET deleted_at = '2026-03-02'")))

    report = import_files(store, [export("changed")], zone="UTC", actor="Ann", progress=delete_once)
    assert (report.updated, report.deleted_kept) == (CHATS, CHATS)
    assert store.read("SELECT count(deleted_at) AS n FROM chats WHERE comment = 'changed'") == [{"n": CHATS}]


def test_a_killed_import_leaves_the_store_as_before_or_after(location, tmp_path):
    file = tmp_path / "chats.jsonl"
    file.write_bytes(export("0").data)
    random.seed(location)
    outcomes = set()
    for round_number in range(KILLS):
        file.write_bytes(export(str(round_number)).data)
        kill_while_importing(location, file, step=3 * round_number)
        store = Store(location)
        outcomes.add(state(store))
        check_consistent(store)
        store.close()
    assert outcomes <= {(0, 0), (CHATS, 1)}
    store = Store(location)
    report = load(store, Source("x", file))
    assert report.new + report.updated + report.unchanged == CHATS
    store.close()


def kill_while_importing(location: str, file: Path, step: int) -> None:
    """Kills a process a little after it told this step of storing, or after it was ready."""
    command = [sys.executable, "-c", IMPORT, location, str(file)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.startswith(f"{step} ") or (step == 0 and line == "ready\n"):
                break
        time.sleep(random.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)


def state(store: Store) -> tuple[int, int]:
    """Number of chats, and of different comments (those of one import are all the same)."""
    (row,) = store.read("SELECT count(*) AS chats, count(DISTINCT comment) AS comments FROM chats")
    (counted,) = store.read("SELECT count(*) AS n FROM messages")
    assert counted["n"] == 8 * row["chats"]
    assert (row["chats"] > 0) == bool(past_imports(store))
    return row["chats"], row["comments"]
