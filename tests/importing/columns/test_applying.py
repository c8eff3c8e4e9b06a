"""Rows of a table as records of our own format."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.importing.columns import ColumnMapping, guess, mapped
from lib.importing.columns.applying import LOOKAHEAD
from lib.importing.problems import FieldError
from lib.importing.records.checked import ChatRecord, MessageRow, made_id
from lib.importing.records.reader import RecordReader
from lib.importing.records.times import TimeReader
from lib.importing.sources import Item
from tests.importing.columns.tables import INTERCOM, INTERCOM_ROWS, MAPPINGS, RECORDS, Row, items

MESSAGES = (("chat", "id"), ("who", "sender_type"), ("said", "text"))


def records(rows: list[Any], fields: tuple[tuple[str, str], ...], kind: str = "messages", **options: Any) -> list[Any]:
    return [item.record for item in mapped(iter(items(rows)), ColumnMapping(kind, fields, **options))]


def chat(row: Row, *fields: tuple[str, str], **options: Any) -> Row:
    (record,) = records([row], fields, "chats", **options)
    return record


def message(row: Row, *fields: tuple[str, str], **options: Any) -> Row:
    return records([{"chat": "1"} | row], (("chat", "id"), *fields), **options)[-1]


def test_a_chat_a_row():
    row = {"No.": "C-1", "mail": "rin@example.com", "begun": "01.03.2026 18:30", "stars": "★★★★",
           "labels": "vip, order", "waited": "0:02:30", "shop": "Osaka"}  # fmt: skip
    fields = (
        ("No.", "id"), ("mail", "visitor_email"), ("begun", "started_at"), ("stars", "rating"), ("labels", "tags"),
        ("waited", "wait_s"),
    )  # fmt: skip
    assert records([row], fields, "chats", date_order="dmy") == [
        {
            "id": "C-1",
            "visitor": {"email": "rin@example.com"},
            "started_at": "2026-03-01T18:30:00",
            "rating": 4,
            "tags": ["vip", "order"],
            "wait_s": 150,
            "shop": "Osaka",
        }
    ]


DAYS_AND_CLOCKS = (
    ("n", "id"),
    ("day", "started_at"),
    ("from", "start_clock"),
    ("last", "ended_at"),
    ("to", "end_clock"),
)


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ({"day": "1.3.2026", "from": "18:30", "last": "2.3.2026", "to": "0:10"},
         "2026-03-01T18:30", "2026-03-02T00:10"),
        ({"day": "1.3.2026", "from": "18:30", "to": "18:41"}, "2026-03-01T18:30", "2026-03-01T18:41"),
        ({"day": "1.3.2026", "from": "23:50", "to": "0:10"}, "2026-03-01T23:50", "2026-03-02T00:10"),
        ({"day": "令和8年3月1日", "from": "午後6時30分"}, "2026-03-01T18:30", None),
        ({"day": "2026-03-01 00:00:00", "from": "1899-12-30 18:30:00"}, "2026-03-01T18:30", None),
        ({"day": "46082", "from": "0.7708333333"}, "2026-03-01T18:30", None),
        ({"day": "1.3.2026", "from": "6:30 PM JST"}, "2026-03-01T18:30+09:00", None),
        ({"day": "1.3.2026", "from": ""}, "2026-03-01T00:00", None),
    ],
)  # fmt: skip
def test_a_date_and_a_time_of_day_are_one_time(cells, start, end):
    found = chat({"n": "1"} | cells, *DAYS_AND_CLOCKS, date_order="dmy")
    times = [found.get("started_at"), found.get("ended_at")]
    assert times == [time and datetime.fromisoformat(time).isoformat() for time in (start, end)]
    assert set(found) <= {"id", "started_at", "ended_at"}


@pytest.mark.parametrize(
    ("cells", "start"),
    [
        ({"day": "1.3.2026", "from": "soon"}, "2026-03-01T00:00:00 soon"),
        ({"day": "1.3.2026 9:00", "from": "18:30"}, "2026-03-01T09:00:00 18:30"),
        ({"from": "18:30"}, "18:30"),
    ],
)
def test_a_date_and_a_time_of_day_that_make_no_time_are_left_to_be_counted(cells, start):
    assert chat({"n": "1"} | cells, *DAYS_AND_CLOCKS, date_order="dmy")["started_at"] == start


def test_messages_with_a_date_and_a_time_of_day():
    fields = (*MESSAGES, ("day", "at"), ("time", "message_clock"))
    rows = [{"chat": "1", "who": "user", "said": "a", "day": "2026/3/1", "time": "18:30"}]
    first, last = records(rows, fields)
    assert first["started_at"] == last["at"] == "2026-03-01T18:30:00"


def test_columns_that_are_not_mapped_keep_their_names_unless_these_are_ours():
    row = {"id": "7", "tags": "x", "column tags": "y", "text": "z", "visitor_name": "Rin"}
    expected = {"column id": "7", "column tags": "x", "column column tags": "y", "column text": "z"}
    found = chat(row)
    assert found.pop("id") == made_id(row)
    assert found == expected | {"visitor_name": "Rin"}


def test_fields_of_messages_are_no_fields_of_a_table_of_chats():
    assert chat({"a": "1", "b": "hello"}, ("a", "id"), ("b", "text")) == {"id": "1", "b": "hello"}


def test_of_two_columns_for_a_field_the_first_with_a_value_counts():
    fields = (("n", "id"), ("a", "visitor_name"), ("b", "visitor_name"))
    assert chat({"n": "1", "a": "Rin", "b": "Kai"}, *fields) == {"id": "1", "visitor": {"name": "Rin"}, "b": "Kai"}
    assert chat({"n": "1", "a": " ", "b": "Kai"}, *fields) == {"id": "1", "visitor": {"name": "Kai"}}


def test_a_chat_comes_before_its_first_message():
    rows = [{"chat": "1", "who": "user", "said": "a"}, {"chat": "2", "who": "bot", "said": "b"},
            {"chat": "1", "who": "agent", "said": "c"}]  # fmt: skip
    found = list(mapped(iter(items(rows)), ColumnMapping("messages", MESSAGES)))
    assert [(item.row_number, item.record.get("id"), item.record.get("text")) for item in found] == [
        (2, "1", None), (2, None, "a"), (3, "2", None), (3, None, "b"), (4, None, "c"),
    ]  # fmt: skip
    assert [item.record["sender_type"] for item in found if "text" in item.record] == ["visitor", "bot", "operator"]


def test_the_same_id_in_another_system_is_another_chat():
    rows = [{"chat": "1", "in": "a"}, {"chat": 1, "in": "a"}, {"chat": "1", "in": "b"}]
    found = records(rows, (("chat", "id"), ("in", "system")))
    assert [(record["system"], "chat_id" in record) for record in found] == [
        ("a", False), ("a", True), ("a", True), ("b", False), ("b", True),
    ]  # fmt: skip


def test_the_same_id_in_another_account_is_another_chat():
    found = records([{"chat": "1", "of": "a"}, {"chat": "1", "of": "b"}], (("chat", "id"), ("of", "account")))
    assert [(record["account"], "chat_id" in record) for record in found] == [
        ("a", False), ("a", True), ("b", False), ("b", True),
    ]  # fmt: skip


def test_a_row_without_a_chat_is_a_message_that_will_be_rejected():
    (record,) = records([{"chat": "", "said": "a"}], MESSAGES)
    assert record == {
        "chat_id": None, "system": None, "account": None, "id": None, "sender_type": None, "text": "a",
    }  # fmt: skip


def test_a_row_that_is_no_record_passes():
    error = FieldError(None, None, "not_csv")
    assert records([error], MESSAGES) == [error]
    assert records([error], MESSAGES, "chats") == [error]


def test_facts_of_a_chat_are_the_first_that_its_rows_say():
    fields = (*MESSAGES, ("agent", "operator"), ("score", "rating"), ("sent", "at"))
    rows = [
        {"chat": "1", "agent": "", "score": "", "sent": "soon"},
        {"chat": "1", "agent": "Aoi", "score": "", "sent": "2026/03/01 18:30"},
        {"chat": "1", "agent": "Ben", "score": "good", "sent": "2026/03/01 18:31"},
    ]
    assert records(rows, fields)[0] == {"id": "1", "operator": "Aoi", "rating": 5, "started_at": "2026-03-01T18:30:00"}


def test_facts_are_not_looked_for_without_end():
    rows = [{"chat": "1"}] * LOOKAHEAD + [{"chat": "1", "score": "5"}]
    given: list[Item] = []

    def watched() -> Iterator[Item]:
        for item in items(rows):
            given.append(item)
            yield item

    found = mapped(watched(), ColumnMapping("messages", (*MESSAGES, ("score", "rating"))))
    assert next(found).record == {"id": "1"}
    assert len(given) == LOOKAHEAD
    assert len(list(found)) == len(rows)


SENT = (("name", "sender_name"), ("mail", "sender_email"), ("who", "sender_type"))


def test_the_visitor_is_known_from_what_the_visitor_wrote():
    rows = [{"chat": "1", "name": "Aoi", "mail": "aoi@shop.example", "who": "admin"},
            {"chat": "1", "name": "Rin", "mail": "rin@example.com", "who": "user"}]  # fmt: skip
    first, *_, last = records(rows, (("chat", "id"), *SENT))
    assert first == {"id": "1", "visitor": {"name": "Rin", "email": "rin@example.com"}}
    assert (last["sender_name"], last["mail"]) == ("Rin", "rin@example.com")


def test_what_a_table_says_of_the_visitor_goes_before():
    row = {"chat": "1", "name": "R.", "who": "user", "customer": "Rin Kato"}
    assert records([row], (("chat", "id"), *SENT, ("customer", "visitor_name")))[0]["visitor"] == {"name": "Rin Kato"}


@pytest.mark.parametrize(
    ("word", "sender"),
    [
        ("X", "operator"),
        (" x ", "operator"),
        ("customer", "bot"),
        ("Agent", "operator"),
        ("moderator", "moderator"),
        (3, 3),
    ],
)
def test_senders(word, sender):
    senders = (("x", "operator"), ("Customer", "bot"))
    assert message({"who": word}, ("who", "sender_type"), senders=senders)["sender_type"] == sender


@pytest.mark.parametrize(
    ("row", "sender"),
    [
        ({"name": "Aoi", "agent": "Aoi"}, "operator"),
        ({"name": "Rin", "agent": "Aoi"}, "visitor"),
        ({"name": "", "agent": ""}, "visitor"),
        ({}, "visitor"),
    ],
)
def test_senders_of_a_table_that_does_not_name_them(row, sender):
    assert message(row, ("name", "sender_name"), ("agent", "operator"))["sender_type"] == sender


def test_a_sender_that_is_not_said_stays_unknown():
    assert message({"who": ""}, ("who", "sender_type"))["sender_type"] is None


@pytest.mark.parametrize(
    ("kind", "said", "sender", "text"),
    [
        ("note", "internal", "note", "internal"),
        ("close", "", "system", "close"),
        ("close", "Bye!", "operator", "Bye!"),
        ("comment", "Hello", "operator", "Hello"),
        ("", "Hello", "operator", "Hello"),
    ],
)
def test_kinds_of_messages(kind, said, sender, text):
    fields = (("who", "sender_type"), ("kind", "message_kind"), ("said", "text"))
    found = message({"who": "admin", "kind": kind, "said": said}, *fields)
    assert (found["sender_type"], found["text"], found.get("kind", "")) == (sender, text, kind)


def test_attachments_are_objects():
    fields = (("file", "attachment_name"), ("bytes", "attachment_size"))
    assert message({"file": "a.pdf", "bytes": "7"}, *fields)["attachment"] == {"name": "a.pdf", "size": "7"}


def read(item: Item) -> ChatRecord | MessageRow | FieldError:
    if isinstance(item.record, FieldError):
        return item.record
    reader = RecordReader(TimeReader("UTC"), written=True)
    try:
        return reader.row(item.record) if "chat_id" in item.record else reader.chat(item.record)
    except FieldError as error:
        return error


def test_intercom_messages_of_a_third_party():
    found = [read(item) for item in mapped(iter(items(INTERCOM_ROWS)), guess(INTERCOM, INTERCOM_ROWS))]
    assert not [given for given in found if isinstance(given, FieldError)]
    first, second = (given for given in found if isinstance(given, ChatRecord))
    assert first.vendor_id == "100"
    assert first.facts[:10] == (
        1510695908000000, 1510699508000000, None, None, None, "u1", "Rin", "rin@example.com", None, None,
    )  # fmt: skip
    assert (first.facts[15], first.facts[17]) == (["vip", "order"], "closed")
    assert second.facts[5:8] == ("u2", "Kai", "kai@example.com")
    rows = [given for given in found if isinstance(given, MessageRow)]
    assert [(row.vendor_id, row.entry[2], row.entry[4]) for row in rows] == [
        ("100", "visitor", "Where is my order?"),
        ("100", "note", "Known as slow"),
        ("100", "operator", "I'll look it up."),
        ("100", "system", "close"),
        ("101", "bot", "Hello, need help?"),
        ("101", "visitor", "Yes please"),
    ]


@given(st.lists(RECORDS, max_size=8), MAPPINGS)
def test_no_row_is_lost_and_none_breaks_the_import(rows, mapping):
    given_items = items(rows)
    found = list(mapped(iter(given_items), mapping))
    chats = [item for item in found if isinstance(item.record, dict) and "chat_id" not in item.record]
    others = [item for item in found if item not in chats] if mapping.kind == "messages" else found
    assert [(item.row_number, item.raw) for item in others] == [(item.row_number, item.raw) for item in given_items]
    assert all(isinstance(read(item), ChatRecord | MessageRow | FieldError) for item in found)


@given(st.lists(RECORDS, max_size=5), MAPPINGS)
def test_no_value_is_lost(rows, mapping):
    named = {column for column, _ in mapping.fields}
    found = [item.record for item in mapped(iter(items(rows)), mapping)]
    records = [record for record in found if isinstance(record, dict)]
    rows = [row for row in rows if isinstance(row, dict)]
    if mapping.kind == "messages":
        records = [record for record in records if "chat_id" in record]
    for row, record in zip(rows, records, strict=True):
        kept = list(map(repr, record.values()))
        assert all(repr(value) in kept for column, value in row.items() if column not in named)
