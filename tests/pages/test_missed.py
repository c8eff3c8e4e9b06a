"""Missed chats: the tabs, the list, what can be done with one chat and with several, and what is told of it."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lib.chats.notes import add_note
from lib.missed import changes
from lib.missed.apply import apply
from lib.missed.queue import versions
from lib.missed.team import remove_colleague
from lib.screen.chats.view import QUEUE_PAGE
from lib.screen.frame.page import MISSED as PAGE
from tests.missed.replaying import replayed, stored
from tests.pages.driving import MISSED, body, captions, click, has, open_chat, outcome_key, press, run, table, visit
from tests.worlds import id_of


@pytest.fixture(autouse=True)
def tokyo(set_up) -> None:
    """The worlds' time is Monday noon there, in the working hours."""
    set_up(ZONE="Asia/Tokyo")


def queued(at: AppTest) -> list[str]:
    """The visitors in the list, from its top."""
    found = table(at, "queue_")
    return [] if found is None else list(found["visitor_name"])


def tabs(at: AppTest) -> dict[str, int]:
    """The counts of the tabs by their names."""
    control = next(node for node in at.button_group if node.key == "w_queue")
    names = [option.content.removeprefix(":red[").removesuffix("]") for option in control.proto.options]
    return {name.rsplit(" **", 1)[0]: int(name.rsplit("**", 2)[-2]) for name in names}


def at_tab(tab: str, **how) -> AppTest:
    return visit(MISSED, {"category": "missed", **({} if tab == "any" else {"queue": tab})}, **how)


def opened(name: str, **how) -> AppTest:
    return visit(MISSED, {"chat": str(id_of(name))}, **how)


def column(store, name: str, of: str):
    return store.read(f"SELECT {of} AS value FROM chats WHERE id = $id", {"id": id_of(name)})[0]["value"]


def test_the_page_is_the_one_that_the_address_is_read_for():
    assert QUEUE_PAGE == PAGE.path == MISSED


def test_the_queue_begins_with_what_is_due_first_and_counts_each_part(world):
    world("queue")
    at = visit(MISSED)
    assert queued(at) == ["Tom", "Early", "Held", "Tom", "Late"]
    assert tabs(at) == {
        "To do": 5, "Mine": 0, "Overdue": 4, "Contacted": 1, "Came back": 1, "Done": 1, "No contact data": 1, "Past": 0,
        "All": 9,
    }  # fmt: skip
    assert "5 of 9 missed chats" in captions(at)


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("overdue", ["Tom", "Early", "Held", "Tom"]),
        ("contacted", ["Written"]),
        ("came_back", ["Rin"]),
        ("done", ["Spammed"]),
        ("no_contact", ["Mute"]),
        ("assigned", ["Held"]),
    ],
)
def test_each_part_has_its_link(world, tab, expected):
    world("queue")
    assert queued(at_tab(tab)) == expected


def test_every_missed_chat_is_in_one_part(world):
    world("queue")
    parts = ("open", "contacted", "came_back", "done", "no_contact", "past")
    found = [name for part in parts for name in queued(at_tab(part))]
    assert sorted(found) == sorted(queued(at_tab("any")))


def test_filters_apply_and_can_be_taken_away(world):
    world("queue")
    at = visit(MISSED, {"department": "Orders"})
    assert queued(at) == ["Early"]
    assert "Missed chats in department Orders, not contacted yet" in body(at)
    assert tabs(at)["All"] == 1
    at = click(at, "reset_filters")
    assert len(queued(at)) == 5


def test_the_filters_of_the_ledger(world):
    world("queue")
    assert queued(visit(MISSED, {"assignee": "Ann"})) == ["Held"]
    assert queued(visit(MISSED, {"repeated": "yes"})) == ["Tom", "Tom"]
    at = visit(MISSED, {"cause": "assigned_silent", "category": "missed"})
    assert queued(at) == ["Mute"]
    assert "Assigned but silent" in body(at)


def test_one_chat_is_taken_contacted_and_put_back(world):
    store = world("queue")
    at = click(opened("early"), "follow_take")
    assert "You have taken 1 chat." in body(at)
    assert column(store, "early", "assignee") == "Tester"
    assert "with Tester" in body(at)
    assert queued(click(at, "follow_contacted"))[0] == "Tom"
    at = opened("early")
    assert "1 chat is marked as contacted." not in body(at)
    assert "by Tester" in body(at)
    at = click(at, "follow_reopen")
    assert "1 chat is to do again." in body(at)
    at = press(at, "undo")
    assert "1 chat is as it was before." in body(at)
    assert column(store, "early", "contacted_by") == "Tester"
    assert stored(store)[id_of("early")] == replayed(store)[id_of("early")]


