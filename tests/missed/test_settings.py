"""Working hours, holidays and thresholds: kept, checked, and every missed chat is derived anew by them."""

import json
from dataclasses import replace
from datetime import date, timedelta
from math import inf, nan

import pytest

from lib.chats.hours import Hours
from lib.missed.derive import derive_due
from lib.missed.settings import LIMITS, Rules, RulesError, problems_of, rules_of, save_rules
from lib.store import Store
from tests.worlds import NOW, chat, insert

OFFICE = Hours(dict.fromkeys(range(1, 6), (540, 1080)))
USUAL = Rules(OFFICE)


@pytest.fixture
def store(store: Store) -> Store:
    """A store with the rules that a new one has."""
    save_rules(store, USUAL, "Tester")
    store.write(lambda cursor: cursor.execute("DELETE FROM events; DELETE FROM ledger_due"))
    return store


def test_a_new_store_works_on_weekdays_from_nine_to_six(location):
    new = Store(location)
    assert rules_of(new) == Rules(OFFICE, 4, 48, 30, 14) == USUAL
    new.close()


@pytest.mark.parametrize(
    "rules",
    [
        Rules(Hours({}), 0.25, 1, 1),
        Rules(Hours(dict.fromkeys(range(1, 8), (0, 1440)), {date(2026, 12, 31): "New Year's Eve"}), 200, 2160, 3600),
        Rules(Hours({3: (0, 1)}, {date(2026, 5, 3): "憲法記念日", date(2027, 1, 1): ""}), 1.5, 48, 30.5),
    ],
)
def test_what_is_saved_holds(store, rules):
    save_rules(store, rules, "Ann")
    assert rules_of(store) == rules
    (event,) = store.read("SELECT actor, action, detail FROM events")
    assert (event["actor"], event["action"]) == ("Ann", "change_rules")
    assert json.loads(event["detail"])["due_after_h"] == rules.due_after_h
    assert len(json.loads(event["detail"])["holidays"]) == len(rules.hours.holidays)


def beyond():
    yield from ((name, low - 0.01) for name, (low, _high) in LIMITS.items())
    yield from ((name, high + 0.01) for name, (_low, high) in LIMITS.items())
    yield from ((name, value) for name in LIMITS for value in (nan, inf, -1))


@pytest.mark.parametrize(("name", "value"), list(beyond()))
def test_a_threshold_beyond_its_limits_is_refused(store, name, value):
    with pytest.raises(RulesError) as refused:
        save_rules(store, replace(USUAL, **{name: value}), "Ann")
    assert refused.value.field == name
    assert rules_of(store) == USUAL


@pytest.mark.parametrize("minutes", [(600, 600), (601, 600), (-1, 600), (0, 1441)])
def test_hours_that_do_not_end_after_they_begin_are_refused(store, minutes):
    rules = Rules(Hours({**OFFICE.weekdays, 2: minutes}))
    assert problems_of(rules) == ["2"]
    with pytest.raises(RulesError):
        save_rules(store, rules, "Ann")
    assert rules_of(store) == USUAL


def test_all_problems_are_told():
    rules = Rules(Hours({1: (9, 8), 7: (0, 0)}), due_after_h=0, left_within_s=nan)
    assert problems_of(rules) == ["1", "7", "due_after_h", "left_within_s"]


def test_other_rules_give_other_due_times_causes_and_states(store):
    insert(
        store,
        [
            chat("early", status="missed", started_at=NOW - timedelta(days=2), visitor_email="rin@example.com"),
            chat("served", operator="Aoi", started_at=NOW - timedelta(hours=10), visitor_email="rin@example.com"),
            chat("late", status="missed", started_at=NOW, duration_s=40.0),
        ],
    )
    store.write(lambda cursor: cursor.execute("INSERT INTO ledger_due SELECT id FROM chats"))
    derive_due(store, "Asia/Tokyo", NOW)
    sql = "SELECT missed_cause, due_derived_at, came_back_at FROM chats WHERE status = 'missed' ORDER BY started_at"
    before = store.read(sql)
    assert [row["missed_cause"] for row in before] == ["out_of_hours", "nobody_assigned"]
    longer = replace(USUAL, due_after_h=5, recovery_h=24, left_within_s=40)
    save_rules(store, longer, "Ann")
    assert derive_due(store, "Asia/Tokyo", NOW) == 2
    after = store.read(sql)
    assert [row["missed_cause"] for row in after] == ["out_of_hours", "left_early"]
    assert [a["due_derived_at"] - b["due_derived_at"] for a, b in zip(after, before, strict=True)] == [
        timedelta(hours=1)
    ] * 2
    assert (before[0]["came_back_at"] is None, after[0]["came_back_at"]) == (False, None)
    save_rules(store, USUAL, "Ann")
    assert derive_due(store, "Asia/Tokyo", NOW) == 2
    assert store.read(sql) == before
