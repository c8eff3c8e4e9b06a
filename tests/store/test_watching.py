import logging

from lib.store import StoreError
from lib.store.watching import Faults


def test_each_kind_of_fault_is_told_once_until_it_is_over(caplog):
    caplog.set_level(logging.WARNING)
    faults = Faults("keeper")
    for reason in ("full", "full", "drive", "full"):
        faults.tell(StoreError(reason, "h.duckdb"))
    faults.over()
    faults.over()
    faults.tell(StoreError("full", "h.duckdb"))
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR", "WARNING", "ERROR"]
    assert "the disk is full" in caplog.text
