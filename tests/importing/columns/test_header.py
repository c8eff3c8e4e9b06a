"""Where the header of a table stands, and what it calls the columns."""

import pytest

from lib.importing import ImportRefused
from lib.importing.columns import ColumnMapping, Header, find_header, header_names, zone_above
from lib.importing.formats.feed import Known
from lib.importing.formats.recognising import table_of
from tests.importing.files import csv_file, load, raw, rejects, staged
from tests.importing.workbooks import xlsx

LINE = """アカウント名,青空商店
タイムゾーン,+09:00
ダウンロード日時,2026/03/05 10:00
送信者タイプ,送信者名,送信日,送信時刻,内容
User,凛,2026/03/01,18:30:00,荷物はどこですか
Account,青空商店,2026/03/01,18:31:00,確認します
"""
TITLED = [
    ("", 0, "id,comment\nC-1,a\n"),
    ("a title", 1, "Chat report\nid,comment\nC-1,a\n"),
    ("a title with its cells", 2, "Chat report,,\nExported on 2026-03-05,,\nid,comment,rating\nC-1,a,5\n"),
    ("blank lines", 3, "\n\n \nid,comment\nC-1,a\n"),
    ("facts", 4, "Period,2026-03-01 - 2026-03-05\nExported by,Ann\n\nChats,2\nid,comment,rating\nC-1,a,5\n"),
    ("columns of others", 2, "会話レポート\n\n番号,氏名,内容\n1,凛,a\n2,蒼,b\n"),
    ("columns that nobody knows", 1, "Bericht\nNummer,Beginn,Wer\n1,01.03.2026,Ann\n2,02.03.2026,Ben\n"),
    ("LINE", 3, LINE),
]
FIRST = [
    "id,comment\nstatus,rating\n", "a,b,c\nx,y,z\n", "Name,Name,Text\nAnn,Ben,Hello\n", "id,,comment\nC-1,,Hi\n",
    "id,comment\nC-1,a,b\nC-2,c,d\n", "Nummer,Text\n1,Hallo\n", "id\nC-1\n",
]  # fmt: skip


