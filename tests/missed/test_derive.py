"""What is derived of missed chats: against a plain reading, bit by bit as at once, and by everything that changes."""

import random
import threading
from datetime import timedelta

import pytest

from lib.chats.removal import delete_chat, restore_chats
from lib.chats.stale import mark_all_missed, mark_due
from lib.chats.states import QUEUE_SQL, STATE_SQL
from lib.importing import remove_sample
from lib.importing.merge.verdict import apply_rules, switch_rule
from lib.missed import changes
from lib.missed import derive as deriving
from lib.missed.apply import apply
from lib.missed.derive import derive_due
from lib.missed.settings import rules_of
from lib.store import now
from tests.importing.files import json_file, json_lines, load
from tests.importing.vendors.chatwoot_answers import BOB, conversation, message, page
from tests.missed.plain_reading import derived_in, minutes_of_tests, read_store
from tests.thorough import rarely
from tests.worlds import NOW, chat, id_of, insert

ZONE = "Asia/Tokyo"
EMAILS = [*[None] * 8, "rin@example.com", "RIN@example.com", *(f"{n}@example.com" for n in range(12))]
PHONES = [*[None] * 8, *(f"+81 3 123{n}" for n in range(5))]
VISITORS = [*[None] * 8, *(f"v-{n}" for n in range(5))]
STATUSES = ["missed", "missed", "missed", "completed", "completed", "ongoing"]


def derive(store, zone=ZONE, moment=NOW):
    return derive_due(store, zone, moment)


def expected(store):
    return read_store(store, rules_of(store), ZONE, minutes_of_tests(ZONE), NOW)


def some_start(rng):
    minutes = rng.choice([0, 60, 120, rng.randrange(3 * 24 * 60), rng.randrange(70 * 24 * 60)])
    return None if rng.random() < 0.1 else NOW - timedelta(minutes=minutes)


def some_chat(rng, name):
    start = some_start(rng)
    operators = rng.choice([[], ["Aoi"], ["Aoi", "Ben"]])
    said = [
        {"kind": kind, "text": "x", "name": kind, "sent_at": some_start(rng)}
        for kind in rng.choices(["visitor", "bot", "operator"], k=2)
    ]
    return chat(
        name,
        status=rng.choice(STATUSES),
        missed_reason=rng.choice([None, "offline_form", "bot_handoff_failed", "vendor_flag", "no_human_reply"]),
        started_at=start,
        duration_s=rng.choice([None, 5.0, 30.0, 31.0, 900.0]),
        operators=operators,
        system=rng.choice(["Zendesk", "Zoho"]),
        channel=rng.choice([None, "web", "facebook", "WhatsApp", "Channel::Line", "pigeon"]),
        visitor_email=rng.choice(EMAILS),
        visitor_phone=rng.choice(PHONES),
        visitor_id=rng.choice(VISITORS),
        deleted_at=rng.choice([None, None, None, NOW]),
        missed_noticed_at=rng.choice([None, None, NOW - timedelta(days=rng.randrange(30))]),
        taken_in_at=rng.choice([None, None, NOW - timedelta(hours=rng.randrange(30))]),
        contacted_at=start and rng.choice([None, None, start + timedelta(hours=rng.randrange(90))]),
        messages=said,
    )


@pytest.mark.parametrize("seed", [0, 1, *rarely(range(2, 6))])
def test_against_a_plain_reading(store, seed):
    rng = random.Random(seed)
    insert(store, [some_chat(rng, f"chat {n}") for n in range(60)])
    store.write(mark_all_missed)
    assert derive(store) == len(expected(store)) > 10
    assert derived_in(store) == expected(store)
    causes = {columns["missed_cause"] for columns in expected(store).values()}
    assert len(causes) >= 5
    store.write(mark_all_missed)
    assert derive(store) == 0


