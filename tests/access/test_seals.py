"""What is sealed cannot be changed, taken out or added to unnoticed: each way to tamper with it is found and named."""

import random
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from lib.access import accesses, seals
from lib.access.accesses import flush, note, remove_old
from lib.access.seals import SOURCES, Head, hash_of, head_of, seal, unsealed
from lib.access.verifying import verify
from lib.chats.notes import add_note
from lib.importing.sample_data import SYSTEM, remove_sample
from lib.store import Store, now, record_event
from tests.worlds import make_chat

ROOT = Path(__file__).resolve().parents[2]
KEY = b"a secret that is not in the database"


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accesses, "_waiting", {})


@pytest.fixture
def log(store: Store) -> Store:
    """A store with twenty events, one each minute until now, and some accesses, all of them not yet sealed."""
    begun = now() - timedelta(minutes=20)

    def work(cursor) -> None:
        for minute in range(20):
            record_event(cursor, "delete", "Ann", uuid4(), begun + timedelta(minutes=minute), reason=f"Reason {minute}")

    store.write(work)
    for _time in range(3):
        note(store, "chat_read", "Ben", uuid4(), "192.0.2.7")
    flush(store)
    return store


def run(store: Store, *statements: str) -> None:
    """Does by hand what the app never does."""
    store.write(lambda cursor: [cursor.execute(each) for each in statements])


def found(store: Store, key: bytes | None = None, noted: Head | None = None) -> dict[str, int]:
    return verify(store, key, noted).found


def numbers(store: Store, kind: str) -> list[int | None]:
    return [fault.number for fault in verify(store).faults if fault.kind == kind]


def event(number: int) -> str:
    return f"id = (SELECT event_id FROM seals WHERE number = {number})"


def hash_again(store: Store, key: bytes | None = None, since: int = 1) -> None:
    """Makes the chain anew from a number on, as who knows how it is made can: with the digests that rows have now."""
    before = next(iter(store.read("SELECT hash FROM seals WHERE number = $n", {"n": since - 1})), {"hash": "0" * 64})
    head = before["hash"]
    for row in store.read("SELECT * FROM seals WHERE number >= $n ORDER BY number", {"n": since}):
        source = row["source"]
        digest = store.read(
            f"SELECT {seals.digest_sql(source)} AS d FROM {source} AS r WHERE {SOURCES[source].id} = $id",
            {"id": row["event_id"]},
        )[0]["d"]
        head = hash_of(key, head, row["number"], source, row["event_id"], digest)
        run(store, f"UPDATE seals SET digest = '{digest}', hash = '{head}' WHERE number = {row['number']}")


@pytest.mark.parametrize("key", [None, KEY], ids=["without a key", "with a key"])
def test_all_is_sealed_in_the_order_of_time_and_nothing_is_found(log: Store, key: bytes | None):
    generation = log.generation
    assert unsealed(log) == 23
    assert [seal(log, key, most=10) for _piece in range(4)] == [10, 10, 3, 0]
    assert unsealed(log) == 0
    assert log.generation == generation
    result = verify(log, key)
    assert (result.checked, result.unsealed, result.removed, result.without_key) == (23, 0, 0, 0)
    assert result.found == {}
    assert result.head == head_of(log)
    assert result.head.number == 23
    told = log.read("SELECT number, reason FROM seals JOIN (SELECT id, detail AS reason FROM events) ON id = event_id")
    assert all(f"Reason {row['number'] - 1}" in row["reason"] for row in told)


def test_an_empty_log_is_sound(store: Store):
    assert seal(store) == 0
    assert verify(store).head == Head()
    assert found(store, noted=Head()) == {}


def test_what_comes_later_is_sealed_behind(log: Store):
    seal(log)
    first = head_of(log)
    log.write(lambda cursor: record_event(cursor, "restore", "Ann", None, now()))
    assert verify(log).unsealed == 1
    seal(log)
    assert head_of(log).number == 24
    assert found(log, noted=first) == {}


