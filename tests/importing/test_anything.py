"""Arbitrary records never break an import, and none is lost."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.importing.records.fields import CHAT_COLUMNS, CHAT_FIELDS, ROW_FIELDS, SENDERS
from lib.store import Store
from tests import worlds
from tests.importing.files import csv_file, json_lines, load, raw

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=20),
    st.sampled_from(["2026-03-01T00:00:00Z", "2026-03-01", 1_772_357_400, "0", "", *SENDERS]),
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(sorted(CHAT_FIELDS | ROW_FIELDS)), st.text(max_size=8))
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12
)
MESSAGES = st.lists(st.fixed_dictionaries(
    {"sender_type": st.sampled_from(sorted(SENDERS))}, optional={"text": SCALARS, "at": SCALARS, "x": JSON}
), max_size=3)  # fmt: skip
CHATS = st.fixed_dictionaries(
    {"id": st.integers(0, 30)},
    optional={
        "messages": MESSAGES | JSON,
        "notes": JSON,
        "visitor": JSON,
        "started_at": SCALARS,
        "tags": JSON,
        "": JSON,
    },
)
RECORDS = st.lists(st.dictionaries(NAMES, JSON, max_size=8) | CHATS | JSON, max_size=12)
ROWS = st.lists(st.dictionaries(st.sampled_from(sorted(CHAT_COLUMNS)), st.text(max_size=20), max_size=8), max_size=8)
MANY = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """In a file only: what differs between a file and a lake comes after the records are checked."""
    store = Store(str(tmp_path_factory.mktemp("anything") / "history.duckdb"))
    yield store
    store.close()


@MANY
@given(RECORDS)
def test_any_json_is_taken_or_rejected(store, records):
    worlds.empty(store)
    lines = [json.dumps(record) for record in records]
    report = load(store, json_lines('{"id": "first"}', *lines))
    assert report.read == len(records) + 1
    assert report.new + report.rejected == report.read


@MANY
@given(ROWS)
def test_any_csv_is_taken_or_rejected(store, rows):
    worlds.empty(store)
    rows = [{"id": "first", "rating": ""}, *({"id": "x", **row} for row in rows)]
    report = load(store, csv_file(rows))
    assert report.new + report.rejected == report.read


@MANY
# Where a large part of so short a file are zeros, it is one in UTF-16.
@given(st.lists(st.binary(max_size=30).filter(lambda line: not set(line) & set(b"\0\n\r")), max_size=8))
def test_any_bytes_are_taken_or_rejected(store, lines):
    worlds.empty(store)
    report = load(store, raw(b'{"id": 1}\n' + b"\n".join(lines)))
    assert report.read == 1 + sum(bool(line.strip(b" \t\n\r\v\f")) for line in lines)
