"""Changes of missed chats: what they set, what they refuse, that they can be taken back, and what the events tell."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from lib.chats.removal import delete_chat
from lib.chats.states import REASONS, STATE_SQL
from lib.importing import load_sample
from lib.missed import changes
from lib.missed.apply import apply, contacted_by_mail, undo
from lib.missed.derive import derive_due
from lib.store import Store, now
from tests.missed.replaying import replayed, stored
from tests.thorough import rarely
from tests.worlds import NOW, chat, id_of, insert

NAMES = ("a", "b", "c")


@pytest.fixture
def missed(store):
    """Three missed chats that can be written to, one without contact data, and a completed one."""
    insert(
        store,
        [
            *(chat(name, status="missed", visitor_email=f"{name}@example.com") for name in NAMES),
            chat("mute", status="missed"),
            chat("done", status="completed", visitor_email="d@example.com"),
        ],
    )
    return store


def ids(*names):
    return {id_of(name): None for name in names}


def seen(store, *names):
    rows = store.read("SELECT id, coalesce(follow_up_version, 0) AS version FROM chats")
    return {row["id"]: row["version"] for row in rows if row["id"] in ids(*names)}


def state(store, name):
    sql = f"SELECT {STATE_SQL} AS state FROM chats WHERE id = $id"
    return store.read(sql, {"id": id_of(name)})[0]["state"]


def column(store, name, of):
    return store.read(f"SELECT {of} AS value FROM chats WHERE id = $id", {"id": id_of(name)})[0]["value"]


def refusals(applied):
    return {(refusal.reason, refusal.by) for refusal in applied.refused}


def test_the_way_of_a_missed_chat(missed):
    assert state(missed, "a") == "to_do"
    assert state(missed, "mute") == "no_contact"
    assert apply(missed, changes.take("Ann"), ids("a"), "Ann").changed == (id_of("a"),)
    assert (state(missed, "a"), column(missed, "a", "assignee")) == ("assigned", "Ann")
    apply(missed, changes.contacted("Ann", NOW), ids("a"), "Ann")
    assert (state(missed, "a"), column(missed, "a", "contacted_how")) == ("contacted", "by_hand")
    apply(missed, changes.reopen(), ids("a"), "Ann")
    assert state(missed, "a") == "assigned"
    apply(missed, changes.not_needed("other", " said so by phone "), ids("a"), "Ann")
    assert (state(missed, "a"), column(missed, "a", "not_needed_text")) == ("not_needed", "said so by phone")
    assert column(missed, "a", "follow_up_version") == 4


def test_who_takes_what_another_has_just_taken_is_told_by_whom(missed):
    screen = seen(missed, "a")
    apply(missed, changes.take("Ann"), screen, "Ann")
    second = apply(missed, changes.take("Ken"), screen, "Ken")
    assert (second.changed, refusals(second)) == ((), {("taken", "Ann")})
    assert column(missed, "a", "assignee") == "Ann"


def test_a_reason_in_words_has_five_hundred_characters_at_most():
    assert changes.not_needed("other", f"  {'x' * 600}").values["not_needed_text"] == "x" * 500
    assert changes.not_needed("other", " \n").values["not_needed_text"] is None


def test_taking_twice_changes_nothing(missed):
    apply(missed, changes.take("Ann"), ids("a"), "Ann")
    assert refusals(apply(missed, changes.take("Ann"), ids("a"), "Ann")) == {("same", "Ann")}
    assert column(missed, "a", "follow_up_version") == 1


def test_a_chat_can_be_handed_on_by_who_sees_whose_it_is(missed):
    apply(missed, changes.take("Ann"), ids("a"), "Ann")
    assert refusals(apply(missed, changes.assign("Ken"), ids("a"), "Ken")) == {("taken", "Ann")}
    assert apply(missed, changes.assign("Ken"), seen(missed, "a"), "Ken").changed
    assert column(missed, "a", "assignee") == "Ken"
    assert apply(missed, changes.release(), seen(missed, "a"), "Ann").changed
    assert state(missed, "a") == "to_do"


def test_nothing_is_changed_over_what_was_not_seen(missed):
    screen = seen(missed, "a")
    apply(missed, changes.set_due(NOW), screen, "Ann")
    for change in (changes.not_needed("spam"), changes.assign("Ken"), changes.set_due(None)):
        assert refusals(apply(missed, change, screen, "Ken")) == {("changed", "Ann")}
    assert apply(missed, changes.not_needed("spam"), seen(missed, "a"), "Ken").changed


def test_the_own_second_tab_is_no_other_person(missed):
    screen = seen(missed, "a")
    apply(missed, changes.set_due(NOW), screen, "Ann")
    assert apply(missed, changes.take("Ann"), screen, "Ann").changed


def test_what_makes_no_sense_is_refused_with_the_reason(missed):
    delete_chat(missed, id_of("b"), "Ann")
    apply(missed, changes.contacted("Ann", NOW), ids("c"), "Ann")
    found = apply(missed, changes.take("Ken"), ids("a", "b", "c", "done", "nowhere"), "Ken")
    assert found.changed == (id_of("a"),)
    reasons = {refusal.chat_id: (refusal.reason, refusal.by, refusal.state) for refusal in found.refused}
    assert reasons[id_of("b")][0] == reasons[id_of("nowhere")][0] == "gone"
    assert reasons[id_of("done")][0] == "not_missed"
    assert reasons[id_of("c")] == ("state", "Ann", "contacted")


def test_undo_brings_back_all_that_nobody_has_changed_since(missed):
    apply(missed, changes.set_due(NOW), ids("a"), "Ken")
    done = apply(missed, changes.not_needed("spam"), ids(*NAMES), "Ken")
    missed.write(lambda cursor: contacted_by_mail(cursor, id_of("b"), "Ann", NOW, sent_at=NOW))
    back = undo(missed, done, "Ken")
    assert set(back.changed) == {id_of("a"), id_of("c")}
    assert refusals(back) == {("changed", "Ann")}
    assert (state(missed, "a"), state(missed, "b"), column(missed, "a", "due_set_at")) == ("to_do", "contacted", NOW)
    again = undo(missed, back, "Ken")
    assert set(again.changed) == {id_of("a"), id_of("c")}
    assert state(missed, "a") == "not_needed"


def test_undo_leaves_alone_what_is_deleted_or_there_no_more(missed):
    done = apply(missed, changes.take("Ann"), ids(*NAMES), "Ann")
    delete_chat(missed, id_of("a"), "Ken")
    missed.write(lambda cursor: cursor.execute("DELETE FROM chats WHERE id = $id", {"id": id_of("b")}))
    back = undo(missed, done, "Ann")
    assert back.changed == (id_of("c"),)
    assert {refusal.chat_id: refusal.reason for refusal in back.refused} == {id_of("a"): "gone", id_of("b"): "gone"}


def test_an_undo_is_undone_once(missed):
    done = apply(missed, changes.take("Ann"), ids("a"), "Ann")
    assert undo(missed, done, "Ann").changed
    assert undo(missed, done, "Ann").changed == ()


def test_who_stops_a_change_of_many_stops_all_of_it(missed):
    def stop(done, _all):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        apply(missed, changes.take("Ann"), ids(*NAMES), "Ann", stop)
    assert stored(missed) == replayed(missed) == {}


def test_only_the_first_mail_is_the_contact(missed):
    assert missed.write(lambda cursor: contacted_by_mail(cursor, id_of("a"), "Ann", NOW, sent_at=NOW))
    later = NOW + timedelta(hours=1)
    assert not missed.write(lambda cursor: contacted_by_mail(cursor, id_of("a"), "Ken", later, sent_at=later))
    assert (column(missed, "a", "contacted_by"), column(missed, "a", "contacted_at")) == ("Ann", NOW)
    assert stored(missed) == replayed(missed)


def random_change(chance, person):
    return chance.choice(
        [
            changes.take(person),
            changes.assign(chance.choice(["Ann", "Ken", "森"])),
            changes.release(),
            changes.set_due(chance.choice([None, NOW, NOW + timedelta(hours=chance.randint(1, 99))])),
            changes.contacted(person, now()),
            changes.not_needed(chance.choice(REASONS), 'a "quoted"\nreason'),
            changes.reopen(),
        ]
    )


def act(store, seed, times):
    """Somebody changes chats and takes changes back, at random; they see what was there a while ago."""
    chance = random.Random(seed)
    person = chance.choice(["Ann", "Ken", "森"])
    done, screen = [], seen(store, *NAMES, "mute")
    for _ in range(times):
        if chance.random() < 0.3:
            screen = seen(store, *NAMES, "mute")
        if done and chance.random() < 0.2:
            done.append(undo(store, chance.choice(done), person))
        else:
            some = dict(chance.sample(list(screen.items()), chance.randint(1, 4)))
            some = some if chance.random() < 0.5 else dict.fromkeys(some)
            done.append(apply(store, random_change(chance, person), some, person))


@pytest.mark.parametrize("seed", [0, *rarely(range(1, 4))])
def test_the_rows_are_what_the_events_tell(missed, seed):
    act(missed, seed, 40)
    assert stored(missed) == replayed(missed) != {}


def test_the_rows_are_what_the_events_tell_after_many_acted_at_once(missed):
    with ThreadPoolExecutor(4) as pool:
        for race in [pool.submit(act, missed, seed, 12) for seed in range(4)]:
            race.result()
    assert stored(missed) == replayed(missed) != {}


def test_of_two_who_take_the_same_chat_at_once_one_has_it(missed):
    for name in NAMES:
        start = threading.Barrier(2)

        def race(person, name=name, start=start):
            start.wait()
            return apply(missed, changes.take(person), ids(name), person)

        with ThreadPoolExecutor(2) as pool:
            both = [job.result() for job in [pool.submit(race, person) for person in ("Ann", "Ken")]]
        (winner,) = [each for each in both if each.changed]
        (loser,) = [each for each in both if not each.changed]
        holder = column(missed, name, "assignee")
        assert refusals(loser) == {("taken", holder)}
        assert winner.refused == ()


def test_the_rows_are_what_the_events_tell_on_the_sample(tmp_path):
    store = Store(str(tmp_path / "history.duckdb"))
    try:
        load_sample(store, "Asia/Tokyo", NOW)
        derive_due(store, "Asia/Tokyo", NOW)
        missed = [row["id"] for row in store.read("SELECT id FROM chats WHERE status = 'missed' ORDER BY id")]
        chance = random.Random(3)
        for person in ("Ann", "Ken", "森") * 8:
            apply(store, random_change(chance, person), dict.fromkeys(chance.sample(missed, 60)), person)
        assert len(stored(store)) > 200
        assert stored(store) == replayed(store)
    finally:
        store.close()
