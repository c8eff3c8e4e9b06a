import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lib.chats.categories import CATEGORIES
from lib.chats.causes import CAUSES
from lib.chats.filter.filter import EMPTY, LIST_NAMES, NO_VALUE, ChatFilter, Condition, Conditions, News, as_chosen
from lib.chats.filter.link import (
    BESIDE,
    CONDITIONS_NAME,
    LONGEST_SHOWN,
    LONGEST_WAIT_DIGITS,
    MOST_SHOWN,
    MOST_VALUES,
    PARAMETERS,
    from_query,
    private_part,
    to_query,
    to_text,
)
from lib.chats.filter.sql import clauses
from lib.chats.filter.times import PERIODS
from lib.chats.filter.validate import MOST_CONDITIONS, whole_conditions
from lib.chats.states import QUEUE_PARTS
from tests.worlds import TOKYO

# What a store may hold in a field, and a list so offer.
STORED = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
    | st.sampled_from(
        ["~", "~~~", "a\nb\r\n", " ", '"', "「」", "a=b&c=d", "%00", "+", "#", "שלום", "\u202ea", "\0", "&"]
    )
    | st.integers(1000, 9000).map(lambda n: "https://example.com/?返=" + "x" * n)
)
VALUES = st.lists(STORED.map(as_chosen) | st.just(NO_VALUE), unique=True, max_size=4).map(tuple)
CODES = {"cause": [*CAUSES, NO_VALUE], "country": ["JP", "US", "Wakanda", "~~", NO_VALUE]}
LISTS = dict.fromkeys(LIST_NAMES, VALUES) | {
    name: st.lists(st.sampled_from(codes), unique=True, max_size=3).map(tuple) for name, codes in CODES.items()
}
RULES = st.lists(
    st.builds(
        Condition,
        st.sampled_from(["website", "comment", "tags"]),
        st.just("any"),
        st.lists(STORED, min_size=1).map(tuple),
    )
    | st.builds(Condition, st.just("wait"), st.just("more"), st.integers(0, 10**20).map(lambda n: (str(n),))),
    min_size=1,
    max_size=3,
).map(lambda items: whole_conditions(Conditions("any", tuple(items))))


def _paired(chosen: ChatFilter) -> ChatFilter:
    """As the screen makes it: days only where they are asked for, and news since a moment."""
    found = chosen if chosen.period == "custom" else replace(chosen, first_day=None, last_day=None)
    if found.news == "any":
        return replace(found, since=None)
    return replace(found, since=found.since or datetime(2026, 11, 1, 9, 30))


FILTERS = st.builds(
    ChatFilter,
    category=st.sampled_from(CATEGORIES),
    period=st.sampled_from(PERIODS),
    first_day=st.none() | st.dates(),
    last_day=st.none() | st.dates(),
    waited_longer_than_s=st.none() | st.integers(1, 10**LONGEST_WAIT_DIGITS - 1),
    email=st.sampled_from(["any", "yes", "no"]),
    reply=st.sampled_from(["any", "yes", "no"]),
    queue=st.sampled_from(["any", *QUEUE_PARTS]),
    repeated=st.sampled_from(["any", "yes", "no"]),
    news=st.sampled_from(get_args(News)),
    since=st.none() | st.datetimes(),
    excluded=st.lists(st.sampled_from(LIST_NAMES), unique=True).map(tuple),
    conditions=st.none() | RULES,
    words=st.text(max_size=20),
    **LISTS,
).map(_paired)
LINK_NAMES = [name for name, _read in PARAMETERS.values()]
NAMES = [*LINK_NAMES, CONDITIONS_NAME, "words", "chat", "contry", "utm_source"]
QUERIES = st.dictionaries(st.sampled_from(NAMES), st.lists(st.text(max_size=30), max_size=4))


@given(FILTERS)
@settings(deadline=None)
def test_a_link_with_its_private_part_gives_the_filter_back(chosen: ChatFilter):
    words = chosen.words if chosen.words.strip() else ""
    assert from_query(to_query(chosen), private_part(chosen)) == replace(chosen, words=words)


@given(FILTERS)
@settings(deadline=None)
def test_a_link_is_not_longer_than_it_can_be_sent(chosen: ChatFilter):
    link = urlencode(to_query(chosen), doseq=True)
    assert len(link) <= LONGEST_SHOWN + MOST_SHOWN
    assert parse_qs(link, keep_blank_values=True, strict_parsing=bool(link)) == to_query(chosen)


