"""Every type of the engine, with its edges, on the screen, in a chart and in files: it says what the engine says."""

import csv
import io
import json
from decimal import Decimal

import altair as alt
import pandas as pd
import pyarrow.parquet as pq
import pytest

from lib.explore.checking import Checked, check
from lib.explore.result import as_file, charted, shown
from lib.explore.running import Result, run
from lib.screen.explore.chart import _chart, settled

# One query a type: the engine's own edges of all its types, and those that it leaves out.
QUERIES = {
    "infinite days": "SELECT unnest([DATE 'infinity', '-infinity', '0044-03-15 (BC)', '0001-01-01', '12345-01-01'])",
    "infinite times": "SELECT unnest(['infinity'::TIMESTAMP, '-infinity', '9999-12-31 23:59:59.999999'])",
    "times in seconds": "SELECT unnest(['infinity'::TIMESTAMP_S, '0001-01-01 00:00:01'])",
    "times in nanoseconds": "SELECT unnest(['infinity'::TIMESTAMP_NS, '2026-01-31 10:00:00.123456789'])",
    "times with a zone": "SELECT unnest(['infinity'::TIMESTAMPTZ, '2026-01-31 10:00:00.5+09'])",
    "offsets": "SELECT unnest([TIMETZ '10:00:00+09', '10:00:00-03:30', NULL])",
    "spans": "SELECT unnest([INTERVAL '17:30:00', INTERVAL 14 MONTH, INTERVAL (-1) DAY])",
    "floats": "SELECT unnest(['nan'::DOUBLE, 'inf', '-inf', '-0.0', 1e300, 0.1, NULL])",
    "short floats": "SELECT unnest(['nan'::FLOAT, 'inf', 0.1, 3.4028235e38])",
    "division by nothing": "SELECT count(*) / 0 AS a, -count(*) / 0 AS b, (count(*) - count(*)) / 0 FROM range(3)",
    "decimals": "SELECT unnest([12345678901234567.89, 0.10, -0.01, NULL])",
    "small decimals": "SELECT unnest([0.0000001::DECIMAL(38, 38), -0.1])",
    "sums": "SELECT sum(x)::HUGEINT FROM (VALUES (9223372036854775807), (1)) t(x)",
    "whole beside NULL": "SELECT unnest([9007199254740993, NULL, 1])",
    "huge": "SELECT unnest(['170141183460469231731687303715884105727'::HUGEINT, 1])",
    "huge without sign": "SELECT unnest(['340282366920938463463374607431768211455'::UHUGEINT, 1])",
    "any size": "SELECT unnest([('1' || repeat('0', 99) || '7')::BIGNUM, 1])",
    "union": "SELECT unnest([1::UNION(a INTEGER, b VARCHAR), 'x', NULL])",
    "json": """SELECT unnest(['{"a": [1,\n 2.50], "n": NaN}'::JSON, 'null', '"x"'])""",
    "texts": "SELECT unnest(['', NULL, 'NULL', '\"', 'a,b', 'a\nb\r\n', '=1', '-inf'])",
    "map": "SELECT map {1.5: [NULL, 'nan'::DOUBLE], 2: []}, map {[1]: {'a': 'infinity'::DATE}}",
    "nested": """SELECT {'a': [{'b': 12345678901234567.89, 'c': NULL}], 'd': '"NaN" Infinity', 'e': INTERVAL 1 DAY}""",
    "nested union": "SELECT [1::UNION(a INTEGER, b TIMETZ), TIMETZ '10:00:00+09', NULL]",
    "days in lists": "SELECT [DATE 'infinity', NULL], [TIMESTAMP '2026-01-31 10:00:00']",
    "bits": "SELECT '0101'::BIT, '\\x00a'::BLOB, '00000000-0000-0000-0000-000000000001'::UUID, 'a'::ENUM('a')",
    "variant": "SELECT 42::VARIANT, [1, 'a'::VARIANT]",
    "nothing": "SELECT NULL, [], [NULL], {'a': NULL}",
    "names": "SELECT 1 AS a, 2 AS a, 3 AS \"A\", 4 AS \"\"\"\", 5 AS \"a\nb\", 6 AS v0, 7 AS c0",
    "no rows": "SELECT 1 AS a, [1] AS b, 'x' AS c WHERE false",
    "all types": "FROM test_all_types()",
    "widths": "SELECT 1::DECIMAL(1, 0), " + ", ".join(f"0::DECIMAL({width}, {width - 1})" for width in range(2, 39)),
}  # fmt: skip


