"""Saved views: names, who sees and changes what, order, undo, and what is there from the start."""

import json
import threading
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.chats.counts import category_counts
from lib.chats.filter.filter import ChatFilter, Condition, Conditions
from lib.chats.listing import SORT_KEYS, Sort, chat_page
from lib.language import LANGUAGES, in_language
from lib.store import Store
from lib.views import kept as kept_contents
from lib.views.content import (
    DEFAULT_NAMES,
    LONGEST_NAME,
    chats_content,
    clean_name,
    is_same,
    read_chats,
    read_sql,
    sql_content,
)
from lib.views.kept import keep, kept
from lib.views.saved import SavedView, saved_views
from lib.views.saving import MOST_CHATS, delete, move, rename, replace_content, restore, save, set_shared, set_threshold
from tests import worlds
from tests.chats.test_filter_link import FILTERS
from tests.worlds import NOW, TOKYO, chat

CONTENT = chats_content(ChatFilter(category="missed"), Sort())


def saved(store: Store, name: str = "Mine", person: str = "Ann", **fields) -> SavedView:
    made = save(store, name, "chats", CONTENT, person, **fields)
    assert isinstance(made, SavedView), made
    return made


def names(store: Store, person: str = "Ann") -> list[str]:
    return [view.shown_name for view in saved_views(store, person)]


def events(store: Store) -> list[tuple[str, str, dict]]:
    found = store.read("SELECT action, actor, detail FROM events WHERE action LIKE 'view_%' ORDER BY happened_at")
    return [(row["action"], row["actor"], json.loads(row["detail"])) for row in found]


# What is kept of a filter


@given(FILTERS, st.builds(Sort, st.sampled_from(SORT_KEYS), st.booleans()))
def test_a_content_means_the_filter_and_the_order_that_it_was_made_of(chosen, sort):
    content = chats_content(chosen, sort)
    found = read_chats("chats", content)
    assert found
    assert found[0] == (chosen if chosen.words.strip() else chosen.without("words"))
    assert found[1] == sort


def test_a_link_that_is_used_works_on(store, monkeypatch):
    moment = [NOW]
    monkeypatch.setattr(kept_contents, "now", lambda: moment[0])
    used, unused = (keep(store, text, "Ann") for text in ("used", "unused"))
    for _day in range(400):
        moment[0] += timedelta(days=1)
        assert kept(store, used) == "used"
    keep(store, "another", "Ann")
    assert kept(store, used) == "used"
    assert kept(store, unused) is None
    assert keep(store, "used", "Ben") == used


def test_a_link_that_is_used_on_each_rerun_is_not_written_on_each(store, monkeypatch):
    moment, writes = [NOW], []
    monkeypatch.setattr(kept_contents, "now", lambda: moment[0])
    key, write = keep(store, "daily", "Ann"), store.write
    monkeypatch.setattr(store, "write", lambda work, **how: writes.append(work) or write(work, **how))
    for _hour in range(24 * 30):
        moment[0] += timedelta(hours=1)
        kept(store, key)
        keep(store, "daily", "Ben")
    assert len(writes) <= 5


def test_days_that_count_from_today_stay_so():
    content = chats_content(ChatFilter(period="last_7"), Sort())
    assert json.loads(content)["query"]["period"] == ["last_7"]


@pytest.mark.parametrize(
    "content",
    ["", "x", "null", "[]", "{}", '{"query": []}', '{"query": {"a": "b"}, "private": ""}', '{"query": {}}', "[" * 9999,
     '{"query": {"a": [1]}, "private": ""}', '{"query": {}, "private": null}', '{"query": {}, "private": "x"}',
     '{"query": {"period": ["newer"]}, "private": ""}'],
)  # fmt: skip
def test_a_view_that_cannot_be_read_any_more_keeps_its_name_and_shows_nothing(store, content):
    worlds.insert(store, [chat("one")])
    bad, good = saved(store, "Bad"), saved(store, "Good")
    store.write(
        lambda cursor: cursor.execute(
            "UPDATE saved_views SET content = $content WHERE id = $id", {"content": content, "id": bad.id}
        )
    )
    assert names(store) == ["Bad", "Good"]
    assert isinstance(rename(store, bad.id, "Better", "Ann"), SavedView)
    assert isinstance(move(store, good.id, "up", "Ann"), SavedView)
    for page in ("chats", "missed"):
        chosen, _sort = read_chats(page, content)
        assert chosen.unreadable
        assert category_counts(store, chosen, TOKYO)["all"] == 0
        assert read_chats(page, chats_content(chosen, Sort()))[0] == chosen
    assert read_sql(content) is None


