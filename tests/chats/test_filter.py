"""Which chats a filter means, over the world `sample_like`; a chat is named after what is special in it."""

from dataclasses import replace
from datetime import date

import pytest

from lib.chats.counts import category_counts
from lib.chats.filter.filter import EMPTY, NO_VALUE, ChatFilter
from lib.chats.filter.matching import matching
from tests.worlds import HOSTILE_TEXTS, ROUTINE, TOKYO, sample_like

ALL = {chat["vendor_id"] for chat in sample_like() if not chat["deleted_at"]}
MISSED = {"missed", "missed, watched", "answered", "mail failed", "waited 600"}
RUNNING = {"ongoing", "monitored"}
SERVED = {*RUNNING, "reopened", *ROUTINE}
WITH_EMAIL = {*ROUTINE, "from Wakanda", "answered", "mail failed"}


def names(store, chosen, clock=TOKYO):
    found = matching(store, chosen, clock)
    return {row["vendor_id"] for row in store.read(found.select("vendor_id"), found.params, found.tables)}


CASES = [
    (EMPTY, ALL),
    (ChatFilter(category="ongoing"), RUNNING),
    (ChatFilter(category="monitored"), {"monitored"}),
    (ChatFilter(category="missed"), MISSED),
    (ChatFilter(category="reopened"), {"reopened"}),
    (ChatFilter(category="completed"), ALL - MISSED - RUNNING - {"reopened"}),
    (ChatFilter(period="unknown"), {"no start"}),
    (ChatFilter(period="today"), RUNNING),
    (ChatFilter(period="custom", first_day=date(2026, 11, 23)), RUNNING),
    (ChatFilter(period="custom", last_day=date(2026, 10, 20)), {f"routine-{n:02}" for n in range(32, 36)}),
    (ChatFilter(period="custom", first_day=date(2026, 10, 19), last_day=date(2026, 10, 19)), {"routine-33"}),
    (ChatFilter(period="custom", first_day=date(2026, 11, 23), last_day=date(2026, 11, 22)), set()),
    (ChatFilter(period="custom"), ALL),
    (ChatFilter(first_day=date(2026, 11, 23)), ALL),
    (ChatFilter(operator=("Routine",)), ROUTINE),
    (ChatFilter(operator=("Aoi",)), {*RUNNING, "reopened"}),
    (ChatFilter(operator=("Ben", "Routine")), {"reopened", *ROUTINE}),
    (ChatFilter(operator=(NO_VALUE,)), ALL - SERVED),
    (ChatFilter(operator=(NO_VALUE, "Ben")), ALL - SERVED | {"reopened"}),
    (ChatFilter(operator=("aoi",)), set()),
    (ChatFilter(department=("Returns",)), {"from Japan"}),
    (ChatFilter(department=("Returns", "Orders")), {"from Japan", *ROUTINE}),
    (ChatFilter(department=(NO_VALUE,)), ALL - ROUTINE - {"from Japan"}),
    (ChatFilter(website=("b.example.com",)), {"missed, watched"}),
    (ChatFilter(website=(NO_VALUE,)), ALL - ROUTINE - {"missed, watched"}),
    (ChatFilter(channel=("line",)), {"from Wakanda"}),
    (ChatFilter(channel=("line", NO_VALUE)), ALL - ROUTINE),
    (ChatFilter(country=("JP",)), {"from Japan"}),
    (ChatFilter(country=("JP", "Wakanda")), {"from Japan", "from Wakanda"}),
    (ChatFilter(country=(NO_VALUE,)), ALL - ROUTINE - {"from Japan", "from Wakanda"}),
    (ChatFilter(rating=("5",)), {"rated 5"}),
    (ChatFilter(rating=("1", "5")), {"rated 5", "reopened"}),
    (ChatFilter(rating=(NO_VALUE,)), ALL - ROUTINE - {"rated 5", "reopened"}),
    (ChatFilter(rating=(NO_VALUE, "3")), ALL - {"rated 5", "reopened"}),
    (ChatFilter(tag=("vip",)), {"reopened", "no start"}),
    (ChatFilter(tag=("urgent", "order")), {"reopened", *ROUTINE}),
    (ChatFilter(tag=(NO_VALUE,)), ALL - ROUTINE - {"reopened", "no start"}),
    (ChatFilter(waited_longer_than_s=60), {"waited 61", "waited 600"}),
    (ChatFilter(waited_longer_than_s=0), {"ongoing", "waited 60", "waited 61", "waited 600", *ROUTINE}),
    (ChatFilter(waited_longer_than_s=600), set()),
    (ChatFilter(waited_longer_than_s=10**40), set()),
    (ChatFilter(email="yes"), WITH_EMAIL),
    (ChatFilter(email="no"), ALL - WITH_EMAIL),
    (ChatFilter(reply="yes"), {"answered"}),
    (ChatFilter(reply="no"), ALL - {"answered"}),
    (ChatFilter(words="   "), ALL),
    (ChatFilter(category="missed", reply="no", email="yes"), {"mail failed"}),
    (ChatFilter(category="missed", waited_longer_than_s=60, period="yesterday"), {"waited 600"}),
    (ChatFilter(category="monitored", operator=("Ben",)), set()),
    (ChatFilter(tag=("vip",), rating=("1",), operator=("Aoi",), category="reopened"), {"reopened"}),
    (ChatFilter(tag=("vip",), period="unknown"), {"no start"}),
    (ChatFilter(words="parcel", country=("DE",), period="custom", last_day=date(2026, 10, 17)), {"routine-35"}),
    (ChatFilter(country=("JP",), words="返金", department=("Returns",)), {"from Japan"}),
    (ChatFilter(country=("DE",), words="返金"), set()),
]