@pytest.fixture(scope="module")
def answers():
    """Cells by the place of a store and the query: no query here reads what the store holds."""
    return {}


@pytest.fixture
def asked(store, answers):
    def ask(sql):
        if (store.location, sql) not in answers:
            found = run(store, Checked(sql, (), frozenset()), {}, "UTC")
            assert isinstance(found, Result), found
            answers[store.location, sql] = found.cells
        return answers[store.location, sql]

    return ask


def test_the_screen_says_what_the_engine_says(store, asked):
    for name, sql in QUERIES.items():
        cells = asked(sql)
        rows = shown(cells)
        said = written(store, sql)
        for place, column in enumerate(rows.frame.columns):
            if cells.columns[place].kind == "json":
                continue
            for value, text in zip(rows.frame[column], said[place], strict=True):
                assert is_said(value, text), (name, column, value, text)


def written(store, sql):
    """The columns of a query as the engine writes them."""
    with store.cursor() as cursor:
        count = len(cursor.execute(f"DESCRIBE {sql}").fetchall())
        names = [f"c{place}" for place in range(count)]
        texts = ", ".join(f"{each}::VARCHAR" for each in names)
        rows = cursor.execute(f"SELECT {texts} FROM ({sql}) AS t({', '.join(names)})").fetchall()
    return [[row[place] for row in rows] for place in range(count)]


def is_said(value, text):
    """Whether what is shown is what the engine says, digit for digit and not only nearly."""
    if text is None:
        return value is None or value is pd.NA or value != value
    if isinstance(value, str):
        return value == text
    if isinstance(value, bool):
        return text == str(value).lower()
    if isinstance(value, float):
        # As a browser writes it, which has floats of 64 bits and no -0.
        return Decimal(repr(value)) == Decimal(text) and text not in ("-0.0", "nan")
    return str(value) == text and abs(value) < 2**53


def test_csv_and_json_lines_say_it_too(store, asked):
    for name, sql in QUERIES.items():
        cells, said = asked(sql), written(store, sql)
        lines = as_file(cells, "jsonl").decode().split("\n")[:-1]
        for row, line in enumerate(lines):
            found = json.loads(line, parse_constant=pytest.fail, parse_float=Decimal)
            for place, value in enumerate(found.values()):
                assert is_said_in_json(value, cells.columns[place].kind, said[place][row]), (name, value)
        rows = list(csv.reader(io.StringIO(as_file(cells, "csv").decode("utf-8-sig"), newline="")))
        assert len([row for row in rows if row]) >= len(lines), name


