"""Workbooks: each sheet is a table, read as a CSV is."""

from datetime import date, datetime, time, timedelta
from unittest.mock import Mock

import pytest

from lib.importing import ImportRefused, expanded
from lib.importing.columns import ColumnMapping
from lib.importing.formats import workbook_file
from lib.importing.formats.feed import Known
from tests.importing.files import Source, content, csv_file, json_lines, load, raw, rejects, staged, zipped
from tests.importing.workbooks import compound, ods, xls, xlsx

HEADER = ["id", "started_at", "visitor_name", "rating", "comment"]
ROWS = [HEADER, [12345, datetime(2026, 3, 1, 18, 30), "加藤 凛", 5, "速い\n親切"], ["C-2", None, "Mia", None, None]]
MADE = {
    "xlsx": xlsx({"チャット": ROWS}),
    "ods": ods({"チャット": ROWS}),
    "xls": xls("チャット", [HEADER, [12345, "2026-03-01 18:30", "加藤 凛", 5, "速い\n親切"], ["C-2", None, "Mia"]]),
}


def refused(store, source: Source) -> tuple[str, str]:
    with pytest.raises(ImportRefused) as refusal:
        load(store, source)
    return refusal.value.reason, refusal.value.file


@pytest.mark.parametrize("kind", MADE)
def test_a_workbook_gives_what_its_csv_gives(in_file, kind):
    rows = [[12345, "2026-03-01 18:30", "加藤 凛", 5, "速い\n親切"], ["C-2", "", "Mia", "", ""]]
    load(in_file, csv_file([dict(zip(HEADER, row, strict=True)) for row in rows]), zone="Asia/Tokyo")
    before = content(in_file)
    report = load(in_file, MADE[kind], zone="Asia/Tokyo")
    assert (report.unchanged, report.read, report.zone_used) == (2, 2, True)
    assert content(in_file) == before
    assert [(file.name, file.format) for file in report.files] == [(f"chats.{kind}/チャット", "workbook")]


def test_cells_of_each_kind(in_file):
    cells = [7, datetime(2026, 3, 1, 9, 30, 15), date(2026, 3, 2), time(0, 2, 30), True, 0.1 + 0.2, timedelta(hours=36)]
    header = ["id", "started_at", "ended_at", "a", "b", "c", "d"]
    tables, _ = staged(xlsx({"x": [header, cells]}))
    (chat,) = tables["staged_chats"]
    assert (chat["vendor_id"], str(chat["started_at"]), str(chat["ended_at"])) == (
        "7", "2026-03-01 09:30:15", "2026-03-02 00:00:00",
    )  # fmt: skip
    assert chat["unknown_fields"] == '{"a": "00:02:30", "b": "true", "c": "0.3", "d": "36:00:00"}'


def test_a_number_that_the_sheet_has_rounded_is_no_id(in_file):
    report = load(in_file, xlsx({"x": [["id", "comment"], [1234567890123456, "a"], [123456789012345, "b"]]}))
    assert (report.rejected, report.rounded_ids.examples) == (0, ["1.23457E+15"])
    assert {chat["vendor_id"][:4] for chat in content(in_file)[0]} == {"1234", "row-"}


def test_each_sheet_is_a_table_of_its_own(in_file):
    report = load(
        in_file,
        xlsx(
            {
                "Read me": [["About this export"], ["Made on Monday"]],
                "Chats": [["id", "comment"], ["C-1", "a"], ["Total", None], ["C-1", "twice"]],
                "Messages": [["chat_id", "sender_type", "text"], ["C-1", "visitor", "Hi"]],
                "Empty": [],
            }
        ),
    )
    assert [(file.name, file.kind) for file in report.files] == [
        ("chats.xlsx/Chats", "chats"),
        ("chats.xlsx/Messages", "messages"),
    ]
    assert report.skipped == ("chats.xlsx/Read me", "chats.xlsx/Empty")
    assert (report.new, report.messages_stored, report.no_records.examples) == (1, 1, ["Total"])
    assert [row[0] for row in rejects(in_file, report)] == [4]


def test_columns_of_others_are_asked_for_once():
    source = xlsx({"Chats": [["番号", "氏名"], [1, "凛"], [2, "蒼"]], "Empty": []})
    with pytest.raises(ImportRefused, match=r"chats\.xlsx/Chats: unknown_columns"):
        staged(source)
    mapping = ColumnMapping("chats", (("番号", "id"), ("氏名", "visitor_name")))
    tables, reading = staged(source, known=Known(mappings=(("x", ("番号", "氏名"), mapping),)))
    assert [(chat["vendor_id"], chat["visitor_name"]) for chat in tables["staged_chats"]] == [("1", "凛"), ("2", "蒼")]
    assert reading.files[0].mapping == "x"


def test_rows_have_the_numbers_that_the_sheet_shows(in_file):
    report = load(in_file, xlsx({"x": [[], [], ["id", "comment"], [], [None, "lost"], ["C-1", "kept"]]}))
    assert (report.new, [row[0] for row in rejects(in_file, report)]) == (1, [5])


