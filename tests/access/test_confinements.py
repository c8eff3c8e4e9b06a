"""Who sees only some chats: all that is read is what would be read if the other chats did not exist."""

from uuid import UUID, uuid4

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lib.access.accesses import READ
from lib.access.activity import Chosen, activity, people, who_read
from lib.access.confinements import ABOUT_ALL, Changed, confine, confinements
from lib.access.guard import Guard
from lib.access.roles import give_role, policy_of
from lib.chats.accounts import accounts
from lib.chats.chat import find_chat, messages
from lib.chats.counts import category_counts, daily_counts, freshness, total
from lib.chats.facets import facets
from lib.chats.filter.filter import LIST_FIELDS, ChatFilter
from lib.chats.histogram import histogram
from lib.chats.listing import NEWEST_FIRST, chat_page, neighbours
from lib.chats.notes import add_note, notes
from lib.chats.removal import Deleted, delete_chat, restore_chats
from lib.chats.same_visitor import chats_of_visitor
from lib.chats.search.hits import other_hits, snippets
from lib.chats.search.query import parse
from lib.commands import COMMANDS, NotAllowed, NotSeen
from lib.explore.checking import check
from lib.explore.running import start
from lib.explore.values import Limits
from lib.explore.views import VIEWS
from lib.export.jobs import record_transcript
from lib.mail import MailAddress
from lib.mail.batch import Batch, drafts_for, queue_many
from lib.mail.do_not_contact import blocked_addresses
from lib.mail.draft import Draft, facts_of
from lib.mail.mails import mails_of
from lib.mail.outbox import cancel, cancel_all, resolve_unknown, retry, retry_all, send
from lib.mail.outbox_list import outbox_page
from lib.mail.queueing import queue
from lib.missed.apply import Applied, apply, undo
from lib.missed.changes import take
from lib.missed.figures import figures as missed_figures
from lib.missed.handover import hand_over
from lib.missed.history import follow_up_of
from lib.missed.news import Mark, news
from lib.missed.queue import all_matching, queue_counts
from lib.missed.team import who_acted, workloads
from lib.reports.coverage import coverage
from lib.reports.figures import figures
from lib.reports.groups import groups, heat
from lib.reports.replies import replies
from lib.store import Confinement
from lib.store.confining import CONFINED, NOTHING, OPEN
from lib.visitors.joining import join, part, put_together, unjoin
from tests.access.test_roles import ANN, BEN, CHO
from tests.access.test_roles import settings as role_settings
from tests.chats.test_against_a_plain_reading import CLOCKS, VALUES, filters, worlds
from tests.export.exporting import export, files_of
from tests.worlds import NOW, TOKYO, chat, empty, held, id_of, insert

