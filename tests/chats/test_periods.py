from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from lib.chats.clock import Clock
from lib.chats.counts import category_counts, daily_counts
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.filter.matching import matching
from lib.chats.filter.parts import days_of
from lib.chats.hours import Hours
from tests.conftest import location_in, opened
from tests.worlds import NEW_YORK, TOKYO, chat, insert

MICROSECOND = timedelta(microseconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text)


# First moment of the period, and first moment after it, in UTC.
PRESETS = [
    (TOKYO, "today", "2026-11-22T15:00", "2026-11-23T15:00"),
    (TOKYO, "yesterday", "2026-11-21T15:00", "2026-11-22T15:00"),
    (TOKYO, "last_7", "2026-11-16T15:00", "2026-11-23T15:00"),
    (TOKYO, "last_30", "2026-10-24T15:00", "2026-11-23T15:00"),
    (TOKYO, "last_90", "2026-08-25T15:00", "2026-11-23T15:00"),
    (TOKYO, "this_month", "2026-10-31T15:00", "2026-11-23T15:00"),
    # Monday the 23rd in Tokyo, still Sunday the 22nd in New York.
    (TOKYO, "since_working_day", "2026-11-19T15:00", "2026-11-23T15:00"),
    (NEW_YORK, "since_working_day", "2026-11-20T05:00", "2026-11-23T05:00"),
    (TOKYO, "last_month", "2026-09-30T15:00", "2026-10-31T15:00"),
    (NEW_YORK, "last_month", "2026-10-01T04:00", "2026-11-01T04:00"),
    (NEW_YORK, "today", "2026-11-22T05:00", "2026-11-23T05:00"),
    (NEW_YORK, "yesterday", "2026-11-21T05:00", "2026-11-22T05:00"),
    (NEW_YORK, "last_7", "2026-11-16T05:00", "2026-11-23T05:00"),
    (NEW_YORK, "last_30", "2026-10-24T04:00", "2026-11-23T05:00"),
    (NEW_YORK, "last_90", "2026-08-25T04:00", "2026-11-23T05:00"),
    (NEW_YORK, "this_month", "2026-11-01T04:00", "2026-11-23T05:00"),
]
DAYS = [
    ("Asia/Tokyo", date(2026, 3, 1), "2026-02-28T15:00", "2026-03-01T15:00"),
    ("America/New_York", date(2026, 3, 7), "2026-03-07T05:00", "2026-03-08T05:00"),
    ("America/New_York", date(2026, 3, 8), "2026-03-08T05:00", "2026-03-09T04:00"),
    ("America/New_York", date(2026, 11, 1), "2026-11-01T04:00", "2026-11-02T05:00"),
    ("UTC", date(2028, 2, 29), "2028-02-29T00:00", "2028-03-01T00:00"),
    # Midnight does not exist on this day.
    ("America/Sao_Paulo", date(2017, 10, 15), "2017-10-15T03:00", "2017-10-16T02:00"),
]
CUSTOM = [(Clock(TOKYO.now, zone), day, start, end) for zone, day, start, end in DAYS]


@pytest.fixture(scope="module")
def borders(kind, tmp_path_factory):
    """A chat at each side of each border of the periods above, and one without a start."""
    moments = {utc(text) for *_, start, end in [*PRESETS, *CUSTOM] for text in (start, end)}
    world = [chat(started_at=m) for moment in moments for m in (moment - MICROSECOND, moment)]
    yield from opened(location_in(tmp_path_factory.mktemp("borders"), kind), [*world, chat(started_at=None)])


def starts(store, chosen, clock):
    found = matching(store, chosen, clock)
    return {row["started_at"] for row in store.read(found.select("started_at"), found.params, found.tables)}


def inside(store, start, end):
    return {moment for moment in starts(store, EMPTY, TOKYO) if moment and utc(start) <= moment < utc(end)}


@pytest.mark.parametrize(("clock", "period", "start", "end"), PRESETS)
def test_a_preset_holds_whole_days_of_the_zone(borders, clock, period, start, end):
    found = starts(borders, ChatFilter(period=period), clock)
    assert found == inside(borders, start, end)
    assert (min(found), max(found)) == (utc(start), utc(end) - MICROSECOND)


@pytest.mark.parametrize(("clock", "day", "start", "end"), CUSTOM)
def test_a_day_ends_where_the_next_begins(borders, clock, day, start, end):
    found = starts(borders, ChatFilter(period="custom", first_day=day, last_day=day), clock)
    assert found == inside(borders, start, end)
    assert (min(found), max(found)) == (utc(start), utc(end) - MICROSECOND)


