"""Kills a process that does everything that is stored, again and again on one store, and looks at what is there."""

import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from aiosmtpd.controller import Controller

from lib.settings import ROOT, Smtp
from lib.store import Store
from lib.store.soundness import log_of
from tests.endurance.doomed import ENTRIES, IMPORTED
from tests.mail.conftest import Post, free_port
from tests.missed.replaying import replayed, stored
from tests.worlds import chat, insert

LONGEST_LIFE_S = 2.0
ONCE = ("note", "import", "export", "mail")
FOUND = {
    "deleted": "SELECT id::VARCHAR AS key, deleted_at IS NOT NULL AS value FROM chats WHERE system = 'test'",
    "view": "SELECT id::VARCHAR AS key, name AS value FROM saved_views",
    "note": "SELECT detail->>'text' AS key FROM events WHERE action = 'note'",
    "export": "SELECT detail->>'link' AS key FROM events WHERE action = 'export'",
    "mail": "SELECT chat_id || ' ' || number AS key FROM mails",
    "import": "SELECT DISTINCT system AS key FROM chats WHERE system <> 'test'",
    "import's event": "SELECT detail->'files'->>0 AS key FROM events WHERE action = 'import'",
}
IN_PART = f"""
    SELECT system, count(*) AS chats, sum(message_count) AS messages FROM chats WHERE system <> 'test' GROUP BY system
    HAVING chats <> {IMPORTED} OR messages <> {IMPORTED * ENTRIES}
"""
DISAGREEING = """
    WITH last AS (
        SELECT chat_id, arg_max(action, happened_at) AS action, max(happened_at) AS happened_at
        FROM events WHERE action IN ('delete', 'restore') GROUP BY chat_id
    )
    SELECT id FROM chats LEFT JOIN last ON chat_id = id
    WHERE deleted_at IS DISTINCT FROM CASE WHEN action = 'delete' THEN happened_at END
"""


