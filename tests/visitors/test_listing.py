"""The lists of visitors and one of them: as a plain reading of all chats finds them."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lib.chats.clock import Clock
from lib.missed.derive import derive_due
from lib.visitors.listing import KINDS, SORT_KEYS, TABS, Chosen, visitor_counts, visitor_page
from lib.visitors.person import chats_of_person, person_of
from tests.missed.plain_reading import persons_of
from tests.worlds import NOW, chat, empty, id_of, insert

some_start = st.none() | st.one_of(
    st.integers(-30, 24 * 70).map(lambda hours: NOW - timedelta(hours=hours)),
    st.sampled_from([NOW - timedelta(days=days, microseconds=us) for days in (30, 60) for us in (-1, 0, 1)]),
    st.sampled_from([NOW.replace(hour=15, minute=0) - timedelta(days=1), NOW.replace(hour=14) - timedelta(days=1)]),
)
some_chat = st.fixed_dictionaries(
    {
        "visitor_email": st.sampled_from([None, None, "rin@example.com", "tom@example.com", "none@example.com"]),
        "visitor_phone": st.sampled_from([None, None, None, "+81 3 1234", "000"]),
        "visitor_id": st.sampled_from([None, "v-1", "v-2"]),
        "visitor_name": st.sampled_from([None, "Rin", "Tom"]),
        "started_at": some_start,
        "status": st.sampled_from(["missed", "completed"]),
        "rating": st.sampled_from([None, None, 1, 5]),
        "deleted_at": st.sampled_from([None, None, None, NOW]),
    }
)
zones = st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"])
NOBODYS = ("none@example.com", "000")


def plain_persons(world):
    """The chats that are not deleted of each person."""
    known = [
        entry | {name: None for name in ("visitor_email", "visitor_phone") if entry[name] in NOBODYS} for entry in world
    ]
    persons = persons_of(known)
    grouped = {}
    for entry in world:
        if not entry["deleted_at"]:
            grouped.setdefault(persons[entry["id"]], []).append(entry)
    return list(grouped.values())


def is_contact(chats):
    told = {entry[name] for entry in chats for name in ("visitor_email", "visitor_phone")}
    return bool(told - {None, *NOBODYS})


def is_in(tab, chats, clock):
    starts = sorted(entry["started_at"] for entry in chats if entry["started_at"])
    if tab == "all":
        return True
    if not starts:
        return False
    days = [clock.local(start).date() for start in starts]
    return {
        "returning": days[0] != days[-1],
        "today": days[-1] == clock.today,
        "new": starts[0] >= NOW - timedelta(days=30),
        "cold": starts[-1] < NOW - timedelta(days=60),
    }[tab]


@settings(max_examples=60, deadline=None)
@given(chats=st.lists(some_chat, max_size=10), zone=zones, sort=st.sampled_from(SORT_KEYS))
def test_the_lists_are_those_of_a_plain_reading(workbench, chats, zone, sort):
    empty(workbench)
    world = [chat(f"chat {n}", **fields) for n, fields in enumerate(chats)]
    insert(workbench, world)
    clock = Clock(NOW, zone)
    derive_due(workbench, zone, NOW)
    counts = visitor_counts(workbench, clock, "")
    for kind in KINDS:
        of_kind = [each for each in plain_persons(world) if is_contact(each) == (kind == "contacts")]
        for tab in TABS:
            meant = [each for each in of_kind if is_in(tab, each, clock)]
            assert counts[kind][tab] == len(meant), (kind, tab)
            found = visitor_page(workbench, clock, Chosen(kind, tab), sort, 1)
            by_chat = {entry["id"]: each for each in meant for entry in each}
            rows = found.to_dict("records")
            assert {id(by_chat[row["chat"]]) for row in rows} == {id(each) for each in meant}
            assert [row["chats"] for row in rows] == [len(by_chat[row["chat"]]) for row in rows]
            assert all(
                row["missed"] == sum(entry["status"] == "missed" for entry in by_chat[row["chat"]]) for row in rows
            )
            placed = [row[sort] for row in rows if row[sort] == row[sort] and row[sort] is not None]
            assert placed == sorted(placed, reverse=True)


@settings(max_examples=40, deadline=None)
@given(chats=st.lists(some_chat, min_size=1, max_size=10))
def test_one_person_is_all_their_chats(workbench, chats):
    empty(workbench)
    world = [chat(f"chat {n}", **fields) for n, fields in enumerate(chats)]
    insert(workbench, world)
    derive_due(workbench, "UTC", NOW)
    for theirs in plain_persons(world):
        for entry in theirs:
            person = person_of(workbench, entry["id"])
            assert (person.chats, set(chats_of_person(workbench, entry["id"])["id"])) == (
                len(theirs),
                {each["id"] for each in theirs},
            )
            emails = {known.value: known.chats for known in person.known if known.field == "visitor_email"}
            assert emails == {
                email: sum(each["visitor_email"] == email for each in theirs)
                for email in {each["visitor_email"] for each in theirs} - {None}
            }
            assert {identity.standing for identity in person.identities} <= {"joins"}


def test_who_is_deleted_altogether_is_nobody(store):
    insert(store, [chat("gone", visitor_email="rin@example.com", deleted_at=NOW)])
    derive_due(store, "UTC", NOW)
    assert person_of(store, id_of("gone")) is None
    assert person_of(store, id_of("never there")) is None
