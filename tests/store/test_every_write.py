"""Whichever write fails for want of room, and at whichever byte: it is told, and all that was acknowledged is there."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.chats.notes import add_note, notes
from lib.chats.removal import delete_chat, restore_chats
from lib.mail.do_not_contact import block, unblock
from lib.missed.apply import apply
from lib.missed.changes import take
from lib.missed.team import add_colleague
from lib.store import Store, StoreError
from lib.store.soundness import log_of
from tests.faults import full_disk
from tests.worlds import chat, id_of, insert

ONE = id_of("one")
WHEN = datetime(2026, 11, 20, 9, tzinfo=UTC).replace(tzinfo=None)
ACTS: tuple[Callable[[Store], object], ...] = (
    lambda store: add_note(store, ONE, "A note of some length. " * 20, "Ann"),
    lambda store: apply(store, take("Ann"), {ONE: None}, "Ann"),
    lambda store: delete_chat(store, ONE, "Ann", "asked for"),
    lambda store: restore_chats(store, [ONE], "Ann"),
    lambda store: block(store, "mori@example.com", "asked", "", "Ann"),
    lambda store: unblock(store, ["mori@example.com"], "Ann"),
    lambda store: add_colleague(store, "Ben", "Ann"),
)
# Bytes that the log can still take.
ROOMS = (0, 9, 150)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("begun") / "history.duckdb"
    store = Store(str(file))
    insert(store, [chat("one", started_at=WHEN, status="missed")])
    store.close()
    return file


def state(store: Store) -> tuple[int, int]:
    return store.read("SELECT count(*) AS n FROM events")[0]["n"], len(notes(store, ONE))


@pytest.mark.parametrize("failing", range(len(ACTS)))
def test_an_act_that_fails_leaves_all_others(begun: Path, tmp_path: Path, failing: int):
    for room in ROOMS:
        file = tmp_path / f"history_{room}.duckdb"
        shutil.copyfile(begun, file)
        store = Store(str(file))
        for place, act in enumerate(ACTS):
            before = state(store)
            if place == failing:
                log = log_of(file)
                with full_disk((log.stat().st_size if log.exists() else 0) + room), pytest.raises(StoreError) as told:
                    act(store)
                assert told.value.reason == "full"
                assert state(store) == before
            act(store)
        acknowledged = state(store)
        store.close()
        again = Store(str(file))
        assert state(again) == acknowledged
        again.close()
