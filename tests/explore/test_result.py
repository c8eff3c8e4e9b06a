"""Results as they are looked at, and as files."""

import csv
import io
import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from lib.explore.checking import check
from lib.explore.result import CUT_SIGN, LONGEST_CELL, as_file, record_export, shown, unique_names
from lib.explore.running import run
from tests.worlds import HOSTILE_TEXTS

KINDS = """
    SELECT 1 AS a, 1.50::DECIMAL(5, 2) AS d, sum(x)::HUGEINT AS h, true AS b, NULL AS nothing, DATE '2026-01-31' AS day,
        TIMESTAMP '2026-01-31 10:00' AS moment, now() AS zoned, INTERVAL 1 DAY AS span, TIME '10:00' AS hour,
        '\\x01'::BLOB AS bytes, ['a', NULL] AS list, {'k': 1.5::DECIMAL(3, 1)} AS struct, map {'k': [1]} AS map,
        '00000000-0000-0000-0000-000000000001'::UUID AS id, 1e300 AS big, 'inf'::DOUBLE AS endless
    FROM range(3) t(x)
"""


def table(store, sql, **values):
    return run(store, check(store, sql), values, "UTC").table


def test_all_kinds_of_values_are_shown(sample_like):
    frame = shown(table(sample_like, KINDS))
    row = frame.iloc[0]
    assert (row["a"], row["d"], row["h"], row["b"]) == (1, 1.5, 3, True)
    assert pd.api.types.is_integer_dtype(frame["h"])
    assert row["moment"] == pd.Timestamp("2026-01-31 10:00")
    assert (row["bytes"], row["list"], row["struct"]) == ("01", '["a", null]', '{"k": 1.5}')
    assert row["id"] == "00000000-0000-0000-0000-000000000001"
    assert row["nothing"] is None or pd.isna(row["nothing"])


@pytest.mark.parametrize("file_kind", ["csv", "jsonl", "parquet"])
def test_all_kinds_of_values_become_files(sample_like, file_kind):
    assert as_file(table(sample_like, KINDS), file_kind)


def test_long_texts_are_cut_on_the_screen_and_whole_in_files(sample_like):
    text = "返" * (LONGEST_CELL + 1)
    found = table(sample_like, "SELECT $text AS t", text=text)
    assert shown(found).iloc[0]["t"] == text[:LONGEST_CELL] + CUT_SIGN
    assert json.loads(as_file(found, "jsonl"))["t"] == text


def test_names_are_made_unique(sample_like):
    assert unique_names(["a", "a", "a_2", "", "a"]) == ["a", "a_2", "a_2_2", "column_4", "a_3"]
    assert list(shown(table(sample_like, "SELECT 1 AS a, 2 AS a")).columns) == ["a", "a_2"]


def test_no_rows_have_their_columns(sample_like):
    found = table(sample_like, "SELECT id, status FROM chats WHERE false")
    assert list(shown(found).columns) == ["id", "status"]
    assert as_file(found, "csv").decode("utf-8-sig") == "id,status\r\n"
    assert as_file(found, "jsonl") == b""


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "＝1", "'=1"])
def test_a_spreadsheet_runs_nothing(sample_like, text):
    found = table(sample_like, "SELECT $text AS t, [$text] AS l, -1 AS n", text=text)
    rows = list(csv.reader(io.StringIO(as_file(found, "csv").decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{text}"
    assert rows[1][2] == "-1"
    assert json.loads(as_file(found, "jsonl"))["t"] == text


def test_texts_are_exact_in_all_files(hostile):
    found = table(hostile, "SELECT text FROM messages ORDER BY text")
    texts = sorted(found.column("text").to_pylist())
    assert set(texts) >= {text for text in HOSTILE_TEXTS if "\0" not in text}
    lines = as_file(found, "jsonl").decode().split("\n")[:-1]
    assert sorted(json.loads(line)["text"] for line in lines) == texts
    assert sorted(pq.read_table(io.BytesIO(as_file(found, "parquet"))).column("text").to_pylist()) == texts


def test_a_download_is_recorded(store):
    record_export(store, "Ann", "csv", "SELECT 1", 1, cut=False)
    event = store.read("SELECT * FROM events")[0]
    assert (event["actor"], event["action"], event["chat_id"]) == ("Ann", "explore_export", None)
    assert json.loads(event["detail"]) == {"file": "csv", "sql": "SELECT 1", "rows": 1, "cut": False}
