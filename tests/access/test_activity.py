"""What was done and seen is one list, whose rows, count and file agree."""

import csv
import io
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from lib.access import accesses
from lib.access.accesses import flush, note
from lib.access.activity import Chosen, Reader, activity, export, people, who_read
from lib.chats.clock import Clock
from lib.chats.notes import add_note
from lib.store import Store, record_event
from tests.worlds import NOW, id_of, make_chat

TOKYO = Clock(NOW, "Asia/Tokyo")
ONE, GONE = id_of("one"), id_of("gone")
# The day in Tokyo begins nine hours before that of UTC.
NOON = datetime(2026, 11, 20, 3)


@pytest.fixture(autouse=True)
def nothing_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accesses, "_waiting", {})


def happened(store: Store, action: str, actor: str, chat: UUID | None = None, hours: float = 0, **detail) -> None:
    moment = NOON + timedelta(hours=hours)
    store.write(lambda cursor: record_event(cursor, action, actor, chat, moment, **detail))


def saw(store: Store, monkeypatch, action: str, actor: str, chat: UUID | None = None, hours: float = 0) -> None:
    monkeypatch.setattr(accesses, "now", lambda: NOON + timedelta(hours=hours))
    note(store, action, actor, chat, "192.0.2.7")
    flush(store)


@pytest.fixture
def lived(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store in which Ann and Ben have done and seen something."""
    make_chat(store, "one", visitor_name="Rin")
    happened(store, "delete", "Ann", ONE, hours=-20, reason="a test")
    happened(store, "change_rules", "Ann", hours=-1)
    saw(store, monkeypatch, "chat_read", "Ben", ONE)
    saw(store, monkeypatch, "chat_read", "Ann", GONE, hours=1)
    happened(store, "follow_up", "Ben", ONE, hours=2, change="take")
    saw(store, monkeypatch, "search", "Ben", hours=14)
    return store


def found(store: Store, **chosen) -> list[tuple[str, str]]:
    page = activity(store, Chosen(**chosen), TOKYO)
    assert page.count == len(page.entries)
    return [(entry.actor, entry.action) for entry in page.entries]


def test_the_newest_come_first_with_their_chats(lived: Store):
    entries = activity(lived, Chosen(), TOKYO).entries
    assert [(entry.actor, entry.action, entry.visitor) for entry in entries] == [
        ("Ben", "search", None),
        ("Ben", "follow_up", "Rin"),
        ("Ann", "chat_read", None),
        ("Ben", "chat_read", "Rin"),
        ("Ann", "change_rules", None),
        ("Ann", "delete", "Rin"),
    ]
    assert entries[-1].detail == {"reason": "a test"}
    assert [entry.address for entry in entries][2:5] == ["192.0.2.7", "192.0.2.7", None]


def test_each_filter_and_all_together(lived: Store):
    assert len(found(lived, person="Ann")) == 3
    assert found(lived, what="reading") == [("Ben", "search"), ("Ann", "chat_read"), ("Ben", "chat_read")]
    assert found(lived, what="delete") == [("Ann", "delete")]
    assert found(lived, what="unheard_of") == []
    assert found(lived, chat=ONE) == [("Ben", "follow_up"), ("Ben", "chat_read"), ("Ann", "delete")]
    assert found(lived, person="Ben", what="reading", chat=ONE) == [("Ben", "chat_read")]
    assert found(lived, person="'; DROP TABLE events; --") == []


def test_days_are_those_of_the_workspace(lived: Store):
    # Twenty hours before noon of Tokyo it is the day before, and fourteen hours after it the next day.
    assert len(found(lived, first_day=date(2026, 11, 20), last_day=date(2026, 11, 20))) == 4
    assert found(lived, last_day=date(2026, 11, 19)) == [("Ann", "delete")]
    assert found(lived, first_day=date(2026, 11, 21)) == [("Ben", "search")]
    assert found(lived, first_day=date(2026, 11, 22), last_day=date(2026, 11, 21)) == []


def test_pages_hold_each_entry_once(store: Store):
    # All of one moment, so that nothing but their order keeps them apart.
    store.write(lambda cursor: [record_event(cursor, "note", "Ann", None, NOON) for _ in range(250)])
    pages = [activity(store, Chosen(), TOKYO, page) for page in (1, 2, 3)]
    assert [len(page.entries) for page in pages] == [100, 100, 50]
    assert {page.count for page in pages} == {250}
    assert len({entry.id for page in pages for entry in page.entries}) == 250
    assert activity(store, Chosen(), TOKYO, 99).page == 3
    assert activity(store, Chosen(person="Ben"), TOKYO, 7).page == 1


def test_without_anything_the_list_is_empty(store: Store):
    empty = activity(store, Chosen(), TOKYO)
    assert (empty.entries, empty.count, empty.page, empty.pages) == ((), 0, 1, 1)
    assert people(store) == []


def test_people_are_those_who_did_or_saw_something(lived: Store):
    happened(lived, "note", "akiko")
    assert people(lived) == ["akiko", "Ann", "Ben"]


def test_who_has_read_a_chat_and_when_last(lived: Store, monkeypatch: pytest.MonkeyPatch):
    saw(lived, monkeypatch, "chat_read", "Ben", ONE, hours=48)
    saw(lived, monkeypatch, "chat_read", "Ann", ONE, hours=30)
    assert who_read(lived, ONE) == [
        Reader("Ben", NOON + timedelta(hours=48)),
        Reader("Ann", NOON + timedelta(hours=30)),
    ]
    assert who_read(lived, id_of("nobody's")) == []


def test_the_file_has_all_that_is_meant_and_is_recorded(lived: Store):
    happened(lived, "note", "=1+1", hours=20)

    columns = {
        "person": lambda entry: entry.actor,
        "what": lambda entry: entry.action,
        "visitor": lambda entry: entry.visitor or "",
    }
    made = export(lived, Chosen(), TOKYO, columns, "Ann")
    rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    assert rows[:3] == [["person", "what", "visitor"], ["'=1+1", "note", ""], ["Ben", "search", ""]]
    assert len(rows) == 8
    recorded = lived.read("SELECT actor, detail FROM events WHERE action = 'activity_export'")
    assert recorded == [{"actor": "Ann", "detail": '{"rows": 7}'}]


def test_notes_are_told_without_their_texts_by_whoever_words_them(lived: Store):
    add_note(lived, ONE, "personal", "Ann")
    assert activity(lived, Chosen(what="note"), TOKYO).entries[0].detail == {"text": "personal"}