def cells(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


@pytest.mark.parametrize(("above", "text"), [row[1:] for row in TITLED], ids=[row[0] for row in TITLED])
def test_the_header_is_found(above, text):
    assert find_header(cells(text)) == Header(above)
    table = table_of(raw(text))
    assert table.columns == tuple(cells(text)[above])
    assert len(table.samples) == len(cells(text)) - above - 1


@pytest.mark.parametrize("text", FIRST)
def test_a_first_row_that_is_a_header_stays_one(text):
    assert find_header(cells(text)) == Header()


MERGED = [
    ("Chat,,Visitor,,Times,\nID,Status,Name,Email,Start,End\n",
     ["Chat ID", "Chat Status", "Visitor Name", "Visitor Email", "Start", "End"]),
    ("ID,Visitor,,Start\n,Name,Email,\n", ["ID", "Visitor Name", "Visitor Email", "Start"]),
    ("番号,お客様,,開始\n,氏名,メール,\n", ["番号", "お客様 氏名", "お客様 メール", "開始"]),
]  # fmt: skip


@pytest.mark.parametrize("title", ["", "Report\n\n"])
@pytest.mark.parametrize(("header", "names"), MERGED)
def test_a_header_of_two_rows(title, header, names):
    rows = cells(title + header + "1,closed,Ann,a@example.com,2026-03-01 10:00,2026-03-01 10:05\n" * 3)
    above = len(title.splitlines())
    assert find_header(rows) == Header(above, 2)
    assert header_names(rows[above : above + 2]) == names


def test_rows_keep_their_numbers_and_the_report_says_where_the_header_is(in_file):
    text = "Chat report\n\n\nid,rating\nC-1,5\n,9\n"
    for source in (raw(text, "a.csv"), xlsx({"x": cells(text)}, "a.xlsx")):
        report = load(in_file, source)
        assert (report.read, report.files[0].header_row) == (2, 4)
        assert [row[0] for row in rejects(in_file, report)] == [6]


def test_a_semicolon_below_a_title_with_a_comma(in_file):
    report = load(in_file, raw("Report, of March\nid;comment;rating\nC-1;Hi, you;5\nC-2;a, b, c;4\n"))
    assert (report.new, report.files[0].header_row) == (2, 2)


def test_the_header_of_two_rows_is_read_in_a_csv():
    text = "番号,お客様,,開始\n,氏名,メール,\n" + "1,凛,a@example.com,2026-03-01 10:00\n2,蒼,,2026-03-02 10:00\n"
    mapping = ColumnMapping("chats", (("番号", "id"), ("お客様 氏名", "visitor_name")))
    known = Known(mappings=(("x", ("番号", "お客様 氏名", "お客様 メール", "開始"), mapping),))
    for source in (raw(text), xlsx({"x": cells(text)})):
        tables, reading = staged(source, known=known)
        assert [(chat["vendor_id"], chat["visitor_name"]) for chat in tables["staged_chats"]] == [
            ("1", "凛"),
            ("2", "蒼"),
        ]
        assert reading.files[0].header_row == 1


@pytest.mark.parametrize("end", ["\x1a", "\x1a\r\n", "\x1a\x1a"])
def test_the_sign_at_the_end_of_an_old_text_is_no_row(in_file, end):
    for text in ("id,comment\r\nC-1,a\r\n", "id,comment\r\nC-1,a"):
        report = load(in_file, raw(text + end))
        assert (report.read, report.rejected, report.no_records.count) == (1, 0, 0)
        assert in_file.read("SELECT comment FROM chats") == [{"comment": "a"}]


def test_lines_without_a_table_are_refused(in_file):
    for source in (raw("Hello\nThis is a note, and no table\n"), xlsx({"x": [["Hello"], ["This is a note"]]})):
        with pytest.raises(ImportRefused, match="not_chats"):
            load(in_file, source)


def test_a_file_without_lines_above_is_said_nothing_of(in_file):
    source = csv_file([{"id": "C-1", "comment": "x"}])
    assert load(in_file, source).files[0].header_row == 1
    assert table_of(source).columns == ("id", "comment")


@pytest.mark.parametrize(
    ("rows", "zone"),
    [([["タイムゾーン", "+09:00"]], "+09:00"), ([["Report"], ["Time zone:", "", " UTC-3:30 "]], "UTC-3:30"),
     ([["時區", "(GMT+08:00) 台北"]], "(GMT+08:00) 台北"), ([["Timezone: Asia/Tokyo"]], "Asia/Tokyo"),
     ([["Time Zone", "JST"]], "JST"), ([["Timezone", "Tokyo Standard Time"]], None),
     ([["Timezone", "+99:00"]], None), ([["Timezone", "CST"]], None), ([["Shop", "+09:00"]], None),
     ([["Timezone"]], None), ([[], ["a", "b", "c"]], None)],
)  # fmt: skip
def test_the_time_zone_above_a_header(rows, zone):
    assert zone_above(rows) == zone


@pytest.mark.parametrize("make", [lambda text: raw(text, "a"), lambda text: xlsx({"x": cells(text)}, "a")])
def test_times_are_of_the_zone_that_the_file_says(in_file, make):
    rows = ["id,started_at,comment", "C-1,2026-10-25 02:30,a", "C-2,2026-10-25 02:30Z,b", "C-3,2026-07-01 02:30,c"]
    text = "\n".join(["Time zone,{}", "", *rows])
    report = load(
        in_file, make(text.format("+09:00")), raw("id,started_at\nC-4,2026-07-01 02:30\n"), zone="Europe/Berlin"
    )
    found = in_file.read("SELECT vendor_id, strftime(started_at, '%d %H:%M') AS at FROM chats ORDER BY vendor_id")
    assert [tuple(row.values()) for row in found] == [
        ("C-1", "24 17:30"), ("C-2", "25 02:30"), ("C-3", "30 17:30"), ("C-4", "01 00:30")
    ]  # fmt: skip
    assert [file.zone for file in report.files] == ["+09:00", None]
    assert (report.zone_used, report.times_twice.count) == (True, 0)
    assert not load(in_file, make(text.format("+09:00")), zone="UTC").zone_used
    assert load(in_file, make(text.format("Europe/Berlin")), zone="UTC").times_twice.count == 1
