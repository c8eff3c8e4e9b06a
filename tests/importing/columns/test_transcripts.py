"""A whole conversation in one cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.importing.columns import PATTERNS, ColumnMapping, guess, mapped, pattern_of, remember
from lib.importing.columns.transcripts import Talk, split
from lib.importing.formats.recognising import table_of
from tests.importing.columns.tables import items
from tests.importing.files import csv_file, load, messages, only_chat

SAID = [
    ("visitor", "Rin", "Where is it?\nIt is late"),
    ("operator", "Aoi", "One moment: I look"),
    ("visitor", "Rin", "ok"),
]
TIMES = ["2026-03-01T23:59:10", "2026-03-01T23:59:50", "2026-03-02T00:01:00"]
CELLS = {
    "when_name": [
        "[23:59:10] Rin: Where is it?\nIt is late\n[23:59:50] Aoi: One moment: I look\n[00:01:00] Rin: ok",
        "2026-03-01 23:59:10 Rin: Where is it?\nIt is late\n2026-03-01 23:59:50 Aoi: One moment: I look\n"
        "2026-03-02 00:01:00 Rin: ok\n",
        "[2026/03/01 23:59:10] Rin：Where is it?\nIt is late\n[2026/03/01 23:59:50] Aoi：One moment: I look\n"
        "[2026/03/02 0:01:00] Rin：ok",
        "11:59:10 PM Rin: Where is it?\r\nIt is late\r\n11:59:50 PM Aoi: One moment: I look\r\n12:01:00 AM - Rin: ok",
    ],
    "name_when": ["Rin (23:59:10): Where is it?\nIt is late\nAoi (23:59:50): One moment: I look\nRin (00:01:00): ok"],
    "name": ["Rin: Where is it?\nIt is late\nAoi: One moment: I look\nRin: ok"],
}
TALK = Talk("2026-03-01T23:59:05", frozenset(["rin"]))


@pytest.mark.parametrize(("pattern", "cell"), [(pattern, cell) for pattern in CELLS for cell in CELLS[pattern]])
def test_a_conversation_is_split(pattern, cell):
    assert pattern_of([cell]) == pattern
    found = split(cell, pattern, TALK)
    assert [(said["sender_type"], said["sender_name"], said["text"]) for said in found] == SAID
    assert [said["at"].replace(" ", "T") for said in found if "at" in said] == ([] if pattern == "name" else TIMES)


def senders(cell: str, **row: str) -> list[str]:
    mapping = ColumnMapping(
        "chats", (("id", "id"), ("t", "transcript"), *((name, name) for name in row)), pattern="name"
    )
    (item,) = mapped(items([{"id": "1", "t": cell} | row]), mapping)
    return [said["sender_type"] for said in item.record["messages"]]


def test_who_is_the_visitor():
    assert senders("Rin: a\nAoi: b", visitor_name="ＲＩＮ") == ["visitor", "operator"]
    assert senders("rin@example.com: a\nAoi: b", visitor_email="rin@example.com") == ["visitor", "operator"]
    assert senders("Visitor: a\nAoi: b\nBot: c\nSystem: d") == ["visitor", "operator", "bot", "system"]
    assert senders("お客様: a\n担当者: b") == ["visitor", "operator"]
    assert senders("Rin: a\nAoi: b", operator="Aoi") == ["visitor", "operator"]
    assert senders("Rin: a\nAoi: b") == ["operator", "operator"]


@pytest.mark.parametrize("start", ["2026-03-01T10:03:45", "2026-03-01T10:03:45+09:00"])
def test_a_clock_that_is_a_little_behind_is_of_the_same_day(start):
    (said,) = split("[10:03] Rin: Hi", "when_name", Talk(start))
    assert said["at"] == start.replace("03:45", "03:00")


@pytest.mark.parametrize(
    "value",
    [
        "Hello, where is my order?",
        "See https://example.com: it is there\nThanks",
        "Order 5: late\nThanks",
        "10:03\n10:04",
    ],
)
def test_prose_is_no_conversation(value):
    assert pattern_of([value] * 3) == ""


@given(st.text(), st.sampled_from(PATTERNS))
def test_no_word_is_lost(value, pattern):
    said = "".join(f"{message.get('sender_name', '')}{message['text']}" for message in split(value, pattern, Talk()))
    kept = {letter for letter in value if letter.isalpha()} - {
        "Z",
        "T",
        "U",
        "C",
        "J",
        "S",
        "P",
        "A",
        "M",
        "a",
        "p",
        "m",
    }
    assert kept <= set(said)


ROWS = [
    {"Chat ID": "1", "Started": "2026-03-01 10:00:00", "Visitor": "Rin",
     "Transcript": "[10:00:05] Rin: Hi\n[10:01:00] Aoi: Hello"},
    {"Chat ID": "2", "Started": "2026-03-01 11:00:00", "Visitor": "Mia",
     "Transcript": "[11:00:05] Mia: Hi\n[11:01:00] Aoi: Yes?"},
]  # fmt: skip


def test_a_table_with_transcripts(in_file):
    source = csv_file(ROWS)
    told = table_of(source)
    mapping = guess(told.columns, told.samples)
    assert (dict(mapping.fields)["Transcript"], mapping.pattern) == ("transcript", "when_name")
    assert ColumnMapping.from_json(mapping.to_json()) == mapping
    remember(in_file, "x", told.columns, mapping, "Ann")
    report = load(in_file, source)
    assert (report.new, report.messages_stored, report.files[0].unsplit) == (2, 4, 0)
    assert load(in_file, source).unchanged == 2


def test_a_cell_that_does_not_follow_it_stays_one_message_and_is_counted(in_file):
    columns, whole = tuple(ROWS[0]), "We spoke on the phone.\nAll is well"
    fields = (("Chat ID", "id"), ("Transcript", "transcript"))
    remember(in_file, "x", columns, ColumnMapping("chats", fields, pattern="when_name"), "Ann")
    report = load(in_file, csv_file([ROWS[0] | {"Transcript": whole}]))
    assert (report.new, report.files[0].unsplit) == (1, 1)
    assert [(row["kind"], row["text"]) for row in messages(in_file)] == [("system", whole)]
    assert only_chat(in_file)["question"] is None


def test_a_mapping_that_was_saved_before_there_were_patterns():
    old = '{"kind": "chats", "fields": [["a", "id"]], "date_order": "ymd", "senders": []}'
    assert ColumnMapping.from_json(old).pattern == ""
