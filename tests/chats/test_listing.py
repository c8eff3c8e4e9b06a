import pytest

from lib.chats import listing
from lib.chats.filter.filter import EMPTY, ChatFilter
from lib.chats.listing import PAGE_SIZE, SORT_KEYS, Sort, chat_page, neighbours
from lib.screen.chats.table import SHOWN
from tests.worlds import TOKYO, chat, id_of, insert

START = Sort()


def listed(store, chosen=EMPTY, sort=START):
    """The ids of all pages, one after the other."""
    found, page = [], 1
    while ids := list(chat_page(store, chosen, TOKYO, sort, page)["id"]):
        found, page = found + ids, page + 1
    return found


def test_a_row_holds_what_the_list_shows(sample_like):
    row = chat_page(sample_like, ChatFilter(category="monitored"), TOKYO, START, 1).iloc[0].to_dict()
    assert row["id"] == id_of("monitored")
    assert (row["operator"], row["status"], bool(row["monitored"])) == ("Aoi", "ongoing", True)
    assert {"id", "system", "monitored", *SHOWN} == set(row)


def test_the_newest_come_first_and_unknown_starts_last(sample_like):
    page = chat_page(sample_like, EMPTY, TOKYO, START, 1)
    known = page["started_at"].dropna()
    assert known.is_monotonic_decreasing
    assert list(page["id"])[-1] == id_of("no start")


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("key", [key for key in SORT_KEYS if key not in ("end", "due")])  # These are not shown.
def test_unknown_values_come_last_and_ties_by_id(sample_like, key, descending):
    page = chat_page(sample_like, EMPTY, TOKYO, Sort(key, descending), 1)
    column = {"start": "started_at", "wait": "wait_s", "duration": "duration_s", "visitor": "visitor_name"}
    values = page[{**column, "messages": "message_count"}.get(key, key)]
    known = values.dropna()
    assert values.isna().to_numpy()[len(known) :].all()
    assert known.is_monotonic_decreasing if descending else known.is_monotonic_increasing
    for _, ids in page.groupby(values, dropna=False)["id"]:
        assert list(ids) == sorted(ids)


def test_two_and_a_half_pages(store):
    insert(store, [chat(str(n)) for n in range(PAGE_SIZE * 5 // 2)])
    assert [len(chat_page(store, EMPTY, TOKYO, START, page)) for page in (1, 2, 3, 4)] == [100, 100, 50, 0]
    assert listed(store) == sorted(id_of(str(n)) for n in range(PAGE_SIZE * 5 // 2))


@pytest.mark.parametrize("chosen", [EMPTY, ChatFilter(words="parcel"), ChatFilter(category="ongoing", country=("ZZ",))])
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("key", SORT_KEYS)
def test_far_pages_are_in_the_same_order_as_near_ones(sample_like, monkeypatch, key, descending, chosen):
    sort = Sort(key, descending)
    whole = list(chat_page(sample_like, chosen, TOKYO, sort, 1)["id"])
    monkeypatch.setattr(listing, "PAGE_SIZE", 9)
    monkeypatch.setattr(listing, "NEAR_PAGES", 0)
    assert listed(sample_like, chosen, sort) == whole


@pytest.mark.parametrize("page", [0, -1, -(10**30)])
def test_a_page_before_the_first_is_the_first(sample_like, page):
    first = list(chat_page(sample_like, EMPTY, TOKYO, START, 1)["id"])
    assert list(chat_page(sample_like, EMPTY, TOKYO, START, page)["id"]) == first


@pytest.mark.parametrize("page", [2, 10**9, 10**18, 10**30])
def test_a_page_after_the_last_is_empty(sample_like, page):
    assert len(chat_page(sample_like, EMPTY, TOKYO, START, page)) == 0


@pytest.mark.parametrize("chosen", [ChatFilter(words="parcel", period="last_7"), ChatFilter(category="missed")])
def test_every_chat_stands_between_its_neighbours(sample_like, chosen):
    ids = listed(sample_like, chosen)
    assert len(ids) >= 5
    for position, chat_id in enumerate(ids):
        found = neighbours(sample_like, chosen, TOKYO, START, chat_id)
        assert found.position == position
        assert found.previous == (ids[position - 1] if position else None)
        assert found.following == (ids[position + 1] if position + 1 < len(ids) else None)


@pytest.mark.parametrize("name", ["deleted", "from Japan", "never heard of"])
def test_a_chat_that_is_not_in_the_result_has_no_neighbours(sample_like, name):
    assert neighbours(sample_like, ChatFilter(category="missed"), TOKYO, START, id_of(name)) is None