def test_a_query_is_kept_with_its_parts():
    parts = {"sql": "SELECT $n", "params": {"n": "返金"}}
    assert read_sql(sql_content(parts)) == parts
    assert read_chats("explore", CONTENT) is None
    assert is_same("explore", sql_content(parts), json.dumps(parts))
    assert not is_same("explore", sql_content(parts), sql_content(parts | {"sql": "SELECT 2"}))


@pytest.mark.parametrize("content", ['{"sql": ""}', '{"sql": 1}', CONTENT, '["sql"]'])
def test_what_holds_no_query_is_no_view_of_explore(content):
    assert read_sql(content) is None


@pytest.mark.parametrize("change", ["page = 'reports'", "name = NULL", "code = 'unknown', name = NULL"])
def test_a_row_of_a_kind_that_is_not_known_is_left_out(store, change):
    saved(store)
    store.write(lambda cursor: cursor.execute(f"UPDATE saved_views SET {change}"))
    assert names(store) == []


# Names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Two \n lines\t", "Two lines"),
        ("a\x00b\x1b\x7f\u202ec\ud800", "abc"),
        ("返金　待ち", "返金 待ち"),
        ("שלום", "שלום"),
        ("👩‍👩‍👧 🎉", "👩‍👩‍👧 🎉"),
        ("![x](https://evil.example/y.png) :red[z]", "![x](https://evil.example/y.png) :red[z]"),
        ("\u200b\u200d", ""),
        ("\u0301", ""),
        (" ", ""),
    ],
)
def test_a_name_is_kept_without_what_cannot_be_seen(typed, name):
    assert clean_name(typed) == name


@given(st.text())
def test_cleaning_twice_changes_nothing(typed):
    assert clean_name(clean_name(typed)) == clean_name(typed)


def test_a_name_has_an_end(store):
    assert save(store, "", "chats", CONTENT, "Ann") == "no_name"
    assert save(store, "x" * (LONGEST_NAME + 1), "chats", CONTENT, "Ann") == "too_long"
    assert saved(store, f" {'x' * LONGEST_NAME} ").name == "x" * LONGEST_NAME
    assert len(events(store)) == 1


@pytest.mark.parametrize("again", ["Refunds", "refunds ", "ＲＥＦＵＮＤＳ"])
def test_the_same_name_twice_is_refused(store, again):
    view, other = saved(store, "Refunds"), saved(store, "Other")
    assert save(store, again, "chats", CONTENT, "Ann") == "same_name"
    assert rename(store, other.id, again, "Ann") == "same_name"
    assert rename(store, view.id, "Refunds", "Ann") == view
    assert names(store) == ["Refunds", "Other"]


def test_a_name_that_another_person_keeps_private_can_be_used(store):
    saved(store, "Refunds", "Ann")
    saved(store, "Refunds", "Ben")
    assert names(store, "Ann") == names(store, "Ben") == ["Refunds"]


# Two persons


def test_a_person_sees_and_changes_the_own_and_the_shared_views(store):
    mine, ours = saved(store, "Mine", "Ann"), saved(store, "Ours", "Ann", shared=True)
    assert names(store, "Ann") == ["Mine", "Ours"]
    assert names(store, "Ben") == ["Ours"]
    for refused in (
        rename(store, mine.id, "His", "Ben"),
        set_threshold(store, mine.id, 1, "Ben"),
        replace_content(store, mine.id, "missed", CONTENT, "Ben"),
        move(store, mine.id, "down", "Ben"),
        delete(store, mine.id, "Ben"),
        restore(store, mine.id, "Ben"),
        set_shared(store, mine.id, "Ben", shared=True),
    ):
        assert refused == "gone"
    assert set_shared(store, ours.id, "Ben", shared=False) == "not_yours"
    assert isinstance(rename(store, ours.id, "Everybody's", "Ben"), SavedView)
    assert isinstance(set_threshold(store, ours.id, 5, "Ben"), SavedView)
    assert isinstance(set_shared(store, mine.id, "Ann", shared=True), SavedView)
    assert names(store, "Ben") == ["Mine", "Everybody's"]
    assert isinstance(set_shared(store, ours.id, "Ann", shared=False), SavedView)
    assert names(store, "Ben") == ["Mine"]


