"""The open chat: its head, its tabs, the steps to its neighbours, deleting it and getting it back."""

import re
from typing import Any
from uuid import uuid4

import pytest

from lib.chats.notes import notes
from lib.chats.removal import delete_chat, deletion_of
from lib.screen.chat import deleting
from tests.importing.files import json_lines, load, only_chat
from tests.pages.driving import (
    CHATS,
    body,
    captions,
    click,
    go_back,
    has,
    listed,
    names,
    open_chat,
    outcome_key,
    press,
    run,
    table,
    visit,
    with_words,
)
from tests.worlds import id_of


def test_a_link_opens_its_chat_beside_the_list(world):
    world("review")
    at = open_chat("done")
    assert len(listed(at)) == 11
    assert "Rin · rin@example.com · Aoi · Rating 5 of 5 · Quick and kind\n18 Nov 2026, 03:00" in body(at)
    rest = "wait 30 s · duration 12 min · Orders · shop.example.com · Web chat · Tags: order, vip\n"
    assert rest in body(at)


def test_the_bars_make_room_for_an_open_chat(world):
    world("review")
    assert has(visit(CHATS), "fold_histogram")
    at = open_chat("done")
    assert not has(at, "fold_histogram")
    assert has(click(at, "close_chat"), "fold_histogram")


def test_a_link_to_an_unknown_chat_says_so_and_can_be_closed(world):
    world("review")
    at = visit(CHATS, {"chat": str(uuid4())})
    assert "There is no chat with this link. It may have been erased, or removed with the sample." in [
        i.value for i in at.info
    ]
    at = click(at, "close_chat")
    assert at.query_params == {}
    assert not has(at, "chat_pane")


def test_a_link_to_a_deleted_chat_offers_to_restore_it(world):
    store = world("review")
    delete_chat(store, id_of("done"), "Ann", "by mistake")
    at = open_chat("done")
    assert "This chat is deleted." in [info.value for info in at.info]
    assert "Ann · " in body(at)
    assert "by mistake" in body(at)
    assert "umbrellas" not in body(at)
    at = click(at, "restore_chat")
    assert "umbrellas" in body(at)
    assert len(listed(at)) == 11


def test_the_transcript_tells_who_when_and_what(world):
    world("review")
    at = open_chat("done")
    badges = [markdown.value for markdown in at.markdown]
    assert sum("Visitor 03:00" in badge for badge in badges) == 1
    assert sum("Bot +1 min 15 s" in badge for badge in badges) == 1
    assert sum("Operator " in badge for badge in badges) == 1
    assert "Robo" in body(at)
    assert "bill.pdf · 2" in body(at)
    assert sum("Attachment" in badge for badge in badges) == 1
    assert "ftp://x/y" in body(at)
    assert "A regular" not in body(at)


def test_what_one_person_says_within_two_minutes_stands_under_one_head(world):
    world("turns")
    at = open_chat("turns")
    heads = [badge for markdown in at.markdown if (badge := markdown.value).endswith("]") and "material" in badge]
    shown = [re.sub(r"^.*:material/\w+: (.*)\]$", r"\1", head) for head in heads[1:]]
    assert shown == ["Visitor 03:00", "Operator 03:01", "Visitor 03:02", "Visitor 03:05", "System 03:06"]
    said = [text.value for text in at.text]
    assert said[said.index("Rin") :] == ["Rin", "one", "two", "Aoi", "three", "four", "five", "six", "Aoi left"]


def test_the_offset_stands_where_it_changes_within_a_chat(world, set_up):
    set_up(ZONE="America/New_York")
    store = world("empty")
    times = ("05:58:00", "05:59:30", "06:00:30", "06:01:00")
    said = [{"at": f"2026-11-01T{at}Z", "sender_type": "visitor", "text": at} for at in times]
    chat = {"id": "back", "started_at": said[0]["at"], "ended_at": said[-1]["at"], "messages": said}
    load(store, json_lines(chat))
    at = visit(CHATS, {"chat": str(only_chat(store)["id"])})
    badges = [re.sub(r"^.*:material/\w+: (.*)\]$", r"\1", markdown.value) for markdown in at.markdown]
    assert [badge for badge in badges if badge.startswith("Visitor ")] == ["Visitor 01:58", "Visitor 01:00 (UTC−5)"]
    assert "01:58 – 01:01 (UTC−5) America/New_York (UTC−4)" in body(at)


def test_a_chat_without_messages_says_so(world):
    world("lengths")
    assert "This chat has no messages." in [info.value for info in open_chat("0").info]


@pytest.mark.parametrize(
    ("length", "shown", "folded"),
    [("1", 1, None), ("79", 79, None), ("80", 80, None), ("81", 60, "21"), ("2500", 60, "2,440")],
)
def test_the_middle_of_a_long_chat_is_folded(world, length: str, shown: int, folded: str | None):
    world("lengths")
    at = open_chat(length)
    assert body(at).count("message ") == shown
    assert "message 0;" in body(at)
    assert f"message {int(length) - 1};" in body(at)
    assert has(at, "unfold") == bool(folded)
    assert (f"{folded} messages are folded here." in captions(at)) == bool(folded)


