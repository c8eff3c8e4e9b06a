"""The queue: each part is what its states say, and whose chats belong together."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.stale import mark_all_missed
from lib.missed import changes
from lib.missed.apply import apply
from lib.missed.derive import derive_due
from lib.missed.history import follow_up_of, history
from lib.missed.queue import (
    QUEUE_SORT,
    QUEUE_TABS,
    all_matching,
    chosen_by,
    of_same_visitor,
    queue_counts,
    queue_page,
    tab_of,
    usual_sort,
    versions,
    without_tab,
)
from lib.store import Store
from tests.conftest import location_in
from tests.worlds import NOW, TOKYO, chat, id_of, insert

DAY = timedelta(days=1)
MANY = 90
PARTS = ("open", "contacted", "came_back", "done", "no_contact", "past")


def some_chat(chance, n):
    return chat(
        f"q{n}",
        status=chance.choice(["missed", "missed", "missed", "completed"]),
        started_at=chance.choice([None, NOW - chance.randint(0, 50) * DAY / 2]),
        visitor_email=chance.choice(
            [None, None, "a@example.com", "B@example.com", "b@example.com", f"{n}@example.com"]
        ),
        visitor_phone=chance.choice([None, None, "+49 1"]),
        visitor_id=chance.choice([None, "v1"]),
        operator=chance.choice([None, "Aoi"]),
        department=chance.choice([None, "Orders"]),
    )


@pytest.fixture(scope="module")
def busy(kind, tmp_path_factory):
    """Chats on which people have worked, derived; to read from."""
    store = Store(location_in(tmp_path_factory.mktemp("busy"), kind))
    chance = random.Random(7)
    insert(store, [some_chat(chance, n) for n in range(MANY)])
    store.write(mark_all_missed)
    derive_due(store, "Asia/Tokyo", NOW)
    for n in range(0, MANY, 2):
        person = chance.choice(["Ann", "Ken"])
        change = chance.choice(
            [
                changes.take(person),
                changes.not_needed("spam"),
                changes.contacted(person, NOW - DAY),
                changes.set_due(NOW),
            ]
        )
        apply(store, change, {id_of(f"q{n}"): None}, person)
    store.write(mark_all_missed)
    derive_due(store, "Asia/Tokyo", NOW)
    yield store
    store.close()


def test_each_count_is_the_number_of_rows_of_its_tab(busy):
    for chosen in (
        EMPTY,
        ChatFilter(department=("Orders",)),
        ChatFilter(assignee=("Ann",)),
        ChatFilter(repeated="yes"),
    ):
        counts = queue_counts(busy, chosen, TOKYO, "Ken")
        for tab in QUEUE_TABS:
            rows = queue_page(busy, chosen_by(tab, chosen, "Ken"), TOKYO, QUEUE_SORT, 1)
            assert len(rows) == counts[tab], tab
            assert len(all_matching(busy, chosen_by(tab, chosen, "Ken"), TOKYO)) == counts[tab]


def test_every_missed_chat_is_in_exactly_one_part(busy):
    counts = queue_counts(busy, EMPTY, TOKYO, "Ken")
    assert sum(counts[part] for part in PARTS) == counts["any"] > 0
    assert all(counts[part] for part in PARTS)


def test_the_row_and_the_single_chat_tell_the_same(busy):
    for row in queue_page(busy, ChatFilter(category="missed"), TOKYO, QUEUE_SORT, 1).to_dict("records"):
        found = follow_up_of(busy, row["id"])
        assert (found.state, found.version, found.assignee) == (row["state"], row["version"], _known(row["assignee"]))
        assert [done.detail["version"] for done in history(busy, row["id"])] == [*range(found.version, 0, -1)]


def _known(value):
    return None if value != value else value


def test_what_is_due_first_comes_first(busy):
    rows = queue_page(busy, chosen_by("open", EMPTY, "Ken"), TOKYO, QUEUE_SORT, 1)
    dues = [due for due in rows["due_at"] if due == due]
    assert dues == sorted(dues)


def test_the_newest_comes_first_where_nothing_is_due(busy):
    for tab in ("contacted", "came_back", "done", "no_contact", "past", "any"):
        chosen = chosen_by(tab, EMPTY, "Ken")
        rows = queue_page(busy, chosen, TOKYO, usual_sort(chosen), 1)
        starts = [start for start in rows["started_at"] if start == start]
        assert starts == sorted(starts, reverse=True) != []


def test_tabs_and_filters_keep_each_other(busy):
    chosen = ChatFilter(department=("Orders",), assignee=("Ann",))
    for tab in QUEUE_TABS:
        own = chosen_by(tab, chosen, "Ken")
        assert tab_of(own, "Ken") == tab
        assert own.department == ("Orders",)
        assert without_tab(own, "Ken").assignee == (() if tab == "mine" else ("Ann",))
    mine = chosen_by("mine", EMPTY, "Ken")
    assert chosen_by("open", mine, "Ken").assignee == ()
    assert tab_of(replace(EMPTY, news="missed", since=NOW), "Ken") is None


def test_the_other_missed_chats_of_a_visitor(store):
    known = {"status": "missed", "visitor_email": "rin@example.com"}
    insert(
        store,
        [
            chat("own", started_at=NOW - 10 * DAY, visitor_phone="+49 1", **known),
            chat("same address", started_at=NOW - 9 * DAY, status="missed", visitor_email="RIN@example.com"),
            chat("same phone", started_at=NOW - 8 * DAY, status="missed", visitor_phone="+49 1"),
            chat("too early", started_at=NOW - 41 * DAY, **known),
            chat("served", started_at=NOW, visitor_email="rin@example.com"),
            chat("deleted", started_at=NOW, deleted_at=NOW, **known),
            chat("other", started_at=NOW, status="missed", visitor_email="mia@example.com"),
        ],
    )
    assert of_same_visitor(store, id_of("own")) == [id_of("same phone"), id_of("same address")]
    assert versions(store, [id_of("own"), id_of("nowhere")]) == {id_of("own"): 0}


def test_only_a_missed_chat_has_a_place_in_the_ledger(store):
    insert(store, [chat("done"), chat("gone", status="missed", deleted_at=NOW)])
    assert follow_up_of(store, id_of("done")) is follow_up_of(store, id_of("gone")) is None
    assert history(store, id_of("done")) == []
