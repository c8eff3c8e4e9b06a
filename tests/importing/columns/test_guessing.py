"""Which fields the columns of a table are taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.importing.columns import FIELDS, guess
from lib.importing.records.fields import CHAT_COLUMNS, ROW_COLUMNS
from tests.importing.columns.tables import INTERCOM, INTERCOM_ROWS, RECORDS

JAPANESE = {
    "チャットID": "id", "開始日時": "started_at", "終了日時": "ended_at", "ステータス": "status", "担当者": "operator",
    "部署": "department", "チャネル": "channel", "訪問者ID": "visitor_id", "訪問者名": "visitor_name",
    "メールアドレス": "visitor_email", "電話番号": "visitor_phone", "国": "visitor_country", "IPアドレス": "visitor_ip",
    "ページURL": "page_url", "お問い合わせ内容": "question", "待ち時間（秒）": "wait_s", "評価": "rating",
    "評価コメント": "comment", "タグ": "tags",
}  # fmt: skip
JAPANESE_MESSAGES = {
    "チャットID": "id", "メッセージID": "message_id", "送信日時": "at", "送信者種別": "sender_type",
    "送信者名": "sender_name", "メッセージ": "text", "添付ファイル名": "attachment_name",
}  # fmt: skip
ENGLISH = {
    "Conversation ID": "id", "Created (UTC)": "started_at", "Closed At": "ended_at", "Last Updated At": "updated_at",
    "State": "status", "Agent": "operator", "Agents": "operators", "Team": "department",
    "Customer Email": "visitor_email", "End-user name": "visitor_name", "Client Phone Number": "visitor_phone",
    "Country Code": "visitor_country",
    "Start page": "page_url", "Locale": "language", "First message": "question", "Time to first response": "wait_s",
    "CSAT Score": "rating", "Feedback": "comment", "Labels": "tags", "Website": "website", "Platform": "system",
}  # fmt: skip
ENGLISH_MESSAGES = {
    "Ticket Number": "id", "Message Id": "message_id", "Sent at": "at", "Author Role": "sender_type",
    "Author": "sender_name", "Body": "text", "File URL": "attachment_url",
    "Mime-Type": "attachment_type", "File size": "attachment_size",
}  # fmt: skip
OWN_CHATS = {
    name: name for name in sorted(CHAT_COLUMNS - {"missed_reason", "judged", "answered", "deleted", "message_total"})
}
OWN_MESSAGES = {name: name for name in sorted(ROW_COLUMNS - {"id", "automatic", "tells"})} | {
    "chat_id": "id",
    "id": "message_id",
}


def values_guessed(**values: list[str]) -> dict[str, str]:
    columns = list(values)
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*values.values(), strict=True)]
    return dict(guess(columns, rows).fields)


@pytest.mark.parametrize(
    ("expected", "kind"),
    [
        (JAPANESE, "chats"),
        (JAPANESE_MESSAGES, "messages"),
        (ENGLISH, "chats"),
        (ENGLISH_MESSAGES, "messages"),
        (OWN_CHATS, "chats"),
        (OWN_MESSAGES, "messages"),
    ],
    ids=["Japanese", "Japanese messages", "English", "English messages", "own", "own messages"],
)
def test_names_tell_fields(expected, kind):
    guessed = guess(list(expected), [])
    assert (dict(guessed.fields), guessed.kind) == (expected, kind)


@pytest.mark.parametrize("rows", [INTERCOM_ROWS, []], ids=["with rows", "without"])
def test_intercom_messages_of_a_third_party(rows):
    guessed = guess(INTERCOM, rows)
    assert guessed.kind == "messages"
    assert dict(guessed.fields) == {
        "message_id": "message_id",
        "message_body": "text",
        "message_type": "message_kind",
        "message_created_at": "at",
        "message_author_type": "sender_type",
        "message_author_id": "sender_id",
        "message_author_name": "sender_name",
        "message_author_email": "sender_email",
        "conversation_tags": "tags",
        "conversation_id": "id",
        "conversation_state": "status",
        "conversation_created_at": "started_at",
        "conversation_closed_at": "ended_at",
    }
    assert guessed.date_order == "ymd"
    wanted = {
        "user": "visitor",
        "lead": "visitor",
        "admin": "operator",
        "bot": "bot",
        "note": "note",
        "close": "system",
    }
    assert dict(guessed.senders) == (wanted if rows else {})


def test_values_tell_fields_where_names_do_not():
    assert values_guessed(
        a=["rin@example.com", "kai@example.com"],
        b=["192.0.2.1", "2001:db8::1"],
        c=["JP", "DE"],
        d=["2026/03/01 18:30", "2026/03/02 08:00"],
        e=["Where is my order? It should be here.", "I forgot my password, please help me."],
        f=["1772357400", "1772357401"],
    ) == {"a": "visitor_email", "b": "visitor_ip", "c": "visitor_country", "d": "started_at", "e": "question"}


def test_values_tell_that_a_name_is_misleading():
    assert values_guessed(Rating=["great day", "so-so, really"], Start=["page one", "home"]) == {}
    assert values_guessed(Name=["Rin", "Kai"], Email=["none", "n/a"]) == {"Name": "visitor_name"}
    assert values_guessed(wait=["about an hour", "12 min"]) == {}


def test_times_in_a_spelling_that_nobody_knows_are_still_taken_for_times():
    assert values_guessed(Start=["5 nov. 2026 9:03", "6 nov. 2026 10:15"]) == {"Start": "started_at"}


@pytest.mark.parametrize(
    ("table", "clocks"),
    [
        ({"日付": ["2026/3/1"], "時刻": ["18:30"]}, {"時刻": "start_clock"}),
        ({"Time": ["6:30 PM"], "Date": ["3/1/2026"]}, {"Time": "start_clock"}),
        ({"日付": ["R8.3.1"], "時間": ["午後6時30分"]}, {"時間": "start_clock"}),
        ({"Date": ["2026-03-01"], "Agent": ["Aoi"], "Start": ["9:03"], "End": ["9:20"]},
         {"Start": "start_clock", "End": "end_clock"}),
        ({"開始日": ["2026/3/1"], "開始時刻": ["9:03"], "終了日": ["2026/3/1"], "終了時刻": ["9:20"]},
         {"開始時刻": "start_clock", "終了時刻": "end_clock"}),
        ({"Start date": ["46331"], "Start time": ["0.77"]}, {"Start time": "start_clock"}),
        ({"Date": ["2026-03-01"], "at o'clock": ["18:30"]}, {"at o'clock": "start_clock"}),
        ({"Role": ["agent"], "Date": ["2026-03-01"], "Time": ["18:30"]}, {"Time": "message_clock"}),
        ({"日付": ["2026/3/1", "第1日曜日", "R8.3.2"], "開始": ["9:03", "-", "朝"]}, {}),
        ({"日付": ["2026/3/1", "第1日曜日", "R8.3.2"], "開始": ["9:03", "-", "9:20"]}, {"開始": "start_clock"}),
        # Neither of a time with its time of day, nor far away, nor a span.
        ({"Start": ["2026-03-01 9:00"], "Clock": ["18:30"]}, {}),
        ({"Date": ["2026-03-01"], "Agent": ["Aoi"], "Shift": ["18:30"]}, {}),
        ({"Date": ["2026-03-01"], "Duration": ["0:12:30"]}, {}),
        ({"Date": ["2026-03-01"], "Handled in": ["0:12:30"]}, {}),
        ({"Time": ["18:30"]}, {}),
    ],
)  # fmt: skip
def test_times_of_day_beside_their_dates(table, clocks):
    guessed = values_guessed(**table)
    assert {column: field for column, field in guessed.items() if field.endswith("_clock")} == clocks


def test_who_sent_a_message_and_in_which_role():
    table = {"Chat ID": ["1", "1"], "Text": ["a", "b"]}
    assert values_guessed(**table, From=["Rin", "Aoi"])["From"] == "sender_name"
    assert values_guessed(**table, From=["customer", "agent"])["From"] == "sender_type"
    assert values_guessed(**table, message_type=["incoming", "outgoing"])["message_type"] == "sender_type"
    assert values_guessed(**table, message_type=["chat", "internal"])["message_type"] == "message_kind"


@pytest.mark.parametrize(
    ("columns", "rows", "kind"),
    [
        (["chat id", "text"], [("1", "a"), ("1", "b")], "messages"),
        (["chat id", "text"], [("1", "a"), ("2", "b")], "chats"),
        (["chat id", "message id", "text"], [("1", "1", "a"), ("2", "2", "b")], "messages"),
        (["chat id", "role"], [("1", "agent"), ("2", "bot")], "messages"),
        (["chat id", "agent"], [("1", "Aoi"), ("1", "Ben")], "chats"),
        ([], [], "chats"),
    ],
)
def test_kind_of_table(columns, rows, kind):
    assert guess(columns, [dict(zip(columns, row, strict=True)) for row in rows]).kind == kind


@pytest.mark.parametrize(
    ("times", "order"),
    [
        (["2026/03/01 18:30"], "ymd"),
        (["1.3.2026", "13.3.2026"], "dmy"),
        (["3/1/2026 18:30", "3/13/2026 18:30"], "mdy"),
        (["3/1/2026 6:30 PM"], "mdy"),
        (["13/1/2026 6:30 p.m."], "dmy"),
        (["3/1/2026 18:30"], "dmy"),
        (["3/1/26 6:30 PM"], "mdy"),
        (["1/3/26", "13/3/26"], "dmy"),
        (["26/3/1", "26/3/13"], "ymd"),
        (["Thu 1/3/26", "Fri 2/3/26"], "dmy"),
        ([], "ymd"),
    ],
)
def test_order_of_dates(times, order):
    assert guess(["Start"], [{"Start": time} for time in times]).date_order == order


@pytest.mark.parametrize(
    ("word", "sender"),
    [
        ("Visitor", "visitor"), ("customer", "visitor"), ("End_User", "visitor"), ("訪問者", "visitor"),
        ("お客様", "visitor"), ("AGENT", "operator"), ("Teammate", "operator"), ("担当者", "operator"),
        ("オペレーター", "operator"), ("ｵﾍﾟﾚｰﾀｰ", "operator"), ("bot", "bot"), ("Workflow", "bot"),
        ("activity", "system"), ("Internal note", "note"),
    ],
)  # fmt: skip
def test_words_for_senders(word, sender):
    rows = [{"role": "visitor"}, {"role": word}]
    assert dict(guess(["role"], rows).senders)[word] == sender


def test_words_that_nobody_knows_are_left_to_the_reader():
    assert dict(guess(["role"], [{"role": "agent"}, {"role": "moderator"}]).senders) == {"agent": "operator"}


@given(st.lists(st.text(max_size=12) | st.sampled_from(INTERCOM), max_size=12), st.lists(RECORDS, max_size=5))
def test_every_column_and_every_field_is_taken_once(columns, records):
    guessed = guess(columns, [record for record in records if isinstance(record, dict)])
    taken, fields = [column for column, _ in guessed.fields], [field for _, field in guessed.fields]
    assert len(set(taken)) == len(taken)
    assert len(set(fields)) == len(fields)
    assert set(taken) <= set(columns)
    assert guessed.kind == "messages" or {field.name for field in FIELDS if field.of == "chats"} >= set(fields)