def some_record(rng, vendor_id):
    start = some_start(rng)
    visitor = {"id": rng.choice(VISITORS), "email": rng.choice(EMAILS), "phone": rng.choice(PHONES)}
    operators = rng.choice([[], ["Aoi"], ["Aoi", "Ben"]])
    said = [
        {"sender_type": kind, "text": rng.choice("xy"), "at": start and start.isoformat() + "Z"}
        for kind in rng.choices(["visitor", "bot", "operator"], k=2)
    ]
    return {
        "id": vendor_id,
        "started_at": start and start.isoformat() + "Z",
        "ended_at": start and (start + timedelta(seconds=rng.choice([5, 900]))).isoformat() + "Z",
        "status": rng.choice(STATUSES),
        "missed_reason": None,
        "operators": operators,
        "visitor": visitor,
        "messages": said,
    }


def import_some(store, rng):
    load(store, json_lines(*(some_record(rng, n) for n in rng.sample(range(14), 4))))


def delete_one(store, rng):
    delete_chat(store, rng.choice(ids(store)), "Ann")


def restore_one(store, rng):
    restore_chats(store, [rng.choice(ids(store))], "Ann")


def contact_one(store, rng):
    chosen, moment = rng.choice(ids(store)), NOW - timedelta(hours=rng.randrange(48))

    def work(cursor):
        cursor.execute("UPDATE chats SET contacted_at = $moment WHERE id = $id", {"id": chosen, "moment": moment})
        mark_due(cursor, [chosen])

    store.write(work)


def ids(store):
    return [row["id"] for row in store.read("SELECT id FROM chats ORDER BY vendor_id")]


def take_one_in(store, rng):
    apply(store, changes.take_in(), {rng.choice(ids(store)): None}, "Ann")


STEPS = [take_one_in, import_some, import_some, import_some, delete_one, restore_one, contact_one]


@pytest.mark.parametrize("seed", [0, *rarely(range(1, 4))])
def test_bit_by_bit_is_the_same_as_at_once(store, kind, seed):
    rng = random.Random(seed)
    import_some(store, rng)
    import_some(store, rng)
    derive(store)
    # A step in a lake takes half a second.
    for _step in range(12 if kind == "file" else 3):
        rng.choice(STEPS)(store, rng)
        if rng.random() < 0.7:
            derive(store)
            assert derived_in(store) == expected(store)
    store.write(mark_all_missed)
    derive(store)
    assert derived_in(store) == expected(store)


def missed_record(number, email, days=1.0, **fields):
    start = (NOW - timedelta(days=days)).isoformat() + "Z"
    return {"id": number, "status": "missed", "started_at": start, "visitor": {"email": email}, **fields}


def served_record(number, email, days=0.5, **fields):
    return missed_record(number, email, days, operator="Aoi") | {"status": "completed"} | fields


def columns(store, number, *names):
    found = store.read(f"SELECT {', '.join(names)} FROM chats WHERE vendor_id = $id", {"id": str(number)})[0]
    return tuple(found.values())


def test_a_chat_that_turns_out_to_be_another_visitors_leaves_the_first_alone(store):
    load(store, json_lines(missed_record(1, "rin@example.com"), missed_record(2, "rin@example.com", 2)))
    derive(store)
    assert columns(store, 2, "missed_repeats") == (2,)
    load(store, json_lines(missed_record(1, "tom@example.com")))
    assert derive(store) == 2
    assert columns(store, 2, "missed_repeats") == (1,)


def test_a_served_chat_that_turns_out_to_be_another_visitors_brings_nobody_back(store):
    load(store, json_lines(missed_record(1, "rin@example.com"), served_record(2, "rin@example.com")))
    derive(store)
    assert columns(store, 1, "came_back_at")[0] is not None
    load(store, json_lines(served_record(2, "tom@example.com")))
    derive(store)
    assert columns(store, 1, "came_back_at", "came_back_chat", "came_back_noticed_at") == (None, None, None)