def is_said_in_json(value, kind, text):
    """Whether the value of a line is what the engine says."""
    if text is None or kind == "json":
        return kind == "json" or value is None
    if kind == "truth":
        return value is (text == "true")
    if kind == "number":
        endless = {"nan": "NaN", "-nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
        return value == endless[text] if text in endless else Decimal(value) == Decimal(text)
    return value == text


def test_lists_and_structs_are_the_json_of_the_engine(store, asked):
    for name, sql in QUERIES.items():
        cells = asked(sql)
        for place, column in enumerate(cells.columns):
            if column.kind != "json":
                continue
            names = ", ".join(f"c{each}" for each in range(len(cells.columns)))
            with store.cursor() as cursor:
                rows = cursor.execute(f"SELECT to_json(c{place})::VARCHAR FROM ({sql}) AS t({names})").fetchall()
            for (said,), value in zip(rows, shown(cells).frame.iloc[:, place], strict=True):
                read = [None if each is None else json.loads(each, parse_constant=str) for each in (said, value)]
                assert read[0] == read[1], name
                assert value is None or "\n" not in value


def test_null_and_an_empty_text_are_two_things(asked):
    cells = asked("SELECT * FROM (VALUES (1, '', NULL), (NULL, NULL, ['', NULL])) t(n, t, l)")
    assert as_file(cells, "csv").decode("utf-8-sig") == '"n","t","l"\r\n1,"",\r\n,,"["""",null]"\r\n'
    assert [json.loads(line) for line in as_file(cells, "jsonl").splitlines()] == [
        {"n": 1, "t": "", "l": None},
        {"n": None, "t": None, "l": ["", None]},
    ]
    assert [None if pd.isna(value) else value for value in shown(cells).frame["t"]] == ["", None]


@pytest.mark.parametrize(
    ("sql", "csv_line", "json_value"),
    [
        ("SELECT 12345678901234567.89", "12345678901234567.89", "12345678901234567.89"),
        ("SELECT 1.50::DECIMAL(5, 2)", "1.50", "1.50"),
        ("SELECT 1::DOUBLE / 0", "inf", '"Infinity"'),
        ("SELECT -1::DOUBLE / 0", '"\'-inf"', '"-Infinity"'),
        ("SELECT INTERVAL '17:30:00'", '"17:30:00"', '"17:30:00"'),
        ("SELECT TIMETZ '10:00:00+09'", '"10:00:00+09"', '"10:00:00+09"'),
        ("SELECT 'infinity'::TIMESTAMP", '"infinity"', '"infinity"'),
        ("SELECT ['nan'::DOUBLE, 1]", '"[""NaN"",1.0]"', '["NaN",1.0]'),
        ("SELECT -5", "-5", "-5"),
        ("SELECT '-5'", '"\'-5"', '"-5"'),
        ("SELECT true", "true", "true"),
    ],
)
def test_values_in_files_are_written_so(asked, sql, csv_line, json_value):
    cells = asked(sql)
    assert as_file(cells, "csv").decode().split("\r\n")[1] == csv_line
    assert as_file(cells, "jsonl").decode().partition(": ")[2] == f"{json_value}}}\n"


def test_parquet_has_types_where_it_can_hold_all_values(store, asked):
    for sql in QUERIES.values():
        cells = asked(sql)
        assert pq.read_table(io.BytesIO(as_file(cells, "parquet"))).num_rows == cells.table.num_rows
    typed = asked("SELECT 1.50::DECIMAL(5, 2) AS d, DATE '2026-01-31' AS day, ['a'] AS l, 'infinity'::DATE AS far")
    found = pq.read_table(io.BytesIO(as_file(typed, "parquet")))
    assert [str(field.type) for field in found.schema] == [
        "decimal128(5, 2)",
        "date32[day]",
        "list<element: string>",
        "string",
    ]


def test_any_result_can_be_drawn(store, asked):
    for name, sql in QUERIES.items():
        frame = charted(asked(sql))
        if frame.empty:
            continue
        names = {column: f"c{place}" for place, column in enumerate(frame.columns)}
        for mark in ("bar", "line", "point"):
            drawn = _chart(frame.rename(columns=names), names, settled({"mark": mark}, frame))
            with alt.data_transformers.disable_max_rows():
                assert drawn.to_dict(), name


def test_numbers_that_a_browser_has_exactly_are_numbers_and_others_are_texts(asked):
    rows = shown(
        asked("SELECT 1.50::DECIMAL(5, 2) AS d, 12345678901234567.89 AS wide, 9007199254740993 AS n, 0.1 AS f")
    )
    assert rows.formats == {"d": "%.2f", "wide": None, "n": None, "f": "%.1f"}
    assert rows.frame.iloc[0].to_list() == [1.5, "12345678901234567.89", "9007199254740993", 0.1]


def test_the_order_of_the_query_is_that_of_the_rows(store):
    found = run(
        store, check(store, "SELECT range AS n FROM range(5000) ORDER BY hash(range); -- by chance;"), {}, "UTC"
    )
    with store.cursor() as cursor:
        rows = cursor.execute("SELECT range FROM range(5000) ORDER BY hash(range)").fetchall()
    assert shown(found.cells).frame["n"].to_list() == [row[0] for row in rows]
