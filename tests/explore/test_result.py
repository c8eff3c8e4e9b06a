"""Results as they are looked at, and as files."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from lib.explore.checking import check
from lib.explore.result import CUT_SIGN, LONGEST_CELL, as_file, record_export, shown, unique_names
from lib.explore.running import run
from tests.worlds import HOSTILE_TEXTS


def cells(store, sql, **values):
    return run(store, check(store, sql), values, "UTC").cells


def test_long_texts_are_cut_on_the_screen_and_whole_in_files(sample_like):
    text = "返" * (LONGEST_CELL + 1)
    found = cells(sample_like, "SELECT $text AS t", text=text)
    assert shown(found).frame.iloc[0]["t"] == text[:LONGEST_CELL] + CUT_SIGN
    assert json.loads(as_file(found, "jsonl"))["t"] == text


def test_names_are_made_unique(sample_like):
    assert unique_names(["a", "a", "a_2", "", "a"]) == ["a", "a_2", "a_2_2", "column_4", "a_3"]
    assert list(shown(cells(sample_like, "SELECT 1 AS a, 2 AS a")).frame.columns) == ["a", "a_2"]


def test_no_rows_have_their_columns(sample_like):
    found = cells(sample_like, "SELECT id, status FROM chats WHERE false")
    assert list(shown(found).frame.columns) == ["id", "status"]
    assert as_file(found, "csv").decode("utf-8-sig") == '"id","status"\r\n'
    assert as_file(found, "jsonl") == b""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "'=1"])
def test_a_spreadsheet_runs_nothing(sample_like, text):
    found = cells(sample_like, "SELECT $text AS t, [$text] AS l, -1 AS n", text=text)
    rows = list(csv.reader(io.StringIO(as_file(found, "csv").decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{text}"
    assert rows[1][2] == "-1"
    assert json.loads(as_file(found, "jsonl"))["t"] == text


def test_texts_are_exact_in_all_files(hostile):
    found = cells(hostile, "SELECT text FROM messages ORDER BY text")
    texts = sorted(found.texts(0))
    assert set(texts) >= {text for text in HOSTILE_TEXTS if "\0" not in text}
    lines = as_file(found, "jsonl").decode().split("\n")[:-1]
    assert sorted(json.loads(line)["text"] for line in lines) == texts
    assert sorted(pq.read_table(io.BytesIO(as_file(found, "parquet"))).column("text").to_pylist()) == texts


def test_a_download_is_recorded(store):
    record_export(store, "Ann", "csv", "SELECT 1", 1, cut=False)
    event = store.read("SELECT * FROM events")[0]
    assert (event["actor"], event["action"], event["chat_id"]) == ("Ann", "explore_export", None)
    assert json.loads(event["detail"]) == {"file": "csv", "sql": "SELECT 1", "rows": 1, "cut": False}