@pytest.mark.parametrize(("length", "clicks"), [("81", 1), ("100", 1), ("2500", 2)])
def test_unfolding_shows_each_message_once(world, length: str, clicks: int):
    world("lengths")
    at = open_chat(length)
    for _click in range(clicks):
        at = click(at, "unfold")
    expected = min(int(length), 60 + 100 * clicks)
    assert body(at).count("message ") == expected
    assert has(at, "unfold") == (expected < int(length))
    assert all(body(at).count(f"message {n};") == 1 for n in range(min(20 + 100 * clicks, int(length))))


def test_all_messages_of_a_folded_chat_are_shown_at_once(world):
    world("lengths")
    at = click(open_chat("2500"), "unfold_all")
    assert all(f"message {n};" in body(at) for n in (0, 60, 1250, 2499))
    assert not has(at, "unfold")


@pytest.mark.parametrize(("tab", "shown"), [("notes", "A regular"), ("transcript", "umbrellas")])
def test_a_tab_is_opened_by_link_and_by_click(world, tab: str, shown: str):
    world("review")
    assert shown in body(open_chat("done", tab))
    at = open_chat("done", "info")
    at = run(at.segmented_control(key="w_tab").select(tab))
    assert shown in body(at)
    assert at.query_params.get("tab", "transcript") == tab


def test_the_info_tab_has_all_that_is_known(world):
    world("review")
    frames = [found.value for found in open_chat("done", "info").dataframe if "field" in found.value]
    facts = {row["field"]: row["value"] for frame in frames for row in frame.to_dict("records")}
    assert facts["Name"] == "Rin"
    assert facts["Phone"] == "–"
    assert facts["Country"] == "Japan"
    assert facts["plan"] == "gold"
    assert facts["nested.a"] == "[1, null]"
    assert facts["nested.b"] == "{}"
    assert facts["Language"] == "Japanese"


def test_the_info_tab_tells_a_derived_status_from_a_given_one(world):
    world("review")
    at = open_chat("derived", "info")
    facts = at.dataframe[2].value.set_index("field")["value"]
    assert facts["Status"] == "Completed"
    assert facts["Where the status is from"].startswith("derived")
    facts = open_chat("again", "info").dataframe[2].value.set_index("field")["value"]
    assert not facts["Where the status is from"].startswith("derived")


def test_a_note_is_added_with_its_author(world):
    store = world("review")
    at = open_chat("done", "notes", session={"acting_as": "Ann"})
    at.text_area[0].input("Call back on Monday")
    at = run(at.button(key="add_note").click())
    assert "Call back on Monday" in body(at)
    assert [(note.author, note.text) for note in notes(store, id_of("done"))] == [("Ann", "Call back on Monday")]


def test_a_blank_note_is_not_kept(world):
    store = world("review")
    at = open_chat("done", "notes")
    at.text_area[0].input("   ")
    at = run(at.button(key="add_note").click())
    assert [warning.value for warning in at.warning] == ["Write something first."]
    assert notes(store, id_of("done")) == []


def test_a_half_written_note_waits_for_its_own_chat(world):
    world("review")
    at = open_chat("done", "notes")
    at = run(at.text_area[0].input("Call ba"))
    for chat, tab in [("done", "info"), ("missed", "notes"), ("done", "notes")]:
        at = go_back(at, {"chat": str(id_of(chat)), "tab": tab})
        if tab == "notes":
            assert at.text_area[0].value == ("Call ba" if chat == "done" else "")


def test_leaving_the_chat_takes_the_question_about_its_deletion_away(world):
    world("review")
    at = click(open_chat("done"), "delete_chat")
    assert has(at, "confirm_deletion")
    for chat in ("missed", "done"):
        at = go_back(at, {"chat": str(id_of(chat))})
        assert not has(at, "confirm_deletion")


def test_the_signed_in_user_is_the_author_whatever_name_was_chosen(world):
    store = world("review")
    user = {"is_logged_in": True, "email": "ann@example.com"}
    at = open_chat("done", "notes", user=user, session={"acting_as": "Somebody else"})
    at.text_area[0].input("Mine")
    run(at.button(key="add_note").click())
    assert [note.author for note in notes(store, id_of("done"))] == ["ann@example.com"]


def test_other_chats_of_the_visitor_with_this_one_marked_and_the_way_back(world):
    world("review")
    at = open_chat("missed", "earlier")
    found = table(at, "other_chats")
    assert list(found["question"])[-1] == "My first question"
    assert list(found["this"]) == ["this chat", "", ""]
    assert "2 other chats" in captions(at)
    later = table(open_chat("first", "earlier"), "other_chats")
    assert list(later["started_at"]) == list(found["started_at"])
    assert list(later["this"]) == ["", "", "this chat"]
    at = open_chat("first", query={"from_chat": str(id_of("missed"))})
    at = click(at, "back")
    assert at.query_params == {"chat": str(id_of("missed")), "tab": "earlier"}


