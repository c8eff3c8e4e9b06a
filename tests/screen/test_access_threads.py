"""What people saw is written and sealed as long as the app runs, and what waits as it ends is written, too."""

import asyncio
import threading

import pytest

from lib.access import accesses
from lib.access.accesses import note
from lib.screen.frame import serving, session


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accesses, "_waiting", {})
    # Tests look into the store afterwards.
    monkeypatch.setattr(session, "close_store", lambda: None)


def serve(meanwhile=lambda: None) -> set[str]:
    """The threads of the app while it runs."""

    async def lifespan() -> set[str]:
        async with serving.keeping(None):
            meanwhile()
            return {thread.name for thread in threading.enumerate()}

    return asyncio.run(lifespan())


def test_both_live_as_long_as_the_app(world):
    world("empty")
    assert {"accesses", "seals"} <= serve()
    assert not {"accesses", "seals"} & {thread.name for thread in threading.enumerate()}


def test_what_waits_as_the_app_ends_is_written(world):
    store = world("empty")
    serve(lambda: note(store, "search", "Ann"))
    assert store.read("SELECT actor FROM accesses") == [{"actor": "Ann"}]


def test_with_no_days_nothing_is_written(world, set_up):
    set_up(ACCESSES_KEPT_DAYS="0")
    store = world("empty")
    serve(lambda: note(store, "search", "Ann"))
    assert store.read("FROM accesses") == []