def test_the_history_of_a_chat_tells_who_did_what(world):
    world("queue")
    click(opened("early"), "follow_take")
    at = visit(MISSED, {"chat": str(id_of("early")), "tab": "notes"})
    assert "· Tester · Took the chat" in body(at)


def test_who_is_slower_is_told_who_was_faster(world):
    store = world("queue")
    at = opened("early")
    apply(store, changes.take("Ann"), {id_of("early"): 0}, "Ann")
    at = click(at, "follow_take")
    assert "1 chat was left alone, because Ann has it." in body(at)
    assert not outcome_key(at, "undo")
    assert column(store, "early", "assignee") == "Ann"


def test_a_chat_is_marked_as_not_needed_with_a_reason(world):
    store = world("queue")
    at = click(opened("early"), "follow_not_needed")
    at = run(at.radio(key="not_needed_reason").set_value("other"))
    at = click(at, "confirm_not_needed")
    assert [badge.value for badge in at.markdown if "Say in a few words why." in badge.value]
    assert column(store, "early", "not_needed") is None
    at.text_input(key="not_needed_text").input("Answered by phone")
    at = click(at, "confirm_not_needed")
    assert "1 chat is marked as not needed." in body(at)
    assert column(store, "early", "not_needed_text") == "Answered by phone"
    assert "Other · Answered by phone" in body(at)
    press(at, "undo")
    assert column(store, "early", "not_needed") is None


def test_a_chat_is_assigned_to_a_colleague(world):
    store = world("queue")
    apply(store, changes.take("Ann"), {id_of("late"): 0}, "Ann")
    at = click(opened("early"), "follow_assign")
    at = run(at.text_input(key="assign_to").set_value("Ann"))
    at = click(at, "confirm_assign")
    assert "1 chat is assigned to Ann." in body(at)
    assert column(store, "early", "assignee") == "Ann"


def test_a_chat_can_be_given_to_the_team_to_who_acted_and_to_the_operators_of_the_history(world):
    store = world("queue")
    add_note(store, id_of("early"), "Seen", "Noriko")
    for name in ("Ann", "Left"):
        apply(store, changes.take(name), {id_of("late"): versions(store, [id_of("late")])[id_of("late")]}, name)
    remove_colleague(store, "Left", "Ann")
    at = click(opened("early"), "follow_assign")
    offered = list(table(at, "assign_names")["name"])
    assert {"Ann", "Noriko", "Aoi"} <= set(offered)
    assert "Left" not in offered
    at = click(at, "confirm_assign")
    assert [badge.value for badge in at.markdown if "Choose a name, or type one." in badge.value]
    # A name typed anew arrives with the click.
    at.text_input(key="assign_to").input(" Somebody   new ")
    at = click(at, "confirm_assign")
    assert column(store, "early", "assignee") == "Somebody new"


def test_a_due_time_is_set_and_given_back_to_the_working_hours(world):
    store = world("queue")
    at = click(click(opened("early"), "follow_due"), "confirm_set_due")
    assert "1 chat has a new due time." in body(at)
    # Tomorrow at nine in Tokyo.
    assert column(store, "early", "due_set_at") == pd.Timestamp("2026-11-24 00:00")
    click(click(at, "follow_due"), "confirm_reset_due")
    assert column(store, "early", "due_set_at") is None


def test_all_that_match_are_handled_together_and_the_rest_is_named(world):
    store = world("queue")
    at = visit(MISSED)
    assert at.button(key="several_take").disabled
    at = run(at.toggle[0].set_value(True))
    assert "5 chosen:" in body(at)
    at = click(at, "several_take")
    assert "You have taken 4 chats. 1 chat was left alone, because Ann has it." in body(at)
    assert at.toggle[0].value is False
    assert tabs(at)["Mine"] == 4
    at = press(at, "undo")
    assert "4 chats are as they were before." in body(at)
    assert store.read("SELECT count(*) AS n FROM chats WHERE assignee = 'Tester'") == [{"n": 0}]


