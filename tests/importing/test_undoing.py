"""An import can be undone as a whole, as long as nothing newer stands on it."""

import random
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from lib.chats.chat import find_chat
from lib.chats.notes import add_note
from lib.chats.removal import delete_chat
from lib.importing.merge import undoing
from lib.importing.merge.undoing import CannotUndo, Undone, obstacle, undo_import
from lib.importing.vendors import VENDORS
from lib.missed.derive import derive_due
from lib.store import now
from tests.importing.files import BOTH, CHAT, OTHER_CHAT, content, json_file, json_lines, load, only_chat
from tests.importing.test_merging import changed
from tests.importing.vendors import livechat_answers as livechat
from tests.importing.vendors.chatwoot_answers import AOI_SENDS, BOB, conversation, message, page
from tests.importing.vendors.every_vendor import sources
from tests.thorough import rarely


def all_of(store):
    """What a store holds, without when it was noticed: what comes back is noticed again."""
    derive_due(store, "UTC", now())
    return (
        content(store, "ordinal", "came_back_noticed_at"),
        store.read("SELECT * FROM visitors ORDER BY ALL"),
        store.read("SELECT * FROM waiting_messages ORDER BY ALL"),
        store.read("SELECT * FROM known_names ORDER BY ALL"),
        store.read("SELECT * FROM shared_signs ORDER BY ALL"),
    )


def test_what_an_import_added_goes_and_what_it_replaced_comes_back(in_file):
    load(in_file, json_lines(CHAT))
    before = all_of(in_file)
    report = load(in_file, json_lines(changed(comment="other", messages=CHAT["messages"][:1]), OTHER_CHAT))
    assert (report.new, report.updated) == (1, 1)
    assert obstacle(in_file, report.import_id) is None
    assert undo_import(in_file, report.import_id, "akiko") == Undone(removed=1, restored=1)
    assert all_of(in_file) == before
    assert undo_import(in_file, report.import_id, "akiko") == CannotUndo("undone")
    assert undo_import(in_file, uuid4(), "akiko") == CannotUndo("unknown")
    again = load(in_file, json_lines(*BOTH))
    assert (again.new, again.unchanged) == (1, 1)


def test_messages_that_came_to_a_chat_without_any_go_again(in_file):
    load(in_file, json_file(conversation(101, "open", BOB)))
    before = all_of(in_file)
    report = load(in_file, json_file(page(101, message(1, 0, 0, "Hello"), message(2, 1, 1, "Hi", **AOI_SENDS))))
    assert undo_import(in_file, report.import_id, "akiko") == Undone(removed=0, restored=1)
    assert all_of(in_file) == before


def test_messages_that_wait_go_too(in_file):
    before = all_of(in_file)
    report = load(in_file, json_file(page(101, message(1, 0, 0, "Hello"))))
    assert report.messages_waiting == 1
    assert undo_import(in_file, report.import_id, "akiko") == Undone(removed=0, restored=0)
    assert all_of(in_file) == before


def groups(*names):
    kept = {"language_code": "en", "agent_priorities": {}, "routing_status": "offline"}
    return json_file([{"id": number, "name": name, **kept} for number, name in enumerate(names)])


LIVECHAT = livechat.chat("C", livechat.thread("T", [livechat.KENTO], [
    livechat.event(1, livechat.KENTO, "Hi"),
], access={"group_ids": [0, 1]}))  # fmt: skip


def test_names_that_a_list_replaced_come_back_and_chats_that_it_named_have_their_ids_again(in_file):
    load(in_file, json_file(LIVECHAT))
    states, reports = [all_of(in_file)], []
    for names in (["General"], ["General", "Orders"], ["General", "Returns"]):
        reports.append(load(in_file, groups(*names)))
        states.append(all_of(in_file))
    departments = [state[0][0][0]["department"] for state in states]
    assert departments == ["0, 1", "General, 1", "General, Orders", "General, Orders"]
    assert undo_import(in_file, reports[1].import_id, "akiko") == CannotUndo("newer", 1)
    for report, before in zip(reversed(reports), reversed(states[:-1]), strict=True):
        assert isinstance(undo_import(in_file, report.import_id, "akiko"), Undone)
        assert all_of(in_file) == before


def test_a_list_of_the_same_names_again_stands_against_nothing(in_file):
    first = load(in_file, groups("General"))
    load(in_file, groups("General"))
    assert undo_import(in_file, first.import_id, "akiko") == Undone(removed=0, restored=0)
    assert in_file.read("FROM known_names") == []


def of_desk(first, last):
    """Chats of visitors with a name each and the same address: the first is missed, and a person served the others."""
    return json_lines(
        *({"id": f"D-{n}", "started_at": f"2026-11-03T03:{n:02}:00Z", "operators": ["Aoi"] if n else [],
           "status": "closed" if n else "missed", "visitor": {"name": f"Name {n}", "email": "Desk@example.com"}}
          for n in range(first, last))
    )  # fmt: skip


def test_an_address_that_an_import_made_nobodys_is_somebodys_again(in_file):
    load(in_file, of_desk(0, 15))
    before = all_of(in_file)
    assert any(chat["came_back_at"] for chat in before[0][0])
    report = load(in_file, of_desk(10, 25))
    assert not any(chat["came_back_at"] for chat in all_of(in_file)[0][0])
    assert isinstance(undo_import(in_file, report.import_id, "akiko"), Undone)
    assert all_of(in_file) == before


