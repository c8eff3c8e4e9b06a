import threading
import time
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa
import pytest

from lib.store import StoreError, changed, now, record_event
from lib.store.store import Store
from tests import worlds

INCREMENT = "UPDATE turns SET taken = taken + 1 WHERE name = 'import'"


@pytest.fixture
def turns(store):
    """A store whose turns stand at 0."""
    store.write(lambda cursor: cursor.execute("UPDATE turns SET taken = 0"))
    return store


def taken(store: Store) -> int:
    return store.read("SELECT taken FROM turns WHERE name = 'import'")[0]["taken"]


def test_write_returns_the_result_of_its_work(turns):
    assert turns.write(lambda cursor: changed(cursor, INCREMENT, {})) == 1
    assert taken(turns) == 1


def test_changed_counts_the_rows_that_were_touched(turns):
    every = turns.read("SELECT count(*) AS n FROM turns")[0]["n"]
    assert turns.write(lambda cursor: changed(cursor, "UPDATE turns SET taken = $n", {"n": 5})) == every > 1
    assert turns.write(lambda cursor: changed(cursor, "UPDATE turns SET taken = 1 WHERE name = $n", {"n": "x"})) == 0


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(1)])
def test_an_exception_rolls_back_and_is_raised(turns, error):
    def work(cursor):
        cursor.execute(INCREMENT)
        raise error

    before = turns.generation
    with pytest.raises(type(error)):
        turns.write(work)
    assert (taken(turns), turns.generation) == (0, before)


def test_an_error_of_the_engine_rolls_back(turns):
    def work(cursor):
        cursor.execute(INCREMENT)
        cursor.execute("SELECT nonsense")

    before = turns.generation
    with pytest.raises(duckdb.BinderException):
        turns.write(work)
    assert (taken(turns), turns.generation) == (0, before)


def test_the_generation_grows_with_each_commit_only(turns):
    before = turns.generation
    turns.read("SELECT 1")
    assert turns.generation == before
    turns.write(lambda cursor: cursor.execute(INCREMENT))
    turns.write(lambda cursor: cursor.execute(INCREMENT))
    assert turns.generation == before + 2


def test_others_see_a_write_only_when_it_is_whole(turns):
    def work(cursor):
        cursor.execute(INCREMENT)
        return taken(turns)

    assert turns.write(work) == 0
    assert taken(turns) == 1


def test_two_threads_lose_no_increment(turns):
    attempts = []
    start = threading.Barrier(2)

    def work(cursor):
        attempts.append(1)
        value = cursor.execute("SELECT taken FROM turns WHERE name = 'import'").fetchone()[0]
        changed(cursor, "UPDATE turns SET taken = $value WHERE name = 'import'", {"value": value + 1})

    def run():
        start.wait()
        for _ in range(10):
            turns.write(work)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(run), pool.submit(run)]:
            done.result()
    assert taken(turns) == 20
    assert len(attempts) >= 20


def conflicting(store: Store, rounds: int):
    """Work that another writer overtakes in its first rounds."""
    attempts = []

    def work(cursor):
        attempts.append(1)
        cursor.execute("SELECT taken FROM turns").fetchall()
        if len(attempts) <= rounds:
            store.write(lambda other: other.execute(INCREMENT))
        cursor.execute(INCREMENT)
        return len(attempts)

    return work


def test_a_conflict_is_tried_again(turns):
    assert turns.write(conflicting(turns, 2)) == 3
    assert taken(turns) == 3


def test_a_conflict_that_stays_is_raised(turns):
    with pytest.raises(StoreError):
        turns.write(conflicting(turns, 99), attempts=3)
    assert taken(turns) == 3


def test_the_store_goes_on_after_a_conflict(turns):
    with pytest.raises(StoreError):
        turns.write(conflicting(turns, 99), attempts=1)
    turns.write(lambda cursor: cursor.execute(INCREMENT))
    assert taken(turns) == 2


def test_eight_threads_read_their_own_rows(store):
    sql = "SELECT $n::INTEGER AS n, count(*) AS rows, sum(i) AS total FROM range($n::INTEGER) t(i)"

    def run(thread):
        return [(n, store.read(sql, {"n": n})[0]) for n in range(thread * 1000 + 1, thread * 1000 + 26)]

    with ThreadPoolExecutor(8) as pool:
        found = [row for rows in pool.map(run, range(8)) for row in rows]
    assert len(found) == 200
    assert all(row == {"n": n, "rows": n, "total": n * (n - 1) // 2} for n, row in found)


def test_threads_do_not_see_each_others_tables(store):
    def run(n):
        table = pa.table({"x": [n] * 50})
        return {row["x"] for _ in range(10) for row in store.read("SELECT x FROM given", tables={"given": table})}

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(8))) == [{n} for n in range(8)]


