"""Conditions: what each operator means on real rows, in SQL, in words and in links."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats import facets
from lib.chats.chat import Chat
from lib.chats.clock import Clock
from lib.chats.columns import FIELDS
from lib.chats.counts import category_counts, loosened
from lib.chats.facets import offered_values
from lib.chats.filter.filter import EMPTY, ChatFilter, Condition, Conditions
from lib.chats.filter.link import from_query, from_text, private_part, to_query, to_text
from lib.chats.filter.matching import matching
from lib.chats.filter.operators import OPERATORS, operators_of
from lib.chats.filter.parts import active
from lib.chats.filter.sentence import sentence
from lib.chats.filter.times import _steps, local_time, span_start
from lib.chats.filter.validate import LONGEST_VALUE, MOST_CONDITIONS, MOST_VALUES, tidied, tidied_conditions
from lib.language import in_language
from tests.chats import plain_conditions
from tests.chats.plain_conditions import some_conditions
from tests.chats.test_against_a_plain_reading import CLOCKS, matching_ids, worlds
from tests.worlds import HOSTILE_TEXTS, NEW_YORK, NOW, TOKYO, chat, empty, insert

HOUR = timedelta(hours=1)


def one(field, operator, *values):
    return Condition(field, operator, values)


def every(*items):
    return Conditions("all", items)


def some(*items):
    return Conditions("any", items)


def names(store, item, clock=TOKYO):
    found = matching(store, ChatFilter(conditions=item if isinstance(item, Conditions) else every(item)), clock)
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
    (one("department", "is", "orders_50%"), FULL),
    (one("department", "is", "orders_5"), set()),
    (one("department", "not", "ORDERS_50%"), OTHER | BARE),
    (one("department", "any", "RETURNS", "x"), OTHER),
    (one("department", "none", "RETURNS", "x"), FULL | BARE),
    (one("department", "has", "S_5"), FULL),
    (one("department", "has", "%"), FULL),
    (one("department", "has", "r_t"), set()),
    (one("department", "lacks", "50%"), OTHER | BARE),
    (one("department", "begins", "or"), FULL),
    (one("department", "begins", "%"), set()),
    (one("department", "empty"), BARE),
    (one("department", "filled"), FULL | OTHER),
    (one("question", "empty"), OTHER | BARE),
    (one("question", "has", "parcel"), FULL),
    (one("visitor_name", "is", "äRGER"), FULL),
    (one("status", "is", "ongoing"), FULL),
    (one("status", "none", "ongoing", "missed"), OTHER | BARE),
    (one("country", "any", "jp", "DE"), FULL | OTHER),
    (one("country", "not", "JP"), OTHER | BARE),
    (one("tag", "is", "vip"), FULL),
    (one("tag", "not", "vip"), OTHER | BARE),
    (one("tag", "any", "vip2", "URGENT"), FULL | OTHER),
    (one("tag", "any", *map(str, range(20)), "URGENT"), FULL),
    (one("tag", "none", "urgent", "x"), OTHER | BARE),
    (one("tag", "none", *map(str, range(20)), "URGENT"), OTHER | BARE),
    (one("tag", "has", "ip2"), OTHER),
    (one("tag", "lacks", "ip2"), FULL | BARE),
    (one("tag", "begins", "UR"), FULL),
    (one("tag", "empty"), BARE),
    (one("tag", "filled"), FULL | OTHER),
    (one("operator", "is", "ben"), FULL),
    (one("supervisor", "filled"), FULL),
    (one("wait", "more", "120"), OTHER),
    (one("wait", "least", "120"), FULL | OTHER),
    (one("wait", "less", "120.5"), FULL),
    (one("wait", "most", "120.5"), FULL | OTHER),
    (one("wait", "between", "121", "120"), FULL | OTHER),
    (one("wait", "between", "121", "130"), set()),
    (one("wait", "empty"), BARE),
    (one("wait", "less", "9" * 400), FULL | OTHER),
    (one("rating", "is", "3"), FULL),
    (one("rating", "not", "3.0"), OTHER | BARE),
    (one("rating", "any", "5", "1"), OTHER),
    (one("rating", "none", "5"), FULL | BARE),
    (one("rating", "more", "3.5"), OTHER),
    (one("rating", "more", "-1"), FULL | OTHER),
    (one("messages", "is", "2"), FULL),
    (one("mails", "least", "1"), OTHER),
    (one("repeats", "more", "1"), FULL),
    (one("monitored", "yes"), FULL),
    (one("monitored", "no"), OTHER | BARE),
    (one("not_needed", "is", "spam"), FULL),
    (one("chat_id", "begins", "BA"), BARE),
    (one("start", "is", "2026-10-24"), OTHER),
    (one("start", "is", "2026-10-23"), set()),
    (one("start", "not", "2026-10-24"), FULL | BARE),
    (one("start", "before", "2026-10-25"), OTHER),
    (one("start", "before", "2026-10-24"), set()),
    (one("start", "after", "2026-10-24"), FULL),
    (one("start", "after", "2026-10-23"), FULL | OTHER),
    (one("start", "between", "2026-11-23", "2026-10-24"), FULL | OTHER),
    (one("start", "before", "9999-12-31"), FULL | OTHER),
    (one("start", "after", "0001-01-01"), FULL | OTHER),
    (one("start", "empty"), BARE),
    (one("start", "filled"), FULL | OTHER),
    (one("start", "weekday", "1"), FULL),
    (one("start", "weekday", "6", "7"), OTHER),
    (one("start", "hours", "11", "12"), FULL),
    (one("start", "hours", "23", "1"), OTHER),
    (one("start", "hours", "0", "24"), FULL | OTHER),
    (one("start", "worked"), FULL),
    (one("start", "unworked"), OTHER | BARE),
    (one("end", "last", "1", "hours"), FULL),
    (one("start", "last", "1", "days"), FULL),
    (one("contacted_at", "last", "29", "hours"), set()),
    (one("contacted_at", "last", "30", "hours"), FULL),
    (one("contacted_at", "last", "1", "days"), set()),
    (one("contacted_at", "last", "2", "days"), FULL),
    (one("start", "last", "4", "weeks"), FULL),
    (one("start", "last", "1", "months"), FULL | OTHER),
    (one("start", "last", "9" * 400, "months"), FULL | OTHER),
    (some(one("wait", "empty"), one("rating", "is", "5")), OTHER | BARE),
    (every(one("wait", "filled"), one("rating", "is", "5")), OTHER),
    (every(one("wait", "filled"), some(one("rating", "is", "3"), one("tag", "empty"))), FULL),
    (some(one("wait", "empty"), every(one("tag", "filled"), one("rating", "is", "3"))), FULL | BARE),
]


@pytest.mark.parametrize(
    ("item", "expected"), CASES, ids=lambda case: str(sorted(case) if isinstance(case, set) else case)[:60]
)
def test_a_condition_means(few, item, expected):
    assert names(few, item) == expected


def test_every_operator_is_among_the_cases():
    asked = {(FIELDS[item.field].kind, item.operator) for item, _expected in CASES if isinstance(item, Condition)}
    assert asked >= {(kind, code) for kind, codes in OPERATORS.items() for code in codes} - {
        ("choice", code) for code in OPERATORS["choice"]
    } - {("number", code) for code in OPERATORS["number"]} - {("duration", code) for code in OPERATORS["duration"]}


def test_the_clock_is_that_of_the_zone(few):
    assert names(few, one("start", "weekday", "7"), NEW_YORK) == FULL
    assert names(few, one("start", "hours", "21", "22"), NEW_YORK) == FULL
    assert names(few, one("start", "is", "2026-10-23"), NEW_YORK) == OTHER


def test_conditions_narrow_the_other_filters_and_can_be_taken_away(few):
    chosen = ChatFilter(category="ongoing", conditions=every(one("country", "is", "DE")))
    assert category_counts(few, chosen, TOKYO)["ongoing"] == 0
    assert loosened(few, chosen, TOKYO) == {"conditions": 1}


def test_the_store_answers_like_a_plain_reading(workbench, kind, share):
    @settings(max_examples=share(10 if kind == "lake" else 60), deadline=None, database=None)
    @given(world=worlds, asked=st.lists(st.tuples(some_conditions, CLOCKS), min_size=6, max_size=9))
    def check(world, asked):
        empty(workbench)
        insert(workbench, world)
        for conditions, clock in asked:
            expected = {e["id"] for e in world if not e["deleted_at"] and plain_conditions.holds(e, conditions, clock)}
            assert matching_ids(workbench, ChatFilter(conditions=conditions), clock) == expected

    check()


def test_the_plain_reading_knows_every_field():
    for field in FIELDS:
        plain_conditions.value_of(chat(), field)


@pytest.mark.parametrize("field", [code for code, field in FIELDS.items() if field.kind in ("text", "list")])
@pytest.mark.parametrize("operator", ["is", "any", "has", "begins"])
def test_each_hostile_value_finds_its_own_chat(hostile, field, operator):
    held = {"department", "website", "channel", "visitor_name", "visitor_email", "visitor_phone", "visitor_id"}
    if field not in held | {"question", "comment", "tag", "operator"}:
        assert names(hostile, one(field, operator, "'; DROP TABLE chats; --")) == set()
        return
    for n, text in enumerate(HOSTILE_TEXTS):
        if len(text) <= LONGEST_VALUE:
            found = names(hostile, one(field, operator, text))
            assert f"hostile {n}" in found
            assert operator in ("has", "begins") or found == {f"hostile {n}"}


@pytest.mark.parametrize("field", ["department", "tag", "country", "rating"])
def test_ten_thousand_values(few, field):
    wanted = {"department": "returns", "tag": "vip2", "country": "DE", "rating": "5"}[field]
    values = (wanted, *(str(n) for n in range(101, 100 + MOST_VALUES)))
    wide = ChatFilter(conditions=every(Condition(field, "any", values)))
    chosen = from_query(to_query(wide), private_part(wide))
    assert len(chosen.conditions.items[0].values) == MOST_VALUES
    assert names(few, chosen.conditions) == OTHER
    assert names(few, every(Condition(field, "none", values))) == FULL | BARE


def test_as_many_rules_as_there_may_be(few):
    monday = one("start", "weekday", "1")
    found = tidied_conditions(every(*[some(*[monday] * 30)] * 30))
    assert found.size == MOST_CONDITIONS
    assert names(few, found) == FULL


# Links


@given(some_conditions)
@settings(deadline=None, max_examples=40)
def test_a_text_gives_the_rules_back(conditions):
    tidy = tidied_conditions(conditions)
    assert from_text(to_text(tidy)) == tidy
    chosen = ChatFilter(conditions=tidy)
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
    one("wait", "more", "long"),
    one("wait", "more", "-1"),
    one("wait", "more", "²"),
    one("wait", "more", "1e3"),
    one("wait", "more", "nan"),
    one("wait", "more", ""),
    one("wait", "more"),
    one("wait", "between", "1"),
    one("wait", "has", "1"),
    one("rating", "any", "x", ""),
    one("start", "before", "2026-02-30"),
    one("start", "before", "20260201"),
    one("start", "before", "2026-02-01T10:00"),
    one("start", "last", "0", "days"),
    one("start", "last", "1.5", "days"),
    one("start", "last", "1", "years"),
    one("start", "last", "1"),
    one("start", "weekday", "8"),
    one("start", "hours", "9", "9"),
    one("start", "hours", "24", "9"),
    one("start", "hours", "9", "25"),
    one("start", "hours", "9"),
    one("status", "is", "deleted"),
    one("cause", "any", "x"),
    one("question", "has", ""),
    one("question", "has", "\ud800"),
    one("question", "like", "x"),
    one("deleted_at", "empty"),
    one("id); DROP TABLE chats; --", "is", "x"),
    one("__class__", "is", "x"),
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda item: str(item)[:60])
def test_nonsense_in_a_link_makes_all_of_its_conditions_unreadable(few, nonsense):
    assert from_text(to_text(every(nonsense))) is None
    assert from_text(to_text(every(nonsense, some(nonsense), one("wait", "filled")))) is None
    assert from_text(to_text(some(some(nonsense), one("wait", "filled")))) is None
    found = from_query({"where": [to_text(every(nonsense, one("wait", "filled")))]})
    assert category_counts(few, found, TOKYO)["all"] == 0
    assert from_query(to_query(found), private_part(found)) == found


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda item: str(item)[:60])
def test_a_row_of_the_dialog_that_makes_no_sense_yet_is_as_if_it_were_not_there(few, nonsense):
    assert tidied(nonsense) is None
    assert names(few, every(nonsense)) == FULL | OTHER | BARE
    beside = every(nonsense, some(nonsense), one("wait", "filled"))
    assert tidied_conditions(beside) == every(one("wait", "filled"))
    assert names(few, beside) == FULL | OTHER
    assert active(ChatFilter(conditions=every(nonsense))) == []


@pytest.mark.parametrize(
    "partly",
    [
        one("rating", "any", "x", "1"),
        one("wait", "empty", "x"),
        one("wait", "between", "9", "10", "11"),
        one("start", "weekday", "5", "x"),
        one("wait", "more", "9", "10"),
        one("status", "any", "missed", "newer"),
    ],
    ids=str,
)
def test_a_condition_that_can_be_read_in_part_is_not_read(partly):
    assert from_text(to_text(every(partly))) is None


def test_codes_are_read_in_any_case():
    assert from_text(to_text(every(one("status", "is", "Missed")))) == every(one("status", "is", "missed"))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "1", '["all"]', '["none",["wait","empty"]]', "[" * 9999, '["all",["wait"]]', "NaN"]
)
def test_a_text_that_is_none(text):
    assert from_text(text) is None


def test_there_is_one_level_of_groups():
    deep = every(some(every(one("wait", "empty")), one("wait", "filled")))
    assert from_text(to_text(deep)) is None


def test_values_that_make_sense_stay():
    assert tidied(one("rating", "any", "x", "1", "1")) == one("rating", "any", "1")
    assert tidied(one("wait", "empty", "x")) == one("wait", "empty")
    assert tidied(one("wait", "between", "9", "10", "11")) == one("wait", "between", "9", "10")
    assert tidied(one("wait", "between", "10", "9")) == one("wait", "between", "9", "10")
    assert tidied(one("start", "weekday", "5", "1", "x", "5")) == one("start", "weekday", "1", "5")


@pytest.mark.parametrize("field", sorted(code for code, field in FIELDS.items() if field.personal))
def test_values_that_may_name_a_person_stand_in_no_link(field):
    chosen = ChatFilter(conditions=every(one("wait", "empty"), some(one(field, "is", "Rin"))))
    assert to_query(chosen) == {}
    assert from_query({}, private_part(chosen)) == chosen
    without_value = ChatFilter(conditions=every(one(field, "empty")))
    assert private_part(without_value) == ""
    assert from_query(to_query(without_value)) == without_value


def test_other_values_stand_in_the_link_itself():
    assert to_query(ChatFilter(conditions=every(one("wait", "more", "120"), some(one("country", "is", "JP"))))) == {
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

JAPAN_OR_UNRATED = every(one("wait", "more", "120"), some(one("country", "is", "JP"), one("rating", "empty")))
TOLD = [
    (
        JAPAN_OR_UNRATED,
        "All chats where wait is over 2 min and (country is Japan or rating is empty)",
        "すべてのチャット（待ち時間が2分超、かつ（国が日本、または評価が空））",
    ),
]


@pytest.mark.parametrize(("conditions", "english", "japanese"), TOLD)
def test_conditions_in_words(conditions, english, japanese):
    for language, expected in (("en", english), ("ja", japanese)):
        with in_language(language):
            assert sentence(ChatFilter(conditions=conditions), TOKYO) == expected


ENGLISH = [
    (one("department", "is", "Orders"), "department is “Orders”"),
    (one("tag", "none", "a", "b"), "tag is none of “a”, “b”"),
    (
        one("tag", "any", *map(str, range(12))),
        "tag is any of “0”, “1”, “2”, “3”, “4”, “5”, “6”, “7”, “8”, “9” and 2 more",
    ),
    (one("tag", "none", "a"), "tag is not “a”"),
    (one("question", "has", "x" * 100), f"question contains “{'x' * 79}…”"),
    (one("question", "has", "x" * 78 + "👨‍👩‍👧" * 9), f"question contains “{'x' * 78}…”"),
    (one("visitor_ip", "begins", "10."), "visitor's IP address begins with “10.”"),
    (one("language", "not", "ja"), "language is not Japanese"),
    (one("status", "any", "missed", "reopened"), "status is any of Missed, Reopened"),
    (one("wait", "between", "90", "60"), "wait is from 1 min to 1 min 30 s"),
    (one("messages", "most", "1200"), "number of messages is at most 1,200"),
    (one("start", "last", "1", "days"), "start is in the last 1 day"),
    (one("start", "last", "3", "months"), "start is in the last 3 months"),
    (one("start", "after", "2026-11-01"), "start is after 1 Nov 2026"),
    (one("start", "between", "2026-11-02", "2026-11-01"), "start is from 1 Nov 2026 to 2 Nov 2026"),
    (one("start", "weekday", "7", "1"), "the weekday of start is any of Monday, Sunday"),
    (one("start", "hours", "22", "6"), "the time of day of start is from 22:00 to 06:00"),
    (one("monitored", "no"), "monitored: no"),
    (every(some(one("wait", "empty")), one("tag", "empty")), "wait is empty and tag is empty"),
    (
        some(every(one("wait", "empty"), one("tag", "empty")), every(one("end", "empty"), one("due", "empty"))),
        "(wait is empty and tag is empty) or (end is empty and due time is empty)",
    ),
]


@pytest.mark.parametrize(("item", "expected"), ENGLISH, ids=lambda case: str(case)[:40])
def test_each_operator_in_words(item, expected):
    conditions = item if isinstance(item, Conditions) else every(item)
    with in_language("en"):
        assert sentence(ChatFilter(conditions=conditions), TOKYO) == f"All chats where {expected}"


@given(some_conditions)
@settings(deadline=None, max_examples=30)
def test_all_that_can_be_asked_can_be_told(conditions):
    for language in ("en", "ja"):
        with in_language(language):
            told = sentence(ChatFilter(conditions=conditions), TOKYO)
            assert "{" not in told
            assert told != sentence(EMPTY, TOKYO)


@pytest.mark.parametrize("text", [text for text in HOSTILE_TEXTS if len(text) < 80])
def test_values_are_told_as_they_are(text):
    with in_language("en"):
        assert f"“{text}”" in sentence(ChatFilter(conditions=every(one("tag", "any", text, "x"))), TOKYO)


# Fields


def test_every_column_of_a_chat_has_a_field():
    asked = " ".join(field.sql for field in FIELDS.values())
    inner = {
        "id",
        "ordinal",
        "status_derived",
        "given_status",
        "given_wait_s",
        "messages_there",
        "operator",
        "unknown_fields",
        "deleted_at",
    }
    ours = {"came_back_chat", "recovered_chat", "not_needed_text", "follow_up_version"}
    assert {name for name in Chat.__dataclass_fields__ if name not in asked} <= inner | ours
    assert not {"deleted_at", "import_id"} & set(asked.split())


def test_names_of_fields_are_told_apart():
    for language in ("en", "ja"):
        with in_language(language):
            asked = [Condition(code, next(iter(operators_of(code))), values_for(code)) for code in FIELDS]
            shown = [sentence(ChatFilter(conditions=every(item)), TOKYO) for item in asked]
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


def test_of_many_values_the_most_frequent_are_offered(store, monkeypatch):
    monkeypatch.setattr(facets, "MOST_OFFERED", 2)
    insert(store, [chat(department=name, tags=[name, "x"]) for name in "aabcc"])
    insert(store, [chat(department="b", tags=["b"], deleted_at=NOW) for _ in range(3)])
    assert offered_values(store, "department") == ["a", "c"]
    assert offered_values(store, "tag") == ["a", "x"]


def test_rules_are_taken_away_like_any_other_field():
    chosen = ChatFilter(conditions=JAPAN_OR_UNRATED)
    assert not chosen.is_empty
    assert replace(chosen, words="x").without("conditions") == ChatFilter(words="x")