def test_an_address_that_later_chats_share_stays_nobodys_until_they_are_gone(in_file):
    load(in_file, of_desk(0, 15))
    before = all_of(in_file)
    shared = load(in_file, of_desk(15, 25))
    later = load(in_file, of_desk(25, 35))
    assert isinstance(undo_import(in_file, shared.import_id, "akiko"), Undone)
    assert len(in_file.read("FROM shared_signs")) == 1
    assert isinstance(undo_import(in_file, later.import_id, "akiko"), Undone)
    assert all_of(in_file) == before


def test_an_address_that_was_nobodys_before_stays_so(in_file):
    load(in_file, of_desk(0, 25))
    in_file.write(lambda cursor: cursor.execute("DELETE FROM chats WHERE visitor_name <> 'Name 1'") and None)
    report = load(in_file, of_desk(25, 26))
    assert isinstance(undo_import(in_file, report.import_id, "akiko"), Undone)
    assert len(in_file.read("FROM shared_signs")) == 1


@pytest.mark.parametrize("code", ["chatwoot", *rarely(code for code in VENDORS if code != "chatwoot")])
def test_any_files_of_a_system_are_undone_in_the_order_backwards(in_file, code):
    files = sources(code)
    random.Random(1).shuffle(files)
    states, reports = [all_of(in_file)], []
    for file in files:
        reports.append(load(in_file, file))
        states.append(all_of(in_file))
    for report, before in zip(reversed(reports), reversed(states[:-1]), strict=True):
        assert isinstance(undo_import(in_file, report.import_id, "akiko"), Undone)
        assert all_of(in_file) == before
    assert any(older != newer for older, newer in pairwise(states))


def test_what_a_later_import_changed_stays(in_file):
    first = load(in_file, json_lines(*BOTH))
    later = load(in_file, json_lines(changed(comment="other")))
    assert undo_import(in_file, first.import_id, "akiko") == CannotUndo("newer", 1)
    assert isinstance(undo_import(in_file, later.import_id, "akiko"), Undone)
    assert undo_import(in_file, first.import_id, "akiko") == Undone(removed=2, restored=0)


def test_messages_that_a_later_import_took_from_an_earlier_one_stay(in_file):
    first = load(in_file, json_file(page(101, message(1, 0, 0, "Hello"))))
    load(in_file, json_file(conversation(101, "open", BOB)))
    assert undo_import(in_file, first.import_id, "akiko") == CannotUndo("newer", 1)


def test_what_people_did_with_a_chat_that_it_added_is_not_lost(in_file):
    report = load(in_file, json_lines(CHAT))
    add_note(in_file, only_chat(in_file)["id"], "Called back", "akiko")
    assert undo_import(in_file, report.import_id, "akiko") == CannotUndo("worked", 1)
    other = load(in_file, json_lines(OTHER_CHAT))
    (deleted,) = in_file.read("SELECT id FROM chats WHERE vendor_id = $id", {"id": str(OTHER_CHAT["id"])})
    delete_chat(in_file, deleted["id"], "akiko")
    assert undo_import(in_file, other.import_id, "akiko") == CannotUndo("worked", 1)


def test_a_note_on_a_chat_that_was_there_before_stays_with_it(in_file):
    load(in_file, json_lines(CHAT))
    report = load(in_file, json_lines(changed(comment="other")))
    chat_id = only_chat(in_file)["id"]
    add_note(in_file, chat_id, "Called back", "akiko")
    assert undo_import(in_file, report.import_id, "akiko") == Undone(removed=0, restored=1)
    assert find_chat(in_file, chat_id).comment == CHAT.get("comment")
    assert in_file.read("SELECT count(*) AS n FROM events WHERE action = 'note'") == [{"n": 1}]


def test_what_is_too_old_or_too_large_is_not_kept(in_file, monkeypatch):
    load(in_file, json_lines(CHAT))
    old = load(in_file, json_lines(changed(comment="other")))
    later = {"by": undoing.KEPT_FOR + timedelta(days=1)}
    in_file.write(lambda cursor: cursor.execute("UPDATE imports SET finished_at = finished_at - $by", later) and None)
    load(in_file, json_lines(OTHER_CHAT))
    assert undo_import(in_file, old.import_id, "akiko") == CannotUndo("not_kept")
    assert in_file.read("SELECT count(*) AS n FROM replaced_chats") == [{"n": 0}]
    monkeypatch.setattr(undoing, "MOST_REPLACED", 0)
    large = load(in_file, json_lines(changed(comment="third")))
    assert undo_import(in_file, large.import_id, "akiko") == CannotUndo("not_kept")


KEPT_OF = {"waiting": "waiting_messages", "names": "known_names"}


@pytest.mark.parametrize("table", ["chats", "messages", "visitors", "waiting", "names"])
def test_all_columns_are_kept(in_file, table):
    def columns(name):
        sql = """SELECT column_name AS name, data_type AS type FROM duckdb_columns()
                 WHERE table_name = $name AND database_name <> 'confined'"""
        return {(row["name"], row["type"]) for row in in_file.read(sql, {"name": name})}

    more = columns(f"replaced_{table}") - columns(KEPT_OF.get(table, table))
    assert {name for name, _ in more} == {"by_import"} | ({"was_there"} if table == "visitors" else set())
    assert not columns(KEPT_OF.get(table, table)) - columns(f"replaced_{table}")
