"""What the speed of the lists rests on."""

from lib.store import Store
from lib.store.opening import LATE_MATERIALIZATION_ROWS


def test_the_settings_of_the_engine_hold_in_every_cursor(store: Store) -> None:
    names = ("late_materialization_max_rows", "dynamic_or_filter_threshold")
    settings = ", ".join(f"current_setting('{name}') AS {name}" for name in names)
    assert store.read(f"SELECT {settings}") == [dict.fromkeys(names, LATE_MATERIALIZATION_ROWS)]


def test_a_new_file_repeats_no_value(location: str) -> None:
    store = Store(location)
    try:
        found = store.read("SELECT tags FROM duckdb_databases() WHERE database_name = 'history'")
        assert store.is_lake or found == [{"tags": {"storage_version": "v1.5.0+"}}]
    finally:
        store.close()
