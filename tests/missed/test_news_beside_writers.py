"""Somebody keeps looking at what is new, and presses "I have seen these", while others import, delete and contact."""

import threading
from datetime import timedelta

import pytest

from lib.chats.clock import Clock
from lib.chats.counts import category_counts
from lib.chats.removal import delete_chat
from lib.missed.apply import apply
from lib.missed.changes import contacted
from lib.missed.derive import derive_due
from lib.missed.news import Mark, news, rows_of_news, see
from lib.store import now
from tests.importing.files import json_lines, load
from tests.worlds import chat, insert

WRITERS = 6


def missed_records(writer, round_number, count):
    start = (now() - timedelta(hours=1)).isoformat() + "Z"
    return [
        {"id": f"{writer}-{round_number}-{n}", "status": "missed", "started_at": start, "visitor": {"email": "r@x.de"}}
        for n in range(count)
    ]


def look(store):
    """What is new for Ann, who sees it all and presses the button."""
    found = news(store, Clock(now(), "UTC"), "Ann")
    see(store, "Ann", found.until)
    return found


def watched(store, works):
    """What Ann saw, each time that she looked, while the works went on at the same time, and once more afterwards."""
    see(store, "Ann", Mark(now(), now()))
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    looks = []
    while any(thread.is_alive() for thread in threads):
        looks.append(look(store))
    for thread in threads:
        thread.join()
    derive_due(store, "UTC", now())
    return [*looks, look(store)]


def test_every_chat_that_six_imports_bring_is_new_exactly_once(store, kind):
    # A step in a lake takes half a second.
    rounds, count = (2, 10) if kind == "file" else (1, 10)

    def work(writer):
        for round_number in range(rounds):
            load(store, json_lines(*missed_records(writer, round_number, count)))
            derive_due(store, "UTC", now())

    looks = watched(store, [lambda writer=writer: work(writer) for writer in range(WRITERS)])
    # They were missed an hour ago, and came in since.
    assert sum(found.counts["missed"] + found.counts["earlier"] for found in looks) == WRITERS * rounds * count
    assert len({found.until.notice for found in looks}) > 2 or kind == "lake"


def test_every_contact_and_deletion_is_new_exactly_once(store, kind):
    count = 4 if kind == "file" else 3
    names = [f"{writer}-{n}" for writer in range(WRITERS) for n in range(count)]
    chats = {name: chat(name, status="missed", visitor_email="rin@example.com") for name in names}
    insert(store, list(chats.values()))

    def work(writer):
        for n in range(count):
            one = chats[f"{writer}-{n}"]["id"]
            if writer % 2:
                delete_chat(store, one, "Ben")
            else:
                apply(store, contacted("Ben", now() - timedelta(days=2)), {one: None}, "Ben")
            derive_due(store, "UTC", now())

    looks = watched(store, [lambda writer=writer: work(writer) for writer in range(WRITERS)])
    assert sum(found.counts["deleted"] for found in looks) == WRITERS // 2 * count
    assert sum(found.counts["contacted"] for found in looks) == WRITERS // 2 * count


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(minutes=5)])
def test_what_a_slow_derivation_finds_is_new_although_somebody_looked_meanwhile(store, late_by):
    """The moment that it was asked for lies before the look; and so it does where another machine's clock is late."""
    asked_at = now()
    looked = look(store)
    insert(store, [chat("slow", status="missed", visitor_email="rin@example.com")])
    store.write(lambda cursor: cursor.execute("INSERT INTO ledger_due SELECT id FROM chats"))
    derive_due(store, "UTC", asked_at - late_by)
    found = look(store)
    assert found.since == looked.until
    assert found.counts["missed"] == 1
    assert category_counts(store, rows_of_news("missed", found.since), Clock(now(), "UTC"))["missed"] == 1
    assert look(store).is_nothing
