from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lib.importing.problems import FieldError
from lib.importing.times import TimeReader


def read(value, zone="Asia/Tokyo"):
    micros = TimeReader(zone).read(value, "at")
    return None if micros is None else datetime.fromtimestamp(micros / 1e6, UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30)),
        ("2026-03-01T18:30:00.250+09:00", datetime(2026, 3, 1, 9, 30, 0, 250_000)),
        ("2026-03-01 18:30:00", datetime(2026, 3, 1, 9, 30)),
        ("2026-03-01T18:30", datetime(2026, 3, 1, 9, 30)),
        ("2026-03-01", datetime(2026, 2, 28, 15, 0)),
        ("20260301", datetime(2026, 2, 28, 15, 0)),
        ("20260301T183000", datetime(2026, 3, 1, 9, 30)),
        (" 2026-03-01T09:30:00Z\n", datetime(2026, 3, 1, 9, 30)),
        (1_772_357_400, datetime(2026, 3, 1, 9, 30)),
        ("1772357400", datetime(2026, 3, 1, 9, 30)),
        (1_772_357_400.5, datetime(2026, 3, 1, 9, 30, 0, 500_000)),
        (1_772_357_400_250, datetime(2026, 3, 1, 9, 30, 0, 250_000)),
        ("1772357400250000", datetime(2026, 3, 1, 9, 30, 0, 250_000)),
        (Decimal("1772357400"), datetime(2026, 3, 1, 9, 30)),
        (datetime(2026, 3, 1, 18, 30), datetime(2026, 3, 1, 9, 30)),
        (datetime(2026, 3, 1, 9, 30, tzinfo=UTC), datetime(2026, 3, 1, 9, 30)),
        (date(2026, 3, 1), datetime(2026, 2, 28, 15, 0)),
        (None, None), ("", None), ("  ", None), (0, None), ("0", None), (-1, None), ("-1", None), (float("nan"), None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_utc(value, utc):
    assert read(value) == utc


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("yesterday", "bad_time"), ("2026-13-01T00:00:00Z", "bad_time"), ("2026-03-01x09:30", "bad_time"),
        ("2026-02-30", "bad_time"), (123, "bad_time"), ("12345678901", "bad_time"), (-5, "bad_time"),
        (float("inf"), "bad_time"), (1e30, "bad_time"), ("٢٠٢٦", "bad_time"), ("9" * 5000, "bad_time"),
        ("1999-12-31T23:59:59Z", "year_out_of_range"), ("2101-01-01", "year_out_of_range"),
        ("0001-01-01T00:00:00+14:00", "year_out_of_range"), (5_000_000_000, "year_out_of_range"),
        (True, "wrong_type"), ([], "wrong_type"), ({}, "wrong_type"), (b"x", "wrong_type"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_said_to_be_none(value, reason):
    with pytest.raises(FieldError) as problem:
        read(value)
    assert (problem.value.field, problem.value.reason) == ("at", reason)


def test_only_a_time_without_an_offset_needs_the_zone():
    times = TimeReader("Asia/Tokyo")
    times.read("2026-03-01T09:30:00Z", "at")
    times.read(1_772_357_400, "at")
    assert not times.bare_seen
    times.read("2026-03-01T09:30:00", "at")
    assert times.bare_seen
