"""Retention rules: exactly the chats go that a plain reading says, of what is anonymised only figures stay, and no text
of it is left anywhere; what is under legal hold stays as it is."""

import calendar
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.access.seals import seal
from lib.access.verifying import verify
from lib.chats.categories import STATUSES
from lib.chats.chat import find_chat
from lib.chats.clock import Clock
from lib.chats.filter.filter import EMPTY, NO_VALUE, ChatFilter
from lib.chats.holds import lift_hold, put_hold
from lib.chats.listing import NEWEST_FIRST, chat_page
from lib.chats.notes import add_note
from lib.chats.persons import Wanted
from lib.chats.removal import deletion_of, restore_chats
from lib.commands import NotAllowed
from lib.erasure.erasing import erase, erasures
from lib.erasure.leaving import compact, is_pending
from lib.erasure.planning import preview
from lib.erasure.rules import ACTIONS, SCOPE_CATEGORIES, Rule, new_rule, remove_rule, rules, save_rule
from lib.erasure.running import BY_ITSELF, _Nights, rule_behind, run, run_now, runs
from lib.importing import undo_import
from lib.importing.merge.undoing import CannotUndo, Undone
from lib.mail.draft import draft_for, facts_of
from lib.mail.queueing import NotQueued, queue
from lib.missed import changes
from lib.missed.apply import apply
from lib.missed.derive import derive_due
from lib.reports.figures import figures
from lib.store import Store, changed, now
from tests.erasure.test_erasing import EMAIL, OTHER, Marks, lived_in, record
from tests.importing.files import json_lines, load
from tests.mail.test_outbox import SENDER, WHEN, compose
from tests.worlds import NOW, TOKYO, chat, empty, id_of, insert, make_chat

ANN = "ann@example.com"
AGES = [timedelta(days=days, hours=hours) for days in (0, 29, 31, 180, 365, 366, 800) for hours in (0, 15)]
# Most are due for some rule.
some_age = st.sampled_from([None, *(NOW - age for age in AGES[2:]), *(NOW - age for age in AGES[-6:])])
some_value = st.sampled_from([None, "Shop", "Support"])
some_chat = st.builds(
    chat,
    status=st.sampled_from([*STATUSES, "missed", "completed", "completed"]),
    started_at=some_age,
    ended_at=some_age,
    department=some_value,
    website=some_value,
    channel=some_value,
    visitor_email=st.sampled_from([None, "one@x.org", "one@x.org", "two@x.org"]),
    visitor_name=st.sampled_from([None, "One Body"]),
    deleted_at=st.sampled_from([None, None, NOW]),
    anonymised_at=st.sampled_from([None, None, None, NOW]),
    messages=st.just(["Hello"]),
)
some_scope = st.sampled_from([(), (), ("Shop",), ("Support", NO_VALUE)])
some_rule = st.builds(
    Rule,
    id=st.builds(uuid4),
    name=st.just("rule"),
    scope=st.builds(
        ChatFilter,
        category=st.sampled_from([*SCOPE_CATEGORIES, "all", "all"]),
        department=some_scope,
        website=st.just(()),
        channel=some_scope,
    ),
    months=st.sampled_from([1, 6, 12]),
    action=st.sampled_from(ACTIONS),
    is_on=st.sampled_from([True, True, False]),
)


def months_ago(months: int) -> date:
    today = NOW.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo")).date()
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def is_due(entry, rule: Rule) -> bool:
    """Whether a rule is due for a chat, as plain Python reads it."""
    last = entry["ended_at"] or entry["started_at"]
    if entry["status"] == "ongoing" or last is None:
        return False
    if rule.scope.category not in ("all", entry["status"]):
        return False
    for name in ("department", "channel"):
        wanted = getattr(rule.scope, name)
        if wanted and (entry[name] or NO_VALUE) not in wanted:
            return False
    return last.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo")).date() < months_ago(rule.months)


def fate(entry, holding: list[Rule], held: set) -> str:
    """What becomes of a chat."""
    due = [rule for rule in holding if rule.is_on and is_due(entry, rule)]
    if not due or entry["id"] in held:
        return "left"
    action = max((rule.action for rule in due), key=ACTIONS.index)
    if (action == "delete" and entry["deleted_at"]) or (action == "anonymise" and entry["anonymised_at"]):
        return "left"
    return {"delete": "deleted", "anonymise": "anonymised", "erase": "gone"}[action]


def rows_of(store: Store) -> dict:
    return {row["id"]: row for row in store.read("FROM chats")}