def test_missed_then_completed_then_missed_again(store):
    load(store, json_lines(missed_record(1, "rin@example.com")))
    derive(store)
    before = columns(store, 1, "missed_noticed_at", "missed_cause", "due_derived_at")
    assert None not in before
    load(store, json_lines(served_record(1, "rin@example.com", 1)))
    derive(store)
    assert columns(store, 1, "status", "missed_cause", "due_derived_at") == ("completed", None, None)
    load(store, json_lines(missed_record(1, "rin@example.com")))
    derive(store, moment=NOW + timedelta(days=1))
    assert columns(store, 1, "missed_noticed_at", "missed_cause", "due_derived_at") == before


def test_two_chats_are_one_persons_by_a_third(store):
    """Chats 1 and 2 share the address, 2 and 3 the number."""
    phone = {"visitor": {"email": "rin@example.com", "phone": "71"}}
    others = {"visitor": {"email": None, "phone": "71"}}
    three = [
        missed_record(1, "rin@example.com"), missed_record(2, "", **phone), missed_record(3, "", **others),
    ]  # fmt: skip
    load(store, json_lines(*three))
    derive(store)
    assert [columns(store, n, "missed_repeats") for n in (1, 2, 3)] == [(3,), (3,), (3,)]
    store.write(lambda cursor: mark_due(cursor, [ids(store)[0]]))
    assert derive(store) == 0


def test_a_deleted_served_chat_brings_nobody_back_until_it_is_restored(store):
    load(store, json_lines(missed_record(1, "rin@example.com"), served_record(2, "rin@example.com")))
    derive(store)
    served = next(row["id"] for row in store.read("SELECT id FROM chats WHERE status = 'completed'"))
    delete_chat(store, served, "Ann")
    assert derive(store) == 1
    assert columns(store, 1, "came_back_at") == (None,)
    restore_chats(store, [served], "Ann")
    assert derive(store) == 1
    assert columns(store, 1, "came_back_chat") == (served,)


def test_what_waited_too_long_is_derived_and_so_is_what_a_switched_rule_decides(store):
    begun = int((now() - timedelta(hours=25)).timestamp())
    load(
        store, json_file(conversation(101, "open", BOB, created_at=begun)), json_file(page(101, message(1, 0, 0, "?")))
    )
    store.write(lambda cursor: cursor.execute("UPDATE chats SET status = 'ongoing', missed_reason = NULL"))
    derive(store)
    assert apply_rules(store, now()) == 1
    assert derive(store) == 1
    switch_rule(store, "Chatwoot", False, "Ann", now())
    derive(store)
    assert store.read("SELECT missed_cause FROM chats") == [{"missed_cause": None}]
    switch_rule(store, "Chatwoot", True, "Ann", now())
    assert derive(store) == 1


def test_when_it_was_noticed_is_kept(store):
    load(store, json_lines(missed_record(1, "rin@example.com"), served_record(2, "rin@example.com")))
    derive(store)
    store.write(mark_all_missed)
    assert derive(store, moment=NOW + timedelta(days=1)) == 0
    assert columns(store, 1, "missed_noticed_at", "came_back_noticed_at") == (NOW, NOW)


def test_nothing_is_written_where_nothing_is_due(store):
    load(store, json_lines(missed_record(1, "rin@example.com")))
    derive(store)
    generation = store.generation
    assert derive(store) == 0
    assert store.generation == generation


def test_many_chats_of_one_visitor_are_no_trouble(store):
    insert(store, [chat(status="missed", visitor_id="0", started_at=NOW - timedelta(minutes=n)) for n in range(500)])
    insert(store, [chat(operator="A", visitor_id="0", started_at=NOW - timedelta(minutes=n)) for n in range(500)])
    store.write(mark_all_missed)
    assert derive(store) == 500
    assert derived_in(store) == expected(store)