UNHURRIED = Limits(seconds=60)
SALES = Confinement((("department", ("Sales",)),))
PERSON = "Ann"
fields = st.lists(
    st.tuples(
        st.sampled_from(["department", "website", "account"]),
        st.lists(st.none() | st.sampled_from(VALUES), min_size=1, max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda each: each[0],
).map(lambda each: Confinement(tuple(each)))


def plain(value) -> str:
    """An answer as a text that can be compared: no number of a frame equals itself where it is none."""
    return value.to_csv() if hasattr(value, "to_csv") else repr(value)


# What is shown of chats, by the place where it stands.
PLACES = {
    "list": lambda store, chosen, clock: chat_page(store, chosen, clock, NEWEST_FIRST, 1),
    "counts": category_counts,
    "total": lambda store, _chosen, clock: total(store, clock),
    "days": daily_counts,
    "facets": lambda store, chosen, clock: facets(store, chosen, LIST_FIELDS, clock),
    "histogram": lambda store, chosen, clock: histogram(store, chosen, clock).bars,
    "freshness": lambda store, _chosen, _clock: freshness(store),
    "missed figures": missed_figures,
    "queue": lambda store, chosen, clock: queue_counts(store, chosen, clock, PERSON),
    "all of the queue": all_matching,
    "news": lambda store, _chosen, clock: news(store, clock, PERSON),
    "hand-over": lambda store, chosen, clock: hand_over(store, chosen, Mark(NOW, NOW), clock),
    "reports": lambda store, chosen, clock: figures(store, chosen, 60, clock),
    "groups": lambda store, chosen, clock: groups(store, chosen, "department", 60, clock),
    "heat": lambda store, chosen, clock: heat(store, chosen, 60, clock),
    "coverage": coverage,
    "replies": lambda store, chosen, clock: replies(store, chosen, "department", clock),
    "outbox": lambda store, _chosen, _clock: outbox_page(store, "all", 1),
    "not written to": lambda store, _chosen, _clock: blocked_addresses(store),
    "activity": lambda store, _chosen, clock: activity(store, Chosen(), clock),
    "people of activity": lambda store, _chosen, _clock: people(store),
    "accounts": lambda store, _chosen, _clock: accounts(store),
    "team": lambda store, _chosen, clock: (who_acted(store), workloads(store, clock.now)),
}


def of_a_chat(store, chat_id, chosen, clock):
    """What is shown of one chat, by link or by click."""
    found = find_chat(store, chat_id)
    return (
        found,
        found and messages(store, found),
        found and plain(chats_of_visitor(store, found)),
        found and other_hits(store, parse("apple"), found),
        snippets(store, parse("apple"), [chat_id]),
        notes(store, chat_id),
        mails_of(store, chat_id),
        facts_of(store, chat_id),
        follow_up_of(store, chat_id),
        who_read(store, chat_id),
        neighbours(store, chosen, clock, NEWEST_FIRST, chat_id),
        drafts_for(store, [chat_id], PERSON, clock.zone),
    )


def fill(store, world) -> list[UUID]:
    """Puts a world into the store, and beside each chat what else can tell of it; the ids of the chats."""
    empty(store)
    insert(store, world)

    def work(cursor):
        for row in store_rows:
            given = {"id": row["id"], "moment": NOW, "email": (row["visitor_email"] or "x").lower()}
            for table in ("events", "accesses"):
                action = "note" if table == "events" else READ
                cursor.execute(
                    f"""INSERT INTO {table} BY NAME SELECT uuid() AS id, $moment AS happened_at, 'Ann' AS actor,
                        '{action}' AS action, $id AS chat_id, '{{"text": "apple"}}' AS detail""",
                    {"id": row["id"], "moment": NOW},
                )
            cursor.execute("INSERT INTO note_texts VALUES ($id, 'apple')", {"id": row["id"]})
            cursor.execute(
                "INSERT INTO do_not_contact VALUES ($email, 'asked', '', $moment, 'Ann')",
                {"email": given["email"], "moment": NOW},
            )
            told = {"system": row["system"], "account": row["account"] or ""}
            cursor.execute("INSERT INTO accounts VALUES ($system, $account, NULL, 'Shop')", told)

    store_rows = store.read("SELECT id, visitor_email, system, account FROM chats")
    store.write(work)
    return [row["id"] for row in store_rows]


def remove_all_but(store, condition: str) -> None:
    """Takes out of the store what is not of the chats of the condition."""

    def work(cursor):
        cursor.execute(f"DELETE FROM chats WHERE NOT coalesce({condition}, false)")
        for table in ("messages", "mails", "events", "accesses", "note_texts"):
            cursor.execute(f"DELETE FROM {table} WHERE chat_id NOT IN (SELECT id FROM chats)")
        cursor.execute(
            "DELETE FROM do_not_contact WHERE address NOT IN (SELECT coalesce(lower(visitor_email), '') FROM chats)"
        )
        cursor.execute(
            "DELETE FROM accounts AS a WHERE NOT EXISTS (FROM chats AS c WHERE c.system = a.system "
            "AND coalesce(c.account, '') = a.account)"
        )

    store.write(work)


def test_what_is_read_is_what_would_be_read_if_the_others_did_not_exist(store, share):
    @settings(max_examples=share(100), phases=[Phase.generate])
    @given(worlds, fields, filters, CLOCKS)
    def same(world, confinement, chosen, clock):
        ids = fill(store, world)
        seen = store.confined_to(confinement)
        with seen.snapshot():
            told = {name: plain(place(seen, chosen, clock)) for name, place in PLACES.items()}
            chats = {each: repr(of_a_chat(seen, each, chosen, clock)) for each in ids}
        exported = files_of(export(seen, chosen)[0])["chats.jsonl"]
        remove_all_but(store, confinement.sql)
        with store.snapshot():
            for name, place in PLACES.items():
                assert told[name] == plain(place(store, chosen, clock)), name
            for each in ids:
                assert chats[each] == repr(of_a_chat(store, each, chosen, clock))
        assert exported == files_of(export(store, chosen)[0])["chats.jsonl"]

    same()


def test_every_table_is_confined_or_open_for_a_reason(store):
    tables = {row["table_name"] for row in store.read("SELECT table_name FROM duckdb_tables() WHERE NOT temporary")}
    assert {"chats", *CONFINED, *OPEN} == tables
    assert not CONFINED.keys() & set(OPEN)


@pytest.mark.parametrize("table", sorted(CONFINED))
def test_nothing_of_a_confined_table_is_seen_by_who_sees_no_chat(store, table):
    fill(store, [chat("a", department="Sales")])
    assert store.confined_to(NOTHING).read(f"SELECT count(*) AS n FROM {table}")[0]["n"] == 0


def test_who_sees_some_chats_cannot_write_by_what_they_read_with(store):
    insert(store, [chat("a", department="Sales")])
    with pytest.raises(duckdb.BinderException), store.confined_to(SALES).reading() as cursor:
        cursor.execute("DELETE FROM chats")


@pytest.fixture
def two(store):
    """A store with a chat of Sales, a missed one of Support, and an e-mail in each."""
    empty(store)
    insert(
        store,
        [
            chat("ours", department="Sales", status="missed", replies=["queued"], question="apple"),
            chat("theirs", department="Support", status="missed", replies=["queued"], question="apple"),
        ],
    )
    store.guard = Guard(store, policy_of(role_settings()))
    give_role(store, store.guard.policy, BEN, "lead", ANN)
    yield store
    store.guard = None


def confined(store, person=BEN, **sees) -> Changed:
    done = confine(store, store.guard.policy, person, sees or {"department": ["Sales"]}, ANN)
    assert isinstance(done, Changed)
    return done


THEIRS, NOWHERE = id_of("theirs"), uuid4()
# What is done with a chat or an e-mail: the call, with the id of one or of the other.
DEEDS = {
    "chat.note": lambda store, at, _mail: add_note(store, at, "x", BEN),
    "chat.delete": lambda store, at, _mail: delete_chat(store, at, BEN),
    "chat.restore": lambda store, at, _mail: restore_chats(store, [at], BEN),
    "follow_up.change": lambda store, at, _mail: apply(store, take(BEN), {at: 0}, BEN),
    "follow_up.undo": lambda store, at, _mail: undo(store, Applied(uuid4(), NOW, (at,), ()), BEN),
    "transcript.save": lambda store, at, _mail: record_transcript(store, at, "html", BEN),
    "person.join": lambda store, at, _mail: join(store, (at, at), BEN),
    "person.unjoin": lambda store, at, _mail: unjoin(store, at, uuid4(), BEN),
    "person.part": lambda store, at, _mail: part(store, at, "email", BEN),
    "person.put_together": lambda store, at, _mail: put_together(store, at, "email", BEN),
    "mail.queue": lambda store, at, _mail: queue(store, draft_to(at), b"", BEN, NOW),
    "mail.queue_many": lambda store, at, _mail: queue_many(
        store, Batch((draft_to(at),), (), again=False), MailAddress("a@example.com"), "UTC", BEN
    ),
    "mail.send": lambda store, _at, mail: send(store, mail, None, BEN),
    "mail.retry": lambda store, _at, mail: retry(store, mail, BEN),
    "mail.retry_all": lambda store, _at, mail: retry_all(store, [mail], BEN),
    "mail.resolve": lambda store, _at, mail: resolve_unknown(store, mail, True, BEN),
    "mail.cancel": lambda store, _at, mail: cancel(store, mail, BEN),
    "mail.cancel_all": lambda store, _at, mail: cancel_all(store, [mail], BEN),
}


def draft_to(at: UUID) -> Draft:
    return Draft(at, 1, "a@example.com", (), "s", "b")


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_nothing_is_done_with_a_chat_that_is_not_seen_and_it_looks_like_none(two, name):
    confined(two)
    mail = two.read("SELECT id FROM mails WHERE chat_id = $id", {"id": THEIRS})[0]["id"]
    before = held(two)
    for store in (two, two.confined_to(SALES)):
        refused = []
        for at, own in ((THEIRS, mail), (NOWHERE, uuid4())):
            with pytest.raises(NotSeen) as error:
                DEEDS[name](store, at, own)
            refused.append(str(error.value))
        assert refused[0] == refused[1]
    after = held(two)
    assert all(after[table].equals(before[table]) for table in before)


def test_every_command_about_chats_or_mails_is_tried_here():
    about = {each.name for each in COMMANDS.values() if each.chats or each.mails}
    assert about == DEEDS.keys()


def test_what_is_seen_can_be_worked_with(two):
    confined(two)
    assert add_note(two, id_of("ours"), "x", BEN)
    assert apply(two, take(BEN), {id_of("ours"): 0}, BEN).changed == (id_of("ours"),)
    assert isinstance(delete_chat(two, id_of("ours"), BEN), Deleted)


def test_a_query_of_explore_is_of_what_is_seen_whatever_it_names(two):
    confined(two)
    for store in (two, two.confined_to(SALES)):
        for view in VIEWS:
            assert str(THEIRS) not in rows_of(asked(store, f"SELECT * FROM {view}")), view
        assert asked(store, "SELECT count(*) AS n FROM chats").cells.texts(0) == ["1"]


def asked(store, sql: str):
    return start(store, check(store, sql), {}, "UTC", UNHURRIED, actor=BEN).outcome()


def rows_of(found) -> str:
    return str(found.cells.table.to_pylist())


def test_what_is_about_all_chats_is_not_for_who_sees_some(two):
    give_role(two, two.guard.policy, BEN, "administrator", ANN)
    assert two.guard.rights_of(BEN) >= ABOUT_ALL
    confined(two)
    assert not two.guard.rights_of(BEN) & ABOUT_ALL
    for right in ABOUT_ALL:
        with pytest.raises(NotAllowed):
            two.guard(BEN, right, "x")


def test_it_holds_from_the_next_question_and_is_taken_back(two):
    assert two.guard.confinement_of(BEN) is None
    done = confined(two, person=" BEN@example.com ")
    assert two.guard.confinement_of("Ben@Example.com") == SALES
    again = confine(two, two.guard.policy, BEN, done.before, ANN)
    assert again.before == {"department": ["Sales"]}
    assert two.guard.confinement_of(BEN) is None
    actions = [row["action"] for row in two.read("SELECT action FROM events ORDER BY happened_at")]
    assert actions[-2:] == ["confined", "not_confined"]


def test_the_same_again_is_no_change(two):
    confined(two)
    confined(two)
    assert len(two.read("FROM events WHERE action = 'confined'")) == 1


@pytest.mark.parametrize(
    ("person", "actor", "reason"), [("Ben", ANN, "no_address"), (ANN, CHO, "administrator"), (CHO, CHO, "own")]
)
def test_whom_nobody_confines(two, person, actor, reason):
    give_role(two, two.guard.policy, CHO, "administrator", ANN)
    assert confine(two, two.guard.policy, person, {"department": ["Sales"]}, actor) == reason


def test_chats_without_a_value_are_seen_where_that_is_said(two):
    insert(two, [chat("nobody's", department=None)])
    confined(two, department=["Sales", None])
    seen = two.confined_to(two.guard.confinement_of(BEN))
    assert set(all_matching(seen, ChatFilter(), TOKYO)) == {id_of("ours"), id_of("nobody's")}
    (told,) = confinements(two)
    assert told.sees == {"department": ["Sales", None]}


def test_who_nobody_knows_sees_nothing(two):
    assert two.guard.confinement_of("") == NOTHING
    assert total(two.confined_to(NOTHING), TOKYO) == 0


def test_a_value_may_have_any_sign(two):
    odd = 'O\'Brien "x"; DROP TABLE chats --'
    insert(two, [chat("odd", department=odd)])
    confined(two, department=[odd])
    seen = two.confined_to(two.guard.confinement_of(BEN))
    assert all_matching(seen, ChatFilter(), TOKYO) == [id_of("odd")]


def test_a_file_is_opened_anew_with_what_each_sees(two):
    seen = two.confined_to(SALES)
    assert total(seen, TOKYO) == 1
    two.write_back()
    assert two.open_anew()
    assert total(seen, TOKYO) == 1