# What an anonymised chat loses; all else of it stays as it was.
LOST = {
    "vendor_id", "visitor_id", "visitor_name", "visitor_email", "visitor_phone", "visitor_phone_e164", "visitor_ip",
    "visitor_search", "page_url", "page_title", "question", "question_search", "given_question", "comment",
    "not_needed_text", "unknown_fields", "facts_digest", "messages_digest", "import_id", "came_back_chat",
    "recovered_chat", "reply_channel", "reply_until", "reply_closed_at", "anonymised_at",
}  # fmt: skip


def test_a_run_of_all_rules_does_what_a_plain_reading_says(store, share):
    @settings(max_examples=share(200))
    @given(
        world=st.lists(some_chat, min_size=4, max_size=12),
        holding=st.lists(some_rule, min_size=1, max_size=4),
        on_person=st.booleans(),
        on_first=st.booleans(),
    )
    def same(world, holding, on_person, on_first):
        empty(store)
        insert(store, world)
        held = set()
        if on_person:
            put_hold(store, Wanted("email", value="ONE@x.org "), "a case", ANN)
            held |= {entry["id"] for entry in world if entry["visitor_email"] == "one@x.org"}
        if on_first and world:
            put_hold(store, Wanted("chats", chats=(world[0]["id"],)), "a case", ANN)
            held.add(world[0]["id"])
        for rule in holding:
            save_rule(store, rule, ANN)
        before, told = rows_of(store), preview(store, TOKYO)
        expected = {entry["id"]: fate(entry, holding, held) for entry in world}
        done = [run(store, rule.id, TOKYO, piece=2) for rule in rules(store) if rule.is_on]
        assert {each.rule_id: (each.chats, each.held) for each in done} == {
            rule: (due.chats, due.held) for rule, due in told.items()
        }
        after = rows_of(store)
        said = {row["id"] for row in store.read("SELECT chat_id AS id FROM messages")}
        for id, what in expected.items():
            if what == "gone":
                assert id not in after and id not in said
                continue
            lost = LOST if what == "anonymised" else {"deleted_at"} if what == "deleted" else set()
            assert {k: v for k, v in after[id].items() if k not in lost} == {
                k: v for k, v in before[id].items() if k not in lost
            }, what
            assert (id in said) == (what != "anonymised")
            if what == "anonymised":
                assert after[id]["anonymised_at"] and not after[id]["visitor_email"] and not after[id]["visitor_name"]
            if what == "deleted":
                assert after[id]["deleted_at"]
        # There is nothing left to do.
        assert all(due.chats == 0 for due in preview(store, TOKYO).values())

    same()


def rule(action: str = "anonymise", months: int = 1, name: str = "One month", **scope) -> Rule:
    return replace(new_rule(), name=name, months=months, action=action, scope=ChatFilter(**scope))


def later(days: int = 400) -> Clock:
    """A time when all that is stored now is old."""
    return Clock(now() + timedelta(days=days), "UTC")


def test_of_an_anonymised_person_no_text_is_in_a_table_or_a_byte_any_more(tmp_path):
    mark = Marks()
    store = Store(str(tmp_path / "history.duckdb"))
    lived_in(store, mark, json_lines(record(mark, 1, 130), record(mark, 2, 130), OTHER))
    assert mark.in_tables(store) == set(mark.made)
    before = figures(store, EMPTY, 60, later()).now
    # Tags say what a chat was about. Who asked not to be written to is not written to, whatever becomes of the chats.
    kept = "SELECT unnest(tags) AS text FROM chats UNION ALL SELECT detail FROM do_not_contact"
    left = {row["text"].split()[-1] for row in store.read(kept)}
    saved = save_rule(store, rule(department=("Shop",)), ANN)
    found = run(store, saved.id, later())
    assert (found.chats, found.held, found.finished_at is None) == (2, 0, False)
    assert mark.in_tables(store) == left
    assert figures(store, EMPTY, 60, later()).now == before
    (erased,) = erasures(store)
    assert (erased.kind, erased.counts["chats"], erased.erased_by) == ("anonymised", 2, BY_ITSELF)
    store.write_back()
    assert len(mark.in_files(tmp_path)) > 1000
    assert compact(store) and not is_pending(store)
    assert mark.in_files(tmp_path) == left
    store.close()


def by_rule(store: Store) -> None:
    run(store, save_rule(store, rule(department=("Shop",)), ANN).id, later())


def by_hand(store: Store) -> None:
    erase(store, Wanted("email", value=EMAIL), "asked", ANN, keeps_chats=True)


