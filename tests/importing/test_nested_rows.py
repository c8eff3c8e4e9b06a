"""Tables of others in JSON that is not a plain list, and in Parquet."""

import json

import pytest

from lib.importing import ImportRefused, import_files
from lib.importing.columns import guess, remember
from lib.importing.formats.nested_rows import places_in
from lib.importing.formats.recognising import table_of
from lib.importing.wording import refusal_detail, table_sentences
from tests.importing.files import Source, json_file, json_lines, load, only_chat, parquet, raw, zipped

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
    assert not places_in(record)


def test_a_chat_of_our_own_keeps_its_messages(in_file):
    load(in_file, raw(json.dumps({"id": "C-1", "messages": [{"sender_type": "visitor", "text": "Hi"}] * 3})))
    assert only_chat(in_file)["message_count"] == 3
    assert load(in_file, json_lines({"id": "C-1"})).unchanged == 1


OTHERS = [{"Case ID": "X-1", "Began": "2026-03-02 10:00", "Guest": "Zoë", "Topic": "Billing", "Stars": "4"}]
PEOPLE = [{"id": n, "name": "Aoi", "email": "aoi@example.com", "created_at": "2020-01-01T00:00:00Z"} for n in range(9)]


def ids(store) -> set[str]:
    return {row["vendor_id"] for row in store.read("SELECT vendor_id FROM chats")}


def test_several_lists_of_one_shape_are_all_read(in_file):
    closed = [{**row, "Ticket ID": f"Z-{n}", "Closed at": "2026-03-02 10:00"} for n, row in enumerate(ROWS)]
    source = json_file({"open": ROWS, "archive": {"closed": closed}, "users": PEOPLE})
    with pytest.raises(ImportRefused, match="unknown_columns"):
        load(in_file, source)
    columns = (*ROWS[0], "Closed at")
    remember(in_file, "x", columns, guess(columns, closed), "Ann")
    report = load(in_file, source)
    (file,) = report.files
    assert (report.new, ids(in_file)) == (4, {"T-1", "T-2", "Z-0", "Z-1"})
    assert ({*file.evidence.split(", ")}, file.unread) == ({"open[]", "archive.closed[]"}, {"users[]": 9})


def test_lists_of_our_own_format_are_all_read_with_messages_in_one_of_their_own(in_file):
    chats = [{"id": "C-1", "comment": "x"}, {"id": "C-2", "comment": "y"}]
    said = [{"chat_id": "C-1", "sender_type": "visitor", "text": "Hi"}]
    report = load(in_file, json_file({"chats": chats, "missed": [{"id": "C-3", "status": "missed"}], "messages": said,
                                      "users": PEOPLE}))  # fmt: skip
    assert (report.new, report.messages_stored, report.files[0].unread) == (3, 1, {"users[]": 9})
    assert "users[] (9)" in " ".join(table_sentences(report))


def test_lists_of_chats_of_two_shapes_are_refused_by_name(in_file):
    source = json_file({"tickets": ROWS, "cases": OTHERS, "users": PEOPLE}, "two.json")
    with pytest.raises(ImportRefused, match="several_lists") as refusal:
        load(in_file, source)
    assert (refusal.value.file, {*refusal.value.told["lists"].split(", ")}) == ("two.json", {"tickets[]", "cases[]"})
    assert refusal.value.told["lists"] in refusal_detail(refusal.value)


def test_a_file_of_a_zip_with_lists_of_two_shapes_is_told(in_file):
    source = json_file({"tickets": ROWS, "cases": OTHERS}, "two.json")
    assert load(in_file, zipped(json_lines({"id": "C-1"}), source)).skipped == ("all.zip/1/two.json",)
    with pytest.raises(ImportRefused, match="several_lists"):
        load(in_file, zipped(source))


def test_a_list_is_chosen_by_its_mapping(in_file):
    source = json_file({"tickets": ROWS, "cases": OTHERS, "users": PEOPLE}, "two.json")
    assert {*table_of(source).lists} == {"tickets[]", "cases[]", "users[]"}
    for name, found in (("cases[]", {"X-1"}), ("tickets[]", {"X-1", "T-1", "T-2"})):
        table = table_of(source, rows=name)
        remember(in_file, name, table.columns, guess(table.columns, table.samples), "Ann")
        # The mapping that was made last is the one that is meant.
        report = load(in_file, source)
        assert (ids(in_file), report.files[0].evidence) == (found, name)
        assert report.files[0].unread.keys() == {"tickets[]", "cases[]", "users[]"} - {name}
    report = import_files(in_file, [source], zone="UTC", actor="Ann", mapping="cases[]")
    assert (report.unchanged, report.files[0].evidence) == (1, "cases[]")


def test_where_nothing_says_which_list_it_is(in_file):
    plain = [{"Ticket ID": "T-1", "Customer": "Rin"}]
    with pytest.raises(ImportRefused, match="several_lists"):
        load(in_file, json_file({"a": plain, "b": [{"Case ID": "X-1", "Agent": "Ben"}]}))
    with pytest.raises(ImportRefused, match="unknown_columns"):
        load(in_file, json_file({"a": plain, "b": [{"Ticket ID": "T-2", "Customer": "Mia"}]}))


def test_several_large_lists_are_read_in_slices(in_file, monkeypatch):
    monkeypatch.setattr("lib.importing.formats.json_values.SLICED_FROM", 1000)
    first, second = ([{"id": f"{name}-{n}", "comment": "x" * 100} for n in range(100)] for name in "AB")
    by_id = {f"C-{n}": {"comment": "y", "rating": 5} for n in range(3)}
    report = load(in_file, json_file({"first": first, "by": by_id, "data": {"second": second}, "users": PEOPLE}))
    assert (report.new, report.rejected, report.files[0].unread) == (203, 0, {"users[]": 9})
