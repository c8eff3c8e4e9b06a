"""Coverage: each hour of the week is what a plain reading of the messages says, and the rows that it opens."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.clock import Clock
from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter
from lib.reports.coverage import EVERY_DAY, MOST_DAYS, Hour, counted_days, coverage, hour_filter
from tests.worlds import NOW, TOKYO, chat, empty, insert

# The clocks of New York and Berlin were set back on these days, and those of Lord Howe Island by half an hour.
DAYS = [datetime(2026, 11, 1, 5), datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 3, 15), NOW - timedelta(hours=3)]
ZONES = ("Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe")
CLOCKS = st.sampled_from([Clock(NOW, zone) for zone in ZONES])
OPERATORS = ["Aoi", "Ken"]

moments = st.builds(lambda day, minutes: day + timedelta(minutes=minutes), st.sampled_from(DAYS), st.integers(0, 200))
some_messages = st.lists(
    st.builds(
        lambda kind, sent_at, offset_s, name, automatic: {
            "kind": kind, "sent_at": sent_at, "offset_s": offset_s, "name": name, "automatic": automatic,
        },
        st.sampled_from(["operator", "operator", "operator", "visitor", "bot", "note"]),
        st.none() | moments,
        st.none() | st.sampled_from([0.0, 90.5, 4000.0]),
        st.none() | st.sampled_from(OPERATORS),
        st.sampled_from([None, None, False, True]),
    ),
    max_size=4,
)  # fmt: skip
some_chat = st.builds(
    chat,
    started_at=st.none() | moments,
    status=st.sampled_from(["missed", "completed"]),
    department=st.sampled_from(["Orders", "Returns"]),
    operators=st.lists(st.sampled_from(OPERATORS), max_size=2, unique=True),
    messages=some_messages,
    deleted_at=st.sampled_from([None, None, None, NOW]),
)
some_filter = st.builds(
    lambda days, departments: replace(days, department=departments),
    st.sampled_from(
        [
            ChatFilter(),
            ChatFilter(period="any", category="missed"),
            ChatFilter(period="custom", first_day=date(2026, 11, 1), last_day=date(2026, 12, 24)),
            ChatFilter(period="custom", first_day=date(2026, 9, 1), last_day=date(2026, 10, 25)),
        ]
    ),
    st.sampled_from([(), ("Orders",)]),
)


def in_words(moment, clock):
    """Day and hour of the zone."""
    local = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone))
    return local.date(), local.hour


def said_by(entry):
    """Who answered when in a chat, as far as its messages tell."""
    for message in entry["messages"]:
        alone = entry["operators"][0] if len(entry["operators"]) == 1 else None
        moment, who = message["sent_at"], message["name"] or alone
        if moment is None and entry["started_at"] and message["offset_s"] is not None:
            moment = entry["started_at"] + timedelta(seconds=message["offset_s"])
        if message["kind"] == "operator" and not message["automatic"] and who and moment:
            yield who, moment


def plain(world, chosen, span, clock):
    """The hours of the week, read day by day and chat by chat."""
    hours = defaultdict(Hour)
    today, hour_now = in_words(clock.now, clock)
    for n in range((span.last - span.first).days + 1):
        day = span.first + timedelta(days=n)
        for hour in range(24 if day < today else hour_now + 1):
            hours[day.isoweekday(), hour] += Hour(times=1)
    answers = defaultdict(lambda: defaultdict(list))
    for entry in world:
        of_filter = (
            not entry["deleted_at"]
            and entry["started_at"] is not None
            and (chosen.category == "all" or entry["status"] == chosen.category)
            and (not chosen.department or entry["department"] in chosen.department)
        )
        if not of_filter or not span.contains(in_words(entry["started_at"], clock)[0]):
            continue
        day, hour = in_words(entry["started_at"], clock)
        hours[day.isoweekday(), hour] += Hour(chats=1, missed=int(entry["status"] == "missed"))
        for who, moment in said_by(entry):
            if span.contains(in_words(moment, clock)[0]):
                answers[who][entry["id"]].append(moment)
    for of_chats in answers.values():
        slots = defaultdict(int)
        for moment in (each for moments in of_chats.values() for each in moments):
            at_once = sum(min(moments) <= moment <= max(moments) for moments in of_chats.values())
            slots[in_words(moment, clock)] = max(slots[in_words(moment, clock)], at_once)
        for (day, hour), at_once in slots.items():
            hours[day.isoweekday(), hour] += Hour(seen=1, at_once=at_once)
    return {cell: found for cell, found in hours.items() if found != Hour()}


def test_each_hour_is_what_a_plain_reading_says_and_the_rows_that_it_opens(store, share):
    @settings(max_examples=share(240))
    @given(st.lists(some_chat, max_size=6), some_filter, CLOCKS, st.sampled_from([EVERY_DAY, (1, 3), (7,)]))
    def same(world, chosen, clock, weekdays):
        empty(store)
        insert(store, world)
        found = coverage(store, chosen, clock)
        assert {cell: hour for cell, hour in found.hours.items() if hour != Hour()} == plain(
            world, chosen, found.span, clock
        )
        for hour, counted in enumerate(found.of_days(weekdays)):
            if counted.chats:
                rows = hour_filter(chosen, weekdays, hour, clock)
                assert category_counts(store, rows, clock)[rows.category] == counted.chats

    same()


def test_two_chats_at_the_same_time_are_two_at_once_and_one_after_the_other_is_one(store):
    def said(name, *minutes):
        start = NOW - timedelta(days=1)
        messages = [
            {"kind": "operator", "name": "Aoi", "sent_at": start + timedelta(minutes=minute)} for minute in minutes
        ]
        return chat(name, started_at=start, messages=messages)

    empty(store)
    insert(store, [said("a", 1, 70), said("b", 5, 50), said("c", 71, 80), said("d", 71)])
    found = coverage(store, ChatFilter(), TOKYO)
    assert [found.hours[7, hour] for hour in (12, 13)] == [
        Hour(times=5, chats=4, seen=1, at_once=2),
        Hour(times=5, seen=1, at_once=2),
    ]


def test_only_the_last_days_of_many_are_counted_and_opened(store):
    last = TOKYO.today
    chosen = ChatFilter(period="custom", first_day=date(2020, 1, 1), last_day=last + timedelta(days=9))
    span = counted_days(chosen, TOKYO)
    assert (span.last, span.length.days) == (last, MOST_DAYS)
    rows = hour_filter(chosen, EVERY_DAY, 9, TOKYO)
    assert (rows.first_day, rows.last_day) == (span.first, span.last)
    assert counted_days(ChatFilter(period="unknown"), TOKYO) is None
    empty(store)
    ahead = ChatFilter(period="custom", first_day=last + timedelta(days=1), last_day=last + timedelta(days=9))
    assert coverage(store, ahead, TOKYO) is None


@pytest.mark.parametrize("target", [0, 5, 20])
@pytest.mark.parametrize("hour", [Hour(4, 40, 13), Hour(1, 3, 3), Hour(29, 2732, 216, 259), Hour(7, 100, 5)])
def test_the_operators_more_are_the_fewest_with_whom_the_target_is_kept(hour, target):
    like = Hour(chats=100, missed=10, seen=30)
    needed = hour.more_needed(target, like)
    left = [max(0, 100 * (hour.missed - more * hour.times * 3)) for more in range(40)]
    assert needed == next(more for more, missed in enumerate(left) if missed <= target * hour.chats)
    assert needed == max(0, ceil((hour.missed - target * hour.chats / 100) / 3 / hour.times - 1e-9))


def test_where_nobody_was_seen_nobody_knows_how_many_are_needed():
    assert Hour(4, 10, 10).more_needed(5, Hour(4, 10, 10)) is None
    assert Hour(4, 10, 0).more_needed(5, Hour()) == 0
