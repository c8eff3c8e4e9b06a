"""What is erased is in no table and no byte any more, comes back by no import, and takes nothing of others along."""

import json
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from lib.access.accesses import flush, note
from lib.access.seals import seal
from lib.access.verifying import verify
from lib.chats.clock import Clock
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.notes import add_note
from lib.chats.persons import Wanted
from lib.chats.removal import delete_chat
from lib.commands import NotAllowed
from lib.erasure.erasing import Erased, erase, erasures
from lib.erasure.finding import find
from lib.erasure.later import erase_later
from lib.erasure.leaving import compact, is_pending
from lib.export.asking import ask
from lib.export.choice import Request
from lib.mail.do_not_contact import block
from lib.mail.draft import draft_for, facts_of
from lib.mail.queueing import queue
from lib.missed import changes
from lib.missed.apply import apply
from lib.missed.derive import derive_due
from lib.reports.figures import figures
from lib.store import Store, insert, now
from lib.views import saving
from lib.views.kept import keep
from tests.importing.files import json_lines, load
from tests.mail.test_outbox import SENDER, WHEN, compose

ANN = "ann@example.com"
EMAIL, PHONE, NAME = "mark0001@example.org", "+81 90-5550-0001", "Mark0002 Person"


class Marks:
    """Makes marked texts, and finds them again."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.made: list[str] = []

    def __call__(self, what: str) -> str:
        self.made.append(f"Zq{next(self._numbers):05d}qZ")
        return f"{what} {self.made[-1]}"

    def in_tables(self, store: Store) -> set[str]:
        """Those that stand in a table, in whatever column."""
        found = set()
        with store.cursor() as cursor:
            for (table,) in cursor.execute("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall():
                for row in cursor.execute(f"FROM {table}").fetchall():
                    text = " ".join(
                        each.decode("utf-8", "replace") if isinstance(each, bytes) else str(each) for each in row
                    )
                    found |= {mark for mark in self.made if mark.lower() in text.lower()}
        return found

    def in_files(self, folder: Path) -> set[str]:
        """Those that stand in a file of the folder, or of those in it."""
        texts = [file.read_bytes().lower() for file in folder.rglob("*") if file.is_file()]
        return {mark for mark in self.made if any(mark.lower().encode() in text for text in texts)}


def record(mark: Marks, number: int, messages: int = 5, **changes: Any) -> dict[str, Any]:
    """A chat with a marked text in each field that can hold one."""
    return {
        "id": f"person-{number}-{mark('').strip()}",
        "status": "missed",
        "started_at": f"2026-03-0{number}T09:30:00Z",
        "department": "Shop",
        "visitor": {
            "id": mark("visitor").replace(" ", "-"),
            "name": NAME,
            "email": EMAIL,
            "phone": PHONE,
            "ip": "203.0.113.9",
        },
        "page_url": "https://example.org/" + mark("page").replace(" ", "-"),
        "page_title": mark("title"),
        "comment": mark("comment"),
        "tags": [mark("tag")],
        "unheard_of": mark("unknown field"),
        "messages": [
            {
                "at": f"2026-03-0{number}T10:00:00Z",
                "sender_type": "visitor",
                "sender_name": mark("sender"),
                "text": mark("text"),
                "attachment": {"name": mark("file"), "url": "https://example.org/" + mark("f").replace(" ", "-")},
            }
            for place in range(messages)
        ],
        "notes": [{"at": "2026-03-01T10:00:00Z", "author": mark("author"), "text": mark("their note")}],
    } | changes


OTHER = {
    "id": "other",
    "status": "missed",
    "started_at": "2026-03-05T09:00:00Z",
    "visitor": {"id": "v9", "name": "Other Body", "email": "other@example.org"},
    "messages": [{"at": "2026-03-05T09:00:00Z", "sender_type": "visitor", "text": "not to be lost"}],
}


@pytest.fixture
def mark() -> Marks:
    return Marks()


@pytest.fixture
def files(mark: Marks):
    """Two chats of a person, one of somebody else, and messages of a chat that never came."""
    return json_lines(record(mark, 1), record(mark, 2), OTHER)


def lived_in(store: Store, mark: Marks, files) -> dict[int, Any]:
    """The ids of the person's chats after people have worked on them, and imports have replaced and refused some."""
    load(store, files)
    found = store.read("SELECT id FROM chats WHERE visitor_email = $email ORDER BY started_at", {"email": EMAIL})
    first, second = (row["id"] for row in found)
    derive_due(store, "UTC", now())
    # What an update replaces is kept for a while, so that it can be taken back.
    lines = [json.loads(line) for line in files.data.decode().splitlines()]
    load(store, json_lines(lines[0] | {"comment": mark("another comment"), "updated_at": "2026-03-09T00:00:00Z"}))
    load(store, json_lines({"id": "", "comment": mark("refused"), "visitor": {"email": EMAIL}}))
    add_note(store, first, mark("note"), "Kai")
    version = store.read("SELECT coalesce(follow_up_version, 0) AS v FROM chats WHERE id = $id", {"id": first})[0]["v"]
    apply(store, changes.not_needed("other", mark("because")), {first: version}, "Kai")
    draft = draft_for(facts_of(store, second), "Kai", "UTC")
    draft = type(draft)(**{**vars(draft), "subject": mark("subject"), "body": mark("body")})
    queue(store, draft, compose(draft, None, SENDER, WHEN), "Kai", WHEN)
    keep(store, json.dumps({"words": f"{NAME} {mark('link')}"}), "Kai")
    saving.save(store, mark("view"), "chats", json.dumps({"words": EMAIL}), "Kai")
    saving.save(store, "All", "chats", "{}", "Kai")
    row = {"system": "zendesk", "visitor_id": mark("v"), "name": mark("n"), "email": EMAIL, "account": ""}
    store.write(lambda cursor: insert(cursor, "visitors", row))
    asked = Request(Clock(now(), "UTC"), "Kai", ChatFilter(words=NAME), reason=f"{mark('for')} {EMAIL}")
    ask(store, asked, 1, f"{mark('found')} {NAME}")
    erase_later(store, Wanted("phone", value=PHONE), mark("later"), 30, ANN)
    block(store, EMAIL, "asked", mark("asked us"), "Kai")
    note(store, "chat_read", "Kai", first)
    note(store, "chat_read", "Kai", store.read("SELECT id FROM chats WHERE vendor_id = 'other'")[0]["id"])
    flush(store)
    delete_chat(store, first, "Kai", mark("deleted because"))
    return {1: first, 2: second}