# Who tampers, and what is found.
@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param([f"UPDATE events SET actor = 'Eve' WHERE {event(7)}"], {"changed": 1}, id="who did it"),
        pytest.param(
            [f"UPDATE events SET happened_at = happened_at + INTERVAL 1 SECOND WHERE {event(7)}"],
            {"changed": 1},
            id="when it was",
        ),
        pytest.param([f"UPDATE events SET detail = '{{}}' WHERE {event(7)}"], {"changed": 1}, id="what it was"),
        pytest.param([f"UPDATE events SET chat_id = NULL WHERE {event(7)}"], {"changed": 1}, id="about which chat"),
        pytest.param(["UPDATE accesses SET address = NULL"], {"changed": 3}, id="from where it was seen"),
        pytest.param([f"DELETE FROM events WHERE {event(7)}"], {"removed": 1}, id="an event is removed"),
        pytest.param(["DELETE FROM accesses"], {"removed": 3}, id="accesses are removed"),
        pytest.param(
            [
                f"INSERT INTO removed_events SELECT id, 'sample', now()::TIMESTAMP FROM events WHERE {event(7)}",
                f"DELETE FROM events WHERE {event(7)}",
            ],
            {"unfounded": 1},
            id="an event is removed as if it were the sample's",
        ),
        pytest.param(
            [
                f"INSERT INTO removed_events SELECT id, 'age', now()::TIMESTAMP FROM events WHERE {event(7)}",
                f"DELETE FROM events WHERE {event(7)}",
            ],
            {"removed": 1, "unfounded": 1},
            id="an event is removed as if it were old",
        ),
        pytest.param(["DELETE FROM seals WHERE number = 7"], {"gap": 1}, id="a seal is removed"),
        pytest.param(
            [f"DELETE FROM events WHERE {event(7)}", "DELETE FROM seals WHERE number = 7"],
            {"gap": 1},
            id="an event is removed with its seal",
        ),
        pytest.param(
            [
                f"DELETE FROM events WHERE {event(7)}",
                "DELETE FROM seals WHERE number = 7",
                "UPDATE seals SET number = number - 1 WHERE number > 7",
            ],
            {"broken": 16},
            id="an event is removed with its seal, and the others are numbered anew",
        ),
        pytest.param(
            ["UPDATE seals SET number = CASE number WHEN 7 THEN 8 ELSE 7 END WHERE number IN (7, 8)"],
            {"broken": 3},
            id="seals change places",
        ),
        pytest.param(["UPDATE seals SET hash = repeat('0', 64) WHERE number = 7"], {"broken": 2}, id="a hash"),
        pytest.param(
            ["UPDATE seals SET digest = repeat('0', 64) WHERE number = 7"], {"changed": 1, "broken": 1}, id="a digest"
        ),
        pytest.param(
            ["UPDATE seals SET event_id = uuid() WHERE number = 7"],
            {"removed": 1, "broken": 1},
            id="a seal is of another row",
        ),
        pytest.param(
            ["UPDATE seals SET source = 'chats' WHERE number = 7"], {"removed": 1, "broken": 1}, id="of another table"
        ),
        pytest.param(["INSERT INTO events FROM events LIMIT 1"], {"twice": 1}, id="an event is there twice"),
        pytest.param(["INSERT INTO seals FROM seals WHERE number = 7"], {"twice": 1, "gap": 2}, id="a seal is twice"),
        pytest.param(
            ["INSERT INTO events SELECT uuid(), now()::TIMESTAMP - INTERVAL 3 HOUR, 'Eve', 'restore', NULL, '{}'"],
            {"late": 1},
            id="an event is added as if it were older",
        ),
        pytest.param(
            ["INSERT INTO seals SELECT 99, 'events', uuid(), digest, hash FROM seals WHERE number = 7"],
            {"removed": 1, "gap": 1},
            id="a seal is added with a number of its own",
        ),
    ],
)
def test_tampering_is_found_and_named(log: Store, statements: list[str], expected: dict[str, int]):
    seal(log)
    run(log, *statements)
    assert found(log) == expected


def test_the_faults_name_the_seal_the_row_and_the_time(log: Store):
    seal(log)
    run(log, f"UPDATE events SET actor = 'Eve' WHERE {event(7)}", f"DELETE FROM events WHERE {event(9)}")
    changed, removed = verify(log).faults
    rows = {row["number"]: row["event_id"] for row in log.read("SELECT number, event_id FROM seals")}
    assert (changed.kind, changed.number, changed.source, changed.event_id) == ("changed", 7, "events", rows[7])
    assert changed.moment == log.read(f"SELECT happened_at FROM events WHERE {event(7)}")[0]["happened_at"]
    assert (removed.kind, removed.number, removed.event_id, removed.moment) == ("removed", 9, rows[9], None)