def test_a_workbook_in_a_zip_and_beside_other_files(in_file):
    report = load(in_file, zipped(MADE["xlsx"], MADE["xls"], raw(b"Hi", "a.txt")), json_lines({"id": "C-9"}))
    assert report.skipped == ("all.zip/2/a.txt",)
    assert [file.name for file in report.files] == [
        "all.zip/0/chats.xlsx/チャット", "all.zip/1/chats.xls/チャット", "chats.jsonl",
    ]  # fmt: skip


def test_a_workbook_of_nothing(in_file):
    for source in (xlsx({"A": [], "B": []}), xlsx({"A": [["Only a note"]]}), xlsx({"A": [["x", "y"]]})):
        assert refused(in_file, source) == ("not_chats", "chats.xlsx")


SOUND = MADE["xlsx"].data
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BAD = {
    "a cell far away": (xlsx({"A": FAR}), "too_large"),
    "a bomb": (xlsx({"A": " " * (80 << 20)}), "too_large"),
    "a broken sheet": (xlsx({"A": '<row r="1"><c r="A1"><v>1<'}), "workbook"),
    "half of it": (raw(SOUND[: len(SOUND) // 2], "chats.xlsx"), "broken_zip"),
    "another document": (raw(compound({"WordDocument": bytes(5000)}), "chats.xlsx"), "workbook"),
    "damaged": (raw(MADE["xls"].data[:600], "chats.xlsx"), "workbook"),
    "a password": (raw(compound({"EncryptedPackage": bytes(5000)}), "chats.xlsx"), "encrypted_workbook"),
    "an old password": (xls("A", ROWS[:1], "chats.xlsx", locked=True), "encrypted_workbook"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_in_a_sentence(in_file, name):
    source, reason = BAD[name]
    found, file = refused(in_file, source)
    assert (found, file.partition("/")[0]) == (reason, "chats.xlsx")


def test_a_row_that_is_too_long_is_rejected_alone(in_file, monkeypatch):
    monkeypatch.setattr("lib.importing.limits.LONGEST_ROW", 1000)
    report = load(in_file, xlsx({"x": [["id", "comment"], ["C-1", "x" * 1000], ["C-2", "y"]]}))
    assert (report.new, rejects(in_file, report)) == (1, [(2, None, None, "too_long")])


def test_a_workbook_is_read_in_a_process_of_its_own_as_here(in_file, monkeypatch, tmp_path):
    monkeypatch.setattr("lib.importing.reader_process.APART_FROM_BYTES", 0)
    assert load(in_file, MADE["xlsx"]).new == 2
    path = tmp_path / "a.xls"
    path.write_bytes(MADE["xls"].data)
    with path.open("rb") as stream:
        stream.read(100)
        assert load(in_file, Source("a stream", data=stream), Source("a path", path)).rejected == 2


@pytest.fixture
def begun(monkeypatch):
    """The processes that were begun to read workbooks."""
    found, begin = [], workbook_file.subprocess.Popen

    def counted(*arguments, **options):
        found.append(begin(*arguments, **options))
        return found[-1]

    monkeypatch.setattr("lib.importing.formats.workbook_file.subprocess", Mock(Popen=counted, PIPE=-1, DEVNULL=-3))
    return found


def many(count: int, rows: int = 2) -> list[Source]:
    return [xlsx({"A": [["id", "comment"], *([f"C-{n}-{m}", "x"] for m in range(rows))], "B": [["Note"]]}, f"{n}.xlsx")
            for n in range(count)]  # fmt: skip


def test_all_workbooks_of_a_zip_are_read_in_one_process(in_file, begun):
    assert load(in_file, zipped(*many(5), MADE["xls"], MADE["ods"]), MADE["xlsx"]).read == 16
    assert len(begun) == 1
    assert begun[0].returncode is not None
    assert len(expanded(zipped(*many(5)))) == 10
    assert len(begun) == 2


def test_one_that_is_left_in_the_middle_does_not_speak_in_the_next_ones_place(in_file, begun, monkeypatch):
    for most, processes in ((1_000, 1), (3, 4)):
        monkeypatch.setattr("lib.importing.formats.workbook_file.LISTENED_TO", most)
        begun.clear()
        strange = [xlsx({"x": [["Nummer", "Wer"], *[["1", "Ann"]] * 100]}, f"{n}.xlsx") for n in range(3)]
        report = load(in_file, zipped(*strange, *many(1)))
        assert (report.read, len(report.skipped), len(begun)) == (2, 4, processes)


def test_one_that_ends_the_process_is_asked_again_in_a_new_one(in_file, begun, monkeypatch):
    def ended(reader, content, task, sheet, asked=workbook_file._Reader._asked):
        if len(begun) == 1 and task == "rows" and reader._process:
            reader._process.kill()
            reader._process.wait()
        return asked(reader, content, task, sheet)

    monkeypatch.setattr(workbook_file._Reader, "_asked", ended)
    assert load(in_file, zipped(*many(3))).read == 6
    assert len(begun) == 2


@pytest.mark.parametrize("name", ["a cell far away", "a bomb", "another document", "a password"])
def test_the_limits_hold_behind_other_workbooks(in_file, name):
    source, reason = BAD[name]
    found, file = refused(in_file, zipped(*many(2), source))
    assert (found, file.split("/")[:3]) == (reason, ["all.zip", "2", "chats.xlsx"])
    assert load(in_file, zipped(*many(2))).read == 4
