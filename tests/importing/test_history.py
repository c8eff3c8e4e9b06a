from lib.importing import past_imports, rejected_rows
from tests.importing.files import CHAT, json_lines, load


def test_past_imports_come_newest_first(store):
    reports = [load(store, json_lines(CHAT, {"id": n, "rating": 9})) for n in range(3)]
    past = past_imports(store)
    assert [each.report for each in past] == reports[::-1]
    assert {each.actor for each in past} == {"Ann"}
    assert [each.id for each in past_imports(store, limit=1)] == [reports[-1].import_id]


def test_rejected_rows_name_what_is_wrong(store):
    report = load(store, json_lines(CHAT, {"id": 5, "comment": "y" * 200_000, "messages": ["x" * 600]}, name="a.jsonl"))
    (row,) = rejected_rows(store, report.import_id).to_dict("records")
    assert (row["file"], row["row_number"], row["field"], row["reason"]) == ("a.jsonl", 2, "messages[0]", "not_object")
    assert len(row["value"]) == 500
    assert len(row["record"]) == 100_000
