"""Fields that the import format does not name, as the Info tab lists them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.screen.chat.info import flattened

NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()),
    lambda inner: st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("record", "facts"),
    [
        ({}, []),
        ({"plan": "gold"}, [("plan", "gold")]),
        ({"a": {"b": {"c": 1}}, "d": None}, [("a.b.c", "1"), ("d", "null")]),
        ({"a": {}, "b": [], "c": [{"d": "é"}]}, [("a", "{}"), ("b", "[]"), ("c", '[{"d": "é"}]')]),
        ({"返金": {"値": "百"}}, [("返金.値", "百")]),
        ({"a": True, "b": 1.5, "c": ""}, [("a", "true"), ("b", "1.5"), ("c", "")]),
    ],
)
def test_flattened(record: dict[str, Any], facts: list[tuple[str, str]]):
    assert list(flattened(record)) == facts


def leaves(value: Any) -> int:
    return sum(map(leaves, value.values())) if isinstance(value, dict) and value else 1


@given(st.dictionaries(st.text(), NESTED, min_size=1, max_size=4))
def test_nothing_is_lost(record: dict[str, Any]):
    found = list(flattened(record))
    assert len(found) == leaves(record)
    assert all(isinstance(value, str) for _path, value in found)