class Acts:
    """What the killed processes told: acts that were done, and those that had begun when one was killed."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.cut: Counter[str] = Counter()
        # Of what is there once: all that was begun, and what was acknowledged.
        self.begun: dict[str, set[str]] = {act: set() for act in ONCE}
        self.acknowledged: dict[str, set[str]] = {act: set() for act in ONCE}
        # Of what changes: what it can be now.
        self.values: dict[str, dict[str, set[object]]] = {"deleted": {}, "taken": {}, "view": {}}

    def hear(self, told: str) -> None:
        """Takes down what one process told after "open"; a last line without an end was never told."""
        running: Counter[str] = Counter()
        for line in told.splitlines(keepends=True)[1:]:
            if line.endswith("\n"):
                self._hear(**json.loads(line), running=running)
        self.cut += running

    def _hear(self, act: str, done: bool, running: Counter[str], key: str = "", value: object = None) -> None:
        if act in ONCE:
            (self.acknowledged if done else self.begun)[act].add(key)
        else:
            values = self.values[act]
            values[key] = {value} if done else values.get(key, {None, False}) | {value}
        self.done[act] += done
        running[act] += -1 if done else 1


def faults(store: Store, acts: Acts, taken: list[str], post: Post) -> Iterator[str]:
    """What is not as it was acknowledged, a sentence each."""
    found = {act: store.read(sql) for act, sql in FOUND.items()}
    for act in ("deleted", "view"):
        now = {row["key"]: row["value"] for row in found[act]}
        for key, values in acts.values[act].items():
            if now.get(key) not in values:
                yield f"{act} {key} is {now.get(key)}, not one of {values}"
    people = store.read(
        "SELECT DISTINCT assignee FROM chats WHERE id IN (SELECT unnest($taken)::UUID)", {"taken": taken}
    )
    if not {row["assignee"] for row in people} <= acts.values["taken"].get("all", {None}) or len(people) != 1:
        yield f"a change of many is there in part or lost: {people}, not one of {acts.values['taken']}"
    for act in ONCE:
        there = Counter(row["key"] for row in found[act])
        yield from (f"{act} {key} was lost" for key in acts.acknowledged[act] - there.keys())
        yield from (f"{act} {key} is there and was never begun" for key in there.keys() - acts.begun[act])
        yield from (f"{act} {key} is there {n} times" for key, n in there.items() if n > 1)
    files = Counter(row["key"].removesuffix(".jsonl").replace("-", " ") for row in found["import's event"])
    if files != Counter(row["key"] for row in found["import"]):
        yield "the imports disagree with their events"
    if in_part := store.read(IN_PART):
        yield f"imports are there in part: {in_part}"
    if disagreeing := store.read(DISAGREEING):
        yield f"deleted chats disagree with their events: {disagreeing}"
    if stored(store) != replayed(store):
        yield "what was done about missed chats disagrees with its events"
    received = Counter(str(mail["Message-ID"]) for mail in post.mails())
    yield from (f"mail {name} was sent {n} times" for name, n in received.items() if n > 1)
    for row in store.read("SELECT message_id FROM mails WHERE state = 'sent'"):
        if row["message_id"] not in received:
            yield f"mail {row['message_id']} counts as sent, and was not"


def kills(times: int, folder: Path, seed: int) -> int:
    """Kills as often, tells what came of it, and returns how often something was amiss."""
    rng, acts, slowest, amiss, done = random.Random(seed), Acts(), 0.0, 0, 0
    file = folder / "history.duckdb"
    parts = _begun(file)
    with _mail_server() as post:
        for life in range(times):
            acts.hear(_killed(file, f"{seed}.{life}", post.smtp, parts, rng.uniform(0, LONGEST_LIFE_S)))
            copy = folder / "copy" / file.name
            copy.parent.mkdir()
            for each in filter(Path.exists, (file, log_of(file))):
                shutil.copy(each, copy.parent)
            began = time.perf_counter()
            store = Store(str(copy))
            slowest = max(slowest, time.perf_counter() - began)
            found = list(faults(store, acts, parts[1], post))
            store.close()
            shutil.rmtree(copy.parent)
            amiss, done = amiss + bool(found), life + 1
            for sentence in found:
                print(f"after kill {life + 1}: {sentence}"[:2000], flush=True)
            if found:
                break
    print(f"{done} kills, {sum(acts.done.values())} acknowledged acts: {dict(acts.done)}")
    print(f"acts that were running when killed: {dict(acts.cut)}; mails received: {len(post.received)}")
    print(f"slowest opening: {slowest:.2f} s; kills after which something was amiss: {amiss}")
    return amiss


def _begun(file: Path) -> list[list[str]]:
    """A new store, and the ids of its chats: to delete and restore, to take together, to write to."""
    world = [
        [chat(f"{part} {n}", status="missed", visitor_email=f"{part}.{n}@example.com") for n in range(size)]
        for part, size in (("delete", 20), ("take", 60), ("write", 300))
    ]
    store = Store(str(file))
    insert(store, [each for part in world for each in part])
    store.close()
    return [[str(each["id"]) for each in part] for part in world]


def _killed(file: Path, life: str, smtp: Smtp, parts: list[list[str]], after_s: float) -> str:
    """What a process told before it was killed; it lives as long as that once it has opened the store."""
    arguments = [str(file), life, json.dumps(asdict(smtp)), json.dumps(parts)]
    told = file.with_name("told.jsonl")
    with told.open("w") as out:
        process = subprocess.Popen([sys.executable, "-m", "tests.endurance.doomed", *arguments], cwd=ROOT, stdout=out)
        while not told.stat().st_size and process.poll() is None:
            time.sleep(0.01)
        time.sleep(after_s)
        process.kill()
        assert process.wait() == -9, f"it ended by itself: {process.returncode}"
    return told.read_text(encoding="utf-8")


@contextmanager
def _mail_server() -> Iterator[Post]:
    smtp = Smtp("127.0.0.1", free_port(), "none", None, None, "Example Desk <desk@example.com>", per_minute=100_000)
    post = Post(smtp)
    controller = Controller(post, hostname=smtp.host, port=smtp.port)
    controller.start()
    yield post
    controller.stop()