@pytest.mark.parametrize(("clock", "day", "start", "end"), CUSTOM)
def test_open_ends(borders, clock, day, start, end):
    since = starts(borders, ChatFilter(period="custom", first_day=day), clock)
    until = starts(borders, ChatFilter(period="custom", last_day=day), clock)
    assert min(since) == utc(start)
    assert max(until) == utc(end) - MICROSECOND
    assert since | until == starts(borders, EMPTY, clock) - {None}


def test_an_unknown_start_is_in_no_period_but_its_own(borders):
    assert starts(borders, ChatFilter(period="unknown"), TOKYO) == {None}
    ever = ChatFilter(period="custom", first_day=date.min, last_day=date.max)
    assert starts(borders, ever, TOKYO) == starts(borders, EMPTY, TOKYO) - {None}


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Pacific/Niue"])
@pytest.mark.parametrize("day", [date.min, date.max, date(1900, 1, 1), date(2200, 1, 1)])
def test_the_ends_of_the_calendar_are_days_too(borders, zone, day):
    chosen = ChatFilter(period="custom", first_day=day, last_day=day)
    assert starts(borders, chosen, Clock(TOKYO.now, zone)) == set()


def test_a_last_day_before_the_first_matches_nothing(borders):
    chosen = ChatFilter(period="custom", first_day=date(2026, 11, 2), last_day=date(2026, 11, 1))
    assert starts(borders, chosen, NEW_YORK) == set()


@pytest.mark.parametrize("clock", [TOKYO, NEW_YORK, Clock(TOKYO.now, "UTC")])
def test_daily_counts_agree_with_the_filter_of_each_day(borders, clock):
    counts = daily_counts(borders, EMPTY, clock)
    assert counts["chats"].sum() == category_counts(borders, EMPTY, clock)["all"] - 1
    assert list(counts["day"]) == sorted(set(counts["day"]))
    for row in counts.itertuples():
        day = row.day.date()
        chosen = ChatFilter(period="custom", first_day=day, last_day=day)
        assert category_counts(borders, chosen, clock)["all"] == row.chats


def test_daily_counts_are_by_status_and_by_day_of_the_zone(store):
    hours = ["05:30", "06:30", "03:59"]  # Twice half past one, as clocks go back, and the last hour of October.
    insert(store, [chat(started_at=utc(f"2026-11-01T{hour}")) for hour in hours])
    insert(store, [chat(started_at=utc("2026-11-02T04:59"), status="missed"), chat(started_at=utc("2026-11-02T05:00"))])
    counts = daily_counts(store, EMPTY, NEW_YORK)
    assert [(row.day.date(), row.status, row.chats) for row in counts.itertuples()] == [
        (date(2026, 10, 31), "completed", 1),
        (date(2026, 11, 1), "completed", 2),
        (date(2026, 11, 1), "missed", 1),
        (date(2026, 11, 2), "completed", 1),
    ]
    missed = daily_counts(store, replace(EMPTY, category="missed"), NEW_YORK)
    assert list(missed["status"]) == ["missed"]


@pytest.mark.parametrize(
    ("weekdays", "holidays", "expected"),
    [
        ((1, 2, 3, 4, 5), (), date(2026, 11, 20)),
        ((1, 2, 3, 4, 5), (date(2026, 11, 20), date(2026, 11, 19)), date(2026, 11, 18)),
        ((1, 2, 3, 4, 5, 6), (), date(2026, 11, 21)),
        ((1,), (), date(2026, 11, 16)),
        ((), (), date(2026, 11, 22)),
    ],
)
def test_the_working_hours_say_since_when_nobody_has_worked(weekdays, holidays, expected):
    hours = Hours(dict.fromkeys(weekdays, (540, 1080)), dict.fromkeys(holidays, ""))
    clock = replace(TOKYO, working_hours=lambda: hours)
    assert days_of(ChatFilter(period="since_working_day"), clock) == (expected, date(2026, 11, 23))


def test_today_depends_on_the_zone():
    assert (TOKYO.today, NEW_YORK.today) == (date(2026, 11, 23), date(2026, 11, 22))


def test_a_moment_is_shown_in_the_zone():
    assert NEW_YORK.local(utc("2026-11-01T05:30")) == NEW_YORK.local(utc("2026-11-01T06:30")) == utc("2026-11-01T01:30")
    assert TOKYO.local(utc("2026-02-28T15:00")) == utc("2026-03-01T00:00")
