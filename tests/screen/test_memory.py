"""What is not needed any more is given back, while browsers are there and after they have left."""

import asyncio
import gc
import tomllib
import weakref
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from lib.screen.frame import serving
from lib.screen.frame.answers import answer
from lib.screen.frame.serving import forget_left, tidy_up
from lib.settings import ROOT
from lib.store import StoreError


@pytest.fixture
def browsers(monkeypatch) -> SimpleNamespace:
    """How many are there, how many may come back, and those that have left."""
    found = SimpleNamespace(there=0, known=0, left=MemorySessionStorage(ttl_seconds=0))
    sessions = SimpleNamespace(
        _session_storage=found.left, num_active_sessions=lambda: found.there, num_sessions=lambda: found.known
    )
    runtime = SimpleNamespace(_session_mgr=sessions)
    monkeypatch.setattr(serving, "Runtime", SimpleNamespace(exists=lambda: True, instance=lambda: runtime))
    return found


def test_a_browser_that_does_not_come_back_is_forgotten_without_another_one(browsers):
    forgotten = []

    class Tab:
        id = "tab"

        def __del__(self) -> None:
            forgotten.append(self.id)

    browsers.left.save(SimpleNamespace(session=Tab()))
    assert not forgotten
    forget_left()
    assert forgotten == ["tab"]


def test_what_no_run_needs_is_not_looked_for_after_each_but_once_in_a_while(browsers):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert config["runner"]["postScriptGC"] is False

    class Needless:
        def __init__(self) -> None:
            self.itself = self

    left, browsers.there = weakref.ref(Needless()), 1
    gc.disable()
    try:
        assert left()
        forget_left()
        assert not left()
    finally:
        gc.enable()


def test_kept_answers_go_with_the_last_browser(browsers, world):
    world("empty")
    asked: list[str] = []
    ask = st.cache_data(show_spinner=False)(lambda: asked.append("Streamlit"))

    def question() -> None:
        asked.append("store")

    for browsers.there, times in ((1, 1), (0, 2)):
        ask()
        answer(question)
        browsers.left.save(SimpleNamespace(session=SimpleNamespace(id="tab")))
        forget_left()
        ask()
        answer(question)
        assert sorted(asked) == ["Streamlit"] * times + ["store"] * times


def test_the_store_is_opened_anew_once_when_the_last_browser_has_gone(browsers, monkeypatch):
    opened, rounds = [], []
    # Nobody was there; then one; who may come back; nobody, while the store cannot, is in use, and can; nobody.
    known = [0, 1, 1, 0, 0, 0, 0]

    def open_anew() -> bool:
        opened.append(len(rounds))
        if len(rounds) == 4:
            raise StoreError("full", "x")
        return len(rounds) > 5

    async def next_round(_seconds: float) -> None:
        if len(rounds) == len(known):
            raise TimeoutError
        browsers.known = known[len(rounds)]
        rounds.append(1)

    monkeypatch.setattr(serving.asyncio, "sleep", next_round)
    monkeypatch.setattr(serving.session, "whole_store", lambda: SimpleNamespace(open_anew=open_anew))
    with pytest.raises(TimeoutError):
        asyncio.run(tidy_up())
    assert opened == [4, 5, 6]
