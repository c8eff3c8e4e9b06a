"""Fixtures that all tests may use: stores in both kinds, and a machine without settings of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib import settings
from lib.store import Store
from tests import worlds


@pytest.fixture(autouse=True)
def hidden_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "_secrets", dict)


def location_in(folder: Path, kind: str) -> str:
    return ("ducklake:" if kind == "lake" else "") + str(folder / "history.duckdb")


@pytest.fixture(scope="session", params=["file", "lake"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def location(kind: str, tmp_path: Path) -> str:
    """Where no store is yet."""
    return location_in(tmp_path, kind)


@pytest.fixture(scope="session")
def workbench(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store behind `store`: making a lake anew for each test takes half a second."""
    yield from opened(location_in(tmp_path_factory.mktemp("workbench"), kind), [])


@pytest.fixture
def store(workbench: Store) -> Store:
    """An empty store to write in."""
    worlds.empty(workbench)
    return workbench


@pytest.fixture(scope="session")
def sample_like(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store to read from, with about sixty chats."""
    yield from opened(location_in(tmp_path_factory.mktemp("sample"), kind), worlds.sample_like())


@pytest.fixture(scope="session")
def hostile(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store to read from, with texts that try to break out of what holds them."""
    yield from opened(location_in(tmp_path_factory.mktemp("hostile"), kind), worlds.hostile())


def opened(location: str, world: worlds.World) -> Iterator[Store]:
    store = Store(location)
    worlds.insert(store, world)
    yield store
    store.close()