def test_a_tick_that_comes_with_the_click_counts(world):
    store = world("queue")
    at = visit(MISSED)
    key = next(found.key for found in at.dataframe if found.key.startswith("queue_"))
    for rows in ([0], [0, 1]):
        at.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
        at = click(at, "several_assign") if len(rows) > 1 else run(at)
    assert "2 missed chats" in captions(at)
    assert len(store.read("SELECT 1 FROM chats WHERE assignee = 'Tester'")) == 0


def test_beside_an_open_chat_there_is_a_bar_for_what_is_ticked(world):
    store = world("queue")
    assert has(visit(MISSED), "queue_bar")
    at = opened("held")
    assert not has(at, "queue_bar")
    assert not has(at, "missed_news")
    key = next(found.key for found in at.dataframe if found.key.startswith("queue_"))
    at.session_state[key] = {"selection": {"rows": [0, 1], "columns": [], "cells": []}}
    at = run(at)
    assert "2 chosen:" in body(at)
    click(at, "several_not_needed")
    assert "2 missed chats" in captions(at)
    assert column(store, "held", "assignee") == "Ann"


def test_the_other_chats_of_a_visitor_come_along_with_the_key_that_is_pressed_at_once(world):
    store = world("queue")
    at = opened("twice")
    at.button(key=f"together_{id_of('twice')}").click()
    click(at, "follow_take")
    assert {row["id"] for row in store.read("SELECT id FROM chats WHERE assignee = 'Tester'")} == {
        id_of("twice"),
        id_of("twice again"),
    }


def test_the_chats_of_a_visitor_are_handled_together(world):
    store = world("queue")
    at = opened("twice")
    at = click(at, f"together_{id_of('twice')}")
    at = click(at, "follow_take")
    assert "You have taken 2 chats." in body(at)
    assert column(store, "twice again", "assignee") == "Tester"


def test_a_chat_that_left_the_queue_still_leads_to_the_next_one(world):
    world("queue")
    at = click(opened("early"), "follow_contacted")
    at = click(at, "next_chat")
    assert at.query_params["chat"] == str(id_of("held"))


def test_mine_is_by_person(world):
    world("queue")
    at = at_tab("open", session={"acting_as": "Ann"})
    at.button_group(key="w_queue")
    assert tabs(at)["Mine"] == 1
    assert queued(visit(MISSED, {"queue": "open", "assignee": "Ann"}, session={"acting_as": "Ann"})) == ["Held"]


def test_nothing_to_do_says_so(world):
    world("one")
    assert "Nothing here under these filters." in [each.value for each in visit(MISSED).info]
    assert "No chat was missed." in at_tab("any").success[0].value


def test_a_missed_chat_has_its_controls_on_the_page_chats_too(world):
    store = world("queue")
    click(open_chat("early"), "follow_take")
    assert column(store, "early", "assignee") == "Tester"
    assert not has(open_chat("plain"), "follow_take")


def test_what_is_past_has_a_tab_and_is_taken_back_in_with_undo(world):
    world("history")
    at = visit(MISSED)
    assert (tabs(at)["To do"], tabs(at)["Past"]) == (5, 1)
    assert queued(at_tab("past")) == ["Old"]
    at = click(visit(MISSED, {"category": "missed", "queue": "past", "chat": str(id_of("old"))}), "follow_take_in")
    assert "1 chat is taken back in." in body(at)
    assert (tabs(at)["To do"], tabs(at)["Past"]) == (6, 0)
    at = press(at, "undo")
    assert (tabs(at)["To do"], tabs(at)["Past"]) == (5, 1)


def test_several_past_chats_are_taken_back_in_at_once(world):
    world("history")
    at = at_tab("past")
    at = run(next(t for t in at.toggle if str(t.key).startswith("queue_every")).set_value(True))
    assert tabs(click(at, "several_take_in"))["Past"] == 0
    assert not has(visit(MISSED), "several_take_in")


def test_the_list_tells_how_long_each_visitor_waits_and_what_was_asked(world):
    world("queue")
    found = table(visit(MISSED), "queue_")
    assert list(found["age"]) == ["waits 6 d", "waits 5 d", "waits 4 d", "waits 3 d", "waits 1 h"]
    assert list(found.columns).index("question") == 3
    assert set(table(at_tab("contacted"), "queue_")["age"]) == {""}
