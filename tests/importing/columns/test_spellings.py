"""Times, spans, ratings and lists as other systems write them."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.importing.columns.spellings import iso_time, listed, rating, seconds
from lib.importing.records.times import TimeReader

EVENING = "2026-03-01T18:30:00"
MOMENTS = st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30))
OFFSETS = st.none() | st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("2026/03/01 18:30", "ymd", EVENING),
        ("2026-03-01 18:30", "dmy", EVENING),
        ("2026-3-1 18:30:00", "ymd", EVENING),
        ("2026.03.01 18:30", "mdy", EVENING),
        ("01.03.2026 18:30:05", "dmy", "2026-03-01T18:30:05"),
        ("01/03/2026, 18:30", "dmy", EVENING),
        ("3/1/2026 6:30 PM", "mdy", EVENING),
        ("3/1/2026 6:30:00\u202fp.m.", "mdy", EVENING),
        ("3/1/2026 12:05 AM", "mdy", "2026-03-01T00:05:00"),
        ("3/1/2026 12:05 PM", "mdy", "2026-03-01T12:05:00"),
        ("2026年3月1日 18時30分", "ymd", EVENING),
        ("2026年3月1日18時30分05秒", "mdy", "2026-03-01T18:30:05"),
        ("2026年3月1日(日) 午後6時30分", "ymd", EVENING),
        ("2026/03/01（日）18:30", "ymd", EVENING),
        ("２０２６／０３／０１ １８：３０", "ymd", EVENING),
        ("2026/03/01", "ymd", "2026-03-01T00:00:00"),
        (" 2026/03/01 18:30 ", "ymd", EVENING),
        ("2026-03-01 18:30:00 UTC", "ymd", f"{EVENING}Z"),
        ("2026/03/01 18:30:00.25 +09:00", "ymd", f"{EVENING}.250+09:00"),
        ("3/1/26 6:30 PM", "mdy", EVENING),
        ("1/3/26 18:30", "dmy", EVENING),
        ("26/3/1 18:30", "ymd", EVENING),
        ("46082.770833", "ymd", EVENING),
        ("2026-03-01 06:30 PM EST", "ymd", f"{EVENING}-05:00"),
    ],
)
def test_times(value, order, expected):
    assert datetime.fromisoformat(iso_time(value, order)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("order", ["ymd", "dmy", "mdy"])
@pytest.mark.parametrize(
    "value",
    ["", "now", "1772357400", "450000.5", "2026/13/01", "2026-02-30", "2026/03/01 25:00", "2026/03/01 18:30 PM",
     "18:30", "31/31/2026", "99/99/26 18:30", "2026/03-01", "2026/03/0118:30", "0000/01/01", "2026/03/01 18:30 or so"],
)  # fmt: skip
def test_what_is_no_time_stays_as_it_is(value, order):
    assert iso_time(value, order) == value


@pytest.mark.parametrize("value", ["01.03.2026", "3/1/2026 6:30 PM"])
def test_an_order_is_never_guessed_here(value):
    assert iso_time(value, "ymd") == value


@given(MOMENTS, OFFSETS, st.sampled_from([" ", "T"]), st.sampled_from(["ymd", "dmy", "mdy"]))
def test_a_time_that_is_iso_already_means_the_same(moment, zone, separator, order):
    value = moment.replace(tzinfo=zone).isoformat(separator)
    times = TimeReader("Asia/Tokyo")
    assert times.read(iso_time(value, order), "") == times.read(value, "")


@given(MOMENTS, st.sampled_from(["dmy", "mdy"]))
def test_orders_are_read_as_they_are_written(moment, order):
    value = moment.strftime("%d/%m/%Y %H:%M:%S" if order == "dmy" else "%m/%d/%Y %I:%M:%S %p")
    assert iso_time(value, order) == moment.replace(microsecond=0).isoformat()


@given(st.text(), st.sampled_from(["ymd", "dmy", "mdy"]))
def test_any_text_is_taken(value, order):
    assert isinstance(iso_time(value, order), str)
    assert isinstance(seconds(value), str | float)
    assert isinstance(rating(value), str | int | None)
    assert isinstance(listed(value), str | list)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0:02:30", 150),
        ("00:00:05.5", 5.5),
        ("1:00:00", 3600),
        ("150", "150"),
        ("2:30", "2:30"),
        ("0:99:00", "0:99:00"),
    ],
)
def test_spans(value, expected):
    assert seconds(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5", 5), ("4.0", 4), ("4/5", 4), ("4 / 5", 4), ("★★★★", 4), ("★★★★☆", 4), ("⭐️⭐️", 2), ("good", 5), ("Bad", 1),
        ("rated_good", 5), ("👍", 5), ("満足", 5), ("not rated", None), ("-", None), ("未評価", None),
        ("4.5", "4.5"), ("4/10", "4/10"), ("so-so", "so-so"), ("☆☆☆", "☆☆☆"),
    ],
)  # fmt: skip
def test_ratings(value, expected):
    assert rating(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("vip,order", ["vip", "order"]),
        ("vip; order;", ["vip", "order"]),
        ("急ぎ、返品", ["急ぎ", "返品"]),
        ("a|b", ["a", "b"]),
        ("two words", ["two words"]),
        (",", []),
        ('["a, b"]', '["a, b"]'),
    ],
)
def test_lists(value, expected):
    assert listed(value) == expected
