"""Fixtures of the tests of exports."""

from collections.abc import Iterator

import pytest

from lib.store import Store
from tests import worlds
from tests.conftest import KeptStore


@pytest.fixture(scope="module")
def second_store(kept_store: KeptStore) -> Store:
    """The store behind `elsewhere`."""
    return kept_store("elsewhere", "file", list)


@pytest.fixture
def elsewhere(second_store: Store) -> Iterator[Store]:
    """An empty store to import into."""
    worlds.empty(second_store)
    return second_store


@pytest.fixture(scope="module")
def one_store(kept_store: KeptStore) -> Store:
    """A store in a file, for properties."""
    return kept_store("one", "file", list)
