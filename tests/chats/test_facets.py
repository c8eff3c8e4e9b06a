"""The values of the filters' lists with their numbers of chats, and when chats started."""

from datetime import date, datetime, timedelta

import pytest

from lib.chats.counts import category_counts
from lib.chats.facets import MOST, facet, facets
from lib.chats.filter.filter import (
    EMPTY,
    LIST_FIELDS,
    LIST_NAMES,
    NO_VALUE,
    QUEUE_FIELDS,
    ChatFilter,
    as_chosen,
    as_stored,
)
from lib.chats.filter.matching import matching
from lib.chats.histogram import MOST_DAYS, days_of_all, histogram
from tests.worlds import HOSTILE_TEXTS, NEW_YORK, NOW, TOKYO, chat, insert, make_chat

DAY = timedelta(days=1)


def count(store, chosen):
    return category_counts(store, chosen, TOKYO)["all"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("operator", ["Routine", "Aoi", "Ben"]),
        ("website", ["shop.example.com", "b.example.com"]),
        ("country", ["DE", "JP", "Wakanda"]),
        ("rating", ["3", "1", "5"]),
        ("tag", ["order", "vip", "urgent"]),
    ],
)
def test_the_values_with_most_chats_come_first(sample_like, field, expected):
    assert [value for value in facet(sample_like, EMPTY, field, TOKYO).names if value != NO_VALUE] == expected


def test_values_count_under_all_other_filters_and_not_under_their_own(sample_like):
    chosen = ChatFilter(tag=("vip",), operator=("Aoi",), words="")
    found = facets(sample_like, chosen, ("tag", "operator", "rating"), TOKYO)
    assert dict(found["operator"].values) == {"Aoi": 1, "Ben": 1, NO_VALUE: 1}
    assert dict(found["tag"].values) == {"vip": 1, "urgent": 1, NO_VALUE: 2}
    assert dict(found["rating"].values) == {"1": 1, NO_VALUE: 0}
    assert [each.chats for each in found.values()] == [3, 2, 1] or found["rating"].chats == 1


def test_what_is_chosen_is_offered_though_no_chat_has_it(sample_like):
    found = facet(sample_like, ChatFilter(country=("ZZ", "JP"), category="ongoing"), "country", TOKYO)
    assert found.values == ((NO_VALUE, 2), ("ZZ", 0), ("JP", 0))


@pytest.mark.parametrize("field", ["department", "operator", "rating", "tag"])
def test_what_is_chosen_comes_before_no_value_where_no_chat_has_either(store, field):
    insert(store, [chat(department="3", operator="3", rating=3, tags=["3"])])
    assert facet(store, ChatFilter(**{field: ("5",)}), field, TOKYO).values == (("3", 1), ("5", 0), (NO_VALUE, 0))


def test_words_narrow_the_facets(sample_like):
    chosen = ChatFilter(words="lamp", operator=("Aoi",))
    found = facets(sample_like, chosen, ("operator", "tag"), TOKYO)
    assert (found["operator"].chats, found["tag"].chats) == (1, 0)


@pytest.mark.parametrize("field", [*LIST_FIELDS, *QUEUE_FIELDS])
def test_an_empty_store_offers_no_value_only(store, field):
    assert facet(store, EMPTY, field, TOKYO).values == ((NO_VALUE, 0),)


def test_hostile_values_are_offered_as_they_are_and_find_their_chats(hostile):
    names = facet(hostile, EMPTY, "tag", TOKYO).names
    assert set(names) == {*HOSTILE_TEXTS, NO_VALUE}
    for field in ("tag", "department", "operator", "country"):
        for text in HOSTILE_TEXTS:
            assert count(hostile, EMPTY.only(field, text)) == 1
            left_out = ChatFilter(**{field: (text,), "excluded": (field,)})
            assert count(hostile, left_out) == len(HOSTILE_TEXTS) - 1


def test_only_the_largest_values_are_offered_and_the_others_counted(store):
    insert(store, [chat(department=f"d{n:03}", tags=[f"t{n:03}", "all"]) for n in range(MOST + 40)])
    found = facets(store, ChatFilter(department=("d239", "gone")), ("department", "tag"), TOKYO)
    assert found["department"].others == 39
    assert len(found["department"].values) == MOST + 3
    assert {"d000", "d199", "d239", "gone", NO_VALUE} <= set(found["department"].names)
    assert "d238" not in found["department"].names
    assert found["department"].chats == MOST + 40
    every = facet(store, EMPTY, "tag", TOKYO)
    assert (every.values[0], every.others) == (("all", MOST + 40), 41)


@pytest.mark.parametrize("field", ["tag", "operator", "country", "rating"])
@pytest.mark.parametrize("excluded", [False, True])
def test_ten_thousand_values_in_one_filter(sample_like, field, excluded):
    real = {"tag": "vip", "operator": "Ben", "country": "JP", "rating": "5"}[field]
    many = (*(f"{n}'%_\\🎉\u202e" for n in range(9_999)), real)
    few = ChatFilter(**{field: (real,), "excluded": (field,) if excluded else ()})
    same = ChatFilter(**{field: many, "excluded": (field,) if excluded else ()})
    for chosen in (few, same):
        assert count(sample_like, chosen) == count(sample_like, few) > 0
    both = ChatFilter(**{field: (*many, NO_VALUE), "excluded": few.excluded})
    assert count(sample_like, both) == count(
        sample_like, ChatFilter(**{field: (real, NO_VALUE), "excluded": few.excluded})
    )
    assert facet(sample_like, same, field, TOKYO).chats == count(sample_like, EMPTY)


