"""An import is undone from the history of imports: a question before it, and what came of it after it."""

from pathlib import Path

import pytest

from lib.chats.notes import add_note
from lib.screen.frame import session
from lib.store import StoreError
from tests.pages.driving import IMPORT, click, has, table, visit
from tests.pages.import_page import FIRST_TICKED, bring_in
from tests.pages.test_imports import GOOD, write


def ticked():
    return visit(IMPORT, session={"import_history": FIRST_TICKED})


def ids():
    return {row["vendor_id"] for row in session.store().read("SELECT vendor_id FROM chats")}


def texts(at):
    return " ".join(str(each.value) for each in (*at.text, *at.caption))


@pytest.fixture
def imported(folder: Path):
    before = ids()
    bring_in(write(folder, *GOOD))
    assert ids() - before == {"0", "1", "2"}
    return before


def test_the_question_tells_what_goes_and_the_answer_what_went(imported):
    at = click(ticked(), "undo_import")
    assert "Chats that it brought, which go: 3" in texts(at)
    at = click(at, "confirm_undo_import")
    assert ids() == imported
    assert "The import is undone: 3 chats are gone, 0 are as they were before." in texts(at)
    again = ticked()
    assert not has(again, "undo_import")
    assert "This import was undone on" in texts(again)
    assert next(iter(table(again, "import_history")["undone"])) == "undone"


def test_who_cancels_has_undone_nothing(imported):
    click(click(ticked(), "undo_import"), "cancel_undo_import")
    assert ids() > imported


def test_why_it_cannot_be_undone_stands_beside_the_button(imported):
    (chat,) = session.store().read("SELECT id FROM chats WHERE vendor_id = '0'")
    add_note(session.store(), chat["id"], "Called back", "akiko")
    at = ticked()
    assert at.button(key="undo_import").disabled
    assert "people have worked on one of the chats that it brought" in texts(at)


def test_what_cannot_be_stored_is_told_and_the_question_stays(imported, monkeypatch):
    def fail(*_given):
        raise StoreError("full", "x")

    at = click(ticked(), "undo_import")
    monkeypatch.setattr("lib.screen.imports.past.undo_import", fail)
    at = click(at, "confirm_undo_import")
    assert "The disk is full: nothing was stored." in " ".join(str(each.value) for each in at.error) + texts(at)
    assert has(at, "confirm_undo_import")
    assert ids() > imported
