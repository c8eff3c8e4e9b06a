"""The query of a filter finds exactly the chats that the filter means, in the same order."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.columns import FIELDS
from lib.chats.filter.filter import EMPTY, ChatFilter, Condition, Conditions, News
from lib.chats.filter.matching import matching
from lib.chats.listing import NEWEST_FIRST, Sort
from lib.explore.checking import check
from lib.explore.from_filter import sql_of
from lib.explore.running import Result, run
from lib.explore.values import read_values
from tests.chats.test_against_a_plain_reading import CLOCKS, filters, sorts, worlds
from tests.worlds import HOSTILE_TEXTS, TOKYO, empty, insert


def listed(store, chosen, clock, sort):
    found = matching(store, chosen, clock)
    return [str(row["id"]) for row in store.read(found.select("id", sort.sql), found.params, found.tables)]


def explored(store, chosen, clock, sort):
    sql, params = sql_of(chosen, sort, clock)
    query = check(store, sql)
    assert set(query.parameters) == set(params)
    found = run(store, query, read_values(params, query.parameters), clock.zone)
    assert isinstance(found, Result), (found, sql)
    return found.cells.texts([column.name for column in found.cells.columns].index("id"))


def test_the_rows_are_those_of_the_list(workbench, kind, share):
    @settings(max_examples=share(5 if kind == "lake" else 40), deadline=None, database=None)
    @given(world=worlds, asked=st.lists(st.tuples(filters, CLOCKS, sorts), min_size=2, max_size=4))
    def same(world, asked):
        empty(workbench)
        insert(workbench, world)
        for chosen, clock, sort in asked:
            assert explored(workbench, chosen, clock, sort) == listed(workbench, chosen, clock, sort)

    same()


SOME = [
    *(Condition(name, operator) for name in FIELDS for operator in ("empty", "filled")),
    Condition("monitored", "yes"),
    Condition("department", "any", ("Orders", "O'Brien", "返金")),
    Condition("operator", "any", (*(f"Operator {n}" for n in range(12)), "Routine")),
    Condition("operator", "has", ("rout",)),
    Condition("rating", "any", ("3", "4.5")),
    Condition("wait", "between", ("10", "60")),
    Condition("start", "weekday", ("1", "6", "7")),
    Condition("start", "hours", ("22", "6")),
    Condition("start", "worked"),
    Condition("due", "unworked"),
    Condition("start", "last", ("3", "days")),
    Condition("start", "between", ("2026-11-01", "2026-11-20")),
    Condition("due", "hours", ("9", "18")),
    Condition("question", "has", ("parcel",)),
    Condition("question", "lacks", ("100%",)),
]


@pytest.mark.parametrize("condition", SOME, ids=str)
def test_conditions_mean_the_same(sample_like, condition):
    either = Conditions("any", (condition, Condition("status", "is", ("missed",))))
    chosen = ChatFilter(conditions=Conditions("all", (condition, either)))
    assert explored(sample_like, chosen, TOKYO, NEWEST_FIRST) == listed(sample_like, chosen, TOKYO, NEWEST_FIRST)


@pytest.mark.parametrize("news", [code for code in get_args(News) if code != "any"])
def test_news_mean_the_same(sample_like, news):
    chosen = ChatFilter(news=news, since=TOKYO.now)
    assert explored(sample_like, chosen, TOKYO, NEWEST_FIRST) == listed(sample_like, chosen, TOKYO, NEWEST_FIRST)


WORDS = ["parcel", "-parcel", "from:visitor parcel", "from:operator way", "-from:operator way", '"on its way" parcel',
         "parcel -umbrella", "返金", "nobody", "visitor1@example.com", "0120-444-555", "-0120444555"]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
def test_words_mean_the_same(sample_like, words):
    chosen = ChatFilter(words=words)
    assert explored(sample_like, chosen, TOKYO, NEWEST_FIRST) == listed(sample_like, chosen, TOKYO, NEWEST_FIRST)


@pytest.mark.parametrize("field", ["department", "operator", "words"])
def test_hostile_values_are_values(hostile, field):
    for text in HOSTILE_TEXTS:
        chosen = replace(EMPTY, **{field: text if field == "words" else (text,)})
        assert explored(hostile, chosen, TOKYO, NEWEST_FIRST) == listed(hostile, chosen, TOKYO, NEWEST_FIRST)


def test_the_query_can_be_read(sample_like):
    chosen = ChatFilter(category="missed", department=("Orders",), words="parcel")
    sql, params = sql_of(chosen, Sort("wait"), TOKYO)
    assert sql.split("\n")[3:5] == ["FROM chats", "WHERE status = 'missed'"]
    assert sql.endswith("ORDER BY wait_s DESC NULLS LAST, id")
    assert "['Orders']" in sql
    assert params == {"word_0": "parcel"}


def test_an_empty_filter_has_no_condition(sample_like):
    sql, params = sql_of(EMPTY, NEWEST_FIRST, TOKYO)
    assert "WHERE" not in sql
    assert params == {}
