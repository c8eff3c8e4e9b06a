from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from lib.importing.problems import FieldError
from lib.importing.records.times import TimeReader
from lib.store import Store
from tests.importing.files import CHAT, Report, csv_file, json_lines, load, messages, raw, rejects


def read(value, zone="Asia/Tokyo"):
    micros = TimeReader(zone).read(value, "at")
    return None if micros is None else datetime.fromtimestamp(micros / 1e6, UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30)),
        ("2026-03-01T18:30:00.250+09:00", datetime(2026, 3, 1, 9, 30, 0, 250_000)),
        ("2026-03-01 18:30:00", datetime(2026, 3, 1, 9, 30)),
        ("2026-03-01T18:30", datetime(2026, 3, 1, 9, 30)),
        ("2026-03-01", datetime(2026, 2, 28, 15, 0)),
        ("20260301", datetime(2026, 2, 28, 15, 0)),
        ("20260301T183000", datetime(2026, 3, 1, 9, 30)),
        (" 2026-03-01T09:30:00Z\n", datetime(2026, 3, 1, 9, 30)),
        (1_772_357_400, datetime(2026, 3, 1, 9, 30)),
        ("1772357400", datetime(2026, 3, 1, 9, 30)),
        (1_772_357_400.5, datetime(2026, 3, 1, 9, 30, 0, 500_000)),
        (1_772_357_400_250, datetime(2026, 3, 1, 9, 30, 0, 250_000)),
        ("1772357400250000", datetime(2026, 3, 1, 9, 30, 0, 250_000)),
        (Decimal("1772357400"), datetime(2026, 3, 1, 9, 30)),
        (datetime(2026, 3, 1, 18, 30), datetime(2026, 3, 1, 9, 30)),
        (datetime(2026, 3, 1, 9, 30, tzinfo=UTC), datetime(2026, 3, 1, 9, 30)),
        (date(2026, 3, 1), datetime(2026, 2, 28, 15, 0)),
        (None, None), ("", None), ("  ", None), (0, None), ("0", None), (-1, None), ("-1", None), (float("nan"), None),
    ],
)  # fmt: skip
def test_a_time_is_read_as_utc(value, utc):
    assert read(value) == utc


NINE = datetime(2026, 11, 5, 0, 3)


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        ("2026/11/5 9:03", NINE), ("2026-11-5 9:03", NINE), ("2026.11.05 09:03:00", NINE), ("20261105 9:03", NINE),
        ("20261105090300", NINE), ("202611050903", NINE),
        ("2026-11-05 09:03:00,250", NINE.replace(microsecond=250_000)),
        ("令和8年11月5日 9:03", NINE), ("令和 8年 11月 5日 午前9時3分", NINE), ("R8.11.5 9:03", NINE),
        ("R08/11/05 9:03", NINE),
        ("令和元年5月2日 9:03", datetime(2019, 5, 2, 0, 3)), ("平成31年4月30日", datetime(2019, 4, 29, 15)),
        ("H31.4.30", datetime(2019, 4, 29, 15)), ("R8.11.5", datetime(2026, 11, 4, 15)),
        ("2026年11月5日 午後6時30分", datetime(2026, 11, 5, 9, 30)),
        ("2026年11月5日（木）18時", datetime(2026, 11, 5, 9)),
        ("２０２６年１１月５日　９：０３", NINE), ("2026/11/05(木) 午後 6:30", datetime(2026, 11, 5, 9, 30)),
        ("Nov 5, 2026 9:03 AM", NINE), ("November 5th, 2026 at 9:03 a.m.", NINE), ("Nov. 5, 2026, 09:03", NINE),
        ("5 November 2026", datetime(2026, 11, 4, 15)), ("5-Nov-26 09:03", NINE), ("05 NOV 2026 09:03", NINE),
        ("Thu, 5 Nov 2026 09:03:00 +0900", NINE), ("Thursday, November 5, 2026 9 AM", datetime(2026, 11, 5)),
        ("Thu Nov 05 2026 09:03:00 GMT+0900 (Japan Standard Time)", NINE), ("Thu Nov  5 00:03:00 UTC 2026", NINE),
        ("9:03 AM, Nov 5, 2026", NINE), ("09:03 2026/11/05", NINE), ("2026/11/05 | 9:03", NINE),
        ("2026-11-05 09:03 AM EST", datetime(2026, 11, 5, 14, 3)), ("2026-11-05 09:03 JST", NINE),
        ("2026/11/05 09:03 UTC+9", NINE), ("2026/11/05 09:03 (UTC+09:00)", NINE), ("2026/11/05 00:03 utc", NINE),
        ("2026-11-05 9:03 日本時間", NINE), ("2026-11-05T09:03:00+09:00[Asia/Tokyo]", NINE),
        ("46331.377", datetime(2026, 11, 5, 0, 2, 53)), ("46331", datetime(2026, 11, 4, 15)),
        ("46331.3770833333", NINE),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_and_spreadsheets_write_it(value, utc):
    assert read(value) == utc