def test_what_was_added_as_if_it_were_older_is_found_once_it_is_sealed_too(log: Store):
    seal(log)
    run(log, "INSERT INTO events SELECT uuid(), now()::TIMESTAMP - INTERVAL 3 HOUR, 'Eve', 'restore', NULL, '{}'")
    seal(log)
    assert numbers(log, "late") == [24]


def test_a_chain_that_is_made_anew_is_found_by_the_key_or_by_a_noted_head(log: Store):
    seal(log)
    noted = head_of(log)
    run(log, f"UPDATE events SET actor = 'Eve' WHERE {event(7)}")
    hash_again(log)
    assert found(log) == {}
    assert found(log, noted=noted) == {"head": 1}
    # In the next store everything is sealed with the key.
    run(log, "DELETE FROM seals")
    seal(log, KEY)
    run(log, f"UPDATE events SET actor = 'Mallory' WHERE {event(7)}")
    hash_again(log, since=7)
    assert found(log, KEY) == {"broken": 17}


def test_a_chain_that_was_cut_at_its_end_is_found_by_a_noted_head(log: Store):
    seal(log, KEY)
    noted = head_of(log)
    run(log, f"DELETE FROM accesses WHERE {event(23)}", "DELETE FROM seals WHERE number = 23")
    assert found(log, KEY) == {}
    assert found(log, KEY, noted) == {"head": 1}


def test_of_a_chain_that_was_begun_without_a_key_that_part_is_told(log: Store):
    seal(log, most=5)
    seal(log, KEY)
    result = verify(log, KEY)
    assert (result.found, result.without_key) == ({}, 5)
    # Without the key, or with another one, nothing that it sealed can be believed.
    assert found(log) == {"broken": 18}
    assert found(log, b"another") == {"broken": 18}


def test_what_the_app_removes_is_rightly_gone(log: Store):
    chat_id = make_chat(log, system=SYSTEM)
    add_note(log, chat_id, "a note", "Ann")
    seal(log)
    assert remove_sample(log, "Ann") == 1
    assert remove_old(log, 0, now()) == 3
    seal(log)
    result = verify(log)
    assert (result.found, result.removed) == ({}, 4)
    # One more that is said to have been removed then.
    run(
        log,
        f"INSERT INTO removed_events SELECT id, 'sample', (SELECT max(removed_at) FROM removed_events WHERE "
        f"reason = 'sample') FROM events WHERE {event(7)}",
        f"DELETE FROM events WHERE {event(7)}",
    )
    assert found(log) == {"unfounded": 1}


def test_word_of_a_removal_cannot_be_taken_away(log: Store):
    seal(log)
    remove_old(log, 0, now())
    seal(log)
    run(log, "DELETE FROM removed_events")
    assert found(log) == {"removed": 6, "unfounded": 1}


def test_those_who_write_and_seal_at_once_make_one_chain(log: Store):
    def write() -> None:
        for _time in range(15):
            log.write(lambda cursor: record_event(cursor, "restore", "Ann", None, now()))

    def seal_often() -> None:
        for _time in range(10):
            seal(log, most=7)

    threads = [threading.Thread(target=work) for work in (write, seal_often, write, seal_often)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while seal(log):
        pass
    result = verify(log)
    assert (result.found, result.checked) == ({}, 53)


WORK = """
import itertools, sys
from lib.access.seals import seal
from lib.store import Store, now, record_event
store = Store(sys.argv[1])
for n in itertools.count():
    store.write(lambda cursor: [record_event(cursor, "restore", "Ann", None, now()) for _ in range(3)])
    print(seal(store, most=2), flush=True)
"""


def test_a_killed_process_leaves_a_sound_chain(location):
    Store(location).close()
    sealed = 0
    for _time in range(3):
        command = [sys.executable, "-c", WORK, location]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for _round in range(5):
                process.stdout.readline()
            time.sleep(random.uniform(0, 0.1))
            process.send_signal(signal.SIGKILL)
        store = Store(location)
        result = verify(store)
        assert result.found == {}
        assert result.checked >= sealed
        sealed = result.checked
        while seal(store):
            pass
        assert verify(store).found == {}
        store.close()
    assert sealed > 0
