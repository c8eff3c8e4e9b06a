"""Working hours: against a count of minutes on the clocks on the wall."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.hours import LOOK_AHEAD, Hours
from lib.missed.settings import Rules
from lib.missed.working_hours import WorkingTime
from tests.missed.plain_reading import Minutes, is_open

OFFICE = (9 * 60, 18 * 60)
DAY = (0, 24 * 60)
# Berlin changes its clocks on 25 October and 28 March, New York on 1 November and 14 March.
WEEKS = [datetime(2026, 10, 22), datetime(2026, 10, 29), datetime(2027, 3, 11), datetime(2027, 3, 25)]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC"]
# Away from the hours that a change of clocks skips or repeats: what a closing time in them means is nobody's business.
quarter = st.integers(0, 96).map(lambda n: n * 15).filter(lambda minute: minute == 0 or minute > 3 * 60)
span = st.tuples(quarter, quarter).filter(lambda pair: pair[0] < pair[1])
weekdays = st.dictionaries(st.integers(1, 7), span | st.just(DAY), max_size=7)
holidays = st.dictionaries(
    st.dates(date(2026, 10, 20), date(2026, 11, 12)) | st.dates(date(2027, 3, 10), date(2027, 4, 1)),
    st.just("x"),
    max_size=3,
)


def naive_utc(moments):
    return np.array(moments, dtype="datetime64[us]")


def one(hours: Hours, zone: str, moment: datetime, working: timedelta = timedelta(hours=4)):
    """Whether the moment is in working hours, and when so much working time has passed."""
    time = WorkingTime.around(hours, zone, naive_utc([moment]))
    return bool(time.is_open(naive_utc([moment]))[0]), time.after(naive_utc([moment]), working)[0].item()


@settings(max_examples=40, deadline=None)
@given(
    weekdays, holidays, st.sampled_from(ZONES), st.sampled_from(WEEKS),
    st.lists(st.integers(0, 6 * 24 * 60), min_size=1, max_size=12), st.integers(1, 40),
)  # fmt: skip
def test_against_the_minutes(days, closed, zone, week, offsets, quarters):
    rules = Rules(Hours(days, closed))
    starts = [week + timedelta(minutes=minutes) for minutes in offsets]
    time = WorkingTime.around(rules.hours, zone, naive_utc(starts))
    minutes = Minutes(rules, zone, week, week + timedelta(days=18))
    working = timedelta(minutes=15 * quarters)
    due = time.after(naive_utc(starts), working)
    assert list(time.is_open(naive_utc(starts))) == [is_open(rules, zone, start) for start in starts]
    for start, found in zip(starts, due.tolist(), strict=True):
        expected = minutes.due(start, working)
        assert found == expected or (expected is None and (found is None or found > week + timedelta(days=18)))


def test_a_day_of_25_hours_has_them_all():
    hours = Hours(dict.fromkeys(range(1, 8), DAY))
    midnight = datetime(2026, 10, 24, 22)  # UTC; in Berlin it is the 25th.
    assert one(hours, "Europe/Berlin", midnight, timedelta(hours=25)) == (True, datetime(2026, 10, 25, 23))
    sunday = Hours({7: DAY})
    assert one(sunday, "Europe/Berlin", midnight, timedelta(hours=25)) == (True, datetime(2026, 10, 25, 23))
    assert one(sunday, "Europe/Berlin", midnight, timedelta(hours=26))[1] == datetime(2026, 11, 1, 0)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (datetime(2026, 11, 20, 8), datetime(2026, 11, 23, 3)),  # Friday 17:00 in Tokyo: one hour, then three
        (datetime(2026, 11, 20, 9), datetime(2026, 11, 23, 4)),  # at the end of the day: closed
        (datetime(2026, 11, 21, 3), datetime(2026, 11, 23, 4)),  # Saturday
        (datetime(2026, 11, 20, 5), datetime(2026, 11, 20, 9)),  # four hours to the end of the day
        (datetime(2026, 11, 19, 23, 59, 59), datetime(2026, 11, 20, 4)),  # a second before opening
    ],
)
def test_the_office_in_tokyo(start, due):
    hours = Hours(dict.fromkeys(range(1, 6), OFFICE))
    assert one(hours, "Asia/Tokyo", start)[1] == due


def test_a_holiday_is_closed():
    hours = Hours(dict.fromkeys(range(1, 6), OFFICE), {date(2026, 11, 23): "Labour Thanksgiving Day"})
    assert one(hours, "Asia/Tokyo", datetime(2026, 11, 23, 3)) == (False, datetime(2026, 11, 24, 4))


def test_without_hours_nothing_is_open_and_nothing_due():
    assert one(Hours({}), "UTC", datetime(2026, 11, 23)) == (False, None)


def test_whoever_works_too_rarely_has_no_due_time_whatever_else_is_asked():
    hours, start = Hours({1: (0, 15)}), datetime(2026, 11, 23)
    others = naive_utc([start, start + 3 * LOOK_AHEAD])
    working = timedelta(hours=20)  # of 13 in 400 days
    assert one(hours, "UTC", start, working)[1] is None
    assert np.isnat(WorkingTime.around(hours, "UTC", others).after(others, working)).all()


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("moment", [datetime(1, 1, 1), datetime(1970, 1, 1), datetime(9999, 12, 31)])
def test_any_moment_has_an_answer_beside_usual_ones(zone, moment):
    hours = Hours(dict.fromkeys(range(1, 6), OFFICE))
    usual = datetime(2026, 11, 25, 3)
    both = naive_utc([moment, usual])
    time = WorkingTime.around(hours, zone, both)
    assert len(time.opens) < 1000
    assert time.after(both, timedelta(hours=4))[1].item() == one(hours, zone, usual)[1]


def test_an_unknown_start_is_left_alone():
    hours = Hours(dict.fromkeys(range(1, 6), OFFICE))
    moments = naive_utc([None, datetime(2026, 11, 25, 3)])
    assert len(WorkingTime.around(hours, "UTC", moments).opens) > 0
