"""A loop goes on whatever becomes of a round, and tells each kind of fault once."""

import logging
import threading

from lib.background import Loop
from lib.store import StoreError


def test_each_kind_of_fault_is_told_once_until_it_is_over(caplog):
    caplog.set_level(logging.WARNING)
    faults = iter(("full", "full", "drive", "full", None, None, "full"))
    ended = threading.Event()

    def job(_store):
        try:
            reason = next(faults)
        except StopIteration:
            ended.set()
            reason = "full"
        if reason:
            raise StoreError(reason, "h.duckdb")
        return True

    loop = Loop("keeper", lambda: None, job, every_s=0)
    loop.start()
    assert ended.wait(60)
    loop.stop()
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR", "WARNING", "ERROR"]
    assert "the disk is full" in caplog.text


def test_an_unexpected_fault_is_told_each_time_and_ends_nothing(caplog):
    rounds, ended = iter(range(3)), threading.Event()

    def job(_store):
        if next(rounds, None) is None:
            ended.set()
            return False
        raise RuntimeError("odd")

    loop = Loop("keeper", lambda: None, job, every_s=0)
    loop.start()
    assert ended.wait(60)
    loop.stop()
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3
    assert not any(thread.name == "keeper" for thread in threading.enumerate())
