"""What stands between the cells of a CSV file."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.importing.columns import COMMAS, Dialect, sniff


@pytest.mark.parametrize(
    ("head", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";"),
        ("a\tb\r\n1, 2\t3\r\n", "\t"),
        ("a|b\r1|2\r", "|"),
        ('id;text\n1;"a, b, c\nand, so, on"\n2;"d"\n', ";"),
        ('id;text\n1;"she said ""a, b""\n', ";"),
        ('"a, b";c\n1;2', ";"),
        ('a,b\n1,"cut, off', ","),
        ("a;b,c\n1;2\n3;4\n", ";"),
        ("\ufeffa;b\n1;2\n", ";"),
        ("a;b", ";"),
        ("id\n1\n", ","),
        ("id\n1;2;3\n", ","),
        ("", ","),
        ("\n\n", ","),
    ],
)
def test_delimiters(head, delimiter):
    assert sniff(head) == Dialect(delimiter, 0)


@pytest.mark.parametrize("head", ["sep=;\na,b\n", "SEP=;\r\na,b", "\ufeffsep=; \na", "sep=;"])
def test_excels_own_hint(head):
    assert sniff(head) == Dialect(";", 1)


@pytest.mark.parametrize(("head", "above"), [("sep=x\na,b\n", 1), ("sep=;a\n1;2,3\n", 0), ("sep,a\n", 0)])
def test_what_is_no_hint(head, above):
    assert sniff(head).skipped == above


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]) | st.sampled_from(',;|\n"'), max_size=6
)


@given(
    st.sampled_from([",", ";", "\t", "|"]),
    st.integers(2, 4).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=6)),
)
def test_what_a_spreadsheet_writes_with_all_cells_quoted(delimiter, rows):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    assert sniff(stream.getvalue()).delimiter == delimiter


@given(st.text())
def test_any_text_has_a_dialect(head):
    assert sniff(head).delimiter in (",", ";", "\t", "|")
    assert Dialect(",", 0) == COMMAS