def test_each_change_is_an_event_that_does_not_tell_the_content(store):
    words = chats_content(ChatFilter(words="Rin Kato"), Sort())
    view = save(store, "Rin", "chats", words, "Ann", shared=True, threshold=3)
    assert isinstance(view, SavedView)
    rename(store, view.id, "Kato", "Ben")
    set_threshold(store, view.id, None, "Ben")
    set_shared(store, view.id, "Ann", shared=False)
    set_shared(store, view.id, "Ann", shared=True)
    replace_content(store, view.id, "missed", CONTENT, "Ann")
    delete(store, view.id, "Ben")
    restore(store, view.id, "Ann")
    assert [(action, actor) for action, actor, _ in events(store)] == [
        ("view_saved", "Ann"),
        ("view_renamed", "Ben"),
        ("view_threshold_set", "Ben"),
        ("view_made_private", "Ann"),
        ("view_shared", "Ann"),
        ("view_updated", "Ann"),
        ("view_deleted", "Ben"),
        ("view_restored", "Ann"),
    ]
    assert events(store)[1][2] == {
        "view": str(view.id), "called": "Kato", "name": {"before": "Rin", "after": "Kato"}
    }  # fmt: skip
    assert "Rin Kato" not in str(events(store))


def test_what_changes_nothing_is_no_event(store):
    view = saved(store, threshold=2)
    assert set_threshold(store, view.id, 2, "Ann") == set_shared(store, view.id, "Ann", shared=False) == view
    assert move(store, view.id, "up", "Ann") == view
    assert len(events(store)) == 1


@pytest.mark.parametrize(("given", "kept"), [(-1, 0), (0, 0), (None, None), (10**30, MOST_CHATS)])
def test_a_threshold_is_a_number_of_chats(store, given, kept):
    assert saved(store, threshold=given).threshold == kept
    assert saved_views(store, "Ann")[0].threshold == kept


# Order


def test_views_move_past_the_neighbour_that_is_seen(store):
    a, hidden, b, c = (
        saved(store, name, person, shared=person == "Ann")
        for name, person in (("a", "Ann"), ("his", "Ben"), ("b", "Ann"), ("c", "Ann"))
    )
    assert isinstance(move(store, b.id, "up", "Ann"), SavedView)
    assert names(store, "Ann") == ["b", "a", "c"]
    assert names(store, "Ben") == ["b", "a", "his", "c"]
    move(store, c.id, "down", "Ann")
    move(store, b.id, "up", "Ann")
    assert names(store, "Ann") == ["b", "a", "c"]
    move(store, b.id, "down", "Ann")
    move(store, b.id, "down", "Ann")
    assert names(store, "Ann") == ["a", "c", "b"]
    assert isinstance(rename(store, hidden.id, "still his", "Ben"), SavedView)
    assert names(store, "Ben") == ["a", "still his", "c", "b"]
    assert names(store, "Ann")[0] == a.name


def test_other_changes_leave_the_order_alone(store):
    a, b = saved(store, "a"), saved(store, "b")
    rename(store, a.id, "z", "Ann")
    set_threshold(store, b.id, 1, "Ann")
    delete(store, a.id, "Ann")
    saved(store, "c")
    restore(store, a.id, "Ann")
    assert names(store) == ["z", "b", "c"]


# Deleting and undo; two at once


def test_a_deleted_view_comes_back_as_it_was(store):
    view = saved(store, threshold=4, shared=True)
    assert isinstance(delete(store, view.id, "Ben"), SavedView)
    assert names(store) == []
    assert delete(store, view.id, "Ann") == rename(store, view.id, "x", "Ann") == "gone"
    assert restore(store, view.id, "Ann") == restore(store, view.id, "Ann") == view
    assert saved_views(store, "Ann") == [view]