@pytest.mark.parametrize(
    "value",
    ["11/5/26", "5/11/2026", "2026-11-05 09:03 CST", "2026-11-05 09:03 (IST)", "2026/11/05 18:30 PM", "Novem 5, 2026",
     "2026/02/30", "R8.13.5", "9:03", "2026/11/05 09:03 or so", "36", "90000.5", "x" * 200],
)  # fmt: skip
def test_a_spelling_that_may_mean_several_times_means_none(value):
    with pytest.raises(FieldError) as problem:
        read(value)
    assert problem.value.reason == "bad_time"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("yesterday", "bad_time"), ("2026-13-01T00:00:00Z", "bad_time"), ("2026-03-01x09:30", "bad_time"),
        ("2026-02-30", "bad_time"), (123, "bad_time"), ("12345678901", "bad_time"), (-5, "bad_time"),
        (float("inf"), "bad_time"), (1e30, "bad_time"), ("٢٠٢٦", "bad_time"), ("9" * 5000, "bad_time"),
        ("1999-12-31T23:59:59Z", "year_out_of_range"), ("2101-01-01", "year_out_of_range"),
        ("0001-01-01T00:00:00+14:00", "year_out_of_range"), (5_000_000_000, "year_out_of_range"),
        (True, "wrong_type"), ([], "wrong_type"), ({}, "wrong_type"), (b"x", "wrong_type"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_said_to_be_none(value, reason):
    with pytest.raises(FieldError) as problem:
        read(value)
    assert (problem.value.field, problem.value.reason) == ("at", reason)


def test_only_a_time_without_an_offset_needs_the_zone():
    times = TimeReader("Asia/Tokyo")
    times.read("2026-03-01T09:30:00Z", "at")
    times.read(1_772_357_400, "at")
    assert not times.bare_seen
    times.read("2026-03-01T09:30:00", "at")
    assert times.bare_seen


OFFICE, TOKYO = "2026/3/1 18:30", "Asia/Tokyo"
CHATS_OF_AN_HOUR_TWICE = raw(
    "id,started_at,ended_at\nF1,2026-11-01 01:50:00,2026-11-01 01:10:00\nS1,2026-03-08 02:30:00,2026-03-08 03:10:00\n",
    "chats.csv",
)
SAID_TWICE = [
    {"chat_id": "F1", "id": "1", "at": "2026-11-01 01:50:00", "sender_type": "visitor", "text": "first"},
    {"chat_id": "F1", "id": "2", "at": "2026-11-01 01:58:00", "sender_type": "operator", "text": "second"},
    {"chat_id": "F1", "id": "3", "at": "2026-11-01 01:05:00", "sender_type": "visitor", "text": "third"},
    {"chat_id": "F1", "id": "4", "at": "2026-11-01 01:10:00", "sender_type": "operator", "text": "fourth"},
]
IN_ORDER = [
    (datetime(2026, 11, 1, 5, 50), "first"), (datetime(2026, 11, 1, 5, 58), "second"),
    (datetime(2026, 11, 1, 6, 5), "third"), (datetime(2026, 11, 1, 6, 10), "fourth"),
]  # fmt: skip


def counts(report: Report) -> tuple[int, int, int]:
    return report.unread_times.count, report.times_twice.count, report.times_skipped.count


def test_a_table_with_our_names_from_a_spreadsheet_is_read(in_file: Store):
    report = load(
        in_file, csv_file([{"id": 1, "started_at": OFFICE, "ended_at": "2026年3月1日 午後6時41分"}]), zone="Asia/Tokyo"
    )
    assert (report.new, report.rejected, counts(report)) == (1, 0, (0, 0, 0))
    assert in_file.read("SELECT started_at, duration_s FROM chats") == [
        {"started_at": datetime(2026, 3, 1, 9, 30), "duration_s": 660.0}
    ]


def test_times_of_a_table_that_cannot_be_read_are_counted_and_kept(in_file: Store):
    rows = [{"id": n, "started_at": OFFICE, "ended_at": end} for n, end in enumerate(["soon", "-", "-", "later", "?"])]
    report = load(in_file, csv_file(rows))
    assert (report.new, report.rejected) == (5, 0)
    assert (report.unread_times.count, report.unread_times.examples) == (5, ["soon", "-", "later"])
    kept = in_file.read("SELECT ended_at, unknown_fields FROM chats WHERE vendor_id = '0'")
    assert kept == [{"ended_at": None, "unknown_fields": '{"ended_at": "soon"}'}]
    report = load(in_file, csv_file([{"chat_id": 0, "at": "2126-01-01", "sender_type": "visitor", "text": "a"}]))
    assert (report.unread_times.examples, messages(in_file)[0]["sent_at"]) == (["2126-01-01"], None)


def test_a_time_in_our_own_format_that_is_none_costs_nothing_but_itself(in_file: Store):
    report = load(in_file, json_lines({"id": 1, "started_at": "soon"}, CHAT))
    assert (rejects(in_file, report), counts(report), report.new) == ([], (1, 0, 0), 2)


@pytest.mark.parametrize("ids", [True, False], ids=["with ids", "without"])
def test_in_an_hour_that_comes_twice_times_follow_the_order_of_the_rows(in_file: Store, ids: bool):
    rows = [row if ids else {key: row[key] for key in row if key != "id"} for row in SAID_TWICE]
    report = load(in_file, CHATS_OF_AN_HOUR_TWICE, csv_file(rows, "messages.csv"), zone="America/New_York")
    assert [(message["sent_at"], message["text"]) for message in messages(in_file)] == IN_ORDER
    chats = in_file.read("SELECT vendor_id, question, duration_s FROM chats ORDER BY vendor_id")
    assert [tuple(chat.values()) for chat in chats] == [("F1", "first", 1200.0), ("S1", None, 2400.0)]
    assert counts(report) == (0, 6, 1)
    assert report.times_skipped.examples == ["2026-03-08 02:30:00"]


def test_chats_between_one_another_keep_each_its_order(in_file: Store):
    other = [{**row, "chat_id": "F2"} for row in SAID_TWICE]
    mixed = [row for pair in zip(SAID_TWICE, other, strict=True) for row in pair]
    chats = csv_file([{"id": "F1"}, {"id": "F2"}])
    load(in_file, csv_file(mixed, "messages.csv"), chats, zone="America/New_York")
    assert [(message["sent_at"], message["text"]) for message in messages(in_file)] == IN_ORDER * 2


def test_messages_inside_of_their_chat_keep_their_order(in_file: Store):
    said = [{key: row[key] for key in row if key != "chat_id"} for row in SAID_TWICE]
    load(in_file, json_lines({"id": "F1", "messages": said}), zone="America/New_York")
    assert [(message["sent_at"], message["text"]) for message in messages(in_file)] == IN_ORDER


def test_no_message_is_before_the_start_of_its_chat(in_file: Store):
    chat = {"id": "F1", "started_at": "2026-11-01 01:50:00", "messages": [SAID_TWICE[2]]}
    load(in_file, json_lines(chat), zone="America/New_York")
    assert messages(in_file)[0]["sent_at"] == datetime(2026, 11, 1, 6, 5)


@pytest.mark.parametrize(
    ("zone", "value", "utc"),
    [
        # Forward at midnight, back to midnight, and a change of half an hour.
        ("America/Sao_Paulo", "2017-10-15 00:30", datetime(2017, 10, 15, 2, 30)),
        ("America/Havana", "2026-11-01 00:30", datetime(2026, 11, 1, 4, 30)),
        ("Australia/Lord_Howe", "2026-04-05 01:45", datetime(2026, 4, 4, 14, 45)),
        ("America/New_York", "2026-11-01 12:00", datetime(2026, 11, 1, 17)),
        ("America/New_York", "2026-11-01 00:30", datetime(2026, 11, 1, 4, 30)),
    ],
)
def test_on_a_day_when_the_clocks_are_put(zone, value, utc):
    assert read(value, zone) == utc