@pytest.mark.parametrize("stored", [None, "", "~", "~~", "~~~", "~x", "x~", "Japan"])
def test_no_value_is_another_than_a_tilde(stored):
    assert as_stored(as_chosen(stored)) == stored
    assert (as_chosen(stored) == NO_VALUE) == (stored is None)


def test_a_tilde_is_found_as_such(store):
    make_chat(store, "tilde", department="~")
    make_chat(store, "none")
    found = facet(store, EMPTY, "department", TOKYO)
    assert dict(found.values) == {"~~": 1, NO_VALUE: 1}
    assert len(store.read(*_query(store, ChatFilter(department=("~~",))))) == 1


def _query(store, chosen):
    found = matching(store, chosen, TOKYO)
    return found.select("id"), found.params


def test_leaving_nothing_out_means_nothing():
    assert ChatFilter(excluded=LIST_NAMES) == EMPTY
    chosen = ChatFilter(country=("JP",), tag=("vip",), excluded=("tag", "country"))
    assert chosen == ChatFilter(country=("JP",), tag=("vip",), excluded=("country", "tag"))
    assert chosen.without("country").excluded == ("tag",)
    assert chosen.only("country", "DE") == ChatFilter(country=("DE",), tag=("vip",), excluded=("tag",))


# When chats started


def started(store, *moments):
    insert(store, [chat(started_at=moment) for moment in moments])


@pytest.mark.parametrize(
    ("days", "unit"), [(1, "hour"), (3, "hour"), (4, "day"), (100, "day"), (101, "week"), (1051, "month")]
)
def test_the_bars_fit_the_length_of_the_range(store, days, unit):
    started(store, NOW, NOW - (days - 1) * DAY)
    found = histogram(store, EMPTY, TOKYO)
    assert found.unit == unit
    assert found.bars["chats"].sum() == 2
    assert len(found.bars) <= max(*MOST_DAYS.values(), 72)
    assert (found.last - found.first).days == days - 1


def test_days_are_those_of_the_zone_also_when_clocks_change(store):
    # In New York, 1 November 2026 has 25 hours.
    starts = [datetime(2026, 11, 1, 4), datetime(2026, 11, 2, 4, 59), datetime(2026, 11, 2, 5), datetime(2026, 11, 8)]
    started(store, *starts, None)
    found = histogram(store, EMPTY, NEW_YORK)
    by_day = {row.start.date(): row.chats for row in found.bars.itertuples() if row.chats}
    assert by_day == {date(2026, 11, 1): 2, date(2026, 11, 2): 1, date(2026, 11, 7): 1}
    assert found.unknown == 1
    hours = histogram(
        store, ChatFilter(period="custom", first_day=date(2026, 11, 1), last_day=date(2026, 11, 1)), NEW_YORK
    )
    assert (hours.unit, len(hours.bars), hours.bars["chats"].sum()) == ("hour", 24, 2)


def test_matching_chats_stand_before_all(sample_like):
    found = histogram(sample_like, ChatFilter(category="missed"), TOKYO, days_of_all(sample_like, TOKYO))
    counts = category_counts(sample_like, EMPTY, TOKYO)
    assert (found.bars["chats"].sum(), found.bars["total"].sum()) == (counts["missed"], counts["all"] - 1)
    assert (found.bars["chats"] <= found.bars["total"]).all()


def test_chats_of_a_wrong_clock_do_not_squeeze_the_others(store):
    started(store, datetime(2001, 1, 1), datetime(2090, 1, 1), *(NOW - n * DAY for n in range(40)))
    found = histogram(store, EMPTY, TOKYO)
    assert (found.outside, found.bars["chats"].sum(), found.unit) == (2, 40, "day")
    asked = histogram(store, ChatFilter(period="custom", first_day=date(2000, 1, 1)), TOKYO)
    assert (asked.outside, asked.first, asked.bars["chats"].sum()) == (0, date(2001, 1, 1), 42)


def test_many_chats_apart_are_drawn(store):
    started(store, *(datetime(2001, 1, 1 + n) for n in range(10)), *(NOW - n * DAY for n in range(20)))
    assert histogram(store, EMPTY, TOKYO).outside == 0


@pytest.mark.parametrize("chosen", [EMPTY, ChatFilter(period="unknown"), ChatFilter(period="today")])
def test_without_chats_there_are_no_bars(store, chosen):
    assert histogram(store, chosen, TOKYO).bars.empty


@pytest.mark.parametrize(
    "days", [(date(1, 1, 1), date(9999, 12, 31)), (date(2050, 1, 1), None), (date(2026, 2, 2), date(2026, 1, 1))]
)
def test_odd_days_do_no_harm(sample_like, days):
    found = histogram(sample_like, ChatFilter(period="custom", first_day=days[0], last_day=days[1]), TOKYO)
    assert found.bars["chats"].sum() + found.outside == count(
        sample_like, ChatFilter(period="custom", first_day=days[0], last_day=days[1])
    )
