"""What goes on while somebody is erased leaves nothing of them behind."""

import threading
import time

from lib.access.seals import seal
from lib.access.verifying import verify
from lib.chats.persons import Wanted
from lib.chats.removal import delete_chat
from lib.erasure.erasing import erase
from lib.export.choice import Choice, Request
from lib.export.jobs import Exports
from lib.export.writing import write_export
from lib.importing import Manner
from lib.importing.loading import prepare
from lib.mail import outbox
from lib.mail.draft import draft_for, facts_of
from lib.mail.queueing import queue
from lib.mail.smtp import Delivered
from tests.erasure.test_of_others import chat, record
from tests.importing.files import json_file, json_lines, load
from tests.importing.vendors.chatwoot_answers import contact, conversation
from tests.mail.test_outbox import SENDER, WHEN, compose
from tests.worlds import TOKYO

ANN = "ann@example.com"


def test_an_export_that_runs_while_somebody_is_erased_leaves_no_file(store):
    load(store, json_lines(record("1", email="one@x.org")))
    go, reached = threading.Event(), threading.Event()

    def held(store, request, path, tell):
        found = write_export(store, request, path, tell)
        reached.set()
        go.wait(10)
        return found

    exports = Exports(held)
    job = exports.start(store, Request(TOKYO, "Ben", choice=Choice()))
    assert reached.wait(10)
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    exports.end_all()
    go.set()
    while job.state == "running":
        time.sleep(0.01)
    try:
        assert exports.file(job.token) is None
    finally:
        exports.close()


def test_a_mail_that_is_being_sent_while_it_is_erased_leaves_nothing(store, monkeypatch):
    load(store, json_lines(record("1", name="One Body", email="one@x.org")))
    id = chat(store, "1")
    draft = draft_for(facts_of(store, id), "Kai", "UTC")
    queued = queue(store, draft, compose(draft, None, SENDER, WHEN), "Kai", WHEN)
    cursor_row = store.write(lambda c: outbox._claim(c, queued.mail_id, "w", 30, True))
    assert cursor_row is None
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    store.write(lambda c: outbox._report(c, queued.mail_id, "w", Delivered(), "Kai"))
    assert not store.read("SELECT 1 FROM events WHERE chat_id = $id", {"id": id})
    assert not store.read("FROM mails")


def test_a_visitor_s_record_does_not_come_back_without_the_erased_chat(store):
    person = {**contact(52, "Mei Lin"), "email": "mei@example.com"}
    files = [
        json_file(conversation(1, "open", person), "a.json"),
        json_file({"meta": {}, "payload": [person]}, "b.json"),
    ]
    load(store, *files)
    id = store.read("SELECT id FROM chats")[0]["id"]
    delete_chat(store, id, ANN, "over")
    erase(store, Wanted("chats", chats=(id,)), "over", ANN)
    assert store.read("FROM visitors") == []
    assert load(store, *files).held_back == 1
    assert store.read("FROM visitors") == []


def test_an_import_that_was_looked_at_before_brings_nobody_back(store):
    files = json_lines(record("1", email="one@x.org"))
    prepared = prepare(store, [files], Manner("UTC"))
    try:
        with prepared.tried() as (report, _cursor):
            assert report.new == 1
        load(store, files)
        erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
        assert prepared.store("Ann").held_back == 1
    finally:
        prepared.close()
    assert not store.read("FROM chats")


def test_chats_of_somebody_who_came_back_are_updated_without_a_start(store):
    """A record that only updates a chat which is stored is none of the time before."""
    load(store, json_lines(record("1", email="one@x.org")))
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    later = record("2", email="one@x.org") | {"started_at": "2027-03-01T09:00:00Z"}
    assert load(store, json_lines(later)).new == 1
    update = {
        "id": "2",
        "status": "completed",
        "comment": "new",
        "updated_at": "2027-03-02T09:00:00Z",
        "visitor": {"email": "one@x.org"},
    }
    report = load(store, json_lines(update))
    assert (report.held_back, report.updated) == (0, 1)


def test_the_seals_after_a_reading_of_an_erased_chat(store):
    load(store, json_lines(record("1", email="one@x.org"), record("2", email="two@x.org")))
    seal(store)
    erase(store, Wanted("email", value="one@x.org"), "asked", ANN)
    erase(store, Wanted("email", value="two@x.org"), "asked", ANN)
    seal(store)
    assert verify(store).faults == []
