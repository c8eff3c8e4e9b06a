"""Conditions: what each operator means on real rows, in SQL, in words and in links."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.chat import Chat
from lib.chats.clock import Clock
from lib.chats.counts import category_counts, loosened
from lib.chats.facets import offered_values
from lib.chats.filter.conditions import active, sentence
from lib.chats.filter.fields import FIELDS, PERSONAL
from lib.chats.filter.filter import EMPTY, ChatFilter, Rule, Rules
from lib.chats.filter.link import from_query, from_text, private_part, to_query, to_text
from lib.chats.filter.matching import matching
from lib.chats.filter.operators import OPERATORS, operators_of
from lib.chats.filter.times import _steps, local_time, span_start
from lib.chats.filter.validate import LONGEST_VALUE, MOST_RULES, MOST_VALUES, tidied, tidied_rules
from lib.language import in_language
from tests.chats import plain_rules
from tests.chats.plain_rules import some_rules
from tests.chats.test_against_a_plain_reading import CLOCKS, matching_ids, worlds
from tests.worlds import HOSTILE_TEXTS, NEW_YORK, NOW, TOKYO, chat, empty, insert

HOUR = timedelta(hours=1)


def rule(field, operator, *values):
    return Rule(field, operator, values)


def every(*items):
    return Rules("all", items)


def some(*items):
    return Rules("any", items)


def names(store, item, clock=TOKYO):
    found = matching(store, ChatFilter(rules=item if isinstance(item, Rules) else every(item)), clock)
    return {row["vendor_id"] for row in store.read(found.select("vendor_id"), found.params, found.tables)}


@pytest.fixture(scope="module")
def few(kind, kept_store):
    """Three chats: one with a value everywhere, one with others, and one that has none."""
    return kept_store("few", kind, few_chats)


def few_chats():
    return [
        chat(
            "full",
            status="ongoing",
            supervisors=["Ms Boss"],
            operator="Aoi Kato",
            operators=["Aoi Kato", "Ben"],
            started_at=NOW - HOUR,  # Monday, 11:00 in Tokyo, and Sunday, 21:00 in New York
            ended_at=NOW,
            wait_s=120.0,
            rating=3,
            department="Orders_50%",
            question="Where is my PARCEL?",
            tags=["VIP", "urgent"],
            visitor_country="JP",
            visitor_name="Ärger",
            messages=["Hello", "there"],
            contacted_at=NOW - 30 * HOUR,
            not_needed="spam",
            missed_repeats=2,
        ),
        chat(
            "other",
            operator="Cem",
            started_at=datetime(2026, 10, 23, 15),  # Saturday, 24 October, 00:00 in Tokyo
            wait_s=120.5,
            rating=5,
            department="Returns",
            question="",
            tags=["vip2"],
            visitor_country="DE",
            messages=["Hello"],
            replies=["sent"],
        ),
        chat("bare", started_at=None),
    ]


FULL, OTHER, BARE = {"full"}, {"other"}, {"bare"}
CASES = [
    (rule("department", "is", "orders_50%"), FULL),
    (rule("department", "is", "orders_5"), set()),
    (rule("department", "not", "ORDERS_50%"), OTHER | BARE),
    (rule("department", "any", "RETURNS", "x"), OTHER),
    (rule("department", "none", "RETURNS", "x"), FULL | BARE),
    (rule("department", "has", "S_5"), FULL),
    (rule("department", "has", "%"), FULL),
    (rule("department", "has", "r_t"), set()),
    (rule("department", "lacks", "50%"), OTHER | BARE),
    (rule("department", "begins", "or"), FULL),
    (rule("department", "begins", "%"), set()),
    (rule("department", "empty"), BARE),
    (rule("department", "filled"), FULL | OTHER),
    (rule("question", "empty"), OTHER | BARE),
    (rule("question", "has", "parcel"), FULL),
    (rule("visitor_name", "is", "äRGER"), FULL),
    (rule("status", "is", "ongoing"), FULL),
    (rule("status", "none", "ongoing", "missed"), OTHER | BARE),
    (rule("country", "any", "jp", "DE"), FULL | OTHER),
    (rule("country", "not", "JP"), OTHER | BARE),
    (rule("tag", "is", "vip"), FULL),
    (rule("tag", "not", "vip"), OTHER | BARE),
    (rule("tag", "any", "vip2", "URGENT"), FULL | OTHER),
    (rule("tag", "any", *map(str, range(20)), "URGENT"), FULL),
    (rule("tag", "none", "urgent", "x"), OTHER | BARE),
    (rule("tag", "none", *map(str, range(20)), "URGENT"), OTHER | BARE),
    (rule("tag", "has", "ip2"), OTHER),
    (rule("tag", "lacks", "ip2"), FULL | BARE),
    (rule("tag", "begins", "UR"), FULL),
    (rule("tag", "empty"), BARE),
    (rule("tag", "filled"), FULL | OTHER),
    (rule("operator", "is", "ben"), FULL),
    (rule("supervisor", "filled"), FULL),
    (rule("wait", "more", "120"), OTHER),
    (rule("wait", "least", "120"), FULL | OTHER),
    (rule("wait", "less", "120.5"), FULL),
    (rule("wait", "most", "120.5"), FULL | OTHER),
    (rule("wait", "between", "121", "120"), FULL | OTHER),
    (rule("wait", "between", "121", "130"), set()),
    (rule("wait", "empty"), BARE),
    (rule("wait", "less", "9" * 400), FULL | OTHER),
    (rule("rating", "is", "3"), FULL),
    (rule("rating", "not", "3.0"), OTHER | BARE),
    (rule("rating", "any", "5", "1"), OTHER),
    (rule("rating", "none", "5"), FULL | BARE),
    (rule("rating", "more", "3.5"), OTHER),
    (rule("rating", "more", "-1"), FULL | OTHER),
    (rule("messages", "is", "2"), FULL),
    (rule("mails", "least", "1"), OTHER),
    (rule("repeats", "more", "1"), FULL),
    (rule("monitored", "yes"), FULL),
    (rule("monitored", "no"), OTHER | BARE),
    (rule("not_needed", "is", "spam"), FULL),
    (rule("chat_id", "begins", "BA"), BARE),
    (rule("start", "is", "2026-10-24"), OTHER),
    (rule("start", "is", "2026-10-23"), set()),
    (rule("start", "not", "2026-10-24"), FULL | BARE),
    (rule("start", "before", "2026-10-25"), OTHER),
    (rule("start", "before", "2026-10-24"), set()),
    (rule("start", "after", "2026-10-24"), FULL),
    (rule("start", "after", "2026-10-23"), FULL | OTHER),
    (rule("start", "between", "2026-11-23", "2026-10-24"), FULL | OTHER),
    (rule("start", "before", "9999-12-31"), FULL | OTHER),
    (rule("start", "after", "0001-01-01"), FULL | OTHER),
    (rule("start", "empty"), BARE),
    (rule("start", "filled"), FULL | OTHER),
    (rule("start", "weekday", "1"), FULL),
    (rule("start", "weekday", "6", "7"), OTHER),
    (rule("start", "hours", "11", "12"), FULL),
    (rule("start", "hours", "23", "1"), OTHER),
    (rule("start", "hours", "0", "24"), FULL | OTHER),
    (rule("end", "last", "1", "hours"), FULL),
    (rule("start", "last", "1", "days"), FULL),
    (rule("contacted_at", "last", "29", "hours"), set()),
    (rule("contacted_at", "last", "30", "hours"), FULL),
    (rule("contacted_at", "last", "1", "days"), set()),
    (rule("contacted_at", "last", "2", "days"), FULL),
    (rule("start", "last", "4", "weeks"), FULL),
    (rule("start", "last", "1", "months"), FULL | OTHER),
    (rule("start", "last", "9" * 400, "months"), FULL | OTHER),
    (some(rule("wait", "empty"), rule("rating", "is", "5")), OTHER | BARE),
    (every(rule("wait", "filled"), rule("rating", "is", "5")), OTHER),
    (every(rule("wait", "filled"), some(rule("rating", "is", "3"), rule("tag", "empty"))), FULL),
    (some(rule("wait", "empty"), every(rule("tag", "filled"), rule("rating", "is", "3"))), FULL | BARE),
]


@pytest.mark.parametrize(
    ("item", "expected"), CASES, ids=lambda case: str(sorted(case) if isinstance(case, set) else case)[:60]
)
def test_a_condition_means(few, item, expected):
    assert names(few, item) == expected


def test_every_operator_is_among_the_cases():
    asked = {(FIELDS[item.field].kind, item.operator) for item, _expected in CASES if isinstance(item, Rule)}
    assert asked >= {(kind, code) for kind, codes in OPERATORS.items() for code in codes} - {
        ("choice", code) for code in OPERATORS["choice"]
    } - {("number", code) for code in OPERATORS["number"]} - {("duration", code) for code in OPERATORS["duration"]}


def test_the_clock_is_that_of_the_zone(few):
    assert names(few, rule("start", "weekday", "7"), NEW_YORK) == FULL
    assert names(few, rule("start", "hours", "21", "22"), NEW_YORK) == FULL
    assert names(few, rule("start", "is", "2026-10-23"), NEW_YORK) == OTHER


def test_conditions_narrow_the_other_filters_and_can_be_taken_away(few):
    chosen = ChatFilter(category="ongoing", rules=every(rule("country", "is", "DE")))
    assert category_counts(few, chosen, TOKYO)["ongoing"] == 0
    assert loosened(few, chosen, TOKYO) == {"rules": 1}


def test_the_store_answers_like_a_plain_reading(workbench, kind, share):
    @settings(max_examples=share(10 if kind == "lake" else 60), deadline=None, database=None)
    @given(world=worlds, asked=st.lists(st.tuples(some_rules, CLOCKS), min_size=6, max_size=9))
    def check(world, asked):
        empty(workbench)
        insert(workbench, world)
        for rules, clock in asked:
            expected = {e["id"] for e in world if not e["deleted_at"] and plain_rules.holds(e, rules, clock)}
            assert matching_ids(workbench, ChatFilter(rules=rules), clock) == expected

    check()


@pytest.mark.parametrize("field", [code for code, field in FIELDS.items() if field.kind in ("text", "list")])
@pytest.mark.parametrize("operator", ["is", "any", "has", "begins"])
def test_each_hostile_value_finds_its_own_chat(hostile, field, operator):
    held = {"department", "website", "channel", "visitor_name", "visitor_email", "visitor_phone", "visitor_id"}
    if field not in held | {"question", "comment", "tag", "operator"}:
        assert names(hostile, rule(field, operator, "'; DROP TABLE chats; --")) == set()
        return
    for n, text in enumerate(HOSTILE_TEXTS):
        if len(text) <= LONGEST_VALUE:
            found = names(hostile, rule(field, operator, text))
            assert f"hostile {n}" in found
            assert operator in ("has", "begins") or found == {f"hostile {n}"}


@pytest.mark.parametrize("field", ["department", "tag", "country", "rating"])
def test_ten_thousand_values(few, field):
    wanted = {"department": "returns", "tag": "vip2", "country": "DE", "rating": "5"}[field]
    values = (wanted, *(str(n) for n in range(101, 100 + MOST_VALUES)))
    wide = ChatFilter(rules=every(Rule(field, "any", values)))
    chosen = from_query(to_query(wide), private_part(wide))
    assert len(chosen.rules.items[0].values) == MOST_VALUES
    assert names(few, chosen.rules) == OTHER
    assert names(few, every(Rule(field, "none", values))) == FULL | BARE


def test_as_many_rules_as_there_may_be(few):
    one = rule("start", "weekday", "1")
    found = tidied_rules(every(*[some(*[one] * 30)] * 30))
    assert found.size == MOST_RULES
    assert names(few, found) == FULL


# Links


@given(some_rules)
@settings(deadline=None, max_examples=40)
def test_a_text_gives_the_rules_back(rules):
    tidy = tidied_rules(rules)
    assert from_text(to_text(tidy)) == tidy
    chosen = ChatFilter(rules=tidy)
    assert from_query(to_query(chosen), private_part(chosen)) == chosen


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["all", "any", "wait", "more"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=12,
)


@given(st.text(max_size=30) | anything.map(json.dumps))
@settings(deadline=None)
def test_any_text_means_rules_or_nothing(text):
    found = from_text(text)
    assert found is None or from_text(to_text(found)) == found


NONSENSE = [
    rule("wait", "more", "long"),
    rule("wait", "more", "-1"),
    rule("wait", "more", "²"),
    rule("wait", "more", "1e3"),
    rule("wait", "more", "nan"),
    rule("wait", "more", ""),
    rule("wait", "more"),
    rule("wait", "between", "1"),
    rule("wait", "has", "1"),
    rule("rating", "any", "x", ""),
    rule("start", "before", "2026-02-30"),
    rule("start", "before", "20260201"),
    rule("start", "before", "2026-02-01T10:00"),
    rule("start", "last", "0", "days"),
    rule("start", "last", "1.5", "days"),
    rule("start", "last", "1", "years"),
    rule("start", "last", "1"),
    rule("start", "weekday", "8"),
    rule("start", "hours", "9", "9"),
    rule("start", "hours", "24", "9"),
    rule("start", "hours", "9", "25"),
    rule("start", "hours", "9"),
    rule("status", "is", "deleted"),
    rule("cause", "any", "x"),
    rule("question", "has", ""),
    rule("question", "has", "\ud800"),
    rule("question", "like", "x"),
    rule("deleted_at", "empty"),
    rule("id); DROP TABLE chats; --", "is", "x"),
    rule("__class__", "is", "x"),
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda item: str(item)[:60])
def test_nonsense_in_a_link_makes_all_of_its_conditions_unreadable(few, nonsense):
    assert from_text(to_text(every(nonsense))) is None
    assert from_text(to_text(every(nonsense, some(nonsense), rule("wait", "filled")))) is None
    assert from_text(to_text(some(some(nonsense), rule("wait", "filled")))) is None
    found = from_query({"where": [to_text(every(nonsense, rule("wait", "filled")))]})
    assert category_counts(few, found, TOKYO)["all"] == 0
    assert from_query(to_query(found), private_part(found)) == found


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda item: str(item)[:60])
def test_a_row_of_the_dialog_that_makes_no_sense_yet_is_as_if_it_were_not_there(few, nonsense):
    assert tidied(nonsense) is None
    assert names(few, every(nonsense)) == FULL | OTHER | BARE
    beside = every(nonsense, some(nonsense), rule("wait", "filled"))
    assert tidied_rules(beside) == every(rule("wait", "filled"))
    assert names(few, beside) == FULL | OTHER
    assert active(ChatFilter(rules=every(nonsense)), TOKYO) == []


@pytest.mark.parametrize(
    "partly",
    [
        rule("rating", "any", "x", "1"),
        rule("wait", "empty", "x"),
        rule("wait", "between", "9", "10", "11"),
        rule("start", "weekday", "5", "x"),
        rule("wait", "more", "9", "10"),
        rule("status", "any", "missed", "newer"),
    ],
    ids=str,
)
def test_a_condition_that_can_be_read_in_part_is_not_read(partly):
    assert from_text(to_text(every(partly))) is None


def test_codes_are_read_in_any_case():
    assert from_text(to_text(every(rule("status", "is", "Missed")))) == every(rule("status", "is", "missed"))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "1", '["all"]', '["none",["wait","empty"]]', "[" * 9999, '["all",["wait"]]', "NaN"]
)
def test_a_text_that_is_none(text):
    assert from_text(text) is None


def test_there_is_one_level_of_groups():
    deep = every(some(every(rule("wait", "empty")), rule("wait", "filled")))
    assert from_text(to_text(deep)) is None


def test_values_that_make_sense_stay():
    assert tidied(rule("rating", "any", "x", "1", "1")) == rule("rating", "any", "1")
    assert tidied(rule("wait", "empty", "x")) == rule("wait", "empty")
    assert tidied(rule("wait", "between", "9", "10", "11")) == rule("wait", "between", "9", "10")
    assert tidied(rule("wait", "between", "10", "9")) == rule("wait", "between", "9", "10")
    assert tidied(rule("start", "weekday", "5", "1", "x", "5")) == rule("start", "weekday", "1", "5")


@pytest.mark.parametrize("field", sorted(PERSONAL))
def test_values_that_may_name_a_person_stand_in_no_link(field):
    chosen = ChatFilter(rules=every(rule("wait", "empty"), some(rule(field, "is", "Rin"))))
    assert to_query(chosen) == {}
    assert from_query({}, private_part(chosen)) == chosen
    without_value = ChatFilter(rules=every(rule(field, "empty")))
    assert private_part(without_value) == ""
    assert from_query(to_query(without_value)) == without_value


def test_other_values_stand_in_the_link_itself():
    assert to_query(ChatFilter(rules=every(rule("wait", "more", "120"), some(rule("country", "is", "JP"))))) == {
        "where": ['["all",["wait","more","120"],["any",["country","is","JP"]]]']
    }


# Times


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Tokyo", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Sao_Paulo"]
)
def test_the_wall_clock_in_sql_is_that_of_the_zone(workbench, zone):
    clock = Clock(NOW, zone)
    end, steps = _steps(zone, 2026)
    moments = [
        moment + timedelta(seconds=seconds)
        for moment in [end, *(begins for begins, _offset in steps), NOW, datetime(1999, 7, 1), datetime(2100, 7, 1)]
        for seconds in (-3600, -1, 0, 1, 3600)
    ]
    sql, params = local_time("moment", clock)
    rows = workbench.read(
        f"SELECT moment, {sql} AS local FROM (SELECT unnest($moments) AS moment)",
        params | {"moments": [*moments, None]},
    )
    for row in rows[:-1]:
        expected = row["moment"].replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert row["local"] == expected
    assert rows[-1] == {"moment": None, "local": None}


@pytest.mark.parametrize(
    ("today", "count", "first"),
    [
        (date(2026, 11, 23), 1, date(2026, 10, 24)),
        (date(2026, 3, 31), 1, date(2026, 3, 1)),
        (date(2026, 3, 30), 1, date(2026, 3, 1)),
        (date(2024, 3, 29), 1, date(2024, 3, 1)),
        (date(2026, 1, 15), 1, date(2025, 12, 16)),
        (date(2026, 1, 15), 13, date(2024, 12, 16)),
    ],
)
def test_months_are_those_of_the_calendar(today, count, first):
    clock = Clock(datetime.combine(today, datetime.min.time()), "UTC")
    assert span_start(count, "months", clock) == datetime.combine(first, datetime.min.time())


# Words

JAPAN_OR_UNRATED = every(rule("wait", "more", "120"), some(rule("country", "is", "JP"), rule("rating", "empty")))
TOLD = [
    (
        JAPAN_OR_UNRATED,
        "All chats where wait is over 2 min and (country is Japan or rating is empty)",
        "すべてのチャット（待ち時間が2分超、かつ（国が日本、または評価が空））",
    ),
]


@pytest.mark.parametrize(("rules", "english", "japanese"), TOLD)
def test_conditions_in_words(rules, english, japanese):
    for language, expected in (("en", english), ("ja", japanese)):
        with in_language(language):
            assert sentence(ChatFilter(rules=rules), TOKYO) == expected


ENGLISH = [
    (rule("department", "is", "Orders"), "department is “Orders”"),
    (rule("tag", "none", "a", "b"), "tag is none of “a”, “b”"),
    (
        rule("tag", "any", *map(str, range(12))),
        "tag is any of “0”, “1”, “2”, “3”, “4”, “5”, “6”, “7”, “8”, “9” and 2 more",
    ),
    (rule("tag", "none", "a"), "tag is not “a”"),
    (rule("question", "has", "x" * 100), f"question contains “{'x' * 79}…”"),
    (rule("visitor_ip", "begins", "10."), "visitor's IP address begins with “10.”"),
    (rule("language", "not", "ja"), "language is not Japanese"),
    (rule("status", "any", "missed", "reopened"), "status is any of Missed, Reopened"),
    (rule("wait", "between", "90", "60"), "wait is from 1 min to 1 min 30 s"),
    (rule("messages", "most", "1200"), "number of messages is at most 1,200"),
    (rule("start", "last", "1", "days"), "start is in the last 1 day"),
    (rule("start", "last", "3", "months"), "start is in the last 3 months"),
    (rule("start", "after", "2026-11-01"), "start is after 1 Nov 2026"),
    (rule("start", "between", "2026-11-02", "2026-11-01"), "start is from 1 Nov 2026 to 2 Nov 2026"),
    (rule("start", "weekday", "7", "1"), "the weekday of start is any of Monday, Sunday"),
    (rule("start", "hours", "22", "6"), "the time of day of start is from 22:00 to 06:00"),
    (rule("monitored", "no"), "monitored: no"),
    (every(some(rule("wait", "empty")), rule("tag", "empty")), "wait is empty and tag is empty"),
    (
        some(every(rule("wait", "empty"), rule("tag", "empty")), every(rule("end", "empty"), rule("due", "empty"))),
        "(wait is empty and tag is empty) or (end is empty and due time is empty)",
    ),
]


@pytest.mark.parametrize(("item", "expected"), ENGLISH, ids=lambda case: str(case)[:40])
def test_each_operator_in_words(item, expected):
    rules = item if isinstance(item, Rules) else every(item)
    with in_language("en"):
        assert sentence(ChatFilter(rules=rules), TOKYO) == f"All chats where {expected}"


@given(some_rules)
@settings(deadline=None, max_examples=30)
def test_all_that_can_be_asked_can_be_told(rules):
    for language in ("en", "ja"):
        with in_language(language):
            told = sentence(ChatFilter(rules=rules), TOKYO)
            assert "{" not in told
            assert told != sentence(EMPTY, TOKYO)


@pytest.mark.parametrize("text", [text for text in HOSTILE_TEXTS if len(text) < 80])
def test_values_are_told_as_they_are(text):
    with in_language("en"):
        assert f"“{text}”" in sentence(ChatFilter(rules=every(rule("tag", "any", text, "x"))), TOKYO)


# Fields


def test_every_column_of_a_chat_has_a_field():
    asked = " ".join(field.sql for field in FIELDS.values())
    inner = {"id", "ordinal", "status_derived", "given_status", "operator", "unknown_fields", "deleted_at"}
    ours = {"came_back_chat", "recovered_chat", "not_needed_text", "follow_up_version"}
    assert {name for name in Chat.__dataclass_fields__ if name not in asked} <= inner | ours
    assert not {"deleted_at", "import_id"} & set(asked.split())


def test_names_of_fields_are_told_apart():
    for language in ("en", "ja"):
        with in_language(language):
            asked = [Rule(code, next(iter(operators_of(code))), values_for(code)) for code in FIELDS]
            shown = [sentence(ChatFilter(rules=every(item)), TOKYO) for item in asked]
            assert len(set(shown)) == len(FIELDS)


def values_for(code):
    choices = FIELDS[code].choices
    return {"moment": ("1", "days"), "text": ("x",), "list": ("x",), "choice": (next(iter(choices or ["x"])),)}.get(
        FIELDS[code].kind, ("1",)
    )


def test_offered_values(few):
    assert offered_values(few, "tag") == ["VIP", "urgent", "vip2"]
    assert offered_values(few, "rating") == ["3", "5"]
    assert offered_values(few, "status") == ["ongoing", "missed", "reopened", "completed"]
    assert offered_values(few, "question") == []


def test_rules_are_taken_away_like_any_other_field():
    chosen = ChatFilter(rules=JAPAN_OR_UNRATED)
    assert not chosen.is_empty
    assert replace(chosen, words="x").without("rules") == ChatFilter(words="x")
