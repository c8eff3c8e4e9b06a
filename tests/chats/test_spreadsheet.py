import csv
import io
from datetime import datetime

import pytest

from lib.chats.spreadsheet import for_spreadsheets


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


@pytest.mark.parametrize("cell", ["", "a", " =1", "1", "1-2", "'=1", "返金", "a\n=1", "#", "%", "(1)"])
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
