"""A store for tests to which it does not matter of which kind it is."""

from collections.abc import Iterator

import pytest

from lib.store import Store
from tests import worlds


@pytest.fixture(scope="session")
def file_workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(str(tmp_path_factory.mktemp("importing") / "history.duckdb"))
    yield store
    store.close()


@pytest.fixture
def in_file(file_workbench: Store) -> Store:
    """An empty store in a file."""
    worlds.empty(file_workbench)
    return file_workbench
