"""Figures of chats: each is what a plain reading says, and the number of the rows that it opens, in every group."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.causes import AVOIDABLE
from lib.chats.clock import Clock
from lib.chats.counts import category_counts
from lib.chats.filter.filter import NO_VALUE, ChatFilter, Condition, Conditions, as_chosen
from lib.chats.filter.matching import matching
from lib.chats.filter.validate import tidied_conditions
from lib.missed.spans import span_of
from lib.reports.figures import FIGURE_CODES, FIGURES, TARGETS_S, figures, read, rows_of, rows_of_part
from lib.reports.groups import GROUPINGS, ORDERS, TIME_GROUPS, cell_filter, group_filter, groups, heat, ranked
from tests.chats.test_against_a_plain_reading import CLOCKS, filters, meets, worlds
from tests.thorough import rarely
from tests.worlds import NOW, TOKYO, chat, empty, insert

TARGET_S = 60
charts = filters.map(lambda chosen: replace(chosen, category="all"))


def count(store, chosen, clock):
    return category_counts(store, chosen, clock)[chosen.category]


def counted(tally, code):
    return read(code, tally).counted


@pytest.fixture
def world_in(store):
    def put(world):
        empty(store)
        insert(store, world)
        return store

    return put


def test_every_figure_is_the_number_of_the_rows_that_it_opens(world_in, share):
    @settings(max_examples=share(150))
    @given(worlds, charts, CLOCKS, st.sampled_from(TARGETS_S), st.booleans())
    def same(world, chosen, clock, target_s, worked):
        store = world_in(world)
        found = figures(store, chosen, target_s, clock, worked=worked)
        for code in FIGURE_CODES:
            rows = rows_of(code, chosen, target_s, clock, worked=worked)
            assert counted(found.now, code) == count(store, rows, clock), code
            if per := FIGURES[code].per:
                assert read(code, found.now).of == found.now.counts[per]

    same()


def test_every_group_is_the_rows_that_it_opens(world_in, share):
    @settings(max_examples=share(150))
    @given(worlds, charts, CLOCKS, st.sampled_from(GROUPINGS))
    def same(world, chosen, clock, by):
        store = world_in(world)
        found = groups(store, chosen, by, TARGET_S, clock)
        assert len({group.key for group in found}) == len(found)
        for group in found:
            own = group_filter(chosen, by, group.key, clock)
            for code in ("chats", "missed_rate", "in_time", "low"):
                rows = rows_of(code, own, TARGET_S, clock)
                assert counted(group.now, code) == count(store, rows, clock), (group.key, code)
        if by != "operator":
            whole = figures(store, chosen, TARGET_S, clock).now
            missing = by in TIME_GROUPS and span_of(chosen, clock) is None
            assert sum(counted(group.now, "chats") for group in found) == (0 if missing else counted(whole, "chats"))

    same()


def test_every_cell_of_the_week_is_the_rows_that_it_opens(world_in, share):
    @settings(max_examples=share(80))
    @given(worlds, charts, CLOCKS)
    def same(world, chosen, clock):
        store = world_in(world)
        for (weekday, hour), tally in heat(store, chosen, TARGET_S, clock).items():
            own = cell_filter(chosen, weekday, hour, clock)
            assert counted(tally, "chats") == count(store, own, clock)
            assert counted(tally, "missed_rate") == count(store, replace(own, category="missed"), clock)
            rows = rows_of_part("avoidable", own, TARGET_S, clock)
            assert tally.counts["avoidable"] == count(store, rows, clock)

    same()


def is_worked(entry, clock):
    """Whether a chat began in working hours, as the clock on the wall shows them."""
    at = local(entry, clock)
    opens, closes = clock.working_hours().of_day(at.date()) or (0, 0) if at else (0, 0)
    return at is not None and opens <= at.hour * 60 + at.minute < closes


def plain(entries, target_s, of_wait=lambda _entry: True):
    """Value of each figure, read from the chats one by one; waits of those that `of_wait` names."""

    def share_of(part, whole):
        return len(part) / len(whole) if whole else None

    def of(function, values):
        return function(values) if values else None

    def quantile(values, q):
        ordered, place = sorted(values), q * (len(values) - 1)
        low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
        return low + (high - low) * (place - math.floor(place))

    answered = [e for e in entries if e["status"] != "missed" and e["operators"] and of_wait(e)]
    waits = [e["wait_s"] for e in answered if e["wait_s"] is not None]
    ratings = [e["rating"] for e in entries if e["rating"] is not None]
    return {
        "chats": len(entries),
        "missed_rate": share_of([e for e in entries if e["status"] == "missed"], entries),
        "wait": of(median, waits),
        "wait_90": of(lambda values: quantile(values, 0.9), waits),
        "wait_95": of(lambda values: quantile(values, 0.95), waits),
        "in_time": share_of([wait for wait in waits if wait <= target_s], waits),
        "duration": of(median, [e["duration_s"] for e in entries if e["duration_s"] is not None]),
        "messages": of(fmean, [sum(m["kind"] != "note" for m in e["messages"]) for e in entries]),
        "reopened": share_of([e for e in entries if e["status"] == "reopened"], entries),
        "rating": of(fmean, ratings),
        "rated": share_of(ratings, entries),
        "low": share_of([rating for rating in ratings if rating <= 2], ratings),
        "alone": share_of([e for e in entries if e["status"] == "completed" and not e["operators"]], entries),
        "commented": share_of([e for e in entries if e["rating"] is not None and e["comment"]], ratings),
    }


def local(entry, clock):
    start = entry["started_at"]
    return start and start.replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone)).replace(tzinfo=None)


def among(world, chosen, first, last, clock):
    days = replace(chosen, period="custom", first_day=first, last_day=last)
    return [entry for entry in world if meets(entry, days, clock)]


def test_every_figure_is_as_a_plain_reading_says(world_in, share):
    @settings(max_examples=share(150))
    @given(worlds, charts, CLOCKS, st.sampled_from(TARGETS_S), st.booleans())
    def same(world, chosen, clock, target_s, worked):
        def of_wait(entry):
            return not worked or is_worked(entry, clock)

        store = world_in(world)
        span, found = span_of(chosen, clock), figures(store, chosen, target_s, clock, worked=worked)
        if span is None:
            expected, before = plain([e for e in world if meets(e, chosen, clock)], target_s, of_wait), None
            assert found.before is None
        else:
            expected = plain(among(world, chosen, span.first, span.last, clock), target_s, of_wait)
            before = plain(among(world, chosen, span.before.first, span.before.last, clock), target_s, of_wait)
        for code in FIGURE_CODES:
            assert read(code, found.now).value == pytest.approx(expected[code]), code
            if before:
                assert read(code, found.before).value == pytest.approx(before[code]), code

    same()


KEYS = {
    "day": lambda entry, at: at.date(),
    "week": lambda entry, at: at.date() - timedelta(days=at.weekday()),
    "month": lambda entry, at: at.date().replace(day=1),
    "weekday": lambda entry, at: at.isoweekday(),
    "hour": lambda entry, at: at.hour,
    "status": lambda entry, at: entry["status"],
    "department": lambda entry, at: as_chosen(entry["department"]),
    "country": lambda entry, at: as_chosen(entry["visitor_country"]),
    "rating": lambda entry, at: as_chosen(None if entry["rating"] is None else str(entry["rating"])),
}


SOME_KEYS = ("week", "hour", "country", "rating")


@pytest.mark.parametrize("by", [*SOME_KEYS, *rarely(by for by in KEYS if by not in SOME_KEYS)])
def test_groups_are_those_of_a_plain_reading(world_in, share, by):
    @settings(max_examples=share(40))
    @given(worlds, CLOCKS)
    def same(world, clock):
        chosen = ChatFilter(period="custom", first_day=date(1999, 1, 1), last_day=date(2027, 1, 1))
        expected = {}
        for entry in world:
            if entry["deleted_at"] is None and (at := local(entry, clock)) and at.date() >= chosen.first_day:
                expected.setdefault(KEYS[by](entry, at), []).append(entry)
        found = {group.key: group for group in groups(world_in(world), chosen, by, TARGET_S, clock)}
        assert {key: counted(group.now, "chats") for key, group in found.items()} == {
            key: len(entries) for key, entries in expected.items()
        }
        for key, entries in expected.items():
            assert read("missed_rate", found[key].now).value == plain(entries, TARGET_S)["missed_rate"]

    same()


@pytest.mark.parametrize(
    ("start", "day", "week", "hour"),
    [
        # Tokyo is nine hours ahead: Sunday evening in UTC is Monday there.
        (datetime(2026, 11, 22, 14, 59, 59), date(2026, 11, 22), date(2026, 11, 16), 23),
        (datetime(2026, 11, 22, 15, 0), date(2026, 11, 23), date(2026, 11, 23), 0),
        (datetime(1969, 12, 28, 14, 0), date(1969, 12, 28), date(1969, 12, 22), 23),
        (datetime(1950, 3, 1, 3, 0), date(1950, 3, 1), date(1950, 2, 27), 12),
    ],
)
def test_days_weeks_and_hours_are_those_of_the_zone(world_in, start, day, week, hour):
    store = world_in([chat(started_at=start)])
    chosen = ChatFilter(period="custom", first_day=day - timedelta(days=40), last_day=day + timedelta(days=40))
    keys = {by: groups(store, chosen, by, TARGET_S, TOKYO)[0].key for by in TIME_GROUPS}
    assert keys == {"day": day, "week": week, "month": day.replace(day=1), "weekday": day.isoweekday(), "hour": hour}


def test_a_week_that_is_only_partly_of_the_days_opens_only_those(world_in):
    world = [chat(started_at=datetime(2026, 11, day, 3)) for day in range(16, 24)]
    chosen = ChatFilter(period="custom", first_day=date(2026, 11, 18), last_day=date(2026, 11, 23))
    store = world_in(world)
    first, second = groups(store, chosen, "week", TARGET_S, TOKYO)
    assert [counted(each.now, "chats") for each in (first, second)] == [5, 1]
    own = group_filter(chosen, "week", first.key, TOKYO)
    assert (own.first_day, own.last_day) == (date(2026, 11, 18), date(2026, 11, 22))


A, B, C, D = (Condition("messages", "more", (str(n),)) for n in range(4))


@pytest.mark.parametrize(
    "given_before",
    [
        None,
        Conditions("all", (A, Conditions("any", (B, C)))),
        Conditions("any", (A, B)),
        Conditions("any", (A, Conditions("all", (B, C)), Conditions("any", (C, B)))),
    ],
)
def test_what_must_hold_too_narrows_any_conditions(sample_like, given_before):
    before, also = ChatFilter(conditions=given_before), ChatFilter().also(D)
    both = before.also(D)
    assert tidied_conditions(both.conditions) == both.conditions

    def ids(chosen):
        found = matching(sample_like, chosen, TOKYO)
        return {row["id"] for row in sample_like.read(found.select("id"), found.params)}

    assert ids(both) == ids(before) & ids(also)
    assert before.also() == before


def test_what_could_have_been_answered_began_in_working_hours_and_the_visitor_stayed(world_in):
    causes = ("out_of_hours", "left_early", "offline_form", "unknown", None, *AVOIDABLE)
    missed = [chat(status="missed", missed_cause=cause) for cause in causes]
    store = world_in([*missed, chat(status="completed", missed_cause="nobody_assigned")])
    assert figures(store, ChatFilter(), TARGET_S, TOKYO).now.counts["avoidable"] == len(AVOIDABLE) == 3


def test_numbers_of_no_value_and_of_an_operator_among_several(world_in):
    world = [
        chat(started_at=NOW - timedelta(hours=1), operators=["Aoi", "Ken"], operator="Ken", status="completed"),
        chat(started_at=NOW - timedelta(hours=2), operators=[], status="missed"),
    ]
    store = world_in(world)
    found = {group.key: group for group in groups(store, ChatFilter(), "operator", TARGET_S, TOKYO)}
    assert {key: counted(group.now, "chats") for key, group in found.items()} == {"Aoi": 1, "Ken": 1, NO_VALUE: 1}
    only = groups(store, ChatFilter(operator=("Aoi",)), "operator", TARGET_S, TOKYO)
    assert [group.key for group in only] == ["Aoi"]


def test_groups_are_ranked_with_the_worst_first_and_those_that_say_little_last(world_in):
    def served(name, waits, rating=None):
        return [
            chat(f"{name} {n}", started_at=NOW, operators=[name], wait_s=float(wait), status="completed", rating=rating)
            for n, wait in enumerate(waits)
        ]

    world = [*served("slow", [90] * 10, 5), *served("fast", [10] * 30, 3), *served("rare", [900, 900], 1)]
    found = groups(world_in(world), ChatFilter(), "operator", TARGET_S, TOKYO)
    ranks = {code: [group.key for group in ranked(found, code)] for code in ORDERS}
    assert ranks["chats"] == ["fast", "slow", "rare"]
    assert ranks["wait"] == ranks["in_time"] == ["slow", "fast", "rare"]
    assert ranks["rating"] == ["fast", "slow", "rare"]


def test_clocks_of_the_past_and_of_other_zones_are_compared_by_their_days(world_in):
    world = [chat(started_at=NOW - timedelta(days=days), status="missed") for days in (1, 2, 35)]
    found = figures(world_in(world), ChatFilter(), TARGET_S, Clock(NOW, "America/New_York"))
    assert (counted(found.now, "missed_rate"), counted(found.before, "missed_rate")) == (2, 1)