@pytest.mark.parametrize("anonymise", [by_rule, by_hand])
def test_no_import_brings_the_person_of_an_anonymised_chat_back(store, anonymise):
    mark = Marks()
    files = json_lines(record(mark, 1), OTHER)
    load(store, files)
    anonymise(store)
    (row,) = store.read("SELECT * FROM chats WHERE anonymised_at IS NOT NULL")
    lines = [json.loads(line) for line in files.data.decode().splitlines()]
    newer = lines[0] | {"updated_at": "2027-01-01T00:00:00Z", "comment": mark("newer")}
    assert load(store, files).held_back == 1
    assert load(store, json_lines(newer)).held_back == 1
    # So an export of ours calls it.
    own = {"id": row["vendor_id"], "system": row["system"], "status": "missed", "started_at": "2026-03-01T00:00:00Z"}
    assert load(store, json_lines(own)).held_back == 1
    assert store.read("SELECT * FROM chats WHERE anonymised_at IS NOT NULL") == [row]
    assert len(store.read("FROM chats")) == 2


def test_an_import_of_which_a_chat_was_anonymised_is_not_undone(store):
    load(store, json_lines(record(Marks(), 1), OTHER))
    run(store, save_rule(store, rule(department=("Shop",)), ANN).id, later())
    (imported,) = store.read("SELECT id FROM imports")
    assert undo_import(store, imported["id"], ANN).reason == "newer"


def test_an_import_that_brought_a_held_person_s_chat_is_not_undone(store):
    load(store, json_lines(record(Marks(), 1), OTHER))
    (imported,) = store.read("SELECT id FROM imports")
    hold = put_hold(store, Wanted("email", value="other@example.org"), "a case", ANN)
    assert undo_import(store, imported["id"], ANN) == CannotUndo("held", 1)
    lift_hold(store, hold.id, ANN)
    assert undo_import(store, imported["id"], ANN) == Undone(2, 0)


def test_an_anonymised_chat_is_not_written_to_nor_followed_up(store):
    load(store, json_lines(record(Marks(), 1)))
    id = store.read("SELECT id FROM chats")[0]["id"]
    derive_due(store, "UTC", now())
    draft = draft_for(facts_of(store, id), "Kai", "UTC")
    run(store, save_rule(store, rule(), ANN).id, later())
    assert facts_of(store, id) is None
    assert queue(store, draft, compose(draft, None, SENDER, WHEN), "Kai", WHEN) == NotQueued("no_chat")
    assert [each.reason for each in apply(store, changes.not_needed("other", "x"), {id: None}, "Kai").refused] == [
        "gone"
    ]
    assert not add_note(store, id, "their name was Mark", "Kai")
    assert not store.read("SELECT 1 FROM note_texts")
    assert not store.read("FROM mails")


def test_what_was_derived_of_an_anonymised_chat_stays(store):
    for name in ("1", "2"):
        person = {"visitor_email": "one@x.org", "messages": ["Hi"]}
        make_chat(store, name, status="missed", started_at=NOW - timedelta(days=60), department=name, **person)
    make_chat(store, "3", operator="Aoi", visitor_email="one@x.org", started_at=NOW - timedelta(days=59))
    store.write(lambda cursor: cursor.execute("INSERT INTO ledger_due SELECT id FROM chats"))
    derive_due(store, "UTC", NOW)
    run(store, save_rule(store, rule(department=("1",)), ANN).id, TOKYO)
    told = "SELECT missed_cause, missed_repeats, came_back_at, came_back_chat FROM chats"
    before = store.read(f"{told} WHERE department = '1'")
    store.write(lambda cursor: cursor.execute("INSERT INTO ledger_due SELECT id FROM chats"))
    derive_due(store, "UTC", NOW)
    assert store.read(f"{told} WHERE department = '1'") == before
    assert (before[0]["missed_repeats"], before[0]["came_back_chat"]) == (2, None)
    assert before[0]["came_back_at"]
    # Of the other one nothing leads to it any more.
    assert store.read(f"{told} WHERE department = '2'")[0]["missed_repeats"] == 1


def test_lists_and_chats_that_are_anonymised_can_be_opened(store):
    make_chat(store, "1", visitor_name="One Body", messages=["Hi"], started_at=NOW - timedelta(days=60))
    found = run(store, save_rule(store, rule(name="Old ones"), ANN).id, TOKYO)
    shown = find_chat(store, id_of("1"))
    assert shown.anonymised_at and shown.visitor_name is None
    assert rule_behind(store, shown.anonymised_at) == "Old ones"
    assert len(chat_page(store, EMPTY, TOKYO, NEWEST_FIRST, 1)) == 1
    assert found.name == "Old ones"


def test_what_a_rule_deletes_can_be_restored_and_tells_why(store):
    make_chat(store, "1", messages=["Hi"], replies=["queued"], started_at=NOW - timedelta(days=60))
    run(store, save_rule(store, rule("delete", name="Old ones"), ANN).id, TOKYO, ANN)
    told = deletion_of(store, id_of("1"))
    assert (told.actor, told.reason) == (ANN, "Old ones")
    assert store.read("SELECT state FROM mails") == [{"state": "cancelled"}]
    assert restore_chats(store, [id_of("1")], ANN) == 1
    assert store.read("SELECT text FROM messages") == [{"text": "Hi"}]


