"""A process that is killed while it erases, or while what it erased leaves the file: nothing is half done."""

import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from lib.chats.clock import Clock
from lib.chats.persons import Wanted
from lib.erasure.erasing import erase
from lib.erasure.leaving import compact, is_pending
from lib.erasure.rules import new_rule, save_rule
from lib.erasure.running import run, runs
from lib.store import Store
from tests.worlds import chat, insert

ROOT = Path(__file__).parents[2]
PEOPLE = 60
RUN = {"a": "retention_run"}


def test_killed_at_any_moment_a_person_is_there_whole_or_not_at_all(tmp_path, share):
    path = tmp_path / "history.duckdb"
    store = Store(str(path))
    insert(
        store,
        [
            chat(
                f"{number}-{place}",
                visitor_email=f"person{number:03d}@example.org",
                messages=[f"mark{number:03d}end {place} {turn}" for turn in range(20)],
            )
            for number in range(1, PEOPLE + 1)
            for place in range(2)
        ],
    )
    store.close()
    moments, killed = random.Random(7), 0
    for _ in range(share(20)):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/erasure/doomed.py"), str(path), str(PEOPLE)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(moments.uniform(0, 0.8))
        process.kill()
        process.communicate()
        killed += 1
        store = Store(str(path))
        there = store.read("SELECT visitor_email AS e, count(*) AS n FROM chats GROUP BY e ORDER BY e")
        assert {row["n"] for row in there} <= {2}
        messages = store.read("SELECT count(*) AS n FROM messages")[0]["n"]
        assert messages == len(there) * 40
        assert store.read("SELECT count(*) AS n FROM erasures")[0]["n"] == PEOPLE - len(there)
        store.close()
        assert {each.name for each in tmp_path.iterdir()} == {"history.duckdb"}
        if not there:
            break
    assert killed
    store = Store(str(path))
    for row in there[:3]:
        erase(store, Wanted("email", value=row["e"]), "asked", "ann@example.com")
    assert compact(store) and not is_pending(store)
    left = {row["e"] for row in store.read("SELECT DISTINCT visitor_email AS e FROM chats")}
    store.close()
    content = path.read_bytes()
    for number in range(1, PEOPLE + 1):
        if f"person{number:03d}@example.org" not in left:
            assert f"mark{number:03d}end".encode() not in content, number


def test_killed_at_any_moment_a_run_of_a_rule_has_done_what_it_says_and_goes_on(tmp_path, share):
    path = tmp_path / "history.duckdb"
    store = Store(str(path))
    world = [chat(str(number), visitor_email="a@x.org", messages=["Hi", "Ho"]) for number in range(PEOPLE)]
    insert(store, world)
    saved = save_rule(store, replace(new_rule(), name="Old", months=1), "ann@example.com")
    store.close()
    moments = random.Random(7)
    for _ in range(share(8)):
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests/erasure/doomed_run.py"), str(path)],
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(moments.uniform(0, 0.4))
        process.kill()
        process.communicate()
        store = Store(str(path))
        (done,) = store.read("SELECT count(*) AS n FROM chats WHERE anonymised_at IS NOT NULL")
        (named,) = store.read("SELECT count(*) AS n FROM chats WHERE visitor_email IS NOT NULL")
        (messages,) = store.read("SELECT count(*) AS n FROM messages")
        assert (named["n"], messages["n"]) == (PEOPLE - done["n"], 2 * (PEOPLE - done["n"]))
        told = store.read("SELECT sum((detail ->> 'chats')::INTEGER)::INTEGER AS n FROM events WHERE action = $a", RUN)
        assert (told[0]["n"] or 0, sum(each.chats for each in runs(store))) == (done["n"], done["n"])
        store.close()
    store = Store(str(path))
    run(store, saved.id, Clock(datetime(2030, 1, 1), "UTC"))
    assert sum(each.chats for each in runs(store)) == PEOPLE
    assert {each.finished_at is None for each in runs(store)} == {False}
    assert not store.read("FROM messages")
    store.close()