QUEUE_STATES = {
    "past": {"past"},
    "open": {"to_do", "assigned"}, "contacted": {"contacted"}, "came_back": {"came_back"},
    "done": {"recovered", "not_needed"}, "no_contact": {"no_contact"}, "to_do": {"to_do"}, "assigned": {"assigned"},
    "reached": {"contacted", "recovered"}, "recovered": {"recovered"}, "not_needed": {"not_needed"},
}  # fmt: skip


def test_the_parts_of_the_queue_are_the_states(store):
    late, early = NOW, NOW - timedelta(days=1)
    worlds = [
        chat(
            f"{contacted} {recovered} {needed} {back} {email} {phone} {assignee} {past} {taken_in} {channel} {closed}",
            status="missed",
            contacted_at=contacted, recovered_at=recovered, not_needed=needed, came_back_at=back, visitor_email=email,
            visitor_phone=phone, assignee=assignee, missed_past=past, taken_in_at=taken_in, reply_channel=channel,
            reply_closed_at=closed,
        )
        for contacted in (None, early) for recovered in (None, late, early) for needed in (None, "spam")
        for back in (None, late) for email in (None, "x") for phone in (None, "7") for assignee in (None, "Ann")
        for past, taken_in in ((None, None), (False, early), (True, None), (True, early))
        for channel, closed in ((None, None), ("line", None), ("messenger", early))
    ]  # fmt: skip
    insert(store, worlds)
    parts = ", ".join(f"coalesce({sql}, FALSE) AS {part}" for part, sql in QUEUE_SQL.items() if part in QUEUE_STATES)
    found = store.read(f"SELECT {STATE_SQL} AS state, {parts} FROM chats")
    assert len(found) == 192 * 12
    assert {row["state"] for row in found} == set().union(*QUEUE_STATES.values())
    for row in found:
        assert {part for part in QUEUE_STATES if row[part]} == {
            p for p, of in QUEUE_STATES.items() if row["state"] in of
        }


def test_overdue_is_open_and_past_the_time_that_counts(store):
    early, late = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
    times = {"none": (None, None), "derived": (early, None), "put off": (early, late), "put on": (late, early)}
    insert(
        store,
        [
            chat(name, status="missed", visitor_email="x", due_derived_at=derived, due_set_at=own)
            for name, (derived, own) in times.items()
        ],
    )
    found = store.read(f"SELECT id FROM chats WHERE {QUEUE_SQL['overdue']}", {"now": NOW})
    assert {row["id"] for row in found} == {id_of("derived"), id_of("put on")}


def test_the_removed_sample_takes_along_what_it_said_of_others(store):
    sample = {"system": "sample", "operators": ["Aoi"], "started_at": NOW - timedelta(hours=20)}
    insert(
        store,
        [
            chat("mine", status="missed", visitor_email="rin@example.com", started_at=NOW - timedelta(hours=21)),
            chat("made up", visitor_email="rin@example.com", **sample),
            chat("made up too", status="missed", visitor_email="rin@example.com", **sample),
        ],
    )
    store.write(mark_all_missed)
    derive(store)
    assert expected(store)[id_of("mine")]["came_back_chat"] == id_of("made up")
    remove_sample(store, "Ann")
    assert derive(store) == 1
    assert derived_in(store) == expected(store)


def test_who_waits_for_somebody_who_derives_does_not_do_it_once_more(store, monkeypatch):
    insert(store, [chat("1", status="missed")])
    store.write(mark_all_missed)
    looks, derived = threading.Semaphore(0), []
    is_due, derive_now = deriving.is_due, deriving._derive

    def look(*given):
        looks.release()
        return is_due(*given)

    def note(*given):
        derived.append(1)
        return derive_now(*given)

    monkeypatch.setattr(deriving, "is_due", look)
    monkeypatch.setattr(deriving, "_derive", note)
    threads = [threading.Thread(target=derive, args=(store,)) for _ in range(3)]
    with deriving._ONE_AT_A_TIME:
        for thread in threads:
            thread.start()
            assert looks.acquire(timeout=60)
    for thread in threads:
        thread.join()
    assert len(derived) == 1
