"""Fixtures of the page tests: an installation of its own for each, filled with a state of the world."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime import context as streamlit_context
from streamlit.testing.v1 import local_script_runner

from lib.chats.stale import mark_all_missed
from lib.importing import Source, import_files, load_sample
from lib.missed.derive import derive_due
from lib.screen.frame import session
from lib.screen.frame.answers import forget_answers
from lib.screen.frame.session import close_store, settings
from lib.store import Store
from lib.web.signed_in import SignIns
from tests import worlds
from tests.pages import driving, page_worlds

WORLDS: dict[str, Callable[[], worlds.World]] = {
    "one": page_worlds.one,
    "many": page_worlds.many,
    "marked": page_worlds.marked,
    "lengths": page_worlds.lengths,
    "review": page_worlds.review,
    "turns": page_worlds.turns,
    "queue": page_worlds.queue,
    "history": page_worlds.history,
    "japanese": page_worlds.japanese,
    "hostile": worlds.hostile,
}


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with an empty database's name and an import folder, and the time of the worlds."""
    folder = tmp_path / "imports"
    folder.mkdir()
    monkeypatch.setenv("CHAT_HISTORY_STORE", str(tmp_path / "history.duckdb"))
    monkeypatch.setenv("CHAT_HISTORY_IMPORT_FOLDER", str(folder))
    monkeypatch.setenv("CHAT_HISTORY_PERSON", "Tester")
    monkeypatch.setenv("CHAT_HISTORY_ALLOWED", "*")
    monkeypatch.setattr(session, "now", lambda: worlds.NOW)
    monkeypatch.setattr(session, "_sign_ins", SignIns())
    monkeypatch.setattr(local_script_runner, "require_widgets_deltas", driving.ended)
    # No browser is there: to ask a mock of one takes a tenth of the time of a page.
    monkeypatch.setattr(streamlit_context, "_get_client_context", lambda: None)
    forget()
    yield tmp_path
    forget()


@pytest.fixture
def folder(installation: Path, world: Callable[[str], Store]) -> Path:
    """The import folder of an installation without chats, which had some and so gets no sample."""
    world("empty")
    return installation / "imports"


def forget() -> None:
    """Closes the store and drops everything that is kept for a process."""
    st.cache_data.clear()
    st.cache_resource.clear()
    forget_answers()
    settings.cache_clear()
    close_store()


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that changes settings, named without their prefix."""

    def change(**changes: str) -> None:
        for name, value in changes.items():
            monkeypatch.setenv(f"CHAT_HISTORY_{name}", value)
        forget()

    return change


@pytest.fixture(scope="session")
def made_worlds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """A function that gives the database of a world in a zone, which is made once."""
    folder, made = tmp_path_factory.mktemp("worlds"), dict[tuple[str, str], Path]()

    def make(name: str, zone: str) -> Path:
        if (name, zone) not in made:
            path = made[name, zone] = folder / f"{len(made)}.duckdb"
            _make(path, name, zone)
        return made[name, zone]

    return make


def _make(path: Path, name: str, zone: str) -> None:
    store = Store(str(path))
    if name in WORLDS:
        worlds.insert(store, WORLDS[name]())
        store.write(mark_all_missed)
        if name == "marked":
            page_worlds.mark_everything_else(store)
    elif name == "sample":
        load_sample(store, zone, worlds.NOW)
    else:
        # A store that had chats: it gets no sample.
        import_files(store, [Source("chats.jsonl", data=b'{"id": "1"}')], zone=zone, actor="Tester")
        store.write(lambda cursor: cursor.execute("DELETE FROM chats"))
    # As the first look at a page would, which takes longer than the page itself.
    derive_due(store, zone, worlds.NOW)
    store.close()


@pytest.fixture
def world(made_worlds: Callable[[str, str], Path], installation: Path) -> Callable[[str], Store]:
    """A function that puts a copy of a world into the installation, and returns its store."""

    def put(name: str) -> Store:
        shutil.copy(made_worlds(name, os.environ.get("CHAT_HISTORY_ZONE", "UTC")), installation / "history.duckdb")
        return session.whole_store()

    return put
