"""Rows of tables that are no records, and records that only look like it."""

import pytest

from lib.importing.columns import ColumnMapping
from lib.importing.formats.feed import Known
from tests.importing.files import content, csv_file, load, raw, staged

HEADER = "id,status,visitor_name,wait_s"
NO_RECORDS = [
    "合計,,,215", "Total,,,215", "TOTAL:,,,", "Average,,,3.5", "平均,,,0:12", "Grand total,2,,430", "Total: 215,,,",
    "合計 215件,,,", ",Total,,215", "小計,-,,215", HEADER, "Exported on 2026-03-05,,,", "以上,,,", "※社外秘,,,",
    "2 records,,,", "出力日：2026-03-05", "Mean,,,\"1,204.5\"",
]  # fmt: skip
RECORDS = [
    "Total,missed,Ann,", "1,missed,Total,5", "合計 太郎,missed,,1", "2,,,", "Total,,Ann,215", "7,,,215", "sum-1,,,3",
    "Exported on Monday,,Ann,",
]  # fmt: skip


@pytest.mark.parametrize("row", NO_RECORDS)
def test_what_is_no_record_is_left_out_and_told(in_file, row):
    report = load(in_file, raw("\n".join([HEADER, "1,missed,Ann,5", row, "2,missed,Ben,6", ""])))
    assert (report.read, report.new, report.rejected, report.rows_read) == (2, 2, 0, 2)
    assert (report.no_records.count, len(report.no_records.examples)) == (1, 1)


@pytest.mark.parametrize("row", RECORDS)
def test_a_record_that_looks_like_it_is_taken(in_file, row):
    report = load(in_file, raw("\n".join([HEADER, "9,missed,Ann,5", row, ""])))
    assert (report.new, report.no_records.count) == (2, 0)


def test_a_table_of_other_columns_and_one_of_messages():
    mapping = ColumnMapping("chats", (("番号", "id"), ("氏名", "visitor_name")))
    known = Known(mapping="x", mappings=(("x", ("番号", "氏名", "待ち"), mapping),))
    tables, reading = staged(raw("番号,氏名,待ち\n1,凛,5\n合計,,5\n"), known=known)
    assert (len(tables["staged_chats"]), reading.no_records.examples) == (1, ["合計,,5"])
    tables, reading = staged(raw("chat_id,sender_type,text\n1,bot,Hi\nTotal,,1\n"))
    assert (len(tables["staged_rows"]), reading.no_records.count) == (1, 1)


def test_the_same_with_and_without_them(in_file):
    rows = [{"id": "1", "comment": "a"}, {"id": "2", "comment": "b"}]
    load(in_file, csv_file(rows))
    before = content(in_file)
    report = load(in_file, csv_file([rows[0], {"id": "id", "comment": "comment"}, rows[1], {"id": "Total"}]))
    assert (report.unchanged, report.no_records.examples) == (2, ["id,comment", "Total"])
    assert content(in_file) == before
