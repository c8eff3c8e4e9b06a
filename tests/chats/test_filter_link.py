import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.categories import CATEGORIES
from lib.chats.chat_filter import EMPTY, NO_VALUE, ChatFilter
from lib.chats.facets import LIST_FIELDS
from lib.chats.filter_link import (
    LINK_NAMES,
    LONGEST_VALUE,
    LONGEST_WAIT_DIGITS,
    MOST_VALUES,
    from_query,
    private_part,
    to_query,
)
from lib.chats.periods import PERIODS
from lib.chats.rules import Rule, Rules

VALUES = st.lists(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
    | st.just(NO_VALUE),
    unique=True,
    max_size=4,
).map(tuple)

FILTERS = st.builds(
    ChatFilter,
    category=st.sampled_from(CATEGORIES),
    period=st.sampled_from(PERIODS),
    first_day=st.none() | st.dates(),
    last_day=st.none() | st.dates(),
    waited_longer_than_s=st.none() | st.integers(1, 10**LONGEST_WAIT_DIGITS - 1),
    email=st.sampled_from(["any", "yes", "no"]),
    reply=st.sampled_from(["any", "yes", "no"]),
    words=st.text(max_size=20),
    **dict.fromkeys(LIST_FIELDS, VALUES),
)
QUERIES = st.dictionaries(
    st.sampled_from([*LINK_NAMES.values(), "words", "chat"]), st.lists(st.text(max_size=30), max_size=4)
)


@given(FILTERS)
@settings(deadline=None)
def test_a_link_gives_the_filter_back_without_the_words(chosen: ChatFilter):
    assert from_query(to_query(chosen)) == replace(chosen, words="")


@given(FILTERS)
@settings(deadline=None)
def test_the_words_come_with_the_private_part(chosen: ChatFilter):
    words = chosen.words if chosen.words.strip() else ""
    assert from_query(to_query(chosen), private_part(chosen)) == replace(chosen, words=words)


@pytest.mark.parametrize("text", ["", "x", "[]", "{", '{"words": null}', '{"words": []}', "[" * 10**5, '"words"'])
def test_a_private_part_that_makes_no_sense_is_as_if_it_were_not_there(text: str):
    assert from_query({}, text) == EMPTY


@given(FILTERS)
@settings(deadline=None)
def test_a_link_holds_no_words(chosen: ChatFilter):
    assert to_query(chosen) == to_query(replace(chosen, words="Rin Kato"))


@given(QUERIES)
@settings(deadline=None)
def test_any_link_means_a_filter_and_means_the_same_when_it_is_written_again(query: dict[str, list[str]]):
    chosen = from_query(query)
    assert from_query(to_query(chosen)) == chosen


@pytest.mark.parametrize("values", [[f"v{n}" for n in range(10_000)], ["x" * 900, "y" * 900, "返" * 900]])
def test_what_would_make_a_link_too_long_is_in_the_private_part(values: list[str]):
    chosen = ChatFilter(operator=tuple(values), country=("JP",), excluded=("operator",))
    assert to_query(chosen) == {"country": ["JP"], "except": ["operator"]}
    assert from_query(to_query(chosen), private_part(chosen)) == chosen


def test_long_conditions_are_in_the_private_part():
    chosen = ChatFilter(rules=Rules("all", (Rule("country", "any", tuple(f"c{n}" for n in range(5000))),)))
    assert to_query(chosen) == {}
    assert from_query({}, private_part(chosen)) == chosen


@pytest.mark.parametrize("lists", ["x", None, ["operator"], {"operator": "x"}, {"operator": [1, None]}, {"wait": 7}])
def test_lists_of_a_private_part_that_make_no_sense_are_as_if_they_were_not_there(lists: object):
    assert from_query({}, json.dumps({"lists": lists})) == EMPTY


def test_the_empty_filter_has_an_empty_link():
    assert to_query(EMPTY) == {}
    assert from_query({}) == EMPTY


def test_every_field_but_words_and_rules_has_a_name_of_its_own():
    assert set(LINK_NAMES) == set(ChatFilter.__dataclass_fields__) - {"words", "rules"}
    assert len(set(LINK_NAMES.values())) == len(LINK_NAMES)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": ["missed"]}, {"category": "missed"}),
        ({"category": ["missed", "ongoing"]}, {"category": "ongoing"}),
        ({"period": ["last_7"]}, {"period": "last_7"}),
        (
            {"period": ["custom"], "from": ["2026-11-01"], "to": ["2026-11-30"]},
            {"period": "custom", "first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)},
        ),
        ({"operator": ["Aoi", "Ben", "Aoi"]}, {"operator": ("Aoi", "Ben")}),
        ({"country": [NO_VALUE]}, {"country": (NO_VALUE,)}),
        ({"rating": ["5", "nine"]}, {"rating": ("5", "nine")}),
        ({"wait": ["90"]}, {"waited_longer_than_s": 90}),
        ({"email": ["yes"], "reply": ["no"]}, {"email": "yes", "reply": "no"}),
    ],
)
def test_links(query: dict[str, list[str]], expected: dict[str, object]):
    assert from_query(query) == ChatFilter(**expected)


@pytest.mark.parametrize("name", ["category", "period", "from", "to", "wait", "email", "reply"])
@pytest.mark.parametrize(
    "value", ["", " ", "MISSED", "any ", "-1", "1.5", "1e3", "١", "²", "2026-13-01", "\0", "x" * 9999, "9" * 9999]
)
def test_nonsense_is_as_if_it_were_not_there(name: str, value: str):
    assert from_query({name: [value]}) == EMPTY


@pytest.mark.parametrize("name", list(LINK_NAMES.values()))
def test_a_parameter_without_a_value_is_as_if_it_were_not_there(name: str):
    assert from_query({name: []}) == EMPTY


@pytest.mark.parametrize("name", ["words", "q", "Category", "first_day", "waited_longer_than_s", "__class__"])
def test_unknown_parameters_are_ignored(name: str):
    assert from_query({name: ["missed"]}) == EMPTY


def test_a_value_may_be_long_but_not_endless():
    longest = "x" * LONGEST_VALUE
    assert from_query({"tag": [longest, longest + "x", "", "a\0b"]}).tag == (longest,)


def test_there_may_be_many_values_but_not_endlessly_many():
    assert len(from_query({"tag": [str(n) for n in range(MOST_VALUES + 5)]}).tag) == MOST_VALUES


def test_a_wait_may_be_long_but_not_endless():
    assert from_query({"wait": ["9" * LONGEST_WAIT_DIGITS]}).waited_longer_than_s == 10**LONGEST_WAIT_DIGITS - 1
    assert from_query({"wait": ["9" * (LONGEST_WAIT_DIGITS + 1)]}) == EMPTY