def test_each_piece_is_an_event_and_the_seals_know_that_events_went_rightly(store):
    for number in range(5):
        add_note(store, make_chat(store, str(number), started_at=NOW - timedelta(days=60)), "a note", "Kai")
    seal(store)
    run(store, save_rule(store, rule("erase"), ANN).id, TOKYO, ANN, piece=2)
    (only,) = runs(store)
    assert (only.chats, only.run_by, only.action) == (5, ANN, "erase")
    told = [json.loads(row["detail"]) for row in store.read("SELECT detail FROM events WHERE action = 'retention_run'")]
    assert sorted(each["chats"] for each in told) == [1, 2, 2]
    assert {each["run"] for each in told} == {str(only.id)}
    (erased,) = erasures(store)
    assert (erased.counts["chats"], erased.counts["notes"]) == (5, 5)
    seal(store)
    assert verify(store).faults == []


def test_a_rule_that_is_off_or_gone_does_nothing(store):
    make_chat(store, "1", started_at=NOW - timedelta(days=60))
    saved = save_rule(store, replace(rule(), is_on=False), ANN)
    assert run_now(store, saved.id, TOKYO, ANN) is None
    assert preview(store, TOKYO) == {}
    assert preview(store, TOKYO, saved)[saved.id].chats == 1
    assert remove_rule(store, saved, ANN) and not remove_rule(store, saved, ANN)
    assert run_now(store, saved.id, TOKYO, ANN) is None
    assert runs(store) == []


def test_a_rule_without_a_name_is_not_saved_and_one_that_is_saved_again_is_one(store):
    assert save_rule(store, rule(name=" \n"), ANN) == "no_name"
    saved = save_rule(store, rule(name="a\nb", months=0, website=("x",)), ANN)
    assert (saved.name, saved.months) == ("a b", 1)
    save_rule(store, replace(saved, months=3), ANN)
    assert [(each.id, each.months, each.scope.website) for each in rules(store)] == [(saved.id, 3, ("x",))]


def test_only_whoever_may_erase_makes_and_carries_out_rules(store):
    def guard(person, right, command):
        raise NotAllowed(right)

    saved = save_rule(store, rule(), ANN)
    store.guard = guard
    try:
        for tried in (lambda: save_rule(store, rule(), "kai"), lambda: run_now(store, saved.id, TOKYO, "kai")):
            with pytest.raises(NotAllowed):
                tried()
    finally:
        store.guard = None


def test_each_night_every_rule_is_carried_out_once(store, monkeypatch):
    make_chat(store, "1", started_at=datetime(2026, 1, 1))
    save_rule(store, rule(name="a"), ANN)
    save_rule(store, rule("delete", name="b"), ANN)
    save_rule(store, replace(rule("erase", name="off"), is_on=False), ANN)
    told = []
    nights = _Nights("Asia/Tokyo", lambda: told.append(1))
    noon = datetime(2026, 11, 23, 3)
    saved_at = {"moment": noon - timedelta(hours=1)}
    store.write(lambda cursor: changed(cursor, "UPDATE retention_rules SET saved_at = $moment", saved_at))

    def looks_at(moment: datetime) -> int:
        monkeypatch.setattr("lib.erasure.running.now", lambda: moment)
        count = 0
        while nights.look(store):
            count += 1
        return count

    assert looks_at(noon) == 0, "what was just saved can be thought over"
    assert looks_at(noon + timedelta(hours=12, minutes=59)) == 0
    # One o'clock in Tokyo.
    assert looks_at(noon + timedelta(hours=13)) == 2
    assert told == [1], "exports may hold what is gone"
    assert sorted((each.name, each.chats) for each in runs(store)) == [("a", 1), ("b", 0)]
    assert looks_at(noon + timedelta(hours=36)) == 0
    assert looks_at(noon + timedelta(hours=37)) == 2


def test_a_run_that_was_broken_off_goes_on_with_the_next(store):
    for number in range(4):
        make_chat(store, str(number), started_at=NOW - timedelta(days=60))
    saved = save_rule(store, rule(), ANN)

    def stop(*_args):
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        calls = []
        real = store.write

        def twice(work, **kwargs):
            if len(calls) == 2:
                stop()
            calls.append(1)
            return real(work, **kwargs)

        patch.setattr(store, "write", twice)
        with pytest.raises(KeyboardInterrupt):
            run(store, saved.id, TOKYO, piece=1)
    (broken,) = runs(store)
    assert (broken.chats, broken.finished_at) == (2, None)
    run(store, saved.id, TOKYO, piece=1)
    (whole,) = runs(store)
    assert (whole.id, whole.chats, whole.finished_at is None) == (broken.id, 4, False)
