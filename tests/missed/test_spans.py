"""The days that figures are of, and those that they are compared with."""

from datetime import date

import pytest

from lib.chats.filter.filter import ChatFilter
from lib.missed.spans import Span, closed, span_of
from tests.worlds import NEW_YORK, TOKYO

# Where it is Monday the 23rd in Tokyo, and Sunday in New York.
TODAY = date(2026, 11, 23)


def day(month, number):
    return date(2026, month, number)


@pytest.mark.parametrize(
    ("period", "first", "last", "expected", "before"),
    [
        ("any", None, None, (day(10, 25), TODAY), (day(9, 20), day(10, 19))),
        ("today", None, None, (TODAY, TODAY), (day(11, 16), day(11, 16))),
        ("last_7", None, None, (day(11, 17), TODAY), (day(11, 10), day(11, 16))),
        ("this_month", None, None, (day(11, 1), TODAY), (day(10, 4), day(10, 26))),
        ("custom", None, None, (day(10, 25), TODAY), (day(9, 20), day(10, 19))),
        ("custom", day(11, 10), None, (day(11, 10), TODAY), (day(10, 27), day(11, 9))),
        ("custom", None, day(10, 30), (day(10, 1), day(10, 30)), (day(8, 27), day(9, 25))),
        ("custom", day(12, 24), None, (day(12, 24), day(12, 24)), (day(12, 17), day(12, 17))),
        ("custom", day(11, 5), day(11, 1), (day(11, 5), day(11, 1)), (day(10, 29), day(10, 25))),
        ("custom", date.min, date.max, (date(1900, 1, 1), date(2200, 1, 1)), (date(1599, 12, 27), date(1899, 12, 27))),
    ],
)
def test_the_days_of_a_filter_and_as_many_on_the_same_weekdays_before(period, first, last, expected, before):
    span = span_of(ChatFilter(period=period, first_day=first, last_day=last), TOKYO)
    assert span == Span(*expected)
    assert span.before == Span(*before)
    assert span.before.first.weekday() == span.first.weekday()


def test_today_is_that_of_the_workspace():
    assert span_of(ChatFilter(period="today"), NEW_YORK) == Span(day(11, 22), day(11, 22))


def test_chats_without_a_start_have_no_days():
    chosen = ChatFilter(period="unknown")
    assert span_of(chosen, TOKYO) is None
    assert closed(chosen, TOKYO) == chosen


@pytest.mark.parametrize("period", ["today", "last_7", "last_90", "this_month"])
def test_a_period_with_both_ends_stays(period):
    assert closed(ChatFilter(period=period, email="yes"), TOKYO) == ChatFilter(period=period, email="yes")


def test_an_open_period_is_closed():
    assert closed(ChatFilter(), TOKYO) == ChatFilter(period="last_30")
    since = ChatFilter(period="custom", first_day=day(11, 10))
    assert closed(since, TOKYO) == ChatFilter(period="custom", first_day=day(11, 10), last_day=TODAY)
