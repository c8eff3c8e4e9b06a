"""A query runs beside everything else, within limits, and changes nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from lib.explore import running
from lib.explore.checking import Checked, check
from lib.explore.running import Failure, Result, run, start
from lib.explore.values import NICE, Limits
from lib.store import Store
from tests.thorough import rarely
from tests.worlds import make_chat

ENDLESS = "SELECT count(*) AS n FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = -1"
SORT = "SELECT range::VARCHAR AS r FROM range(1000000000) ORDER BY hash(range)"
WIDE = "SELECT list(a.range) AS l FROM range(1000000000) a GROUP BY a.range % 3"
RECURSION = "WITH RECURSIVE a AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM a) SELECT count(*) FROM a"
UNHURRIED = Limits(seconds=60)


def asked(store, sql, limits=UNHURRIED, **values):
    return run(store, check(store, sql), values, "UTC", limits)


def test_rows_come_with_their_number_and_time(sample_like):
    found = asked(sample_like, "SELECT $a AS a, count(*) AS n FROM chats", a="x")
    assert isinstance(found, Result)
    assert (found.rows, found.cut) == (1, False)
    assert found.cells.texts(0) == ["x"]
    assert found.elapsed_s > 0


@pytest.mark.parametrize(
    ("n", "rows", "cut"), [(0, 0, False), (9, 9, False), (10, 10, False), (11, 10, True), (10**12, 10, True)]
)
def test_no_more_rows_are_read_than_the_limit(sample_like, n, rows, cut):
    found = asked(sample_like, f"SELECT * FROM range({n})", Limits(seconds=60, rows=10))
    assert (found.rows, found.cut) == (rows, cut)


def test_no_more_is_read_than_the_limit_of_size(sample_like):
    found = asked(
        sample_like, "SELECT repeat('x', 1000) FROM range(1000000000)", Limits(seconds=60, rows=10**9, size=1 << 22)
    )
    assert found.cut
    assert found.cells.table.nbytes < 1 << 24


@pytest.mark.parametrize("sql", [ENDLESS, SORT, *rarely([WIDE, RECURSION])])
def test_a_runaway_query_is_stopped_and_hurts_nobody(store, sql):
    make_chat(store, "one")
    query = start(store, check(store, sql), {}, "UTC", Limits(seconds=0.8))
    looks = 0
    while not query.wait(0.02):
        assert store.read("SELECT count(*) AS n FROM chats")[0]["n"] >= 1
        looks += 1
        if looks == 3:
            make_chat(store, "two")
    failure = query.outcome()
    assert failure.reason in ("time", "memory")
    assert query.elapsed_s < 5
    assert store.read("SELECT count(*) AS n FROM chats")[0]["n"] == (2 if looks >= 3 else 1)
    make_chat(store, "after")
    assert isinstance(asked(store, "SELECT * FROM chats", UNHURRIED), Result)


def test_a_query_is_stopped_when_somebody_says_so(sample_like):
    query = start(sample_like, check(sample_like, ENDLESS), {}, "UTC", Limits(seconds=60))
    other = start(sample_like, check(sample_like, "SELECT count(*) FROM range(30000000)"), {}, "UTC")
    query.stop()
    assert query.wait(5)
    assert query.outcome().reason == "stopped"
    assert isinstance(other.outcome(), Result)


def test_a_query_that_has_ended_cannot_be_stopped(sample_like):
    query = start(sample_like, check(sample_like, "SELECT 1"), {}, "UTC")
    assert isinstance(query.outcome(), Result)
    query.stop()
    assert isinstance(query.outcome(), Result)


def test_only_a_few_run_at_the_same_time(sample_like):
    queries = [start(sample_like, check(sample_like, ENDLESS), {}, "UTC", Limits(seconds=2)) for _ in range(2)]
    time.sleep(0.1)
    assert asked(sample_like, "SELECT 1", Limits(seconds=0.2)).reason == "busy"
    for each in queries:
        each.stop()
        each.outcome()
    assert isinstance(asked(sample_like, "SELECT 1"), Result)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT nobody FROM chats", "LINE 1"),
        ("SELECT error('no')", "no"),
        ("SELECT CAST(status AS INTEGER) FROM chats", "Could not convert"),
        ("SELECT sum(status) FROM chats", "sum"),
        ("SELECT 1,\n  nobody FROM chats", "LINE 2:   nobody FROM chats\n          ^"),
        ("SELECT" + "\n" * 8 + "nobody FROM chats", "LINE 9:  nobody FROM chats\n         ^"),
    ],
)
def test_what_the_engine_says_of_a_mistake_is_told(sample_like, sql, said):
    found = asked(sample_like, sql)
    assert isinstance(found, Failure)
    assert found.reason == "engine"
    assert said in found.message


WRITES = [
    "INSERT INTO {base}.events SELECT * FROM {base}.events",
    "UPDATE {base}.chats SET status = 'missed'",
    "DELETE FROM {base}.chats",
    "CREATE TABLE {base}.x AS SELECT 1 AS a",
    "DROP TABLE {base}.chats",
    "COPY (SELECT 1) TO '/tmp/chat_history_copy.csv'",
    "SELECT * FROM read_text('/etc/passwd')",
    "ATTACH '/tmp/chat_history_other.duckdb'",
    "SET threads = 1",
    "LOAD httpfs",
]


@pytest.mark.parametrize("sql", WRITES)
def test_behind_the_check_the_engine_refuses_too(sample_like, sql):
    with sample_like.cursor() as cursor:
        base = ".".join(cursor.execute("SELECT current_database(), current_schema()").fetchone())
    before = sample_like.read("SELECT count(*) AS n, count(*) FILTER (status = 'missed') AS missed FROM chats")
    found = run(sample_like, Checked(sql.format(base=base), (), frozenset()), {}, "UTC")
    assert isinstance(found, Failure)
    assert sample_like.read("SELECT count(*) AS n, count(*) FILTER (status = 'missed') AS missed FROM chats") == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1;",
        "SELECT 1 -- one",
        "SELECT 1; -- one;",
        "SELECT ';' ;; /* ; */",
        "SELECT '日本;' AS \"日本;\" ;",
        "FROM range(1)",
        "VALUES (1)",
        "WITH a AS (SELECT 1 AS x) SELECT * FROM a",
        "SELECT 1 UNION ALL SELECT 1 LIMIT 1",
        "PIVOT (SELECT 1 AS a, 2 AS b) ON a IN (1) USING sum(b)",
    ],
)
def test_a_query_is_run_however_it_begins_and_ends(sample_like, sql):
    assert asked(sample_like, sql).rows == 1


HOARDS = [
    "SELECT list(m) FROM messages m, range(100000)",
    "SELECT string_agg(m.text, '') FROM messages m, range(100000000)",
    "SELECT list(range) FROM range(1000000000)",
]


@pytest.mark.parametrize("sql", [HOARDS[0], *rarely(HOARDS[1:])])
def test_two_queries_that_take_all_memory_take_it_from_nobody(store, sql):
    for number in range(20):
        make_chat(store, f"chat {number}")
    both = [start(store, check(store, sql), {}, "UTC", Limits(seconds=5)) for _ in range(2)]
    writes = 0
    while not all(each.wait(0.05) for each in both):
        make_chat(store, f"beside {writes}")
        writes += 1
    failures = [each.outcome() for each in both if isinstance(each.outcome(), Failure)]
    assert {each.reason for each in failures} <= {"memory", "time"}
    assert store.read("SELECT count(*) AS n FROM chats")[0]["n"] == 20 + writes
    assert asked(store, "SELECT count(*) AS n FROM chats").cells.texts(0) == [str(20 + writes)]


def test_a_query_whose_process_is_ended_says_so_and_the_next_one_runs(sample_like):
    # One that waited for a question, and is about to end by then, would be asked the next one.
    while running._idle:
        running._idle.pop().end()
    until(lambda: not workers(os.getpid()))
    query = start(sample_like, check(sample_like, ENDLESS), {}, "UTC", UNHURRIED)
    until(lambda: workers(os.getpid()))
    for each in workers(os.getpid()):
        os.kill(each, signal.SIGKILL)
    assert query.outcome().reason == "memory"
    until(lambda: not workers(os.getpid()))
    assert isinstance(asked(sample_like, "SELECT 1"), Result)


def test_a_process_that_went_while_nobody_asked_is_not_missed(sample_like):
    asked(sample_like, "SELECT 1")
    for each in workers(os.getpid()):
        os.kill(each, signal.SIGKILL)
        os.waitid(os.P_PID, each, os.WEXITED | os.WNOWAIT)
    assert isinstance(asked(sample_like, "SELECT 1"), Result)


def test_where_no_process_is_to_be_had_that_is_said(sample_like, monkeypatch):
    def fail(*_arguments, **_options):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(running, "_idle", deque())
    monkeypatch.setattr(subprocess, "Popen", fail)
    assert asked(sample_like, "SELECT 1").reason == "system"


def test_clicks_go_before_queries(sample_like, monkeypatch):
    monkeypatch.setattr(running, "NICE", NICE)
    monkeypatch.setattr(running, "_idle", deque())
    others = set(workers(os.getpid()))
    asked(sample_like, "SELECT 1")
    (own,) = set(workers(os.getpid())) - others
    assert os.getpriority(os.PRIO_PROCESS, own) == min(os.getpriority(os.PRIO_PROCESS, 0) + NICE, 19)
    running._idle.pop().end()


def test_what_was_written_a_moment_ago_is_read_and_stays_in_place_meanwhile(store):
    make_chat(store, "one")
    query = start(store, check(store, ENDLESS), {}, "UTC", UNHURRIED)
    until(lambda: workers(os.getpid()))
    for number in range(3):
        make_chat(store, f"more {number}")
        assert asked(store, "SELECT count(*) AS n FROM chats").cells.texts(0) == [str(number + 2)]
        assert not store.write_back()
    query.stop()
    query.outcome()
    assert store.write_back()
    assert asked(store, "SELECT count(*) AS n FROM chats").cells.texts(0) == ["4"]


ASKS = """
import os, sys, time
from lib.explore.checking import check
from lib.explore.running import run
from lib.store import Store
store = Store(sys.argv[1])
run(store, check(store, "SELECT 1"), {}, "UTC")
print("asked", flush=True)
time.sleep(60)
"""


def test_no_process_is_left_where_the_app_is_killed(tmp_path):
    with subprocess.Popen([sys.executable, "-c", ASKS, str(tmp_path / "a.duckdb")], stdout=subprocess.PIPE) as app:
        assert app.stdout.readline() == b"asked\n"
        (left,) = workers(app.pid)
        app.kill()
    until(lambda: not Path(f"/proc/{left}/cmdline").exists() or not Path(f"/proc/{left}/cmdline").read_bytes())


def workers(app):
    """The processes of queries of an app."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == app and b"lib.explore.worker" in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def until(is_so):
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_lake_is_read_too(tmp_path):
    lake = Store(f"ducklake:{tmp_path / 'a.ducklake'}")
    make_chat(lake, "one")
    assert asked(lake, "SELECT count(*) AS n FROM chats").cells.texts(0) == ["1"]
    lake.close()


def test_views_are_seen_by_their_query_alone(sample_like):
    assert isinstance(asked(sample_like, "SELECT * FROM follow_ups"), Result)
    with pytest.raises(duckdb.CatalogException):
        sample_like.read("SELECT * FROM follow_ups")
    assert "deleted_at" in sample_like.read("SELECT * FROM chats LIMIT 1")[0]


def test_no_thread_is_left(sample_like):
    before = threading.active_count()
    for _ in range(5):
        asked(sample_like, "SELECT 1")
    time.sleep(0.2)
    assert threading.active_count() <= before
