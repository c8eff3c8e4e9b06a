"""A mapping as text, and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.importing.columns import DATE_ORDERS, FIELDS, TABLE_KINDS, ColumnMapping
from lib.importing.records.fields import CHAT_COLUMNS, ROW_COLUMNS, SENDERS
from tests.importing.columns.tables import MAPPINGS

GOOD = {"kind": "chats", "fields": [["No.", "id"]], "date_order": "ymd", "senders": [["guest", "visitor"]]}
# Codes and flags that no other system writes as we do.
NOT_OFFERED = {"missed_reason", "judged", "answered", "deleted", "message_total", "automatic", "tells"}


@given(MAPPINGS)
def test_a_mapping_survives_being_text(mapping):
    assert ColumnMapping.from_json(mapping.to_json()) == mapping


def test_what_is_taken_for_a_mapping():
    assert ColumnMapping.from_json(json.dumps(GOOD)) == ColumnMapping(
        "chats", (("No.", "id"),), "ymd", (("guest", "visitor"),)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "chat"},
        {"kind": ["chats"]},
        {"date_order": None},
        {"fields": None},
        {"fields": 3},
        {"fields": "id"},
        {"fields": [["No."]]},
        {"fields": [["No.", "number"]]},
        {"fields": [["No.", ["id"]]]},
        {"fields": [[1, "id"]]},
        {"senders": [["guest", "nobody"]]},
        {"senders": {"guest": "visitor"}},
    ],
    ids=str,
)
def test_what_is_no_mapping(change):
    with pytest.raises(ValueError):
        ColumnMapping.from_json(json.dumps(GOOD | change))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", "{}", '"chats"', "[" * 100_000])
def test_what_is_no_mapping_at_all(text):
    with pytest.raises(ValueError):
        ColumnMapping.from_json(text)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from(sorted(GOOD)), inner), max_leaves=8))  # fmt: skip
def test_nonsense_is_refused(value):
    with pytest.raises(ValueError):
        ColumnMapping.from_json(json.dumps(value))


def test_every_field_of_the_contract_can_be_chosen():
    names = {field.name for field in FIELDS}
    assert len(names) == len(FIELDS)
    assert names >= (CHAT_COLUMNS | ROW_COLUMNS) - {"chat_id"} - NOT_OFFERED
    assert {field.of for field in FIELDS} == set(TABLE_KINDS)
    assert len({field.label for field in FIELDS}) == len(FIELDS)


def test_choices():
    assert set(DATE_ORDERS) == {"ymd", "dmy", "mdy"}
    assert "note" in SENDERS
