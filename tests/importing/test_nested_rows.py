"""Tables of others in JSON that is not a plain list, and in Parquet."""

import json

import pytest

from lib.importing import ImportRefused
from lib.importing.columns import guess, remember
from lib.importing.formats.nested_rows import place_of_rows
from lib.importing.formats.recognising import table_of
from tests.importing.files import Source, json_file, json_lines, load, only_chat, parquet, raw

ROWS = [
    {"Ticket ID": "T-1", "Opened at": "2026-03-01 10:00", "Customer": "凛", "Agent": "Aoi"},
    {"Ticket ID": "T-2", "Opened at": "2026-03-01 11:00", "Customer": "Mia", "Agent": "Ben"},
]
BY_ID = {row["Ticket ID"]: {name: row[name] for name in row if name != "Ticket ID"} for row in ROWS}
FILES = {
    "in a list": (json_file({"status": "ok", "count": 2, "tickets": ROWS, "agents": [{"name": "Aoi"}]}), "tickets[]"),
    "deeper": (json_file({"data": {"page": 1, "result": {"items": ROWS}}}, indent=2), "data.result.items[]"),
    "by id": (json_file(BY_ID), "{}"),
    "by id, deeper": (json_file({"exported": "2026-03-05", "chats": BY_ID}), "chats{}"),
    "in Parquet": (parquet(ROWS), None),
}


def told(store, source: Source) -> None:
    table = table_of(source)
    remember(store, source.name, table.columns, guess(table.columns, table.samples), "Ann")


@pytest.mark.parametrize("name", FILES)
def test_rows_of_others_are_read_by_a_mapping(in_file, name):
    source, evidence = FILES[name]
    with pytest.raises(ImportRefused, match="unknown_columns"):
        load(in_file, source)
    told(in_file, source)
    report = load(in_file, source)
    assert (report.new, report.rejected, report.files[0].evidence) == (2, 0, evidence)
    found = in_file.read("SELECT vendor_id, visitor_name, operators FROM chats ORDER BY ALL")
    assert found == [
        {"vendor_id": "T-1", "visitor_name": "凛", "operators": ["Aoi"]},
        {"vendor_id": "T-2", "visitor_name": "Mia", "operators": ["Ben"]},
    ]
    assert load(in_file, source).unchanged == 2


def test_our_own_format_inside_an_object(in_file):
    report = load(
        in_file, json_file({"count": 1, "items": [{"id": "C-1", "comment": "x"}, {"id": "C-2", "comment": "y"}]})
    )
    assert (report.new, report.files[0].evidence) == (2, "items[]")


def test_a_large_list_is_read_in_slices_and_what_is_no_object_is_rejected(in_file, monkeypatch):
    monkeypatch.setattr("lib.importing.formats.json_values.SLICED_FROM", 1000)
    many = [{"id": f"C-{n}", "comment": "x" * 100} for n in range(100)]
    report = load(in_file, json_file({"items": [*many, "oops"], "count": 101}))
    assert (report.new, report.rejected) == (100, 1)


@pytest.mark.parametrize(
    "record",
    [
        {
            "Ticket ID": "T-1",
            "Opened at": "2026-03-01 10:00",
            "Customer": "Rin",
            "messages": [{"text": "a"}, {"text": "b"}],
        },
        {"name": "x", "version": 1, "parts": [1, 2]},
        {"a": {"b": 1}, "c": {"d": 2}},
        {},
    ],
)
def test_an_object_that_is_a_row_itself_stays_one(record):
    assert place_of_rows(record) is None


def test_a_chat_of_our_own_keeps_its_messages(in_file):
    load(in_file, raw(json.dumps({"id": "C-1", "messages": [{"sender_type": "visitor", "text": "Hi"}] * 3})))
    assert only_chat(in_file)["message_count"] == 3
    assert load(in_file, json_lines({"id": "C-1"})).unchanged == 1