def test_a_deleted_view_does_not_come_back_beside_one_of_its_name(store):
    view = saved(store, "Refunds")
    delete(store, view.id, "Ann")
    saved(store, "refunds")
    assert restore(store, view.id, "Ann") == "same_name"
    assert names(store) == ["refunds"]


def test_a_view_that_never_was_is_gone(store):
    assert rename(store, uuid4(), "x", "Ann") == restore(store, uuid4(), "Ann") == "gone"


def at_once(*works) -> list:
    """What becomes of works that begin in the same moment."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        barrier.wait()
        results[place] = work()

    threads = [threading.Thread(target=run, args=numbered) for numbered in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_renaming_and_deleting_at_once_leave_the_view_deleted(store):
    view = saved(store, shared=True)
    renamed, deleted = at_once(lambda: rename(store, view.id, "New", "Ann"), lambda: delete(store, view.id, "Ben"))
    assert isinstance(deleted, SavedView)
    assert renamed == "gone" or (isinstance(renamed, SavedView) and deleted.name == "New")
    assert names(store) == []


def test_of_many_who_save_the_same_name_at_once_one_succeeds(store):
    found = at_once(*[lambda: save(store, "Same", "chats", CONTENT, "Ann", shared=True)] * 4)
    kinds = Counter(each if isinstance(each, str) else "saved" for each in found)
    assert kinds == {"saved": 1, "same_name": 3}
    assert names(store) == ["Same"]


# There from the start


@pytest.fixture
def new_store(location):
    store = Store(location)
    yield store
    store.close()


def test_some_views_are_there_from_the_start_in_both_languages(new_store):
    assert [view.code for view in saved_views(new_store, "Ann")] == list(DEFAULT_NAMES)
    assert names(new_store)[0] == "Missed today"
    shown = {}
    for language in LANGUAGES:
        with in_language(language):
            shown[language] = names(new_store)
    assert not set(shown["en"]) & set(shown["ja"])


def test_they_can_be_renamed_and_deleted_for_good(new_store, location):
    today, longest, *_ = saved_views(new_store, "Ann")
    with in_language("ja"):
        shown = today.shown_name
    assert save(new_store, shown, "chats", CONTENT, "Ann") == "same_name"
    assert rename(new_store, longest.id, shown, "Ann") == "same_name"
    assert set_shared(new_store, today.id, "Ann", shared=False) == "not_yours"
    renamed = rename(new_store, today.id, "Hot", "Ann")
    assert isinstance(renamed, SavedView)
    with in_language("ja"):
        assert names(new_store)[0] == "Hot"
    delete(new_store, longest.id, "Ann")
    new_store.close()
    again = Store(location)
    assert [view.shown_name for view in saved_views(again, "Ben")][:2] == ["Hot", "Low ratings with comment"]
    again.close()


def test_each_shows_what_its_name_says(new_store):
    worlds.insert(
        new_store,
        [
            chat("missed now", status="missed", started_at=NOW, visitor_email="a@example.com"),
            chat("missed before", status="missed", visitor_phone="1"),
            chat("missed, nobody knows by whom", status="missed"),
            chat("angry", rating=1, comment="Slow"),
            chat("angry and silent", rating=1),
            chat("happy", rating=5, comment="Quick"),
            chat("again", status="reopened"),
            chat("again long ago", status="reopened", started_at=NOW.replace(month=10)),
        ],
    )
    found = {}
    for view in saved_views(new_store, "Ann"):
        chosen, sort = read_chats(view.page, view.content)
        rows = chat_page(new_store, chosen, TOKYO, sort, 1, columns="vendor_id")
        found[view.code] = list(rows["vendor_id"])
        assert category_counts(new_store, chosen, TOKYO)[chosen.category] == len(rows)
    assert found == {
        "missed_today": ["missed now"],
        "waiting_longest": ["missed before", "missed now"],
        "low_ratings": ["angry"],
        "reopened_lately": ["again"],
        "no_contact": ["missed, nobody knows by whom"],
    }


def test_the_condition_on_the_comment_is_one_of_the_program(new_store):
    low = next(view for view in saved_views(new_store, "Ann") if view.code == "low_ratings")
    chosen, _sort = read_chats(low.page, low.content)
    assert chosen == ChatFilter(rating=("1", "2"), conditions=Conditions("all", (Condition("comment", "filled"),)))
