"""Explore: questions in SQL."""

import json

import pytest

from lib.explore import running
from lib.explore.checking import check
from lib.explore.running import Failure
from lib.explore.views import VIEWS
from lib.screen.explore.result import _file
from lib.views.kept import keep
from tests.pages.driving import (
    CHATS,
    EXPLORE,
    MISSED,
    SAFE_PLACES,
    captions,
    click,
    places,
    run,
    visit,
)
from tests.pages.page_worlds import evil

# Columns of the table that lists those of a view.
SCHEMA = ["c", "t", "m"]
SOUND = '{"sql": "SELECT 1", "params": [], "chart": "x"}'


@pytest.fixture(autouse=True)
def store(world):
    return world("review")


def ask(sql, **how):
    """The page after somebody typed a query and pressed Run."""
    at = visit(EXPLORE, **how)
    at.text_area(key="w_sql").set_value(sql)
    return click(at, "run_query")


def link(at):
    """The parameters of the address that the page has now."""
    return {name: at.query_params[name] for name in at.query_params}


def result(at):
    """The rows that are shown."""
    found = [each.value for each in at.dataframe if list(each.value.columns) != SCHEMA]
    return found[0] if found else None


def test_an_empty_page_says_what_to_do():
    at = visit(EXPLORE)
    assert [info.value for info in at.info] == ["Write a SELECT, or choose an example, to see its rows here."]
    assert at.selectbox(key="w_schema").options == list(VIEWS)


def test_a_query_is_run_and_kept_in_the_link(store):
    at = ask("SELECT status, count(*) AS n FROM chats GROUP BY ALL ORDER BY ALL")
    rows = result(at)
    assert rows["n"].sum() == store.read("SELECT count(*) AS n FROM chats WHERE deleted_at IS NULL")[0]["n"]
    assert "only read" not in captions(at)
    assert set(link(at)) == {"q"}
    other = visit(EXPLORE, link(at))
    assert result(other).equals(rows)
    assert other.text_area(key="w_sql").value.startswith("SELECT status")
    assert "can only read" in captions(other)


def test_parameters_become_fields_and_are_kept_in_the_link():
    at = ask("SELECT id FROM chats WHERE status = $status AND message_count >= $least")
    assert [info.value for info in at.info] == ["The query has parameters. Fill them in, then run it again."]
    assert result(at) is None
    at.text_input(key="w_param_status").set_value("missed")
    at.text_input(key="w_param_least").set_value("0")
    at = click(at, "run_query")
    assert len(result(at)) > 0
    other = visit(EXPLORE, link(at))
    assert result(other).equals(result(at))
    assert other.text_input(key="w_param_status").value == "missed"


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        ("DELETE FROM chats", "Only a SELECT"),
        ("SELECT 1; SELECT 2", "Only one query"),
        ("SELECT * FROM events", "not one of the views"),
        ("SELECT * FROM main.chats", "Name the view alone"),
        ("SELECT * FROM read_text('x')", "cannot stand after FROM"),
        ("SELECT current_setting('threads')", "cannot be used here"),
        ("SELECT repeat('x', 10000000)", "up to 1,000"),
        ("SELECT ?", "needs a name"),
        ("SELEC", "where the mark is"),
        ("SELECT nobody FROM chats", "The database says"),
    ],
)
def test_what_cannot_be_run_is_explained(sql, word):
    at = ask(sql)
    assert [word in error.value for error in at.error] == [True]
    assert result(at) is None


def test_examples_fill_the_page():
    at = visit(EXPLORE)
    at = run(at.selectbox(key="w_example").select("kinds"))
    assert "FROM messages" in at.text_area(key="w_sql").value
    assert len(at.get("vega_lite_chart")) == 1
    assert at.selectbox(key="w_chart_colour").value == "kind"
    at = run(at.segmented_control(key="w_explore_mode").set_value(False))
    assert len(result(at)) > 0


def test_a_chart_is_kept_in_the_link():
    at = ask("SELECT status, operator, count(*) AS image, 1 AS title FROM chats GROUP BY ALL")
    at = run(at.segmented_control(key="w_explore_mode").set_value(True))
    at = run(at.selectbox(key="w_chart_mark").select("point"))
    at = run(at.selectbox(key="w_chart_x").select("operator"))
    other = visit(EXPLORE, link(at))
    assert [other.selectbox(key=f"w_chart_{part}").value for part in ("mark", "x", "y")] == [
        "point",
        "operator",
        "image",
    ]
    spec = json.loads(other.get("vega_lite_chart")[0].proto.spec)
    assert {field["field"] for field in spec["encoding"]["tooltip"]} == {"c0", "c1", "c2", "c3"}


def test_rows_that_are_left_out_are_told():
    at = ask("SELECT * FROM range(20000)")
    assert len(result(at)) == 10_000
    assert "more rows than the 10,000" in at.warning[0].value


def test_a_download_is_recorded(store):
    found = running.run(store, check(store, "SELECT 1 AS a"), {}, "UTC")
    assert _file("SELECT 1 AS a", found, "csv", "Tester", "too many").splitlines()[1] == b"1"
    assert store.read("SELECT actor FROM events WHERE action = 'explore_export'") == [{"actor": "Tester"}]


def test_a_query_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr("lib.screen.explore.result.start", lambda *_, **_fields: Ended(Failure("time")))
    at = ask("SELECT 1")
    assert "Stopped after 10 seconds" in at.error[0].value


class Ended:
    """A query that has ended."""

    elapsed_s = 0.0

    def __init__(self, outcome):
        self._outcome = outcome

    def wait(self, _seconds):
        return True

    def stop(self):
        pass

    def outcome(self):
        return self._outcome


@pytest.mark.parametrize("content", ["", "x", "[]", '{"sql": 1}', '{"words": "a"}', SOUND])
def test_a_link_that_cannot_be_read_says_so_and_runs_nothing(store, content):
    at = visit(EXPLORE, {"q": keep(store, content, "Ann")})
    assert not at.error
    assert any("cannot be read" in each.value for each in at.warning) == ("SELECT" not in content)


@pytest.mark.parametrize(("page", "query"), [(CHATS, {"category": "missed"}), (MISSED, {}), (CHATS, {"country": "JP"})])
def test_see_the_sql_opens_what_is_listed(page, query):
    at = visit(page, query)
    listed = next(text for text in captions(at).split("\n") if " of " in text).split(" ")[0]
    at = click(at, "see_sql")
    assert at.text_area(key="w_sql").value.startswith("SELECT\n  id,")
    assert len(result(at)) == int(listed)


def test_texts_of_people_stay_texts(store):
    said = evil("said")
    at = ask(f"SELECT '{said}' AS \"{said}\", id FROM chats WHERE '{said}' <> $x")
    at.text_input(key="w_param_x").set_value(said + "x")
    at = click(at, "run_query")
    assert places(at, "evil.example") <= SAFE_PLACES
    assert "dataframe.arrow_data.data" in places(at, "evil.example")
    for sql in (f"SELECT error('{said}')", f"SELECT '{said}", f'SELECT * FROM "{said}"', f'SELECT "{said}"()'):
        at = ask(sql)
        assert at.error
        assert {"code.code_text"} <= places(at, "evil.example") <= SAFE_PLACES
