"""Texts that try to break out of what holds them, wherever they can be seen: nothing asked for, nothing run."""

import pytest
from playwright.sync_api import expect

from lib.importing import chat_id
from lib.sample.edge_cases import _HOSTILE
from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App

TABS = ("transcript", "info", "notes", "earlier", "reply")


def chats(sample: Sample) -> list[dict]:
    """The hostile chats."""
    return [sample.rows("id = $id", id=chat_id("sample", f"S-90000{n}"))[0] for n in range(1, len(_HOSTILE) + 1)]


@pytest.mark.parametrize("tab", TABS)
def test_a_hostile_chat_does_no_harm(tab: str, reading: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(reading).open_chats(tag="odd text", sort="visitor", tab=tab, chat=chats(sample)[0]["id"])
    for chat in chats(sample):
        screen.open_chats(tag="odd text", sort="visitor", tab=tab, chat=chat["id"])
        if tab == "transcript":
            said = sample.store.read("FROM messages WHERE chat_id = $id AND text IS NOT NULL", {"id": chat["id"]})
            shown = screen.transcript()
            assert [entry["text"] for entry in said if not is_shown(entry["text"], shown)] == []
        if tab == "info":
            expect(screen.cell(0, 1, screen.pane.get_by_test_id("stDataFrame").first)).to_have_text(
                " ".join(chat["visitor_name"].split()), use_inner_text=False
            )
        assert screen.pane.locator("img, iframe, script, a[href^='javascript']").count() == 0


def is_shown(text: str, shown: list[str]) -> bool:
    """Whether a text stands there as it is; line ends may differ."""
    return any("\n".join(text.splitlines()) in "\n".join(found.splitlines()) for found in shown)
