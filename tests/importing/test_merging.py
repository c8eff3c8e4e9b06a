"""What happens to chats that the store holds already."""

import json
from copy import deepcopy
from datetime import datetime

from lib.importing import chat_id
from tests.importing.files import (
    BOTH,
    CHAT,
    OTHER_CHAT,
    as_columns,
    chats_csv,
    content,
    csv_file,
    json_lines,
    load,
    message_rows,
    messages,
    messages_csv,
    only_chat,
    rejects,
)

ID = chat_id("import", None, "C-1")


def changed(**facts) -> dict:
    return {**deepcopy(CHAT), **facts}


def without(field: str, record: dict = CHAT) -> dict:
    return {key: value for key, value in record.items() if key != field}


def texts(store) -> list:
    return [row["text"] for row in messages(store)]


def physical(store) -> list:
    """Where the rows lie: differs if any was written again."""
    if store.is_lake:
        return store.read(
            "SELECT rowid, id AS chat_id FROM chats UNION ALL SELECT rowid, chat_id FROM messages ORDER BY ALL"
        )
    return store.read("SELECT rowid, * FROM chats ORDER BY id") + store.read(
        "SELECT rowid, * FROM messages ORDER BY ALL"
    )


def test_the_same_file_again_changes_nothing(store):
    for files in ([json_lines(*BOTH)], [chats_csv(), messages_csv()]):
        first = load(store, *files)
        before = physical(store)
        again = load(store, *files)
        assert (again.new, again.updated, again.unchanged, again.messages_stored) == (0, 0, 2, 0)
        assert again.changed_nothing
        assert physical(store) == before
        assert store.read("SELECT count(*) AS n FROM imports WHERE id = $id", {"id": first.import_id}) == [{"n": 1}]


def test_a_changed_fact_updates_the_chat_and_leaves_its_messages(store):
    load(store, json_lines(*BOTH))
    report = load(store, json_lines(changed(comment="thanks", ended_at=None), OTHER_CHAT))
    assert (report.new, report.updated, report.unchanged, report.messages_stored) == (0, 1, 1, 0)
    (chat,) = store.read("SELECT * FROM chats WHERE id = $id", {"id": ID})
    assert (chat["comment"], chat["ended_at"], chat["duration_s"], chat["import_id"]) == (
        "thanks", None, None, report.import_id,
    )  # fmt: skip
    assert (chat["wait_s"], chat["question"], chat["operators"]) == (35, "荷物はどこですか", ["Aoi", "Ben"])


def test_a_changed_message_replaces_the_messages(store):
    load(store, json_lines(*BOTH))
    fewer = changed(messages=CHAT["messages"][1:])
    report = load(store, json_lines(fewer))
    assert (report.updated, report.messages_stored) == (1, 2)
    assert texts(store) == ["anyone?", "確認します", "Here it is"]
    swapped = changed(messages=CHAT["messages"][:0:-1])
    assert load(store, json_lines(swapped)).updated == 1
    assert load(store, json_lines(changed(messages=[]))).updated == 1
    assert texts(store) == ["anyone?"]


def test_a_record_without_messages_leaves_them_alone(store):
    load(store, json_lines(CHAT))
    for file in (json_lines(without("messages")), json_lines(changed(messages=None)), csv_file([as_columns(CHAT)])):
        assert load(store, file).unchanged == 1
    load(store, json_lines(without("messages", changed(question="Hm?", operator="Zoe"))))
    assert (only_chat(store)["question"], only_chat(store)["operators"]) == ("Hm?", ["Zoe", "Aoi", "Ben"])
    load(store, json_lines(without("messages", changed(question=None))))
    assert (only_chat(store)["question"], only_chat(store)["question_search"]) == ("荷物はどこですか",) * 2
    assert len(messages(store)) == 3


def test_an_updated_chat_equals_one_that_is_new(store):
    load(store, json_lines(CHAT))
    wanted = content(store)
    other = {"id": "C-1", "rating": 1, "messages": [{"sender_type": "note", "text": "x"}], "notes": [{"text": "y"}]}
    for detour in (json_lines(other), json_lines({"id": "C-1"})):
        load(store, detour)
        load(store, json_lines(CHAT))
        assert content(store) == wanted


def test_a_file_of_messages_updates_stored_chats(store):
    load(store, json_lines(without("messages"), OTHER_CHAT))
    report = load(store, messages_csv([CHAT]))
    assert (report.read, report.new, report.updated, report.messages_only, report.messages_read) == (0, 0, 1, 1, 3)
    assert load(store, messages_csv([CHAT])).unchanged == 1
    wanted = content(store)
    load(store, json_lines(CHAT, OTHER_CHAT))
    assert content(store) == wanted


def test_a_file_of_messages_wins_over_those_in_the_record(store):
    rows = csv_file([{"chat_id": "C-1", "sender_type": "bot", "text": "from the file"}])
    for files in ([json_lines(CHAT), rows], [rows, json_lines(CHAT)]):
        load(store, *files)
        assert texts(store) == ["from the file"]


def test_messages_of_one_chat_may_be_spread_over_files(store):
    halves = [csv_file([as_columns(row)], f"{n}.csv") for n, row in enumerate(message_rows([CHAT]))]
    load(store, *halves, chats_csv([CHAT]))
    wanted = content(store)
    load(store, json_lines(CHAT))
    assert content(store) == wanted