def test_a_person_is_in_no_table_and_no_byte_any_more(tmp_path, mark):
    files = json_lines(record(mark, 1, 130), record(mark, 2, 130), OTHER)
    store = Store(str(tmp_path / "history.duckdb"))
    lived_in(store, mark, files)
    made = set(mark.made)
    assert len(made) > 1000
    assert mark.in_tables(store) == made, "every text is kept somewhere before"
    wanted = Wanted("email", value=f" {EMAIL.upper()} ")
    found = find(store, wanted)
    erased = erase(store, wanted, "asked by letter", ANN)
    assert isinstance(erased, Erased)
    assert erased.counts == found.counts
    assert [part for part, count in erased.counts.items() if not count] == ["waiting", "holds"]
    assert mark.in_tables(store) == set()
    for sign in (EMAIL, PHONE, "05550", NAME):
        assert not Marks.in_tables(type("", (), {"made": [sign]})(), store), sign
    assert is_pending(store)
    store.write_back()
    assert len(mark.in_files(tmp_path)) > 1000, "what is removed still lies in the file"
    assert compact(store)
    assert not is_pending(store)
    assert erasures(store)[0].compacted_at
    assert mark.in_files(tmp_path) == set()
    store.close()
    assert mark.in_files(tmp_path) == set()


def test_a_person_is_erased_whose_chats_stay_for_the_figures(store, mark, files):
    lived_in(store, mark, files)
    clock = Clock(now(), "UTC")
    before = figures(store, EMPTY, 3650, clock).now
    wanted = Wanted("email", value=EMAIL)
    found = find(store, wanted)
    erased = erase(store, wanted, "asked by letter", ANN, keeps_chats=True)
    assert isinstance(erased, Erased)
    assert (erased.kind, erased.counts) == ("anonymised", found.counts)
    # Tags say what a chat was about.
    assert mark.in_tables(store) == {
        row["tag"].split()[-1] for row in store.read("SELECT unnest(tags) AS tag FROM chats")
    }
    for sign in (EMAIL, PHONE, "05550", NAME):
        assert not Marks.in_tables(type("", (), {"made": [sign]})(), store), sign
    assert figures(store, EMPTY, 3650, clock).now == before
    (told,) = store.read("SELECT detail FROM events WHERE action = 'erased'")
    assert json.loads(told["detail"])["keeps_chats"] is True


def test_nothing_of_others_goes_along(store, mark, files):
    lived_in(store, mark, files)
    before = (
        store.read("SELECT * FROM messages WHERE text = 'not to be lost'"),
        store.read("SELECT name FROM saved_views WHERE name = 'All'"),
        store.read("SELECT chat_id FROM accesses AS a JOIN chats AS c ON c.id = a.chat_id WHERE vendor_id = 'other'"),
    )
    erase(store, Wanted("email", value=EMAIL), "asked", ANN)
    after = (
        store.read("SELECT * FROM messages WHERE text = 'not to be lost'"),
        store.read("SELECT name FROM saved_views WHERE name = 'All'"),
        store.read("SELECT chat_id FROM accesses AS a JOIN chats AS c ON c.id = a.chat_id WHERE vendor_id = 'other'"),
    )
    assert before == after and all(after)
    assert [row["vendor_id"] for row in store.read("SELECT vendor_id FROM chats")] == ["other"]
    assert [row["visitor_id"] for row in store.read("SELECT visitor_id FROM visitors")] == []


