"""Yesterday beside what is usual: the middle of the same weekday in the weeks before, as a plain reading has it."""

from datetime import UTC, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.clock import Clock
from lib.reports.usual import yesterday
from tests.worlds import NOW, TOKYO, chat, empty, insert

CLOCKS = st.sampled_from([Clock(NOW, zone) for zone in ("UTC", "Asia/Tokyo", "America/New_York")])
some_chat = st.builds(
    chat,
    status=st.sampled_from(["missed", "completed"]),
    started_at=st.tuples(st.integers(0, 9), st.integers(-14, 38)).map(
        lambda at: NOW - timedelta(weeks=at[0], hours=at[1])
    ),
    wait_s=st.sampled_from([None, 10.0, 60.0]),
    operators=st.sampled_from([["Aoi"], []]),
    rating=st.sampled_from([None, 1, 4, 5]),
    deleted_at=st.sampled_from([None, None, None, NOW]),
)


def middle(values):
    known = [value for value in values if value is not None]
    return median(known) if len(known) >= 3 else None


def value(function, values):
    known = [each for each in values if each is not None]
    return function(known) if known else None


def test_yesterday_and_what_is_usual_are_those_of_a_plain_reading(store, share):
    @settings(max_examples=share(150))
    @given(st.lists(some_chat, max_size=30), CLOCKS)
    def same(world, clock):
        empty(store)
        insert(store, world)
        day = clock.today - timedelta(days=1)
        by_day = {}
        for each in world:
            if each["deleted_at"] is None:
                local = each["started_at"].replace(tzinfo=UTC).astimezone(ZoneInfo(clock.zone)).date()
                by_day.setdefault(local, []).append(each)
        weeks = [each for n in range(1, 9) if by_day and (each := day - timedelta(weeks=n)) >= min(by_day)]

        def of(field, function, one):
            with_answer = [e for e in by_day.get(one, []) if e["status"] != "missed" and e["operators"]]
            answered = with_answer if field == "wait_s" else by_day.get(one, [])
            return value(function, [e[field] for e in answered])

        found = yesterday(store, clock)
        assert found.day == day
        assert found.tally.counts["chats"] == len(by_day.get(day, []))
        assert found.missed == middle([sum(e["status"] == "missed" for e in by_day.get(one, [])) for one in weeks])
        assert found.wait == pytest.approx(middle([of("wait_s", median, one) for one in weeks]))
        assert found.rating == pytest.approx(middle([of("rating", fmean, one) for one in weeks]))

    same()


def test_too_few_weeks_are_nothing_usual(store):
    insert(store, [chat(f"week {n}", started_at=NOW - timedelta(weeks=n, days=1), status="missed") for n in range(3)])
    assert yesterday(store, TOKYO).missed is None
    insert(store, [chat("week 3", started_at=NOW - timedelta(weeks=3, days=1), status="missed")])
    assert yesterday(store, TOKYO).missed == 1
