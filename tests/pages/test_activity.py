"""The page Activity, and who has read a chat."""

import csv
import io
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from lib.access import accesses
from lib.access.accesses import flush
from lib.access.activity import Chosen, Entry
from lib.access.seals import seal
from lib.chats.notes import add_note
from lib.chats.removal import delete_chat, restore_chats
from lib.export.choice import Choice, Request
from lib.language import in_language
from lib.screen.activity.activity import _file
from lib.screen.activity.wording import in_detail, what_was_done
from lib.screen.export import files as export_files
from lib.screen.frame import session
from lib.store import Store, now, record_event
from lib.web.signed_in import BROWSER_COOKIE
from tests.pages.driving import (
    ACTIVITY,
    EXPLORE,
    body,
    captions,
    click,
    go_back,
    has,
    open_chat,
    places,
    run,
    table,
    visit,
    with_words,
)
from tests.pages.driving import CHATS as CHATS_PAGE
from tests.pages.page_worlds import evil
from tests.pages.test_export import ended
from tests.web.asking import asked
from tests.worlds import NOW, TOKYO, id_of

ROW = {"rows": [], "columns": [], "cells": [(0, "what")]}


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accesses, "_waiting", {})


@pytest.fixture
def store(world) -> Store:
    found = world("review")
    found.write(lambda cursor: cursor.execute("DELETE FROM events"))
    return found


def rows(at) -> list[tuple[str, str, str, str]]:
    shown = table(at, "activity_")
    return (
        [] if shown is None else list(zip(*(shown[each] for each in ("person", "what", "chat", "detail")), strict=True))
    )


def test_without_anything_the_page_says_what_will_be_there(store: Store):
    at = visit(ACTIVITY)
    assert [info.value[:26] for info in at.info] == ["Nothing was done here yet."]
    assert "0 entries" in body(at)
    assert "kept for 365 days" in captions(at)
    assert at.get("download_button")[0].proto.disabled


