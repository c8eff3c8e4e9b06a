"""Values of parameters as they are written."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.explore.values import read_value, read_values, written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("  ", None),
        ("''", ""),
        ("30", 30),
        (" -3 ", -3),
        ("2.5", 2.5),
        ("1e9", "1e9"),
        ("nan", "nan"),
        ("٣", "٣"),
        ("'30'", "30"),
        ("'", "'"),
        ("it's", "it's"),
        ("'a' or 'b'", "a' or 'b"),
        ("2026-11-01", date(2026, 11, 1)),
        ("2026-02-31", "2026-02-31"),
        ("2026-11-01 09:30", datetime(2026, 11, 1, 9, 30)),
        ("2026-11-01T09:30:05.25", datetime(2026, 11, 1, 9, 30, 5, 250000)),
        ("2026-11-01 25:00", "2026-11-01 25:00"),
        ("12345678901234567890", "12345678901234567890"),
        ("返金", "返金"),
        ("NULL", "NULL"),
        ("'; DROP TABLE chats; --", "'; DROP TABLE chats; --"),
    ],
)
def test_values_are_recognised_by_how_they_are_written(text, value):
    assert read_value(text) == value
    assert type(read_value(text)) is type(value)


values = st.one_of(
    st.none(),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    st.sampled_from(["30", "2.5", "2026-11-01", "'", "''", "'x'", " x ", "2026-11-01 10:00"]),
    st.integers(-(10**18) + 1, 10**18 - 1),
    st.floats(-1e9, 1e9).map(lambda number: round(number, 6)),
    st.dates(),
    st.datetimes(),
)


@given(values)
def test_what_is_written_is_read_as_what_it_was(value):
    assert read_value(written(value)) == value


def test_a_value_that_is_missing_is_null():
    assert read_values({"a": "1", "other": "2"}, ("a", "b")) == {"a": 1, "b": None}
