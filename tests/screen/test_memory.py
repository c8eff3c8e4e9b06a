"""What is not needed any more is given back, while browsers are there and after they have left."""

import gc
import tomllib
import weakref
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from lib.screen.frame import serving
from lib.screen.frame.serving import forget_left
from lib.settings import ROOT


@pytest.fixture
def browsers(monkeypatch) -> SimpleNamespace:
    """How many are there, and those that have left."""
    found = SimpleNamespace(there=0, left=MemorySessionStorage(ttl_seconds=0))
    sessions = SimpleNamespace(_session_storage=found.left, num_active_sessions=lambda: found.there)
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


def test_kept_answers_go_with_the_last_browser(browsers):
    asked = []
    ask = st.cache_data(show_spinner=False)(lambda: asked.append(1))
    for browsers.there in (1, 0):
        ask()
        browsers.left.save(SimpleNamespace(session=SimpleNamespace(id="tab")))
        forget_left()
        ask()
        assert len(asked) == 2 - browsers.there
