"""A page that is open knows when somebody else changes something, and follows where nothing can be lost."""

from collections.abc import Callable

import pytest

from lib.chats.removal import delete_chat
from lib.screen.frame import session, watcher
from tests.pages.driving import CHATS, EXPLORE, IMPORT, MISSED, OUTBOX, TODAY, click, has, visit
from tests.worlds import id_of


@pytest.fixture
def late(world: Callable[..., object], monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Somebody deletes a chat just after the page was first drawn; what each run shows."""
    world("review")
    shown: list[int] = []

    def moment() -> int:
        if not shown:
            shown.append(session.store().moment)
            delete_chat(session.store(), id_of("done"), "Ann")
        else:
            shown.append(session.store().moment)
        return shown[-1]

    monkeypatch.setattr(watcher, "shown_moment", moment)
    # Each run is a look too: here no browser asks for one.
    monkeypatch.setattr(watcher, "_looks_again", lambda: True)
    return shown


@pytest.mark.parametrize("page", [CHATS, MISSED, IMPORT, OUTBOX, EXPLORE])
def test_a_page_with_lists_and_fields_offers_what_somebody_else_did(page, late):
    at = visit(page)
    assert len(late) == 1
    assert has(at, "refresh_page")
    at = click(at, "refresh_page")
    assert len(late) > 1
    assert not has(at, "refresh_page")


def test_today_follows_by_itself(late):
    at = visit(TODAY)
    assert len(late) == 2
    assert late[0] != late[1]
    assert not has(at, "refresh_page")


def test_under_a_dialog_the_page_stays(late, monkeypatch):
    monkeypatch.setattr(watcher, "is_free", lambda: False)
    assert has(visit(TODAY), "refresh_page")
    assert len(late) == 1


def test_a_look_asks_the_store_nothing(world, monkeypatch):
    store = world("review")
    shown = store.moment
    monkeypatch.setattr(type(store), "cursor", None)
    assert store.newest == shown
