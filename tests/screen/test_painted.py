"""Looks of cells reach the browser as pandas itself would have them told, without its text of each cell."""

import re

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.elements.arrow import marshall
from streamlit.proto.ArrowData_pb2 import ArrowData

from lib.screen.parts.table import bold, painted, with_open_row

MARK = "background-color: #dbe9ff"
LOOKS = ("", MARK, bold("#b3261e"), f"{MARK}; {bold('#b3261e')}")
NAMES = ("visitor", "status", "messages")


def sent(styler) -> ArrowData:
    """What goes to the browser."""
    data = ArrowData()
    marshall(data, styler, default_uuid="table")
    return data


def looks_of(data: ArrowData) -> dict[str, set[str]]:
    """The declarations of each cell."""
    found: dict[str, set[str]] = {}
    for rule in data.styler.styles.splitlines():
        selectors, declarations = rule.removesuffix(" }").split(" { ")
        for selector in selectors.split(", "):
            found[selector.split("_", 2)[2]] = {
                re.sub(r"\s*:\s*", ": ", each.strip()) for each in declarations.split(";")
            }
    return found


@given(st.lists(st.tuples(*[st.sampled_from(LOOKS)] * len(NAMES)), max_size=6))
def test_each_cell_has_its_look_as_pandas_itself_tells_it(looks):
    rows = pd.DataFrame([[f"{name} {n}" for name in NAMES] for n in range(len(looks))], columns=list(NAMES))
    table = pd.DataFrame(looks, index=rows.index, columns=rows.columns)
    assert looks_of(sent(painted(rows, looks))) == looks_of(sent(rows.style.apply(lambda _all: table, axis=None)))


@pytest.mark.parametrize("column", ["", "status"])
def test_the_open_row_is_marked_and_its_coloured_word_stays_coloured(column):
    rows = pd.DataFrame([["Aoi", "Missed"], ["Ben", "Completed"]], columns=["visitor", "status"])
    found = looks_of(sent(with_open_row(rows, [False, True], column, [bold("red"), bold("green")] if column else ())))
    assert found["row1_col0"] == {MARK}
    assert found["row1_col1"] == ({MARK, "color: green", "font-weight: 600"} if column else {MARK})
    assert found.get("row0_col1") == ({"color: red", "font-weight: 600"} if column else None)


def test_the_same_rows_are_the_same_message_which_the_browser_need_not_get_again():
    rows = pd.DataFrame([["Aoi", "Missed"]], columns=["visitor", "status"])
    assert sent(with_open_row(rows, [True])) == sent(with_open_row(rows, [True]))


def test_what_is_shown_in_a_cell_is_its_value_and_nothing_where_there_is_none():
    rows = pd.DataFrame(
        {
            "name": pd.array(["Aoi", None], dtype="str"),
            "messages": pd.array([12000, None], dtype="Int64"),
            "at": pd.to_datetime(["2026-03-04T05:06:07", None]),
        }
    )
    data = sent(with_open_row(rows, [True, False]))
    values, shown = (
        pa.ipc.open_stream(bytes_).read_all().to_pylist() for bytes_ in (data.data, data.styler.display_values)
    )
    assert [row["name"] for row in values] == [row["name"] for row in shown] == ["Aoi", None]
    assert [row["messages"] for row in values] == [12000, None]
    assert shown[0]["messages"] == "12000"
