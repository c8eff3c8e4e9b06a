"""An open chat and its surroundings, measured: what is read has the room, and stays in sight while one writes."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import IN_ONE, NARROW, WIDE, OpenScreen, Sample
from tests.browser.server import App
from tests.browser.verbs import Screen


def top(place: Locator) -> float:
    """Where something begins, from the top of the window."""
    box = place.bounding_box()
    assert box
    return box["y"]


def transcript_of(screen: Screen, chat: UUID) -> Locator:
    """The part of the open chat that scrolls by itself."""
    return screen.keyed(f"body_{chat}")


@pytest.mark.parametrize(
    ("language", "dark"),
    [
        pytest.param("ja", True, id="ja-dark"),
        pytest.param("en", False, id="en-light", marks=pytest.mark.thorough),
    ],
)
def test_at_1024_pixels_the_head_leaves_the_room_to_chats(
    dark: bool, language: str, reading: App, screens: OpenScreen, sample: Sample
) -> None:
    screen = screens(reading, language, dark=dark, size=NARROW).open_chats()
    assert top(screen.grid) < NARROW[1] / 3
    for path, status in (("chats", "completed"), ("missed", "missed")):
        chat = sample.rows("status = $status AND visitor_email IS NOT NULL", status=status)[0]["id"]
        screen.open(path, chat=chat)
        assert top(screen.keyed("review")) < NARROW[1] / 3
        assert top(transcript_of(screen, chat)) < NARROW[1] / 2


@IN_ONE
def test_a_short_chat_is_read_without_scrolling(
    language: str, reading: App, screens: OpenScreen, sample: Sample
) -> None:
    chat = short_chat(sample, language)
    screen = screens(reading, language, size=WIDE).open_chat(chat["id"])
    screen.pane_shows(chat["visitor_name"])
    said = transcript_of(screen, chat["id"]).get_by_test_id("stText")
    expect(said.last).to_be_in_viewport(ratio=1)
    assert screen.page.evaluate(SCROLLABLE) == []


# What can be scrolled down, but for the tables and the filters.
SCROLLABLE = """() => [...document.querySelectorAll('html, body, [data-testid=stMain], .st-key-chat_pane *')]
    .filter(e => e.scrollHeight > e.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(e).overflowY))
    .map(e => `${e.tagName}.${e.className} ${e.scrollHeight} > ${e.clientHeight}`)"""


def short_chat(sample: Sample, language: str) -> dict[str, Any]:
    """A chat of 15 messages, each of them a line or little more."""
    return sample.rows(
        "language = $language AND id IN (SELECT chat_id FROM messages WHERE kind <> 'note' GROUP BY 1"
        " HAVING count(*) = 15 AND max(length(text)) <= $longest)",
        language=language,
        longest={"en": 80, "ja": 40}[language],
    )[0]


def test_what_is_answered_stays_in_sight_while_one_writes(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.rows("status = 'completed' AND visitor_email IS NOT NULL")[0]
    screen = screens(reading, language, size=NARROW).open_chat(chat["id"])
    body = transcript_of(screen, chat["id"])
    before = body.bounding_box()
    assert before
    screen.press("reply_by_email")
    expect(screen.desk.get_by_role("textbox").first).to_be_in_viewport()
    expect(body.get_by_test_id("stText").first).to_be_in_viewport()
    assert body.bounding_box() == before
    screen.open_tab("Notes")
    expect(screen.keyed("note_text")).to_be_in_viewport()
    expect(body.get_by_test_id("stText").first).to_be_in_viewport()
    assert body.bounding_box() == before
    screen.press("back_to_list")
    expect(screen.grid).to_be_visible()
    assert body.bounding_box() == before
