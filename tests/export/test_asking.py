"""The limit of rows a person and day, and the second person who agrees to more."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from lib.chats.clock import Clock
from lib.chats.filter.filter import ChatFilter
from lib.commands import NotAllowed
from lib.explore.result import record_export as record_rows
from lib.export import asking
from lib.export.asking import ask, asked_for, decide, rows_of_day, withdraw
from lib.export.choice import FORMATS, Choice, Request
from lib.export.jobs import Exports, record_transcript
from lib.store import now, record_event
from tests import worlds
from tests.export.test_jobs import Held, ended
from tests.worlds import id_of

ANN, BEN, CHO = "ann@example.com", "ben@example.com", "cho@example.com"


@pytest.fixture
def three(store):
    """A store with three chats."""
    worlds.insert(store, [worlds.chat(name, messages=["Hi"]) for name in "123"])
    return store


@pytest.fixture
def exports():
    found = Exports()
    yield found
    found.close()


def request(person: str = ANN, browser: str = "", **choice) -> Request:
    return Request(Clock(now(), "Asia/Tokyo"), person, choice=Choice(**choice), browser=browser, reason="a report")


def wish(store, person: str = ANN, chats: int = 3, **choice):
    """What somebody asked for, as it stands in the list."""
    key = ask(store, request(person, **choice), chats, "all chats")
    return key, listed(store, key)


def listed(store, key):
    return next((each for each in asked_for(store, Clock(now(), "UTC")) if each.id == key), None)


def events(store) -> list:
    return [row["action"] for row in store.read("SELECT action FROM events ORDER BY happened_at")]


def exported_at(store, moment: datetime, chats: int, actor: str = ANN) -> None:
    store.write(lambda cursor: record_event(cursor, "export", actor, None, moment, chats=chats))


def test_what_a_person_took_out_is_counted_over_the_day_of_the_zone(three, exports):
    clock = request().clock
    begun, ends = clock.start_of(clock.today), clock.end_of(clock.today)
    for format in FORMATS:
        assert ended(exports.start(three, request(format=format))).state == "done"
    record_rows(three, ANN, "csv", "SELECT 1", 40, cut=False)
    record_transcript(three, id_of("1"), "html", ANN.upper())
    for moment, chats in ((begun, 100), (begun - timedelta(microseconds=1), 1_000), (ends, 10_000)):
        exported_at(three, moment, chats)
    exported_at(three, begun, 100_000, BEN)
    assert rows_of_day(three, ANN, clock) == 3 * 3 + 40 + 1 + 100


def test_up_to_the_limit_nobody_is_asked(three, exports):
    assert ended(exports.start(three, request(), limit=6)).state == "done"
    assert ended(exports.start(three, request(), limit=6)).state == "done"
    assert exports.start(three, request(), limit=6) == "above_limit"
    assert ended(exports.start(three, request(BEN), limit=6)).state == "done"
    assert ended(exports.start(three, request())).state == "done", "without a limit"


def test_of_two_browsers_of_a_person_only_one_exports_at_a_time(three):
    held = Held()
    exports = Exports(held)
    first = exports.start(three, request(browser="a"), limit=3)
    assert exports.start(three, request(ANN.upper(), browser="b"), limit=3) == "running"
    held.go.set()
    assert ended(first).state == "done"
    assert exports.start(three, request(browser="b"), limit=3) == "above_limit"
    exports.close()


def test_what_a_second_person_agrees_to_is_exported_once(three, exports):
    key, asked = wish(three, masks=frozenset({"names"}), columns=frozenset({"status"}))
    assert asked.state == "waiting" and exports.start(three, asked.request, limit=1) == "not_agreed"
    assert decide(three, key, agrees=True, actor=BEN) is None
    asked = listed(three, key)
    assert (asked.state, asked.decided_by) == ("agreed", BEN)
    again = replace(asked.request, clock=request().clock, browser="b", password="correct horse battery")
    assert ended(exports.start(three, again, limit=1)).state == "done"
    (row,) = three.read("SELECT detail FROM events WHERE action = 'export'")
    assert json.loads(row["detail"])["agreed_by"] == BEN
    assert listed(three, key) is None and exports.start(three, again, limit=1) == "not_agreed"
    assert rows_of_day(three, ANN, request().clock) == 0, "what was agreed to is beside the limit"


@pytest.mark.parametrize(
    "other",
    [
        {"person": BEN},
        {"chosen": ChatFilter(category="missed")},
        {"choice": Choice("parquet")},
        {"choice": Choice(with_messages=False)},
        {"reason": "another"},
    ],
    ids=str,
)
def test_nothing_else_is_exported_under_an_agreement(three, exports, other):
    key, _asked = wish(three)
    decide(three, key, agrees=True, actor=CHO)
    assert exports.start(three, replace(listed(three, key).request, **other), limit=0) == "not_agreed"


def test_no_more_chats_than_were_agreed_to(three, exports):
    key, _asked = wish(three)
    decide(three, key, agrees=True, actor=BEN)
    worlds.insert(three, [worlds.chat("4")])
    assert exports.start(three, listed(three, key).request, limit=1) == "grown"


@pytest.mark.parametrize("same", [ANN, ANN.upper(), f" {ANN}"])
def test_nobody_agrees_to_their_own(three, same):
    key, _asked = wish(three)
    assert decide(three, key, agrees=True, actor=same) == "own"
    assert listed(three, key).state == "waiting" and "export_agreed" not in events(three)


def test_of_two_windows_the_first_one_decides(three, exports):
    key, _asked = wish(three)
    assert decide(three, key, agrees=False, actor=BEN) is None
    assert decide(three, key, agrees=True, actor=CHO) == "gone"
    assert listed(three, key).state == "refused"
    assert exports.start(three, listed(three, key).request, limit=1) == "not_agreed"
    assert withdraw(three, key, ANN) is None and listed(three, key) is None
    assert events(three) == ["export_asked", "export_denied"]


def test_what_is_taken_back_is_decided_by_nobody(three):
    key, _asked = wish(three)
    assert withdraw(three, key, BEN) == "gone", "another's"
    assert withdraw(three, key, ANN) is None
    assert withdraw(three, key, ANN) == "gone"
    assert decide(three, key, agrees=True, actor=BEN) == "gone"
    assert events(three) == ["export_asked", "export_withdrawn"]


def test_an_agreement_holds_for_a_day_and_a_wish_for_a_week(three, exports, monkeypatch):
    key, _asked = wish(three)
    other, _asked = wish(three, BEN)
    decide(three, key, agrees=True, actor=BEN)
    until, waits = listed(three, key).until, listed(three, other).until
    for moment, is_there in ((until - timedelta(seconds=1), True), (until, False)):
        monkeypatch.setattr(asking, "now", lambda moment=moment: moment)
        found = {each.id for each in asked_for(three, Clock(moment, "UTC"))}
        assert (key in found, other in found) == (is_there, True)
        if not is_there:
            assert exports.start(three, replace(request(), agreed=key), limit=1) == "not_agreed"
            assert withdraw(three, key, ANN) == "gone"
    monkeypatch.setattr(asking, "now", lambda: waits)
    assert decide(three, other, agrees=True, actor=ANN) == "gone"
    wish(three)
    assert len(three.read("FROM export_requests")) == 1


def test_who_has_no_right_any_more_neither_starts_nor_agrees(three, exports):
    key, _asked = wish(three)
    decide(three, key, agrees=True, actor=BEN)
    found = listed(three, key)

    def guard(person, right, command):
        if person == ANN:
            raise NotAllowed(right)

    three.guard = guard
    try:
        with pytest.raises(NotAllowed):
            exports.start(three, found.request, limit=1)
        with pytest.raises(NotAllowed):
            decide(three, key, agrees=True, actor=ANN)
    finally:
        three.guard = None


def test_what_failed_can_be_started_again(three):
    """As after a restart in the middle of it: an agreement is used up by the file alone."""

    def fail(*_given):
        raise ValueError("odd")

    key, _asked = wish(three)
    decide(three, key, agrees=True, actor=BEN)
    failing, working = Exports(fail), Exports()
    assert ended(failing.start(three, listed(three, key).request, limit=1)).state == "failed"
    assert ended(working.start(three, listed(three, key).request, limit=1)).state == "done"
    failing.close()
    working.close()