def test_what_was_done_and_read_is_listed_newest_first(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    restore_chats(store, [id_of("done")], "Ben")
    add_note(store, id_of("missed"), "strictly personal", "Ann")
    open_chat("missed")
    flush(store)
    at = visit(ACTIVITY)
    assert rows(at) == [
        ("Tester", "Read the chat", "Rin", ""),
        ("Ann", "Wrote a note", "Rin", ""),
        ("Ben", "Restored the chat", "Rin", ""),
        ("Ann", "Deleted the chat", "Rin", "a test"),
    ]
    assert "4 entries" in body(at)
    assert places(at, "strictly personal") == set()


def test_filters_stand_in_the_address_and_back_takes_them_back(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    add_note(store, id_of("missed"), "a note", "Ben")
    at = visit(ACTIVITY)
    at = run(at.selectbox(key="w_person").set_value("Ann"))
    assert (at.query_params["person"], len(rows(at))) == ("Ann", 1)
    at = run(at.selectbox(key="w_what").set_value("missed"))
    assert at.query_params["what"] == "missed"
    assert [info.value[:26] for info in at.info] == ["No entry fits these filter"]
    at = go_back(at, {"person": "Ann"})
    assert (at.selectbox(key="w_person").value, at.selectbox(key="w_what").value) == ("Ann", None)
    assert rows(at) == [("Ann", "Deleted the chat", "Rin", "a test")]
    at = run(at.date_input(key="w_last_day").set_value((now() - timedelta(days=2)).date()))
    at = click(at, "show_all_activity")
    assert at.query_params.keys() & {"person", "what", "to"} == set()
    assert len(rows(at)) == 2


def test_a_chat_is_named_by_its_id_or_a_link_to_it(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    add_note(store, id_of("missed"), "a note", "Ben")
    at = visit(ACTIVITY)
    at = run(at.text_input(key="w_chat").set_value(f"http://localhost/chats?chat={id_of('missed')}&tab=info"))
    assert at.query_params["chat"] == str(id_of("missed"))
    assert [row[1] for row in rows(at)] == ["Wrote a note"]
    at = run(at.text_input(key="w_chat").set_value("Rin"))
    assert at.text_input(key="w_chat").value == "Rin"
    assert "neither the id of a chat nor a link" in "".join(str(badge.value) for badge in at.markdown)
    at = run(at.text_input(key="w_chat").set_value(""))
    assert len(rows(at)) == 2


def test_the_link_to_a_page_with_filters_shows_them(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    day = now().date().isoformat()
    at = visit(ACTIVITY, {"person": "Ann", "what": "delete", "chat": str(id_of("done")), "from": day, "to": day})
    assert len(rows(at)) == 1
    assert at.selectbox(key="w_what").value == "delete"
    assert at.text_input(key="w_chat").value == str(id_of("done"))


@pytest.mark.parametrize("name", ["what", "chat", "from", "to"])
def test_what_cannot_be_read_is_not_taken_for_everything(store: Store, name: str):
    delete_chat(store, id_of("done"), "Ann", "a test")
    at = visit(ACTIVITY, {name: "'; --"})
    assert "cannot be read" in at.warning[0].value
    assert rows(at) == []
    assert len(rows(click(at, "show_all_activity"))) == 1


def test_a_person_of_whom_nothing_is_known_has_done_nothing(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    at = visit(ACTIVITY, {"person": evil("person")})
    assert rows(at) == []
    assert at.selectbox(key="w_person").value == evil("person")


def test_pages(store: Store):
    store.write(lambda cursor: [record_event(cursor, "note", "Ann", None, now()) for _ in range(150)])
    assert len(rows(visit(ACTIVITY))) == 100
    at = visit(ACTIVITY, {"page": "2"})
    assert len(rows(at)) == 50
    assert "150 entries" in body(at)


def test_a_click_opens_the_chat(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    restore_chats(store, [id_of("done")], "Ann")
    at = visit(ACTIVITY)
    key = next(found.key for found in at.dataframe if (found.key or "").startswith("activity_"))
    at.session_state["activity_chat"] = id_of("done")
    assert key
    at = run(at)
    assert at.query_params["chat"] == str(id_of("done"))
    assert has(at, "close_chat")


def test_a_chat_is_read_once_a_day_and_info_says_by_whom(store: Store):
    at = open_chat("missed")
    run(at)
    flush(store)
    assert store.read("SELECT actor, action, chat_id FROM accesses") == [
        {"actor": "Tester", "action": "chat_read", "chat_id": id_of("missed")}
    ]
    assert "Tester (" in body(open_chat("missed", "info"))
    assert "Nobody yet" in body(open_chat("again", "info"))


def test_a_deleted_chat_that_is_not_shown_is_not_read(store: Store):
    delete_chat(store, id_of("done"), "Ann")
    open_chat("done")
    flush(store)
    assert store.read("SELECT * FROM accesses") == []


def test_a_search_is_told_without_its_words(store: Store):
    at = visit(CHATS_PAGE, with_words("parcel"))
    run(at)
    flush(store)
    assert store.read("SELECT action, detail FROM accesses") == [{"action": "search", "detail": "{}"}]


def test_a_query_is_told_without_its_text(store: Store):
    at = visit(EXPLORE)
    at.text_area(key="w_sql").set_value("SELECT 'Rin' AS visitor UNION ALL SELECT 'Mia'")
    at = click(at, "run_query")
    run(at)
    flush(store)
    assert store.read("SELECT action, detail FROM accesses") == [{"action": "query", "detail": '{"rows": 2}'}]


def test_a_download_of_an_export_is_told_with_its_file(store: Store):
    request = Request(TOKYO, "Tester", choice=Choice(), browser="mine")
    job = export_files.exports().start(store, request)
    ended(browser="mine")
    app = Starlette(routes=export_files.routes())
    for cookie in ("mine", "other"):
        asked(app, f"/exports/{job.token}", [("cookie", f"{BROWSER_COOKIE}={cookie}")])
    flush(store)
    told = store.read("SELECT actor, action, detail FROM accesses")
    assert told == [{"actor": "Tester", "action": "export_downloaded", "detail": f'{{"file": "{job.file_name}"}}'}]


def test_the_file_has_what_the_page_has(store: Store):
    delete_chat(store, id_of("done"), "=Ann", "a test")
    add_note(store, id_of("missed"), "strictly personal", "Ben")
    with in_language("en"):
        made = _file(Chosen(person="=Ann"), session.clock(), "en", "Tester").decode("utf-8-sig")
    (heading, row) = csv.reader(io.StringIO(made))
    assert heading[2:5] == ["Who", "What", "Chat"]
    assert row[2:] == ["'=Ann", "Deleted the chat", "Rin", str(id_of("done")), "a test", ""]
    assert rows(visit(ACTIVITY))[0][:2] == ("Tester", "Downloaded the activity")


def test_the_log_is_checked_at_a_click(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    add_note(store, id_of("missed"), "a note", "Ben")
    seal(store)
    at = click(visit(ACTIVITY), "check_log")
    assert [each.value for each in at.success] == ["All 2 sealed entries are as they were written."]
    assert "python -m lib.access verify --head 2:" in at.code[0].value
    store.write(lambda cursor: cursor.execute("UPDATE events SET actor = 'Eve' WHERE actor = 'Ann'"))
    at = click(at, "check_log")
    assert [each.value for each in at.error] == ["The log is not as it was written: 1 fault."]
    assert list(at.dataframe[0].value["fault"]) == ["Changed after it was written"]


def told(action: str, **detail: object) -> str:
    with in_language("en"):
        return in_detail(Entry(id_of("x"), NOW, "Ann", action, None, None, None, detail))


@pytest.mark.parametrize(
    ("action", "detail", "expected"),
    [
        ("follow_up", {"change": "assign", "set": {"assignee": "Ben"}}, "Assigned it to Ben"),
        ("mail_queued", {"mail": "x", "number": 1}, ""),
        ("note", {"text": "personal"}, ""),
        ("explore_export", {"file": "csv", "sql": "SELECT personal", "rows": 3}, "3 rows · CSV"),
        ("export", {"chats": 1, "format": "json_lines", "filter": "words “personal”"}, "1 chat · JSON Lines"),
        ("import", {"files": ["a.csv"], "new": 3, "updated": 0, "rejected": 1}, "a.csv · 3 new, 0 updated, 1 rejected"),
        ("change_template", {"purpose": "blank", "language": "ja", "before": {"body": "personal"}}, "Blank · Japanese"),
        ("view_renamed", {"called": "B", "name": {"before": "A", "after": "B"}}, "A → B"),
        ("view_threshold_set", {"called": "A", "threshold": {"before": None, "after": 7}}, "A · none → 7"),
        (
            "role_given",
            {"person": "b@example.com", "role": "lead", "before": "viewer"},
            "b@example.com · Viewer → Lead",
        ),
        ("role_taken", {"person": "b@example.com", "role": None, "before": "lead"}, "b@example.com · Lead"),
        ("refused", {"command": "chat.delete"}, "Delete and restore chats"),
        ("accesses_removed", {"accesses": 2}, "2 entries"),
        ("name_account", {"system": "zendesk", "account": "1", "name": "Shop"}, "zendesk · 1 → Shop"),
        ("unheard_of", {"text": "personal"}, ""),
        ("change_template", {"purpose": "unheard of"}, ""),
        ("import", {"files": 3}, ""),
    ],
)
def test_details_are_told_in_words_and_without_what_people_wrote(action: str, detail: dict, expected: str):
    assert told(action, **detail) == expected


def test_an_action_of_another_version_has_its_name():
    assert what_was_done(Entry(id_of("x"), NOW, "Ann", "unheard_of", None, None, None, {})) == "unheard_of"
