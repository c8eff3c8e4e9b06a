"""Texts of visitors, operators, exports and mail servers arrive as they are, and where no Markdown is read."""

from textwrap import dedent

import pytest
from streamlit.testing.v1 import AppTest

from lib.screen.chats.view import TABS
from lib.screen.parts.review import DESKS
from tests.pages.driving import CHATS, DELETED, PAGES, SAFE_PLACES, TODAY, click, open_chat, places, visit, with_words
from tests.pages.page_worlds import evil
from tests.worlds import HOSTILE_TEXTS

HEAD = ("visitor_name", "visitor_email", "operator", "department", "website", "channel", "comment", "tag")
LIST = ("visitor_name", "visitor_email", "operator", "question", "department", "website", "channel")
MESSAGE = ("name", "text", "attachment_name", "attachment_type", "attachment_url")
VISITOR = ("visitor_phone", "visitor_id", "visitor_ip", "visitor_country", "page_url", "page_title")
FACTS = ("language", "given_status", "system", "vendor_id", "supervisor", "unknown_name", "unknown_value")
MAIL = ("subject", "body", "recipient", "sender_of_mail", "copies", "reply_of_server")
IN_TAB = {
    "transcript": MESSAGE,
    "info": (*VISITOR, *FACTS),
    "notes": ("author", "note", "vendor_note"),
    "earlier": ("question", "operator"),
    "reply": MAIL,
}


def arrived(at: AppTest, fields: tuple[str, ...]) -> dict[str, bool]:
    """For each field whether its text is on the screen."""
    return {field: bool(places(at, evil(field).split(" ")[0])) for field in fields}


def places_of_evil(at: AppTest) -> set[str]:
    """Where any of the harmful texts stands."""
    return places(at, "evil.example")


@pytest.mark.parametrize("tab", TABS)
def test_no_part_of_a_chat_takes_text_for_markdown(world, tab: str):
    world("marked")
    at = open_chat("marked", tab)
    for mail in [button.key for button in at.expander if button.key]:
        at.session_state[mail] = True
    at.run()
    # What is written stands in the place of the list, and the transcript beside it.
    expected = (*HEAD, *IN_TAB[tab], *(MESSAGE if tab in DESKS else LIST))
    assert arrived(at, expected) == dict.fromkeys(expected, True)
    assert places_of_evil(at) <= SAFE_PLACES


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        (TODAY, ("visitor_name", "visitor_email", "question", "department")),
        (CHATS, LIST),
        (DELETED, ("visitor_name", "visitor_email", "deleter", "reason")),
    ],
)
def test_no_page_takes_text_for_markdown(world, page: str, fields: tuple[str, ...]):
    world("marked")
    at = visit(page)
    assert arrived(at, fields) == dict.fromkeys(fields, True)
    assert places_of_evil(at) <= SAFE_PLACES


def test_a_deleted_chat_shows_who_and_why_as_text(world):
    world("marked")
    at = open_chat("marked and gone")
    assert arrived(at, ("deleter", "reason")) == {"deleter": True, "reason": True}
    assert places_of_evil(at) <= SAFE_PLACES


def test_the_question_before_a_deletion_names_the_visitor_as_text(world):
    world("marked")
    at = click(open_chat("marked"), "delete_chat")
    dialog = at.get("dialog")[0]
    assert evil("visitor_name") in [text.value for text in dialog.text]
    assert places_of_evil(at) <= SAFE_PLACES


def test_who_acts_is_shown_as_text(world):
    world("one")
    for page in PAGES:
        at = visit(page, user={"is_logged_in": True, "email": evil("person")})
        assert places(at, evil("person")) == {"text.body"}, page


def test_words_that_are_searched_for_are_shown_as_text(world):
    world("one")
    at = visit(CHATS, with_words(evil("words")))
    assert places(at, evil("words")) <= SAFE_PLACES
    assert "text.body" in places(at, evil("words"))


def test_a_hostile_text_arrives_unchanged(world):
    world("hostile")
    for number, text in enumerate(HOSTILE_TEXTS):
        said = [shown.value for shown in open_chat(f"hostile {number}").text]
        # Who spoke and what, then the attachment's name and address; Streamlit strips and dedents what it shows.
        assert said.count(text.strip()) >= 2, text
        assert dedent(f"{text}\n{text}").strip() in said, text


@pytest.mark.parametrize("tab", [tab for tab in TABS if tab != "transcript"])
def test_every_part_of_a_hostile_chat_opens(world, tab: str):
    world("hostile")
    for start in ("{0}", "%s", "\x01", "xxx"):
        number = next(n for n, text in enumerate(HOSTILE_TEXTS) if text.startswith(start))
        assert places(open_chat(f"hostile {number}", tab), HOSTILE_TEXTS[number]) <= SAFE_PLACES, start


def test_no_field_of_the_chart_can_load_an_image(world):
    world("marked")
    chart = visit(TODAY).get("vega_lite_chart")[-1]
    assert '"image"' not in chart.proto.spec
    assert '"href"' not in chart.proto.spec
