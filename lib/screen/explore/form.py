"""The query, the values of its parameters, and the button that runs it."""

from dataclasses import replace

import streamlit as st

from lib.explore.checking import LONGEST_SQL, RefusedError, check
from lib.explore.examples import EXAMPLES, FIRST_QUERY
from lib.explore.views import VIEWS
from lib.language import _, _p, number
from lib.screen.explore.editor import query_editor
from lib.screen.explore.result import forget_outcome
from lib.screen.explore.view import ExploreView, read_explore, show_explore
from lib.screen.frame import session

SQL_KEY = "w_sql"
EXAMPLE_KEY = "w_example"
# What the fields were set to last: only when the address says something else are they set anew.
SET_KEY = "explore_fields"


def explore_editor(view: ExploreView) -> None:
    """Draws the examples, the query with its parameters, and Run."""
    st.session_state[EXAMPLE_KEY] = None
    st.selectbox(
        _p("queries", "Examples"),
        list(EXAMPLES),
        format_func=lambda code: _(EXAMPLES[code].title),
        key=EXAMPLE_KEY,
        placeholder=_("Choose an example"),
        on_change=_choose_example,
    )
    names = _names(view.sql)
    wanted = {SQL_KEY: view.sql} | {_key(name): view.params.get(name, "") for name in names}
    before = st.session_state.get(SET_KEY) or {}
    for key, value in wanted.items():
        if key not in st.session_state or before.get(key) != value:
            st.session_state[key] = value
    st.session_state[SET_KEY] = wanted
    with st.form("explore", border=False):
        st.text_area(
            _("Query"),
            key=SQL_KEY,
            height=240,
            max_chars=LONGEST_SQL,
            placeholder=FIRST_QUERY,
            help=_("One SELECT over the views beside it. A name after a dollar sign becomes a field to fill in."),
        )
        query_editor(SQL_KEY, {view.name: [column.name for column in view.columns] for view in VIEWS.values()})
        if names:
            _parameters(names)
        st.form_submit_button(_("Run"), key="run_query", type="primary", icon=":material/play_arrow:", on_click=_run)


def _choose_example() -> None:
    example = EXAMPLES.get(str(st.session_state[EXAMPLE_KEY]))
    if example:
        show_explore(ExploreView(example.sql, example.params, example.chart))


def _names(sql: str) -> tuple[str, ...]:
    try:
        return check(session.store(), sql).parameters
    except RefusedError:
        return ()


def _parameters(names: tuple[str, ...]) -> None:
    with st.grid(min(3, len(names)), min_column_width=150, gap="small") as grid:
        for place, name in enumerate(names, 1):
            with grid.cell():
                st.text(f"${name}")
                st.text_input(
                    _("Value of parameter {n}", n=number(place)),
                    key=_key(name),
                    max_chars=max(1000, len(st.session_state[_key(name)])),
                    label_visibility="collapsed",
                )
    st.caption(
        _(
            "A number as 30 or 2.5, a day as 2026-11-01, a time as 2026-11-01 09:30. All else, and what stands in"
            " 'quotes', is text. Empty is NULL."
        )
    )


def _key(name: str) -> str:
    return f"w_param_{name}"


def _run() -> None:
    view, sql = read_explore(), str(st.session_state.get(SQL_KEY) or "")
    # A parameter that is new in the query has no field yet: it is asked for next.
    params = {name: str(st.session_state[_key(name)] or "") for name in _names(sql) if _key(name) in st.session_state}
    forget_outcome(sql)
    show_explore(replace(view, sql=sql, params=params, chart=view.chart if sql == view.sql else {}))
