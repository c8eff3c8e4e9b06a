import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from lib.store import Store
from tests.worlds import chat, insert

ROOT = Path(__file__).resolve().parents[2]
CHATS = 6
# Prints each acknowledged step, so that the test knows what may not be lost.
WORK = """
import itertools, sys
from lib.chats.notes import add_note
from lib.chats.removal import delete_chat, restore_chats
from lib.store import Store
store = Store(sys.argv[1])
ids = [row["id"] for row in store.read("SELECT id FROM chats ORDER BY id")]
for n in itertools.count():
    chat_id = ids[n % len(ids)]
    delete_chat(store, chat_id, "Ann", "")
    add_note(store, chat_id, f"note {n}", "Ann")
    print(chat_id, flush=True)
    restore_chats(store, [chat_id], "Ann")
"""


def killed_at_work(location: str) -> int:
    """Number of steps that a process acknowledged before it was killed."""
    command = [sys.executable, "-c", WORK, location]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        acknowledged = 1 if process.stdout.readline() else 0
        time.sleep(random.uniform(0.02, 0.3))
        process.send_signal(signal.SIGKILL)
        acknowledged += len(process.stdout.read().splitlines())
    assert process.returncode == -signal.SIGKILL
    return acknowledged


def test_a_killed_process_leaves_chats_and_events_in_agreement(location):
    store = Store(location)
    insert(store, [chat(f"chat {n}") for n in range(CHATS)])
    store.close()
    steps = 0
    for _ in range(3):
        steps += killed_at_work(location)
        store = Store(location)
        assert in_disagreement(store) == []
        assert store.read("SELECT count(*) AS n FROM chats") == [{"n": CHATS}]
        assert store.read("SELECT count(*) AS n FROM events WHERE action = 'note'")[0]["n"] >= steps
        store.close()
    assert steps >= 3


def in_disagreement(store: Store) -> list[dict]:
    """Chats whose state is not what the last of their events says."""
    return store.read(
        """
        WITH last AS (
            SELECT chat_id, arg_max(action, happened_at) AS action, max(happened_at) AS happened_at
            FROM events WHERE action IN ('delete', 'restore') GROUP BY chat_id
        )
        SELECT id FROM chats LEFT JOIN last ON chat_id = id
        WHERE deleted_at IS DISTINCT FROM CASE WHEN action = 'delete' THEN happened_at END
        """
    )
