"""What an export holds: exactly the chats of the filter, in the order of the sort, with a manifest that is true."""

import csv
import hashlib
import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow.parquet as pq
import pytest

from lib.chats.accounts import name_account
from lib.chats.counts import category_counts
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.listing import SORT_KEYS, Sort, chat_page
from lib.chats.notes import add_note
from lib.export import rows
from lib.export.choice import FORMATS
from lib.export.columns import CHAT_COLUMNS, COLUMNS
from lib.export.writing import Progress
from tests import worlds
from tests.export.exporting import export, files_of, manifest_of, records
from tests.worlds import TOKYO, id_of

JAPAN = ChatFilter(country=("JP",))


def ids(packed: bytes, format: str) -> list[str]:
    files = files_of(packed)
    if format == "json_lines":
        return [record["id"] for record in records(packed)]
    if format == "csv":
        return [row["id"] for row in csv.DictReader(io.StringIO(files["chats.csv"].decode("utf-8-sig"), newline=""))]
    return pq.read_table(io.BytesIO(files["chats.parquet"])).column("id").to_pylist()


@pytest.mark.parametrize("key", SORT_KEYS)
@pytest.mark.parametrize("scattered", [False, True])
def test_the_order_is_that_of_the_list(sample_like, monkeypatch, key, scattered):
    monkeypatch.setattr(rows, "SLICE_ENTRIES", 40)
    monkeypatch.setattr(rows, "MOST_READ", 0 if scattered else 10**9)
    for sort in (Sort(key), Sort(key, descending=False)):
        listed = list(chat_page(sample_like, EMPTY, TOKYO, sort, 1)["id"])
        for format in FORMATS if key == "wait" else ("json_lines",):
            packed, exported = export(sample_like, sort=sort, format=format)
            assert [str(id_of(name)) for name in ids(packed, format)] == list(map(str, listed))
            assert exported.chats == len(listed)
    assert manifest_of(packed)["sort"] == {"by": key, "order": "ascending"}


@pytest.mark.parametrize(
    "chosen", [JAPAN, ChatFilter(words="umbrella"), ChatFilter(category="missed"), ChatFilter(tag=("nothing",))]
)
def test_list_count_and_export_agree(sample_like, chosen):
    listed = {str(chat) for chat in chat_page(sample_like, chosen, TOKYO, Sort(), 1)["id"]}
    counted = category_counts(sample_like, chosen.without("category"), TOKYO)[chosen.category]
    for format in FORMATS:
        packed, exported = export(sample_like, chosen, format=format)
        assert {str(id_of(name)) for name in ids(packed, format)} == listed
        assert exported.chats == counted == len(listed) == manifest_of(packed)["chats"]


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("with_messages", [True, False])
def test_the_manifest_is_last_and_true(sample_like, format, with_messages):
    packed, exported = export(sample_like, JAPAN, format=format, with_messages=with_messages)
    files, told = files_of(packed), manifest_of(packed)
    assert list(files)[-1] == "manifest.json"
    assert [file["name"] for file in told["files"]] == list(files)[:-1]
    for file in told["files"]:
        assert file["sha256"] == hashlib.sha256(files[file["name"]]).hexdigest()
        assert file["bytes"] == len(files[file["name"]])
    assert (exported.sha256, exported.bytes) == (hashlib.sha256(packed).hexdigest(), len(packed))
    assert (told["chats"], told["deleted_chats_left_out"], told["neutralised"]) == (1, 1, format == "csv")
    assert told["filter"] == {"sentence": exported.sentence, "language": "en", "link": "https://chats.example/x"}
    assert (told["exported_by"], told["zone"], told["exported_at"]) == ("Ann", "Asia/Tokyo", "2026-11-23T03:00:00Z")
    assert bool(told["columns"]["messages"]) == with_messages


@pytest.mark.parametrize("format", FORMATS)
def test_no_chat_makes_a_true_export_too(sample_like, format):
    packed, exported = export(sample_like, ChatFilter(tag=("nothing",)), format=format)
    assert (exported.chats, exported.messages, ids(packed, format)) == (0, 0, [])


def test_messages_of_deleted_chats_are_left_out(sample_like):
    packed, exported = export(sample_like)
    assert exported.messages == sum(len(record["messages"]) for record in records(packed))
    deleted = sample_like.read("SELECT vendor_id FROM chats WHERE deleted_at IS NOT NULL")
    assert not {row["vendor_id"] for row in deleted} & set(ids(packed, "json_lines"))


@pytest.mark.parametrize("format", FORMATS)
def test_hostile_texts_are_exact_in_every_format(hostile, format):
    packed, _exported = export(hostile, format=format)
    texts = {row["t"] for row in hostile.read("SELECT question AS t FROM chats")}
    files = files_of(packed)
    if format == "json_lines":
        assert {record["question"] for record in records(packed)} == texts
    elif format == "parquet":
        assert set(pq.read_table(io.BytesIO(files["chats.parquet"])).column("question").to_pylist()) == texts
    else:
        lines = list(csv.reader(io.StringIO(files["chats.csv"].decode("utf-8-sig"), newline="")))
        found = {row[lines[0].index("question")] for row in lines[1:]}
        assert found == (texts - {"=1+1"}) | {"'=1+1"}
        assert files["chats.csv"].startswith(b"\xef\xbb\xbf") and files["chats.csv"].endswith(b"\r\n")