def test_no_import_brings_it_back(store, mark, files):
    lived_in(store, mark, files)
    erase(store, Wanted("email", value=EMAIL), "asked", ANN)
    report = load(store, files)
    assert (report.held_back, report.new, report.unchanged) == (2, 0, 1)
    # An older chat of the person that had never come, and messages of an erased one that come alone.
    older = record(mark, 1, id="older", started_at="2025-01-01T00:00:00Z", updated_at=None)
    lines = [json.loads(line) for line in files.data.decode().splitlines()]
    apart = {"chat_id": lines[0]["id"], "at": "2026-03-01T09:40:00Z", "sender_type": "visitor", "text": mark("late")}
    report = load(store, json_lines({k: v for k, v in older.items() if v}))
    assert (report.held_back, report.new) == (1, 0)
    load(store, json_lines(apart, name="messages.jsonl"))
    assert mark.in_tables(store) == set()


def test_who_comes_again_later_is_a_visitor_as_any_other(store, mark, files):
    lived_in(store, mark, files)
    erase(store, Wanted("email", value=EMAIL), "asked", ANN)
    tomorrow = (now() + timedelta(days=1)).isoformat(timespec="seconds") + "Z"
    report = load(store, json_lines(record(mark, 1, id="new", started_at=tomorrow)))
    assert (report.held_back, report.new) == (0, 1)


@pytest.mark.parametrize(
    "wanted",
    [Wanted("phone", value="+81-90-5550-0001"), Wanted("phone", value="819055500001")],
    ids=lambda wanted: wanted.value,
)
def test_a_person_is_found_by_a_number_in_any_spelling(store, mark, files, wanted):
    lived_in(store, mark, files)
    assert find(store, wanted).counts["chats"] == 2
    erase(store, wanted, "asked", ANN)
    assert mark.in_tables(store) == set()


def test_a_person_is_found_by_the_id_in_a_system(store, mark, files):
    lived_in(store, mark, files)
    (row,) = store.read("SELECT system, visitor_id FROM chats WHERE started_at::DATE = '2026-03-02'")
    wanted = Wanted("visitor", value=row["visitor_id"], system=row["system"])
    assert find(store, wanted).counts["chats"] == 1
    assert find(store, Wanted("visitor", value=row["visitor_id"], system="elsewhere")).is_nothing


def test_a_chat_that_is_not_deleted_is_not_erased_as_one(store, mark, files):
    ids = lived_in(store, mark, files)
    erased = erase(store, Wanted("chats", chats=tuple(ids.values())), "over", ANN)
    assert isinstance(erased, Erased)
    assert erased.counts["chats"] == 1
    left = store.read("SELECT id, visitor_email FROM chats WHERE vendor_id <> 'other'")
    assert [(row["id"], row["visitor_email"]) for row in left] == [(ids[2], EMAIL)]
    # Of the chat that stays, all is there: its mail, the link and the view that name its visitor.
    assert store.read("SELECT 1 FROM mails WHERE chat_id = $id", {"id": ids[2]})
    assert len(store.read("FROM kept_contents")) == 1
    assert load(store, files).held_back == 1


def test_what_is_not_there_or_has_no_reason_is_refused(store, mark, files):
    lived_in(store, mark, files)
    before = store.read("SELECT count(*) AS n FROM events")
    assert erase(store, Wanted("email", value="nobody@example.org"), "asked", ANN) == "nothing"
    assert erase(store, Wanted("email", value=EMAIL), "  ", ANN) == "no_reason"
    for blank in ("", " ", "x"):
        assert erase(store, Wanted("email", value=blank), "asked", ANN) == "nobody"
        assert erase(store, Wanted("phone", value=blank), "asked", ANN) == "nobody"
    assert store.read("SELECT count(*) AS n FROM events") == before
    assert not store.read("FROM tombstones")


def test_only_whoever_may_erases(store, mark, files):
    def guard(person, right, command):
        raise NotAllowed(right)

    lived_in(store, mark, files)
    store.guard = guard
    try:
        with pytest.raises(NotAllowed):
            erase(store, Wanted("email", value=EMAIL), "asked", "kai@example.com")
    finally:
        store.guard = None
    assert store.read("SELECT 1 FROM chats WHERE visitor_email = $email", {"email": EMAIL})


def test_what_is_left_names_nobody(store, mark, files):
    lived_in(store, mark, files)
    erase(store, Wanted("email", value=EMAIL), "asked by letter", ANN)
    (row,) = store.read("SELECT actor, detail FROM events WHERE action = 'erased'")
    assert row["actor"] == ANN
    assert json.loads(row["detail"]).keys() == {"kind", "chats", "events"}
    for row in store.read("FROM tombstones"):
        assert len(row["digest"]) == 64


def test_the_seals_know_that_it_was_rightly_removed(store, mark, files):
    lived_in(store, mark, files)
    seal(store)
    erase(store, Wanted("email", value=EMAIL), "asked", ANN)
    seal(store)
    found = verify(store)
    assert not found.faults
    assert found.removed > 5
