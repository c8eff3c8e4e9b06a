"""Stops the app as its user does, and copies the file alone: all that somebody did is in the copy."""

import random
import shutil
import signal
import time
from pathlib import Path
from uuid import UUID

from lib.store import Store
from lib.store.soundness import log_of
from tests.browser.server import App, running
from tests.endurance.person import person_at
from tests.worlds import chat, insert

CHATS, ACTS = 100, 3
OPENS_WITHIN_S = 2.0


def stops(times: int, folder: Path, seed: int) -> int:
    """Stops as often, tells what came of it, and returns how often something was amiss."""
    rng, amiss, slowest_stop, slowest_opening = random.Random(seed), 0, 0.0, 0.0
    deleted: set[UUID] = set()
    notes: set[str] = set()
    file = folder / "history.duckdb"
    world = [chat(f"chat {n}", status="missed") for n in range(CHATS * times // 20 + CHATS)]
    store = Store(str(file))
    insert(store, world)
    store.close()
    left = [each["id"] for each in world]
    for n in range(times):
        with running(folder, str(file)) as app:
            for act in range(ACTS):
                _act(app, left, f"note {n}.{act}", deleted, notes, delete=rng.random() < 0.5)
            time.sleep(rng.choice([0, 0, 0.2, 1]))
            app.process.send_signal(rng.choice([signal.SIGTERM, signal.SIGINT]))
            began = time.perf_counter()
            app.process.wait(60)
            slowest_stop = max(slowest_stop, time.perf_counter() - began)
            if "Traceback" in app.output:
                print(f"stop {n + 1}: {app.output[-2000:]}", flush=True)
                amiss += 1
        has_log = log_of(file).exists()
        copy = Path(shutil.copy(file, folder / "copy.duckdb"))
        began = time.perf_counter()
        opened = Store(str(copy))
        slowest_opening = max(slowest_opening, time.perf_counter() - began)
        rows = opened.read("SELECT id FROM chats WHERE deleted_at IS NOT NULL")
        texts = opened.read("SELECT detail->>'text' AS text FROM events WHERE action = 'note'")
        opened.close()
        if {row["id"] for row in rows} != deleted or sorted(row["text"] for row in texts) != sorted(notes) or has_log:
            print(
                f"stop {n + 1}: {len(rows)} of {len(deleted)} deletions are there, {len(texts)} of {len(notes)} notes"
            )
            amiss += 1
        copy.unlink()
    print(f"{times} stops, {len(deleted)} deletions and {len(notes)} notes before them, all looked up in a copy")
    print(f"slowest stop: {slowest_stop:.1f} s; slowest opening: {slowest_opening:.2f} s; amiss: {amiss}")
    return amiss


def _act(app: App, left: list[UUID], text: str, deleted: set[UUID], notes: set[str], *, delete: bool) -> None:
    """Deletes a chat, or adds a note to one, and takes down what the screen acknowledges."""
    with person_at(app.url) as person:
        if delete:
            chosen = left.pop()
            person.open("chats", f"chat={chosen}")
            person.press("delete_chat")
            person.press("confirm_deletion")
            deleted.add(chosen)
        else:
            person.open("chats", f"chat={left[0]}&tab=notes")
            person.press("add_note", **{f"note_text_{left[0]}": text})
            assert text in person.texts
            notes.add(text)
        assert not person.errors, person.errors