@given(FILTERS, st.data())
@settings(deadline=None)
def test_a_link_with_one_part_that_cannot_be_read_shows_nothing(chosen: ChatFilter, data: st.DataObject):
    link = to_query(chosen)
    assume(link)
    name = data.draw(st.sampled_from(sorted(link)))
    broken = data.draw(st.sampled_from(["renamed", "emptied", "doubled", "half a sign"]))
    assume(broken != "doubled" or (name not in LIST_NAMES and name != PARAMETERS["excluded"][0]))
    values = link.pop(name)
    if broken == "renamed":
        link[f"{name}_2"] = values
    else:
        link[name] = {"emptied": [""], "doubled": [*values, "x"], "half a sign": ["\ud800"]}[broken]
    found = from_query(link, private_part(chosen))
    assert found.unreadable
    assert shows_nothing(found)
    assert from_query(to_query(found), private_part(found)) == found


def shows_nothing(chosen: ChatFilter) -> bool:
    return any(clause.sql == "FALSE" for clause in clauses(chosen, TOKYO).values())


@pytest.mark.parametrize(
    "text",
    ["x", "[]", "{", '{"words": null}', '{"words": []}', "[" * 10**5, '"words"', '{"rules": "[]"}', '{"newer": 1}',
     '{"rules": "[\\"all\\",[\\"wait\\",\\"more\\",\\"long\\"]]"}', '{"unreadable": ["x"]}', '{"unreadable": "x"}'],
)  # fmt: skip
def test_a_private_part_that_cannot_be_read_shows_nothing(text: str):
    found = from_query({"category": ["missed"], "q": ["key"]}, text)
    assert shows_nothing(found)
    assert found.without("unreadable") == ChatFilter(category="missed")
    assert from_query(to_query(found), private_part(found)) == found
    typed = replace(found, words="more")
    assert from_query(to_query(typed), private_part(typed)) == typed


def test_an_id_that_is_not_known_any_more_shows_nothing():
    found = from_query({"q": ["gone"]}, None)
    assert shows_nothing(found)
    assert to_query(found) == {}
    assert from_query({}, private_part(found)) == found


with (Path(__file__).parent / "old_links.jsonl").open(encoding="utf-8") as lines:
    OLD_LINKS = [json.loads(line) for line in lines]


@pytest.mark.parametrize("old", OLD_LINKS, ids=range(len(OLD_LINKS)))
def test_a_link_of_before_means_what_it_meant(old: dict[str, Any]):
    means = {name: tuple(value) if isinstance(value, list) else value for name, value in old["means"].items()}
    for name, read in {
        "first_day": date.fromisoformat,
        "last_day": date.fromisoformat,
        "since": datetime.fromisoformat,
    }.items():
        means |= {name: read(means[name])} if name in means else {}
    if "rules" in means:
        means["conditions"] = conditions_of(means.pop("rules"))
    query = parse_qs(old["link"], keep_blank_values=True)
    assert from_query(query, old["private"]) == ChatFilter(**means)


def conditions_of(item: list[Any]) -> Any:
    if item[0] in ("all", "any"):
        return Conditions(item[0], tuple(map(conditions_of, item[1:])))
    return Condition(item[0], item[1], tuple(item[2:]))


@given(FILTERS)
@settings(deadline=None)
def test_a_link_holds_no_words(chosen: ChatFilter):
    assert to_query(chosen) == to_query(replace(chosen, words="Rin Kato"))


@given(QUERIES)
@settings(deadline=None)
def test_any_link_means_a_filter_and_means_the_same_when_it_is_written_again(query: dict[str, list[str]]):
    chosen = from_query(query)
    assert from_query(to_query(chosen), private_part(chosen)) == chosen


@pytest.mark.parametrize("values", [[f"v{n}" for n in range(10_000)], ["x" * 900, "y" * 900, "返" * 900]])
def test_what_would_make_a_link_too_long_is_in_the_private_part(values: list[str]):
    chosen = ChatFilter(operator=tuple(values), country=("JP",), excluded=("operator",))
    assert to_query(chosen) == {"country": ["JP"], "except": ["operator"]}
    assert from_query(to_query(chosen), private_part(chosen)) == chosen


def test_long_conditions_are_in_the_private_part():
    chosen = ChatFilter(
        conditions=Conditions("all", (Condition("country", "any", tuple(f"c{n}" for n in range(5000))),))
    )
    assert to_query(chosen) == {}
    assert from_query({}, private_part(chosen)) == chosen


@pytest.mark.parametrize("lists", ["x", None, ["operator"], {"operator": "x"}, {"operator": [1, None]}, {"wait": 7}])
def test_lists_of_a_private_part_that_cannot_be_read_show_nothing(lists: object):
    assert shows_nothing(from_query({}, json.dumps({"lists": lists})))


def test_what_stands_in_both_parts_must_be_the_same():
    hidden = json.dumps({"lists": {"wait": ["60"], "tag": ["vip"]}})
    assert from_query({"wait": ["60"], "tag": ["new"]}, hidden) == ChatFilter(
        waited_longer_than_s=60, tag=("new", "vip")
    )
    assert shows_nothing(from_query({"wait": ["90"]}, hidden))


