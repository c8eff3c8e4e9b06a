"""A click while a part of the page looks by itself whether something has changed."""

import streamlit as st
from streamlit.delta_generator_singletons import context_dg_stack
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from tests.pages.driving import TEAM, visit


def test_a_click_while_a_fragment_runs_draws_the_whole_page_at_its_own_place(world, monkeypatch):
    """A run that waited for a fragment begins in the same thread, where the fragment's place is still the open one."""
    begin = ScriptRunContext.on_script_start

    def begin_inside_a_place(context):
        begin(context)
        context_dg_stack.set((*context_dg_stack.get(), st.container(key="place")))

    world("empty")
    own = len(visit(TEAM).main.children)
    monkeypatch.setattr(ScriptRunContext, "on_script_start", begin_inside_a_place)
    place, *others = visit(TEAM).main.children.values()
    assert not place.children
    assert len(others) == own
