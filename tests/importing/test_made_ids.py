"""Tables without ids: the same row gives the same id whenever it comes."""

import pytest

from lib.importing.columns import ColumnMapping, guess, remember
from lib.importing.formats.recognising import table_of
from tests.importing.columns.test_header import LINE
from tests.importing.files import content, load, messages, only_chat, raw, rejects
from tests.importing.workbooks import xlsx

FIELDS = (("Start", "started_at"), ("Name", "visitor_name"), ("State", "status"))
COLUMNS = ("Start", "Name", "State")
ROWS = [COLUMNS, ("2026-03-01 10:00", "Ann", "closed"), ("2026-03-01 10:00", "Ben", "missed"), ("", "Cem", "closed")]


def table(rows=ROWS, name="a.csv"):
    return raw("".join(",".join(row) + "\n" for row in rows), name)


@pytest.fixture
def store(in_file):
    remember(in_file, "x", COLUMNS, ColumnMapping("chats", FIELDS), "Ann")
    return in_file


def test_the_same_file_twice_gives_the_same_chats(store):
    report = load(store, table())
    assert (report.new, report.rejected, report.files[0].made_ids) == (3, 0, True)
    before = content(store)
    assert load(store, table()).unchanged == 3
    assert load(store, xlsx({"x": ROWS})).unchanged == 3
    assert content(store) == before
    ids = [chat["vendor_id"] for chat in before[0]]
    assert all(made.startswith("row-") and "Ann" not in made for made in ids)


def test_rows_and_columns_in_another_order_and_new_rows(store):
    load(store, table())
    remember(store, "y", ("State", "Name", "Start"), ColumnMapping("chats", FIELDS), "Ann")
    turned = [row[::-1] for row in [ROWS[0], ROWS[3], ROWS[1]]]
    report = load(store, table([*turned, ("closed", "Dee", "2026-03-02 09:00")]))
    assert (report.unchanged, report.new) == (2, 1)


def test_a_row_that_is_there_twice_is_one_chat_and_told(store):
    report = load(store, table([*ROWS, ROWS[1]]))
    assert (report.new, [row[::3] for row in rejects(store, report)]) == (3, [(5, "repeated_id")])


def test_a_table_with_ids_is_said_nothing_of(in_file):
    assert not load(in_file, raw("id,comment\n1,a\n")).files[0].made_ids


def test_a_talk_of_line_is_one_chat(in_file):
    told = table_of(raw(LINE))
    mapping = guess(told.columns, told.samples)
    assert dict(mapping.fields) == {
        "送信者タイプ": "sender_type", "送信者名": "sender_name", "送信日": "at", "送信時刻": "message_clock",
        "内容": "text",
    }  # fmt: skip
    remember(in_file, "LINE", told.columns, mapping, "Ann")
    report = load(in_file, raw(LINE), zone="UTC")
    assert (report.new, report.messages_stored, report.files[0].header_row) == (1, 2, 4)
    # Its second line says that they are of Japan.
    assert (report.files[0].zone, report.zone_used) == ("+09:00", False)
    chat = only_chat(in_file)
    assert (chat["visitor_name"], str(chat["started_at"])) == ("凛", "2026-03-01 09:30:00")
    assert [(row["kind"], row["name"]) for row in messages(in_file)] == [("visitor", "凛"), ("operator", "青空商店")]
    # The next download goes on where this one ends.
    longer = LINE.replace("2026/03/05", "2026/03/06") + "User,凛,2026/03/06,09:00:00,届きました\n"
    report = load(in_file, raw(longer), zone="Asia/Tokyo")
    assert (report.updated, report.new, report.messages_waiting) == (1, 0, 0)
    assert len(messages(in_file)) == 3


def test_messages_without_ids_are_a_chat_for_each_visitor(in_file):
    columns = ("Customer", "When", "From", "Said")
    fields = (("Customer", "visitor_email"), ("When", "at"), ("From", "sender_type"), ("Said", "text"))
    remember(in_file, "z", columns, ColumnMapping("messages", fields), "Ann")
    rows = [columns, ("a@example.com", "2026-03-01 10:00", "visitor", "Hi"),
            ("b@example.com", "2026-03-01 10:00", "visitor", "Hi"),
            ("a@example.com", "2026-03-01 10:01", "operator", "Hello")]  # fmt: skip
    for state in ("new", "unchanged"):
        report = load(in_file, table(rows))
        assert (getattr(report, state), report.rejected) == (2, 0)
    counts = in_file.read("SELECT visitor_email, message_count AS n FROM chats ORDER BY ALL")
    assert counts == [{"visitor_email": "a@example.com", "n": 2}, {"visitor_email": "b@example.com", "n": 1}]


def test_what_line_answers_by_itself_is_no_answer(in_file):
    talk = LINE.replace("Account,青空商店", "Account,応答メッセージ")
    told = table_of(raw(talk))
    remember(in_file, "LINE", told.columns, guess(told.columns, told.samples), "Ann")
    load(in_file, raw(talk))
    assert [row["kind"] for row in messages(in_file)] == ["visitor", "bot"]
    assert (only_chat(in_file)["status"], only_chat(in_file)["operators"]) == ("missed", [])