def test_the_empty_filter_has_an_empty_link():
    assert to_query(EMPTY) == {}
    assert from_query({}) == EMPTY


def test_every_field_but_those_of_texts_has_a_name_of_its_own():
    assert set(PARAMETERS) == set(ChatFilter.__dataclass_fields__) - {"words", "conditions", "unreadable"}
    assert len(set(LINK_NAMES)) == len(LINK_NAMES)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": ["missed"]}, {"category": "missed"}),
        ({"category": ["Missed"]}, {"category": "missed"}),
        ({"category": ["missed", "missed"]}, {"category": "missed"}),
        ({"period": ["last_7"]}, {"period": "last_7"}),
        (
            {"period": ["custom"], "from": ["2026-11-01"], "to": ["2026-11-30"]},
            {"period": "custom", "first_day": date(2026, 11, 1), "last_day": date(2026, 11, 30)},
        ),
        ({"from": ["2026-11-01"]}, {"period": "custom", "first_day": date(2026, 11, 1)}),
        ({"period": ["today"], "from": ["2026-11-01"]}, {"period": "today", "first_day": date(2026, 11, 1)}),
        ({"country": ["jp", "Wakanda", "JP"]}, {"country": ("JP", "Wakanda")}),
        ({"email": ["NO"], "cause": ["Left_Early"]}, {"email": "no", "cause": ("left_early",)}),
        ({"operator": ["Aoi", "Ben", "Aoi"]}, {"operator": ("Aoi", "Ben")}),
        ({"country": [NO_VALUE]}, {"country": (NO_VALUE,)}),
        ({"rating": ["5", "nine"]}, {"rating": ("5", "nine")}),
        ({"wait": ["90"]}, {"waited_longer_than_s": 90}),
        ({"email": ["yes"], "reply": ["no"]}, {"email": "yes", "reply": "no"}),
    ],
)
def test_links(query: dict[str, list[str]], expected: dict[str, object]):
    assert from_query(query) == ChatFilter(**expected)


@pytest.mark.parametrize(
    "name", ["category", "period", "from", "to", "wait", "email", "reply", "queue", "news", "since"]
)
@pytest.mark.parametrize(
    "value", ["", " ", "missed_", "any ", "-1", "1.5", "1e3", "0", "١", "²", "2026-13-01", "\0", "x" * 9999, "9" * 9999]
)
def test_nonsense_shows_nothing_and_says_what_it_is(name: str, value: str):
    found = from_query({name: [value]})
    assert shows_nothing(found)
    assert found == ChatFilter(unreadable=((name, (value,)),))


@pytest.mark.parametrize(
    "query",
    [
        {"cause": ["left_early", "newer"]},
        {"except": ["country"]},
        {"except": ["newer"], "country": ["JP"]},
        {"news": ["missed"]},
        {"since": ["2026-11-01T00:00:00"]},
        {"tag": ["a", ""]},
        {"tag": [str(n) for n in range(MOST_VALUES + 1)]},
        {"where": ['["all",["wait","more","60"],["newer","is","x"]]']},
        {"where": ['["all",["wait","more","60"]]', '["all",["wait","more","90"]]']},
        {"where": [to_text(Conditions("all", (Condition("wait", "filled"),) * (MOST_CONDITIONS + 1)))]},
    ],
    ids=str,
)
def test_a_part_that_cannot_be_read_takes_the_whole_with_it(query: dict[str, list[str]]):
    found = from_query(query)
    assert shows_nothing(found)
    assert from_query(to_query(found), private_part(found)) == found


@pytest.mark.parametrize("name", LINK_NAMES)
def test_a_parameter_without_a_value_is_as_if_it_were_not_there(name: str):
    assert from_query({name: []}) == EMPTY


@pytest.mark.parametrize("name", ["words", "Category", "first_day", "waited_longer_than_s", "__class__", "contry"])
def test_a_parameter_that_is_not_known_may_be_a_condition(name: str):
    assert from_query({name: ["missed"]}).unreadable == ((name, ("missed",)),)


@pytest.mark.parametrize("name", [*sorted(BESIDE), "utm_source", "fbclid"])
def test_what_says_nothing_of_which_chats_is_beside(name: str):
    assert from_query({name: ["missed"]}) == EMPTY


def test_what_is_chosen_anew_takes_the_place_of_what_could_not_be_read():
    found = from_query({"country": [""], "email": ["maybe"]})
    assert from_query(to_query(replace(found, country=("JP",)))) == ChatFilter(
        country=("JP",), unreadable=(("email", ("maybe",)),)
    )
