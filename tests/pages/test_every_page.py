"""What holds for every page: it opens in every state of the world, and shows nobody what is not theirs."""

import pytest
from streamlit.testing.v1 import AppTest

from lib import settings
from lib.screen.frame.page import PAGES as MENU
from tests.pages.driving import CHATS, DELETED, IMPORT, PAGES, SAFE_PLACES, TODAY, body, names, places, visit
from tests.pages.page_worlds import evil

pytestmark = pytest.mark.usefixtures("world")


@pytest.mark.parametrize("state", ["empty", "one", "many", "hostile", "review"])
def test_opens_in_every_state_of_the_world(world, state: str):
    world(state)
    for page in PAGES:
        at = visit(page)
        assert len(at.page_link) >= 4, page
        assert not at.error, page


def test_a_page_under_manage_has_a_title_and_its_entry_is_lit(world):
    world("empty")
    for page in MENU:
        at = visit(page.path)
        assert [title.value for title in at.title] == ([page.name] if page.managing else [])
        manage = next(node.proto.popover for node in at.get("popover") if node.proto.popover.label == "Manage")
        assert manage.type == ("secondary" if page.managing else "tertiary"), page


def test_without_chats_no_page_shows_one(world):
    world("empty")
    for page in PAGES:
        assert not any(key.startswith(("chats_", "deleted_")) for key in _tables(visit(page))), page


def test_without_chats_the_list_leads_to_the_import(world):
    world("empty")
    at = visit(CHATS)
    assert [info.value for info in at.info] == [
        "There are no chats yet. Import an export of your chat system to begin."
    ]
    assert [link.label for link in at.page_link].count("Import") == 2


def test_without_chats_today_says_so(world):
    world("empty")
    at = visit(TODAY)
    assert [metric.value for metric in at.metric] == ["0"] * 4
    assert not at.success
    assert [info.value for info in at.info] == [
        "There are no chats yet. Import an export of your chat system to begin."
    ]


def test_who_is_signed_out_sees_nothing_but_the_way_in(world):
    world("review")
    for page in PAGES:
        at = visit(page, {"chat": "x", "operator": "Aoi"}, user={"is_logged_in": False})
        assert [info.value for info in at.info] == ["Please sign in to see the chat history."], page
        assert [button.label for button in at.button] == ["Sign in"], page
        kinds = {node.type for node in at if getattr(node, "proto", None) is not None}
        assert kinds <= {"alert", "info", "button", "flex_container", "container", "bidi_component"}, page


def test_who_is_asked_to_sign_in_is_asked_though_streamlit_has_lost_its_secrets(world, set_up, monkeypatch):
    monkeypatch.setattr(settings, "_secrets", lambda: {"auth": {"client_id": "chats"}})
    set_up()
    world("review")
    for page in PAGES:
        assert [button.label for button in visit(page, user={}).button] == ["Sign in"], page


@pytest.mark.parametrize(
    ("allowed", "user", "told"),
    [
        ("@example.com", {"email": "ann@evil.example"}, "You may not see the chat history under this address"),
        ("", {"email": "ann@example.com"}, "CHAT_HISTORY_ALLOWED"),
        ("*", {"email": "ann@example.com", "email_verified": False}, "not confirmed"),
    ],
)
def test_who_may_not_see_it_is_told_why_and_can_sign_out(world, set_up, allowed, user, told):
    set_up(ALLOWED=allowed)
    world("review")
    for page in PAGES:
        at = visit(page, {"chat": "x"}, user={"is_logged_in": True, **user})
        (error,) = at.error
        assert told in error.value, page
        assert [text.value for text in at.text] == [user["email"]], page
        assert [button.label for button in at.button] == ["Sign out"], page
        kinds = {node.type for node in at if getattr(node, "proto", None) is not None}
        assert kinds <= {
            "alert",
            "error",
            "caption",
            "markdown",
            "text",
            "button",
            "flex_container",
            "container",
            "bidi_component",
        }, page


def test_who_is_signed_in_acts_under_the_own_address(world):
    world("one")
    for page in PAGES:
        at = visit(page, user={"is_logged_in": True, "email": "ann@example.com"})
        assert "ann@example.com" in body(at), page
        assert "acting_as" not in [field.key for field in at.text_input], page


def test_the_menu_names_every_page(world):
    world("one")
    menu = [each.name for each in sorted(MENU, key=lambda each: each.managing)]
    assert {"Today", "Chats", "Missed chats", "Import", "Outbox", "Deleted chats"} <= set(menu)
    for page in PAGES:
        assert [link.label for link in visit(page).page_link][: len(menu)] == menu, page


NONSENSE = ["", "x", "-1", "1e9", "%00", "\x00", "null", "'; --", "９", "²", "z" * 3000, "9" * 5000]
LISTS = ("operator", "department", "website", "channel", "country", "rating", "tag")
NARROWING = ("category", "period", "from", "to", "wait", "email", "reply")
BESIDE = ("sort", "order", "page", "chat", "tab", "from_chat", "lang")
PARAMETERS = (*NARROWING, *BESIDE)


def test_nonsense_that_says_nothing_of_which_chats_is_as_if_it_were_not_there(world):
    world("review")
    usual = _on_screen(visit(CHATS))
    for value in NONSENSE:
        assert _on_screen(visit(CHATS, dict.fromkeys(BESIDE, value))) == usual, value


def test_nonsense_that_would_narrow_the_list_shows_no_chat(world):
    world("review")
    for value in NONSENSE:
        at = visit(CHATS, dict.fromkeys([*NARROWING, "unknown"], value))
        assert "cannot be read" in at.warning[0].value, value
        assert not at.dataframe, value


@pytest.mark.parametrize("page", [TODAY, IMPORT, DELETED])
def test_other_pages_do_not_look_at_the_parameters_of_the_chats_page(world, page: str):
    world("review")
    usual = _on_screen(visit(page))
    assert _on_screen(visit(page, dict.fromkeys([*PARAMETERS, "operator"], "x"))) == usual


@pytest.mark.parametrize("value", ["nobody", "'; DROP TABLE chats; --", "%", "9" * 400, "'"])
def test_a_filter_by_a_value_that_no_chat_has_shows_no_chat(world, value: str):
    world("review")
    at = visit(CHATS, dict.fromkeys(LISTS, value))
    assert not names(at)
    assert [at.multiselect(key=f"w_{field}").value for field in LISTS] == [[value]] * len(LISTS)


def test_hostile_names_in_the_address_stay_text(world):
    world("one")
    at = visit(CHATS, {field: evil(field) for field in LISTS})
    for field in LISTS:
        assert {"text.body", "multiselect.options"} <= places(at, evil(field))
    assert places(at, "evil.example") <= SAFE_PLACES


def _tables(at: AppTest) -> list[str]:
    return [found.key or "" for found in at.dataframe]


def _on_screen(at: AppTest) -> list[tuple[str, object]]:
    return [(node.type, node.value) for node in at if hasattr(node, "value") and node.type not in UNCOMPARED] + [
        ("dataframe", found.value.to_csv()) for found in at.dataframe
    ]


UNCOMPARED = {"dataframe", "page_link", "vega_lite_chart"}