@pytest.mark.parametrize(("chosen", "expected"), CASES)
def test_a_filter_means(sample_like, chosen, expected):
    assert names(sample_like, chosen) == expected


@pytest.mark.parametrize("rating", ["", "x", "-1", "0", "6", "3.0", " 3", "²", "1e0", "9" * 40, "9" * 5000, "NULL"])
def test_a_rating_that_is_none_matches_nothing_and_spoils_nothing(sample_like, rating):
    assert names(sample_like, ChatFilter(rating=(rating,))) == set()
    assert names(sample_like, ChatFilter(rating=(rating, "5"))) == {"rated 5"}


@pytest.mark.parametrize("field", ["operator", "department", "website", "channel", "country", "tag"])
def test_each_hostile_value_finds_its_own_chat(hostile, field):
    for n, text in enumerate(HOSTILE_TEXTS):
        assert names(hostile, replace(EMPTY, **{field: (text,)})) == {f"hostile {n}"}


@pytest.mark.parametrize("field", ["operator", "department", "tag", "rating"])
def test_ten_thousand_values(sample_like, field):
    wanted = {"operator": "Ben", "department": "Returns", "tag": "urgent", "rating": "5"}[field]
    values = (*(f"value {n}" for n in range(10_000)), wanted)
    chosen = replace(EMPTY, **{field: values})
    assert names(sample_like, chosen) == names(sample_like, replace(EMPTY, **{field: (wanted,)}))


def test_the_tabs_count_what_the_filter_leaves(sample_like):
    assert category_counts(sample_like, ChatFilter(operator=("Aoi",)), TOKYO) == {
        "all": 3,
        "ongoing": 2,
        "missed": 0,
        "reopened": 1,
        "completed": 0,
        "monitored": 1,
    }


def test_the_tabs_count_the_same_whichever_is_open(sample_like):
    expected = category_counts(sample_like, EMPTY, TOKYO)
    assert expected["all"] == len(ALL)
    assert category_counts(sample_like, ChatFilter(category="missed"), TOKYO) == expected


def test_an_empty_store_has_no_chats(store):
    assert names(store, EMPTY) == set()
    assert set(category_counts(store, EMPTY, TOKYO).values()) == {0}


@pytest.mark.parametrize(
    ("chosen", "is_empty"),
    [
        (EMPTY, True),
        (ChatFilter(category="missed"), True),
        (ChatFilter(words="x"), False),
        (ChatFilter(waited_longer_than_s=0), False),
        (ChatFilter(period="unknown"), False),
    ],
)
def test_the_category_alone_is_no_filter(chosen, is_empty):
    assert chosen.is_empty is is_empty


def test_without_takes_away_the_named_fields_only():
    chosen = ChatFilter(category="missed", words="x", tag=("vip",))
    assert chosen.without("words", "category") == ChatFilter(tag=("vip",))
