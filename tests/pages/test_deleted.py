"""The page of deleted chats, and the way back from it."""

import pytest

from lib.chats.removal import delete_chat, deleted_chats, restore_chats
from lib.screen.deleted.deleted import table_key
from lib.store import Store
from tests.pages.driving import DELETED, body, captions, click, names, open_chat, press, run, table, visit
from tests.worlds import id_of


@pytest.fixture
def store(world) -> Store:
    found = world("review")
    restore_chats(found, [id_of("gone")], "Tester")
    return found


def ticked(store: Store, *rows: int) -> dict[str, object]:
    """Session state in which these rows of the table are ticked."""
    return {table_key(deleted_chats(store)): {"selection": {"rows": list(rows), "columns": [], "cells": []}}}


def test_without_deleted_chats_the_page_says_so(store: Store):
    at = visit(DELETED)
    assert [info.value[:19] for info in at.info] == ["No chat is deleted."]


def test_deleted_chats_are_listed_with_who_when_and_why(store: Store):
    delete_chat(store, id_of("done"), "Ann", "a test")
    delete_chat(store, id_of("missed"), "Ben")
    at = visit(DELETED)
    rows = table(at, "deleted_")
    assert list(rows["visitor_name"]) == ["Rin", "Rin"]
    assert list(rows["actor"]) == ["Ben", "Ann"]
    assert list(rows["reason"]) == ["", "a test"]
    assert list(rows["message_count"]) == [0, 5]
    assert rows["deleted_at"].notna().all()
    assert "2 deleted chats" in captions(at)
    assert "Times in UTC" in captions(at)
    assert at.button(key="restore").disabled


@pytest.mark.parametrize(("rows", "label"), [((0,), "Restore 1 chat"), ((0, 1), "Restore 2 chats")])
def test_ticked_chats_are_restored(store: Store, rows: tuple[int, ...], label: str):
    delete_chat(store, id_of("missed"), "Ann")
    delete_chat(store, id_of("done"), "Ann")
    at = visit(DELETED, session=ticked(store, *rows))
    assert at.button(key="restore").label == label
    at = click(at, "restore")
    assert f"{len(rows)} chat" in body(at)
    left = table(at, "deleted_")
    assert (0 if left is None else len(left)) == 2 - len(rows)
    assert store.read("SELECT count(*) AS n FROM events WHERE action = 'restore' AND actor = 'Tester'")[0]["n"] == (
        1 + len(rows)
    )
    at = press(at, "open")
    assert at.query_params["chat"] == str(id_of("done"))
    assert "Rin" in names(at)


def test_who_restores_second_is_told_so(store: Store):
    delete_chat(store, id_of("done"), "Ann")
    at = visit(DELETED, session=ticked(store, 0))
    restore_chats(store, [id_of("done")], "Ben")
    at = click(at, "restore")
    assert "0 chats are back." in body(at)
    assert "1 was restored before." in body(at)


def test_a_new_deletion_leaves_no_row_ticked(store: Store):
    delete_chat(store, id_of("done"), "Ann")
    at = visit(DELETED, session=ticked(store, 0))
    delete_chat(store, id_of("missed"), "Ann")
    assert run(at).button(key="restore").disabled


def test_a_tick_beyond_the_rows_does_no_harm(store: Store):
    delete_chat(store, id_of("done"), "Ann")
    assert visit(DELETED, session=ticked(store, 7)).button(key="restore").disabled


def test_a_restored_chat_opens_again(store: Store):
    delete_chat(store, id_of("done"), "Ann")
    restore_chats(store, [id_of("done")], "Ann")
    assert "umbrellas" in body(open_chat("done"))