def test_next_and_previous_follow_the_filter_and_its_order(world):
    world("review")
    at = open_chat("missed", "info", {"category": "missed"})
    assert at.button(key="previous_chat").disabled
    at = click(at, "next_chat")
    assert at.query_params == {"category": "missed", "chat": str(id_of("missed, no e-mail"))}
    at = click(click(at, "next_chat"), "next_chat")
    assert at.query_params["chat"] == str(id_of("missed long ago"))
    assert at.button(key="next_chat").disabled
    at = click(at, "previous_chat")
    assert at.query_params["chat"] == str(id_of("missed, answered"))


def test_the_step_over_the_end_of_a_page_turns_the_page(world):
    world("many")
    at = click(open_chat("chat 99"), "next_chat")
    assert at.query_params == {"chat": str(id_of("chat 100")), "page": "2"}
    assert names(at)[0] == "Visitor 100"
    at = click(at, "previous_chat")
    assert at.query_params == {"chat": str(id_of("chat 99"))}


def test_a_chat_outside_the_filter_has_no_neighbours(world):
    world("review")
    at = open_chat("done", query={"category": "missed"})
    assert at.button(key="previous_chat").disabled
    assert at.button(key="next_chat").disabled


def test_no_shortcut_throws_a_half_written_mail_away(world):
    world("review")
    assert open_chat("missed").button(key="next_chat").proto.shortcut
    assert not open_chat("missed", "reply").button(key="next_chat").proto.shortcut


def test_closing_leaves_filter_and_page(world):
    world("many")
    at = click(open_chat("chat 150", query={"page": "2", "category": "missed"}), "close_chat")
    assert at.query_params == {"category": "missed", "page": "2"}


@pytest.mark.parametrize(
    ("name", "offered"),
    [("running", False), ("watched", False), ("again", False), ("missed", True), ("done", True)],
)
def test_a_reply_is_offered_for_missed_and_completed_chats(world, name: str, offered: bool):
    world("review")
    assert has(open_chat(name), "reply_by_email") == offered


def test_the_link_to_copy_names_the_chat_and_nothing_of_the_filter(world):
    world("review")
    at = open_chat("done", query={"operator": "Aoi"} | with_words("umbrellas"))
    assert [code.value.partition("?")[2] for code in at.code] == [f"chat={id_of('done')}"]


def test_deleting_asks_first_and_cancel_changes_nothing(world):
    store = world("review")
    at = click(open_chat("done"), "delete_chat")
    dialog = at.get("dialog")[0]
    assert "Rin" in [text.value for text in dialog.text]
    assert "18 Nov 2026, 03:00 · 5 messages" in [caption.value for caption in dialog.caption]
    at = click(at, "cancel_deletion")
    assert not at.get("dialog")
    assert deletion_of(store, id_of("done")) is None


def test_a_deleted_chat_is_gone_until_undo(world):
    store = world("review")
    at = click(open_chat("done", query={"operator": "Aoi"}, session={"acting_as": "Ann"}), "delete_chat")
    at.text_input(key="deletion_reason").input("a test")
    at = click(at, "confirm_deletion")
    assert at.query_params == {"operator": "Aoi"}
    assert names(at) == ["Uma"]
    assert "The chat is deleted." in body(at)
    deletion = deletion_of(store, id_of("done"))
    assert (deletion.actor, deletion.reason) == ("Ann", "a test")
    at = press(at, "undo")
    assert at.query_params == {"operator": "Aoi", "chat": str(id_of("done"))}
    assert names(at) == ["Uma", "Rin"]
    assert not outcome_key(at, "undo")


def test_word_of_a_deletion_can_be_dismissed(world):
    world("review")
    at = click(click(open_chat("done"), "delete_chat"), "confirm_deletion")
    at = press(at, "close")
    assert "The chat is deleted." not in body(at)
    assert "10 of 10 chats" in captions(at)


def test_who_opens_the_question_too_late_is_told_who_was_first(world):
    store = world("review")
    at = click(open_chat("done"), "delete_chat")
    delete_chat(store, id_of("done"), "Ben")
    at = click(at, "confirm_deletion")
    assert "This chat is deleted." in [info.value for info in at.info]
    assert "Ben" in body(at)
    assert store.read("SELECT count(*) AS n FROM events WHERE action = 'delete'")[0]["n"] == 1


def test_who_deletes_at_the_same_moment_is_told_who_was_first(world, monkeypatch):
    store = world("review")
    at = click(open_chat("done"), "delete_chat")

    def a_moment_late(*args: Any) -> object:
        delete_chat(store, id_of("done"), "Ben")
        return delete_chat(*args)

    monkeypatch.setattr(deleting, "delete_chat", a_moment_late)
    at = click(at, "confirm_deletion")
    assert "This chat was deleted before, by Ben." in body(at)
    assert not outcome_key(at, "undo")
    assert store.read("SELECT count(*) AS n FROM events WHERE action = 'delete'")[0]["n"] == 1


def test_the_question_does_not_come_back_with_the_next_chat(world):
    world("review")
    at = click(open_chat("done"), "delete_chat")
    at = click(at, "next_chat")
    assert not at.get("dialog")