def test_only_chosen_columns_are_there(sample_like):
    columns = frozenset(["started_at", "visitor_name", "text"])
    (record, *_others), told = records(export(sample_like, columns=columns)[0]), None
    assert record.keys() <= {"id", "system", "account", "chat_history_export", "started_at", "visitor", "messages"}
    packed, _exported = export(sample_like, columns=columns, format="csv")
    header = files_of(packed)["chats.csv"].decode("utf-8-sig").split("\r\n")[0].split(",")
    assert header == ["started_at", "visitor_name", "id", "system", "account", "chat_history_export"]
    told = manifest_of(packed)["columns"]
    assert told == {"chats": ["started_at", "visitor_name"], "messages": ["text"]}


def test_without_internal_notes_none_is_there(sample_like):
    columns = frozenset(COLUMNS) - {"internal_notes"}
    packed, exported = export(sample_like, columns=columns)
    assert b"The visitor is a spy" in files_of(export(sample_like)[0])["chats.jsonl"]
    assert b"The visitor is a spy" not in files_of(packed)["chats.jsonl"]
    assert exported.messages == sum(len(record["messages"]) for record in records(packed))


def test_our_own_work_stands_beside(store):
    worlds.insert(store, [worlds.chat("1", assignee="Ann", status="missed", not_needed="spam")])
    add_note(store, id_of("1"), "=call", "Ben")
    (record,) = records(export(store)[0])
    work = record["follow_up"]
    assert (work["assignee"], work["not_needed"], work["mails"]) == ("Ann", "spam", 0)
    assert [(note["author"], note["text"]) for note in work["notes"]] == [("Ben", "=call")]
    assert "follow_up_notes" in CHAT_COLUMNS


def test_what_is_written_meanwhile_changes_nothing(store, monkeypatch):
    monkeypatch.setattr(rows, "SLICE_ENTRIES", 2)
    worlds.insert(store, [worlds.chat(str(n), question="before", messages=["before"]) for n in range(6)])
    told: list[Progress] = []

    def write() -> None:
        store.write(lambda cursor: cursor.execute("UPDATE chats SET question = 'after', deleted_at = now()"))
        store.write(lambda cursor: cursor.execute("DELETE FROM messages"))

    def change(progress: Progress) -> None:
        if not told:
            with ThreadPoolExecutor(1) as somebody:
                somebody.submit(write).result()
        told.append(progress)

    packed, exported = export(store, tell=change)
    assert (exported.chats, exported.messages) == (6, 6)
    assert {record["question"] for record in records(packed)} == {"before"}
    assert [progress.chats for progress in told] == sorted(progress.chats for progress in told)
    assert told[-1].total == 6


def test_what_a_broken_sentence_says_is_written_all_the_same(sample_like):
    packed, _exported = export(sample_like, ChatFilter(operator=("a\0b",)), link="\ud800")
    assert json.loads(files_of(packed)["manifest.json"])["chats"] == 0


def test_stopping_leaves_no_file_and_no_transaction(store, tmp_path):
    from lib.export.choice import Request
    from lib.export.writing import write_export

    worlds.insert(store, [worlds.chat("1")])

    def stop(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_export(store, Request(TOKYO, "Ann"), tmp_path / "x.zip", stop)
    assert list(tmp_path.iterdir()) == []
    assert export(store)[1].chats == 1
    assert zipfile.is_zipfile(io.BytesIO(export(store)[0]))


def test_other_programs_read_what_was_written(sample_like, tmp_path):
    for format, name in (("json_lines", "chats.jsonl"), ("csv", "chats.csv"), ("parquet", "chats.parquet")):
        path = tmp_path / name
        path.write_bytes(files_of(export(sample_like, format=format)[0])[name])
        reader = {"json_lines": "read_json_auto", "csv": "read_csv_auto", "parquet": "read_parquet"}[format]
        assert duckdb.execute(f"SELECT count(*) FROM {reader}('{path}')").fetchone() == (59,)


def test_a_spreadsheet_begins_with_what_people_look_for(store):
    worlds.insert(store, [worlds.chat("1", status="missed", visitor_email="a@example.com")])
    packed, _exported = export(store, format="csv", link="https://chats.example/chats?period=today")
    lines = csv.DictReader(io.StringIO(files_of(packed)["chats.csv"].decode("utf-8-sig"), newline=""))
    (row,) = lines
    assert lines.fieldnames[:6] == ["link", "category", "state", "started_local", "ended_local", "zone"]
    assert lines.fieldnames[-4:] == ["id", "system", "account", "chat_history_export"]
    assert row["link"] == f"https://chats.example/chats?chat={worlds.id_of('1')}"
    assert (row["category"], row["state"]) == ("Missed", "To do")
    assert (row["started_local"], row["started_at"]) == ("2026-11-22 12:00:00", "2026-11-22T03:00:00Z")
    assert (row["ended_local"], row["zone"]) == ("", "Asia/Tokyo")


def test_the_manifest_tells_accounts_by_their_names(store):
    worlds.insert(store, [worlds.chat("a", system="Chatwoot", account="2")])
    name_account(store, "Chatwoot", "2", "Osaka shop", "Ann")
    packed, exported = export(store, ChatFilter(account=("2",)))
    assert manifest_of(packed)["filter"]["sentence"] == exported.sentence == "All chats of the account Osaka shop"
