"""Answers of vendors in which anything stands in the place of anything never break an import, and none is lost."""

import copy
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.importing import ImportRefused
from lib.importing.reading import Manner, read_here
from tests import worlds
from tests.importing.files import content, gzipped, load, raw, zipped
from tests.importing.vendors.every_vendor import ANSWERS
from tests.thorough import rarely

CODES = sorted(ANSWERS)
KINDS = {"staged_chats": "chat", "staged_visitors": "visitor"}
TEXTS = st.text(max_size=8) | st.sampled_from([
    "", " ", "0", "-1", "2026-03-01T00:00:00Z", "2026-03-01 09:00", "1999-12-31", "1772357400", "1772357400000",
    "x" * 9000, "\ud800", "\0", "<p>a<br>b", "&amp;", "-", "7" * 300, "true", "null", "closed", "missed", "visitor",
    "[]", "{}", "http://[", "$", "b", "C:\\",
])  # fmt: skip
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0, -1, 1, 10**9, 1_772_357_400, 1_772_357_400_000, 2**63, 10**400, 1e300, -0.0, 0.5]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
NAMES = st.sampled_from(["id", "_id", "type", "name", "text", "data", "payload", "visitor", "url"]) | st.text(
    max_size=5
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=8
)


def places(value, path=()):
    """The paths of all values inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield (*path, key)
        yield from places(inner, (*path, key))


PLACES = {code: list(places(ANSWERS[code].FILES)) for code in CODES}


def put(answers, path, value):
    *steps, last = path
    place = answers
    for step in steps:
        try:
            place = place[step]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(place, dict) or (isinstance(place, list) and isinstance(last, int) and last < len(place)):
        place[last] = value


@st.composite
def spoilt(draw, code):
    """The answers of a vendor by their files, of which something was replaced by anything."""
    answers = copy.deepcopy(ANSWERS[code].FILES)
    for _ in range(draw(st.integers(1, 6))):
        path = draw(st.sampled_from(PLACES[code]))
        put(answers, path, draw(JSON))
    return [raw(json.dumps(answer), name) for name, answer in answers.items()]


@st.composite
def damaged(draw, code):
    """A file of a vendor that was cut, or some of whose bytes were changed."""
    name = draw(st.sampled_from(list(ANSWERS[code].FILES)))
    written = draw(st.sampled_from([None, 1]))
    source = raw(json.dumps(ANSWERS[code].FILES[name], ensure_ascii=False, indent=written), name)
    source = draw(st.sampled_from([lambda same: same, gzipped, zipped]))(source)
    data = bytearray(source.data)
    for _ in range(draw(st.integers(0, 4))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return raw(bytes(data[draw(st.sampled_from([0, 0, 0, 1, 7])) : draw(st.integers(0, len(data)))]), name)


def check_read(files):
    """Fails unless all that stands in the files is either accepted or rejected; they may be refused."""
    rows = Counter()
    try:
        reading = read_here(files, Manner("UTC"), lambda name, table: rows.update({name: len(table)}), lambda *_: None)
    except ImportRefused:
        return
    for table, kind in KINDS.items():
        assert rows[table] + reading.rejected.get(kind, 0) == reading.read.get(kind, 0)
    assert rows["staged_rejects"] == sum(reading.rejected.values()) == sum(file.rejected for file in reading.files)
    assert sum(reading.read.values()) == sum(file.records for file in reading.files)
    assert (rows["staged_messages"], rows["staged_rows"]) == (reading.entries, reading.rows)


def quickly(examples):
    unhealthy = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=unhealthy)


@pytest.mark.parametrize("code", CODES)
@quickly(20)
@given(st.data())
def test_any_answer_is_read_or_rejected(code, data):
    files = data.draw(spoilt(code))
    for file in files:
        check_read([file])


@pytest.mark.parametrize("code", CODES)
@quickly(60)
@given(st.data())
def test_any_damage_is_a_refusal_or_a_rejection(code, data):
    check_read([data.draw(damaged(code))])


# What is read of any answer, each run looks at for all of them.
@pytest.mark.parametrize(
    "code", ["chatwoot", "zendesk", *rarely(each for each in CODES if each not in ("chatwoot", "zendesk"))]
)
@quickly(3)
@given(st.data())
def test_any_answer_is_stored_or_rejected(code, file_workbench, data):
    worlds.empty(file_workbench)
    files = data.draw(spoilt(code))
    try:
        report = load(file_workbench, *files)
    except ImportRefused as refusal:
        assert refusal.file in {file.name for file in files}
        return
    wanted = content(file_workbench)
    again = load(file_workbench, *files)
    assert (again.new, again.updated, again.read) == (0, 0, report.read)
    assert content(file_workbench) == wanted
