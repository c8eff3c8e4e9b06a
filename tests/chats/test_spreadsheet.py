import csv
import io
from datetime import datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.chats.own_files import for_spreadsheets, for_spreadsheets_sql, from_spreadsheets


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("https://evil.example","x")',
        "+2",
        "-2",
        "-",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\0=1",
    ],
)
def test_a_text_that_a_spreadsheet_would_run_gets_a_quote(cell: str):
    assert for_spreadsheets(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a", " =1", "1", "1-2", "'", "'a", "返金", "a\n=1", "#", "%", "(1)"])
def test_any_other_text_stays_as_it_is(cell: str):
    assert for_spreadsheets(cell) == cell


@pytest.mark.parametrize("cell", [None, -1, 0, -1.5, True, datetime(2026, 11, 23), b"=1"])
def test_what_is_no_text_stays_as_it_is(cell: object):
    assert for_spreadsheets(cell) is cell


def test_a_neutral_cell_survives_the_way_through_a_csv_file():
    file = io.StringIO(newline="")
    csv.writer(file).writerow([for_spreadsheets("=1,2"), for_spreadsheets("\r\n=1"), for_spreadsheets("a")])
    file.seek(0)
    assert next(csv.reader(file)) == ["'=1,2", "'\r\n=1", "a"]


QUOTES = st.text(st.sampled_from("'=+-@\t\r\n\0＝＋－＠a\""), max_size=6)


def test_what_looks_as_if_it_had_a_quote_gets_one_more():
    assert for_spreadsheets("'=1") == "''=1"


@given(QUOTES)
def test_each_text_comes_back(text: str):
    cell = for_spreadsheets(text)
    assert from_spreadsheets(str(cell)) == text
    assert str(cell)[:1] not in tuple("=+-@\t\r\n\0＝＋－＠")


@given(QUOTES)
def test_sql_makes_the_same_cells(text: str):
    found = duckdb.execute(f"SELECT {for_spreadsheets_sql('$cell::VARCHAR')}", {"cell": text}).fetchone()
    assert found == (for_spreadsheets(text),)
