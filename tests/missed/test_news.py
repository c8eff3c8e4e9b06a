"""What happened to missed chats since a person last looked."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from lib.chats.clock import Clock
from lib.chats.counts import category_counts
from lib.chats.removal import delete_chat
from lib.missed.derive import derive_due
from lib.missed.news import LISTED_NEWS, NEWS_KINDS, Mark, Seen, news, rows_of_news, see, unsee
from tests.missed.ledger_worlds import due, has_come_back, is_missed, is_open, ledger_worlds
from tests.worlds import NOW, TOKYO, chat, empty, id_of, insert, make_chat

HOUR = timedelta(hours=1)
SINCE = NOW - 24 * HOUR
BEFORE, AFTER = SINCE - HOUR, SINCE + HOUR


def at(moment):
    return Mark(moment, moment)


def is_news(kind, entry):
    def is_later(name):
        return entry[name] is not None and entry[name] > SINCE

    if not is_missed(entry) or (entry["deleted_at"] is not None) != (kind == "deleted"):
        return False
    if kind in ("missed", "earlier"):
        when = entry["visitor_wrote_at"] or entry["missed_noticed_at"]
        is_known = is_later("missed_noticed_at") and not entry["missed_past"]
        return is_known and (when > SINCE) == (kind == "missed")
    if kind == "came_back":
        return not entry["missed_past"] and is_later("came_back_noticed_at") and has_come_back(entry)
    if kind == "overdue":
        return is_open(entry) and due(entry) is not None and SINCE <= due(entry) < NOW
    return is_later(f"{kind}_noticed_at")


def test_every_number_is_that_of_a_plain_reading_and_of_the_rows_it_opens(workbench, kind, share):
    @settings(max_examples=share(3 if kind == "lake" else 40), deadline=None, database=None)
    @given(ledger_worlds)
    def check(world):
        empty(workbench)
        insert(workbench, world)
        found = news(workbench, TOKYO, "Ann")
        assert found.counts == {kind: sum(is_news(kind, entry) for entry in world) for kind in NEWS_KINDS}
        for listed in LISTED_NEWS:
            rows = category_counts(workbench, rows_of_news(listed, found.since), TOKYO)["missed"]
            assert found.counts[listed] == rows

    check()


def test_one_without_a_mark_is_told_of_the_last_day(store):
    clock = replace(TOKYO, now=NOW + timedelta(seconds=12, microseconds=3))
    found = news(store, clock, "Ann")
    assert (found.since, found.until.moment) == (at(SINCE), clock.now)
    assert (found.first_time, found.is_nothing) == (True, True)


def test_what_was_seen_is_not_new_any_more(store):
    insert(store, [chat("a", status="missed", missed_noticed_at=AFTER)])
    assert see(store, "Ann", news(store, TOKYO, "Ann").until) == Seen(Mark(AFTER, NOW), None)
    found = news(store, Clock(NOW + HOUR, "UTC"), "Ann")
    assert (found.since, found.first_time, found.is_nothing) == (Mark(AFTER, NOW), False, True)
    assert news(store, TOKYO, "Ben").counts["missed"] == 1


@pytest.mark.parametrize("noticed", [NOW + timedelta(microseconds=1), NOW + HOUR])
def test_what_came_while_somebody_looked_stays_new(store, noticed):
    until = news(store, TOKYO, "Ann").until
    insert(store, [chat("late", status="missed", missed_noticed_at=noticed)])
    see(store, "Ann", until)
    assert news(store, Clock(NOW + 2 * HOUR, "UTC"), "Ann").counts["missed"] == 1


def test_a_chat_becomes_overdue_once(store):
    insert(store, [chat("a", status="missed", visitor_phone="12", due_derived_at=NOW)])
    assert news(store, TOKYO, "Ann").counts["overdue"] == 0
    see(store, "Ann", at(NOW))
    later = Clock(NOW + HOUR, "UTC")
    assert news(store, later, "Ann").counts["overdue"] == 1
    see(store, "Ann", at(later.now))
    assert news(store, Clock(NOW + 2 * HOUR, "UTC"), "Ann").counts["overdue"] == 0


def test_a_deleted_chat_is_counted_as_that_alone(store):
    make_chat(store, "gone", status="missed", missed_noticed_at=AFTER)
    see(store, "Ann", at(BEFORE))
    delete_chat(store, id_of("gone"), "Ben")
    derive_due(store, "Asia/Tokyo", NOW)
    counts = news(store, TOKYO, "Ann").counts
    assert (counts["missed"], counts["deleted"]) == (0, 1)


def test_an_older_window_does_not_move_the_mark_back(store):
    see(store, "Ann", at(NOW))
    assert see(store, "Ann", at(NOW - HOUR)) is None
    assert news(store, TOKYO, "Ann").since == at(NOW)


@pytest.mark.parametrize("before", [None, BEFORE])
def test_seen_can_be_undone(store, before):
    if before:
        see(store, "Ann", at(before))
    seen = see(store, "Ann", at(NOW))
    assert seen == Seen(at(NOW), before and at(before))
    assert unsee(store, "Ann", seen)
    found = news(store, TOKYO, "Ann")
    assert (found.since, found.first_time) == (at(before or SINCE), before is None)


def test_undo_leaves_alone_what_another_window_has_seen(store):
    seen = see(store, "Ann", at(NOW))
    see(store, "Ann", at(NOW + HOUR))
    assert not unsee(store, "Ann", seen)
    assert news(store, Clock(NOW + 2 * HOUR, "UTC"), "Ann").since == at(NOW + HOUR)


def test_every_move_of_the_mark_is_an_event(store):
    seen = see(store, "Ann", at(NOW))
    see(store, "Ann", at(NOW))
    unsee(store, "Ann", seen)
    unsee(store, "Ann", seen)
    events = store.read("SELECT actor, action, chat_id, detail FROM events ORDER BY happened_at")
    assert [(e["actor"], e["action"], e["chat_id"]) for e in events] == [
        ("Ann", "seen_news", None),
        ("Ann", "unseen_news", None),
    ]
    assert {e["detail"] for e in events} == {
        json.dumps({"before": None, "notice": NOW.isoformat(), "until": NOW.isoformat()}, sort_keys=True)
    }
