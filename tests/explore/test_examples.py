"""The examples run on the sample, and each finds something."""

from datetime import datetime

import pytest

from lib.explore.checking import check
from lib.explore.examples import EXAMPLES, FIRST_QUERY
from lib.explore.running import Result, run
from lib.explore.values import read_values
from lib.importing import load_sample
from lib.store import Store


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Store:
    store = Store(str(tmp_path_factory.mktemp("sample") / "history.duckdb"))
    load_sample(store, "Asia/Tokyo", datetime(2026, 11, 23, 3))
    yield store
    store.close()


@pytest.mark.parametrize("code", EXAMPLES)
def test_an_example_finds_something_in_the_sample(sample, code):
    example = EXAMPLES[code]
    query = check(sample, example.sql)
    assert set(query.parameters) == set(example.params)
    found = run(sample, query, read_values(example.params, query.parameters), "Asia/Tokyo")
    assert isinstance(found, Result), found
    assert found.rows > 1
    columns = [column.name for column in found.cells.columns]
    assert {example.chart.get(part) or columns[0] for part in ("x", "y", "colour")} <= set(columns)


def test_what_an_empty_field_shows_runs(sample):
    assert isinstance(run(sample, check(sample, FIRST_QUERY), {}, "UTC"), Result)