def test_frame_gives_the_same_rows_as_read(turns):
    sql = "SELECT name, taken FROM turns ORDER BY name"
    assert turns.frame(sql).to_dict("records") == turns.read(sql)


def test_an_event_keeps_who_when_what_and_detail(store):
    moment = now()
    detail = {"reason": "it's “{x}” 100% \n 🎉", "mails": [1, None]}
    store.write(lambda cursor: record_event(cursor, "delete", "Ann O'Neil", None, moment, **detail))
    row = store.read("SELECT happened_at, actor, action, chat_id, detail::JSON->>'reason' AS reason FROM events")[0]
    assert row == {
        "happened_at": moment,
        "actor": "Ann O'Neil",
        "action": "delete",
        "chat_id": None,
        "reason": detail["reason"],
    }


def test_now_is_naive_utc():
    assert now().tzinfo is None


def in_another_thread(work) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def test_a_snapshot_shows_one_moment_and_ends_with_its_block(turns):
    with pytest.raises(KeyError), turns.snapshot():
        before = turns.moment
        in_another_thread(lambda: turns.write(lambda cursor: cursor.execute(INCREMENT)))
        with turns.snapshot():
            assert (taken(turns), turns.moment) == (0, before)
        raise KeyError
    assert taken(turns) == 1
    assert turns.moment != before


def test_after_its_own_write_a_thread_reads_the_moment_of_that(turns):
    with turns.snapshot():
        before = turns.moment
        turns.write(lambda cursor: cursor.execute(INCREMENT))
        assert taken(turns) == 1
        assert turns.moment != before


def test_a_snapshot_goes_on_after_an_error_of_the_engine(turns):
    with turns.snapshot():
        with pytest.raises(duckdb.ConversionException):
            turns.read("SELECT CAST(name AS INTEGER) AS n FROM turns")
        assert taken(turns) == 0


def test_tables_of_one_query_are_unknown_to_the_next(turns):
    with turns.snapshot():
        for n in (1, 2):
            assert turns.read("SELECT x FROM given", tables={"given": pa.table({"x": [n]})}) == [{"x": n}]
        with pytest.raises(duckdb.CatalogException):
            turns.read("SELECT x FROM given")


def test_a_snapshot_taken_while_a_commit_ends_never_bears_the_number_of_another(turns):
    if turns.is_lake:
        pytest.skip("a lake numbers its moments itself")
    with turns._commits.one(), turns.snapshot():
        first, others = turns.moment, []
        in_another_thread(lambda: others.append(turns.moment))
    assert first < 0
    assert first not in others
    assert turns.moment == turns.generation


def test_two_snapshots_of_one_number_show_the_same_while_others_write(turns):
    seen, stop = {}, threading.Event()

    def read():
        while not stop.is_set():
            with turns.snapshot():
                assert seen.setdefault(turns.moment, value := taken(turns)) == value

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for _ in range(5 if turns.is_lake else 200):
            turns.write(lambda cursor: cursor.execute(INCREMENT))
        stop.set()
        for reader in readers:
            reader.result()
    assert len(seen) > 1


def test_of_two_deletes_that_overlap_only_one_counts(store):
    """Also where one of them is small, which a lake may keep in its catalogue instead of in a file."""
    worlds.insert(store, [worlds.chat("1", messages=[f"line {n}" for n in range(100)])])

    def work(cursor):
        cursor.execute("DELETE FROM messages WHERE position = 5")
        store.write(lambda other: other.execute("DELETE FROM messages WHERE position < 30"), attempts=1)

    with pytest.raises(StoreError):
        store.write(work, attempts=1)
    left = len(store.read("SELECT position FROM messages"))
    assert left in (70, 100)
    assert store.read("SELECT count(*) AS n FROM messages") == [{"n": left}]


def test_a_slow_writer_gets_its_turn_beside_one_that_never_pauses(turns):
    """As an import does beside somebody who clicks all the time; with luck alone it would never end."""
    done, tries = threading.Event(), []

    def hurry() -> None:
        while not done.is_set():
            turns.write(lambda cursor: cursor.execute(INCREMENT), attempts=1000)

    def slowly(cursor) -> None:
        tries.append(1)
        value = cursor.execute("SELECT taken FROM turns WHERE name = 'import'").fetchone()[0]
        before = turns.generation
        # Longer than the other one needs, where that one does not stand back.
        end = time.monotonic() + 2
        while turns.generation == before and not standing_back(turns) and time.monotonic() < end:
            time.sleep(0.001)
        changed(cursor, "UPDATE turns SET taken = $value WHERE name = 'import'", {"value": value + 1})

    other = threading.Thread(target=hurry)
    other.start()
    try:
        turns.write(slowly)
    finally:
        done.set()
        other.join()
    assert len(tries) > 1


def standing_back(store: Store) -> bool:
    return store._precedence.holder == threading.get_ident()
