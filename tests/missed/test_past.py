"""Where the ledger begins: what was long ago when it first came in is past, until somebody takes it back in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.chats.removal import delete_chat, restore_chats
from lib.chats.stale import mark_all_missed
from lib.chats.states import QUEUE_SQL, STATE_SQL
from lib.importing import load_sample
from lib.missed import changes
from lib.missed.apply import apply, contacted_by_mail, undo
from lib.missed.derive import derive_due, is_due
from lib.missed.news import news
from lib.missed.settings import rules_of, save_rules
from lib.store import Store, opening, record_event
from tests.importing.files import json_lines, load
from tests.missed.replaying import replayed, stored
from tests.missed.test_older_stores import CHAT
from tests.worlds import NOW, TOKYO, id_of

DAY = timedelta(days=1)
YEARS = (1, 2, 5, 13, 15, 40, 400, 800)


@pytest.fixture
def store(store: Store):
    """A store with the rules that a new one has, also for whoever uses it next."""
    usual = rules_of(store)
    yield store
    save_rules(store, usual, "Tester")


def record(number, days, **fields):
    start = (NOW - timedelta(days=days)).isoformat() + "Z"
    return {"id": number, "status": "missed", "started_at": start, "visitor": {"email": f"v{number}@example.com"}} | (
        fields
    )


def derive(store, moment=NOW):
    return derive_due(store, "Asia/Tokyo", moment)


def import_at(store, moment, *records):
    load(store, json_lines(*records))
    derive(store, moment)


def states(store):
    found = store.read(f"SELECT vendor_id, {STATE_SQL} AS state FROM chats WHERE status = 'missed'")
    return {int(row["vendor_id"]): row["state"] for row in found}


def overdue(store, now=NOW):
    found = store.read(f"SELECT vendor_id FROM chats WHERE {QUEUE_SQL['overdue']}", {"now": now})
    return {int(row["vendor_id"]) for row in found}


def due(store, number):
    return store.read("SELECT due_derived_at AS due FROM chats WHERE vendor_id = $id", {"id": str(number)})[0]["due"]


def ids(store, *numbers):
    found = store.read("SELECT id, vendor_id FROM chats")
    return {row["id"]: None for row in found if int(row["vendor_id"]) in numbers}


def test_years_of_history_are_past_and_only_the_last_days_are_to_do(store):
    import_at(store, NOW, *(record(days, days) for days in YEARS))
    assert states(store) == {days: "past" if days > 14 else "to_do" for days in YEARS}
    assert overdue(store) == {5, 13}
    assert due(store, 400) is None


def test_years_of_history_are_no_news_but_what_came_late_is(store):
    import_at(store, NOW, record(0, 0.5), *(record(days, days) for days in YEARS[1:]))
    counts = news(store, TOKYO, "Ann").counts
    assert (counts["missed"], counts["earlier"]) == (1, 3)


def test_a_chat_that_came_in_fresh_grows_old_and_stays_to_do(store):
    import_at(store, NOW, record(1, 1))
    store.write(mark_all_missed)
    derive(store, NOW + 100 * DAY)
    assert states(store) == {1: "to_do"}
    assert overdue(store, NOW + 100 * DAY) == {1}


def test_importing_the_same_again_takes_nothing_in_and_throws_nothing_out(store):
    for moment in (NOW, NOW + 60 * DAY):
        import_at(store, moment, record(1, 1), record(40, 40))
        import_at(store, moment, record(1, 1, page_title="new"), record(40, 40, page_title="new"))
        assert states(store) == {1: "to_do", 40: "past"}


def test_an_old_chat_in_which_the_visitor_has_just_written_is_to_do(store):
    written = {"sender_type": "visitor", "at": (NOW - DAY).isoformat() + "Z", "text": "Hello again"}
    import_at(store, NOW, record(1, 400, messages=[written]), record(2, 400))
    assert states(store) == {1: "to_do", 2: "past"}
    import_at(store, NOW, record(2, 400, messages=[written]))
    assert states(store) == {1: "to_do", 2: "to_do"}


def test_a_chat_that_is_missed_again_is_judged_by_when_it_was_first_missed_here(store):
    import_at(store, NOW, record(1, 1), record(2, 40, status="completed"))
    import_at(store, NOW + 50 * DAY, record(1, 1, status="completed"))
    import_at(store, NOW + 50 * DAY, record(1, 1), record(2, 40))
    assert states(store) == {1: "to_do", 2: "past"}


def test_another_limit_counts_for_all_that_nobody_has_done_anything_about(store):
    import_at(store, NOW, *(record(days, days) for days in YEARS))
    apply(store, changes.take("Ann"), ids(store, 5), "Ann")
    apply(store, changes.take_in(), ids(store, 40), "Ann")
    save_rules(store, replace(rules_of(store), past_after_d=4), "Ann")
    derive(store)
    assert {number for number, state in states(store).items() if state == "past"} == {13, 15, 400, 800}
    save_rules(store, replace(rules_of(store), past_after_d=36500), "Ann")
    derive(store)
    assert "past" not in states(store).values()


def test_past_chats_are_taken_back_in_due_from_then_on_and_undo_puts_them_back(store):
    import_at(store, NOW, *(record(days, days) for days in YEARS))
    done = apply(store, changes.take_in(), ids(store, *YEARS), "Ann")
    assert len(done.changed) == 4
    assert {refusal.reason for refusal in done.refused} == {"state"}
    derive(store, done.moment)
    assert set(states(store).values()) == {"to_do"}
    assert due(store, 400) > done.moment
    assert stored(store) == replayed(store)
    undo(store, done, "Ann")
    derive(store)
    assert states(store)[400] == "past"
    assert due(store, 400) is None
    assert stored(store) == replayed(store)


def test_nobody_takes_in_over_what_somebody_else_has_just_done(store):
    import_at(store, NOW, record(40, 40))
    seen = dict.fromkeys(ids(store, 40), 0)
    apply(store, changes.assign("Ken"), seen, "Ken")
    (refusal,) = apply(store, changes.take_in(), seen, "Ann").refused
    assert (refusal.reason, refusal.by) == ("changed", "Ken")


def test_what_was_worked_on_is_never_past_again(store):
    import_at(store, NOW, *(record(number, 400) for number in range(4)))
    apply(store, changes.take("Ann"), ids(store, 0, 1), "Ann")
    apply(store, changes.release(), ids(store, 0), "Ann")
    apply(store, changes.contacted("Ann", NOW), ids(store, 1), "Ann")
    apply(store, changes.reopen(), ids(store, 1), "Ann")
    store.write(lambda cursor: contacted_by_mail(cursor, next(iter(ids(store, 2))), "Ann", NOW, sent_at=NOW))
    apply(store, changes.reopen(), ids(store, 2), "Ann")
    derive(store)
    assert states(store) == {0: "to_do", 1: "assigned", 2: "to_do", 3: "past"}
    assert stored(store) == replayed(store)


def test_a_past_chat_that_was_deleted_and_restored_is_past(store):
    import_at(store, NOW, record(40, 40))
    (chat,) = ids(store, 40)
    delete_chat(store, chat, "Ann")
    derive(store, NOW + DAY)
    restore_chats(store, [chat], "Ann")
    derive(store, NOW + 2 * DAY)
    assert states(store) == {40: "past"}


def test_the_sample_opens_with_a_morning_and_not_with_a_year_of_overdue_chats(store):
    load_sample(store, "Asia/Tokyo", NOW)
    derive(store)
    sql = f"""SELECT count(*) FILTER ({QUEUE_SQL["open"]}) AS open, count(*) FILTER ({QUEUE_SQL["overdue"]}) AS overdue,
        count(*) FILTER ({QUEUE_SQL["past"]}) AS past FROM chats WHERE status = 'missed'"""
    (found,) = store.read(sql, {"now": NOW})
    assert 0 < found["open"] < 20
    assert found["overdue"] <= found["open"]
    assert found["past"] > 100
    counts = news(store, TOKYO, "Ann").counts
    assert counts["missed"] + counts["earlier"] < 20


def test_in_a_store_from_before_only_what_nobody_worked_on_is_past(location, monkeypatch):
    older = [file for file in opening.MIGRATIONS if file.name < "0007"]
    monkeypatch.setattr(opening, "MIGRATIONS", older)
    monkeypatch.setattr(opening, "NEWEST", len(older))
    store = Store(location)
    store.write(work_of_older_days)
    store.close()
    monkeypatch.undo()
    store = Store(location)
    try:
        assert is_due(store, "Asia/Tokyo", NOW)
        derive(store)
        assert states(store) == {0: "to_do", 1: "past"}
        assert stored(store) == replayed(store)
    finally:
        store.close()


def work_of_older_days(cursor):
    for number in range(2):
        row = CHAT | {
            "id": id_of(str(number)), "vendor_id": str(number), "ordinal": number, "started_at": NOW - 400 * DAY,
            "missed_noticed_at": NOW, "visitor_email": f"{number}@example.com",
        }  # fmt: skip
        cursor.execute(f"INSERT INTO chats ({', '.join(row)}) VALUES ({', '.join(f'${name}' for name in row)})", row)
    # Taken, and given back: nothing of it is left in the columns but that somebody did it.
    for version, name in enumerate(("Ann", None), 1):
        detail = {"change": "assign", "set": {"assignee": name}, "before": {"assignee": None}, "version": version}
        record_event(cursor, "follow_up", "Ann", id_of("0"), NOW - (3 - version) * DAY, **detail)
    cursor.execute(
        "UPDATE chats SET follow_up_version = 2, follow_up_by = 'Ann', follow_up_at = $moment WHERE id = $id",
        {"moment": NOW - DAY, "id": id_of("0")},
    )