def test_notes_of_the_record_outlive_a_file_of_messages_without_notes(store):
    load(store, json_lines(changed(notes=[{"text": "old"}])))
    load(store, messages_csv([changed(messages=CHAT["messages"][:1])]))
    assert texts(store) == ["荷物はどこですか", "old"]
    load(store, csv_file([{"chat_id": "C-1", "sender_type": "note", "text": "new"}]))
    assert texts(store) == ["new"]
    load(store, json_lines(without("messages", changed(notes=[{"text": "newest"}]))))
    assert texts(store) == ["newest"]


def test_messages_wait_for_their_chat(store):
    rows = [
        {"chat_id": "C-1", "sender_type": "bot"},
        {"chat_id": "C-9", "sender_type": "bot", "text": "x"},
        {"chat_id": "", "sender_type": "bot"},
    ]
    report = load(store, csv_file(rows), json_lines(CHAT))
    assert rejects(store, report) == [(4, "chat_id", "", "missing")]
    assert (report.messages_read, report.messages_rejected, report.messages_waiting) == (6, 1, 1)
    assert len(messages(store)) == 1
    report = load(store, json_lines({"id": "C-9"}))
    assert (report.new, report.messages_joined, report.messages_stored) == (1, 1, 1)
    assert texts(store) == [None, "x"]
    assert store.read("FROM waiting_messages") == []


def test_an_id_that_comes_twice_counts_once(store):
    second = {"id": "C-1", "comment": "second", "messages": [{"sender_type": "bot", "text": "second"}]}
    report = load(store, json_lines(CHAT, second, {**second, "system": "other"}), json_lines(second, name="b"))
    assert (report.read, report.new, report.rejected, report.messages_read) == (4, 2, 2, 4)
    assert [row[1:] for row in rejects(store, report)] == [("id", "C-1", "repeated_id")] * 2
    assert store.read("SELECT comment FROM chats WHERE system = 'import'") == [{"comment": None}]
    (record,) = store.read("SELECT DISTINCT trim(record) AS r FROM rejected_rows")
    assert '"text": "second"' in record["r"]


def test_our_own_work_is_never_touched(store):
    load(store, json_lines(*BOTH))
    gone = datetime(2026, 3, 2)
    store.write(lambda cursor: cursor.execute("UPDATE chats SET deleted_at = $gone, mails = 3", {"gone": gone}))
    (before,) = store.read("SELECT ordinal FROM chats WHERE id = $id", {"id": ID})
    report = load(store, json_lines(changed(comment="new", messages=[]), OTHER_CHAT))
    assert (report.updated, report.unchanged, report.deleted_kept) == (1, 1, 2)
    (chat,) = store.read("SELECT * FROM chats WHERE id = $id", {"id": ID})
    assert (chat["deleted_at"], chat["mails"], chat["comment"], chat["ordinal"]) == (gone, 3, "new", before["ordinal"])


def test_new_chats_are_kept_in_the_order_of_their_start(store):
    days = {"a": "2026-03-03", "b": None, "c": "2026-03-01", "d": "2026-03-02"}
    load(store, json_lines(*({"id": key, "started_at": day} for key, day in days.items())))
    load(store, json_lines({"id": "e", "started_at": "2026-01-01"}))
    found = store.read("SELECT vendor_id FROM chats ORDER BY ordinal")
    assert "".join(row["vendor_id"] for row in found) == "cdabe"


def test_unknown_fields_of_rows_are_kept_with_their_chat(store):
    def kept() -> dict | None:
        return json.loads(only_chat(store)["unknown_fields"] or "null")

    rows = [{"chat_id": "C-1", "sender_type": "bot", "mood": "a"}, {"chat_id": "C-1", "sender_type": "bot", "mood": ""},
            {"chat_id": "C-1", "sender_type": "bot", "mood": 'b"'}]  # fmt: skip
    file = csv_file(rows)
    report = load(store, json_lines(without("messages", changed(**{"a/b~\"'c": 1}))), file)
    assert report.unknown_fields == {"mood": 2, "a/b~\"'c": 1}
    of_rows = {"messages[0]": {"mood": "a"}, "messages[2]": {"mood": 'b"'}}
    assert kept() == {"a/b~\"'c": 1, **of_rows}
    assert load(store, file).unchanged == 1
    load(store, csv_file([{"id": "C-1", "comment": "x"}]))
    assert kept() == {"a/b~\"'c": 1, **of_rows}
    assert load(store, file).unchanged == 1
    load(store, csv_file([{**row, "mood": "c" if n else ""} for n, row in enumerate(rows[:2])]))
    assert kept() == {"a/b~\"'c": 1, "messages[1]": {"mood": "c"}}
    load(store, json_lines(CHAT))
    assert kept() == {"a/b~\"'c": 1}


def test_an_import_leaves_its_trace(store):
    report = load(store, json_lines(*BOTH, {"id": []}))
    assert store.read("SELECT id, actor FROM imports") == [{"id": report.import_id, "actor": "Ann"}]
    (event,) = store.read("SELECT * FROM events")
    assert (event["action"], event["actor"], event["chat_id"]) == ("import", "Ann", None)
    assert str(report.import_id) in event["detail"]


def test_nothing_of_an_import_stays_in_its_cursor(store):
    load(store, json_lines(*BOTH))
    assert store.read("SELECT table_name FROM duckdb_tables() WHERE database_name = 'temp'") == []
