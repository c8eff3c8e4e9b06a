"""A full disk: each act says so where one looks for what came of it, and what was typed stands until it is stored."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from streamlit.testing.v1 import AppTest

from lib.chats.filter.filter import ChatFilter
from lib.chats.listing import NEWEST_FIRST
from lib.missed.team import add_colleague
from lib.screen.chats.sidebar import WORDS_KEY
from lib.screen.frame.storing import NOT_STORED
from lib.screen.missed.mail_several import MAILING, Mailing
from lib.screen.views.arranging import ARRANGING
from lib.screen.views.menu import OPEN_KEY
from lib.store import Store, StoreError
from lib.views import saving
from lib.views.content import chats_content
from lib.views.saved import saved_views
from tests.faults import full_disk
from tests.importing.files import CHAT, csv_file, json_lines
from tests.pages.driving import (
    CHATS,
    EXPLORE,
    MISSED,
    OUTBOX,
    PAGES,
    TEAM,
    TEMPLATES,
    body,
    click,
    has,
    open_chat,
    press,
    run,
    visit,
)
from tests.pages.import_page import count, drop, figures
from tests.worlds import id_of

TYPED = "Call back on Monday"
FULL = NOT_STORED["full"]
EARLY = {"chat": str(id_of("early"))}
NOTE, REPLY = f"note_text_{id_of('early')}", f"mail_{id_of('early')}_1_body"
TABLE = csv_file([{"Chat ID": "T-1", "Customer": "Rin"}], "tickets.csv")
TEMPLATE = "template_missed_in_hours_en_body"


@dataclass(frozen=True)
class Act:
    """A page, what is typed there by the keys of its fields, and the button."""

    page: Callable[[], AppTest]
    button: str
    typed: tuple[str, ...] = ()
    text: str = TYPED


def _named(store: Store) -> str:
    return next(str(view.id) for view in saved_views(store, "Tester") if view.shown_name == "Mine")


ACTS: dict[str, Act] = {
    "note": Act(lambda: open_chat("early", "notes"), "add_note", (NOTE,)),
    "reply": Act(lambda: open_chat("early", "reply"), "send_mail", (REPLY,)),
    "several mails": Act(lambda: visit(MISSED, session={MAILING.key: Mailing((id_of("early"),))}), "send_many"),
    "take": Act(lambda: visit(MISSED, EARLY), "follow_take"),
    "assign": Act(lambda: click(visit(MISSED, EARLY), "follow_assign"), "confirm_assign", ("assign_to",)),
    "not needed": Act(
        lambda: click(visit(MISSED, EARLY), "follow_not_needed"), "confirm_not_needed", ("not_needed_text",)
    ),
    "due": Act(lambda: click(visit(MISSED, EARLY), "follow_due"), "confirm_set_due"),
    "deletion": Act(lambda: click(visit(CHATS, EARLY), "delete_chat"), "confirm_deletion", ("deletion_reason",)),
    "view": Act(lambda: visit(CHATS, session={OPEN_KEY: True}), "save_view_button", ("new_view_name",)),
    "template": Act(lambda: visit(TEMPLATES), "save_template", (TEMPLATE,)),
    "colleague": Act(lambda: visit(TEAM), "add_colleague", ("colleague_name",)),
    "removal": Act(lambda: visit(TEAM, session={"asking_to_remove": "Ben"}), "confirm_removal"),
    "do not contact": Act(
        lambda: visit(OUTBOX), "block_add", ("block_address_form", "block_detail_form"), "mori@example.com"
    ),
    "columns": Act(lambda: drop(TABLE), "use_columns"),
    "import": Act(lambda: drop(json_lines(CHAT)), "import"),
    "news": Act(lambda: visit(MISSED), "see_news"),
}


@pytest.fixture
def store(world: Callable[[str], Store], set_up: Callable[..., None]) -> Store:
    """Missed chats, a colleague and a view; with a mail server."""
    set_up(SMTP_HOST="127.0.0.1", SMTP_PORT="2525", SMTP_SECURITY="none", SMTP_SENDER="Help <help@example.com>")
    found = world("queue")
    add_colleague(found, "Ben", "Tester")
    saving.save(found, "Mine", "chats", chats_content(ChatFilter(), NEWEST_FIRST), "Tester")
    return found


def events(store: Store) -> int:
    return int(store.read("SELECT count(*) AS n FROM events")[0]["n"])


def field(at: AppTest, key: str):
    return next(each for each in [*at.text_input, *at.text_area] if each.key == key)


@pytest.mark.parametrize("name", ACTS)
def test_what_could_not_be_stored_is_told_and_stays_typed(store: Store, name: str):
    act = ACTS[name]
    at = act.page()
    for key in act.typed:
        field(at, key).set_value(act.text)
    before = events(store)
    with full_disk():
        at = run(at.button(key=act.button).click())
        assert body(at).count(FULL) >= 1
        assert not at.error
    assert has(at, act.button)
    assert [field(at, key).value for key in act.typed] == [act.text for _ in act.typed]
    assert events(store) == before
    at = run(at.button(key=act.button).click())
    assert FULL not in body(at)
    assert not any(has(at, key) and field(at, key).value == act.text for key in act.typed if name in EMPTIED)


# Whose fields are empty again once it is stored.
EMPTIED = {"note", "colleague", "do not contact", "view"}


def test_hours_that_are_typed_stay(store: Store):
    at = visit(TEAM)
    at.number_input(key="threshold_due_after_h").set_value(7.0)
    with full_disk():
        at = click(at, "save_rules")
        assert FULL in body(at)
    assert at.number_input(key="threshold_due_after_h").value == 7.0
    at = click(at, "save_rules")
    assert FULL not in body(at)


def test_what_could_not_be_taken_back_can_be_taken_back_still(store: Store):
    at = click(visit(MISSED, EARLY), "follow_take")
    with full_disk():
        at = press(at, "undo")
        assert FULL in body(at)
    press(at, "undo")
    assert store.read("SELECT assignee FROM chats WHERE id = $id", {"id": id_of("early")}) == [{"assignee": None}]


def test_a_chat_that_could_not_be_restored_is_still_deleted(store: Store):
    at = click(click(visit(CHATS, EARLY), "delete_chat"), "confirm_deletion")
    at = visit(CHATS, EARLY)
    with full_disk():
        at = click(at, "restore_chat")
        assert FULL in body(at)
    assert has(at, "restore_chat")


def test_a_name_that_could_not_be_changed_stays_typed_and_can_be_stored_later(store: Store):
    view = _named(store)
    at = visit(CHATS, session={ARRANGING.key: True})
    with full_disk():
        at = run(field(at, f"view_name_{view}").set_value("Theirs"))
        assert FULL in body(at)
    assert field(at, f"view_name_{view}").value == "Theirs"
    at = click(at, f"view_store_{view}")
    assert {"Theirs", "Mine"} & {each.shown_name for each in saved_views(store, "Tester")} == {"Theirs"}
    assert not has(at, f"view_store_{view}")


def test_every_page_can_be_read_while_the_disk_is_full(store: Store):
    for page in PAGES:
        with full_disk():
            at = visit(page)
        assert not at.error, page


def test_words_and_queries_are_found_while_the_disk_is_full(store: Store):
    at = visit(CHATS)
    with full_disk():
        at = run(at.text_input(key=WORDS_KEY).set_value("parcel"))
        assert at.text_input(key=WORDS_KEY).value == "parcel"
        at = visit(EXPLORE)
        at.text_area(key="w_sql").set_value("SELECT 1 AS one")
        at = click(at, "run_query")
    assert at.text_area(key="w_sql").value == "SELECT 1 AS one"
    assert not at.error


def test_an_import_is_read_again_where_the_database_stopped_before_it_was_stored(store: Store):
    at = drop(json_lines(CHAT))
    before = count(store)
    with full_disk(), pytest.raises(StoreError):
        store.write_back()
    at = click(at, "import")
    assert NOT_STORED["closed"] in body(at)
    assert count(store) == before
    at = click(at, "import")
    assert (figures(at)["New"], count(store)) == ("1", before + 1)
