"""Ids of many digits that a spreadsheet wrote as 1.23457E+15: many chats have the same."""

from pathlib import Path

import pytest

from lib.importing import Source
from lib.importing.wording import time_sentences
from tests.importing.files import content, csv_file, json_lines, load, messages, only_chat, rejects

INPUTS = Path(__file__).parent / "field_inputs"
ROUNDED = ["1.23457E+15", "1,23457E+15", "1E+20", "1.23456789012346e+015", " 2.5E+15 "]


def test_chats_with_the_same_rounded_id_do_not_take_each_others_place(in_file):
    for number in (1, 2, 1):
        report = load(in_file, Source("chats.csv", INPUTS / f"24-excel-number-ids-{number}.csv"))
        assert (report.rejected, report.rounded_ids.count, report.rounded_ids.examples) == (0, 1, ["1.23457E+15"])
        assert "1.23457E+15" in " ".join(time_sentences(report))
    report = load(in_file, csv_file([{"id": ROUNDED[0], "comment": each} for each in "abcde"]))
    assert time_sentences(report)[0].endswith(ROUNDED[0]), "equal ones are an example once"
    report = load(in_file, Source("chats.csv", INPUTS / "24-excel-number-ids-1.csv"))
    chats = [chat for chat in content(in_file)[0] if chat["visitor_name"]]
    assert {(chat["visitor_name"], chat["question"]) for chat in chats} == {("Ann", "first"), ("Bob", "second")}
    assert all(chat["unknown_fields"] == '{"id": "1.23457E+15"}' for chat in chats)
    assert report.unchanged == 1


@pytest.mark.parametrize("written", ROUNDED)
def test_a_rounded_id_in_each_format(in_file, written):
    for file in (csv_file([{"id": written, "comment": "a"}]), json_lines({"id": written, "comment": "a"})):
        report = load(in_file, file)
        assert (report.new + report.unchanged, report.rejected, report.rounded_ids.count) == (1, 0, 1)
    assert only_chat(in_file)["vendor_id"].startswith("row-")


def test_what_tells_no_more_than_a_rounded_id_is_rejected(in_file):
    report = load(in_file, csv_file([{"id": ROUNDED[0], "comment": ""}]))
    assert [found[1::2] for found in rejects(in_file, report)] == [("id", "rounded_id")]


def test_messages_of_a_rounded_chat_are_rejected(in_file):
    load(in_file, json_lines({"id": "1234567890123456"}))
    report = load(in_file, csv_file([{"chat_id": ROUNDED[0], "sender_type": "bot", "text": "a"}]))
    assert [found[1::2] for found in rejects(in_file, report)] == [("chat_id", "rounded_id")]
    assert messages(in_file) == []


def test_rounded_ids_of_messages_and_visitors_are_kept_but_join_nothing(in_file):
    said = [{"id": ROUNDED[0], "sender_type": "visitor", "text": text} for text in ("one", "two")]
    report = load(in_file, json_lines({"id": "A", "visitor": {"id": ROUNDED[0], "name": "Ann"}, "messages": said}))
    assert (report.new, report.rejected) == (1, 0)
    assert [message["text"] for message in messages(in_file)] == ["one", "two"]
    assert (only_chat(in_file)["visitor_id"], only_chat(in_file)["visitor_name"]) == (None, "Ann")
    assert report.unknown_fields == {"messages.id": 1, "visitor.id": 1}
    rows = [{"chat_id": "B", "id": ROUNDED[0], "sender_type": "visitor", "text": text} for text in ("one", "two")]
    report = load(in_file, json_lines({"id": "B"}), csv_file(rows))
    assert (report.messages_stored, report.rows_rejected) == (2, 0)


def test_ids_that_only_look_like_it(in_file):
    ids = ["1E5", "1.5", "12E+15", "E+15", "1.23457E+15-a", "1234567890123456"]
    assert load(in_file, csv_file([{"id": each, "comment": "a"} for each in ids])).new == len(ids)
