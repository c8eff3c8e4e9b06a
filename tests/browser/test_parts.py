"""To open a chat, to step to the next one, its tabs and ticks leave the rest of the page alone, and never wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App
from tests.browser.verbs import Screen


@contextmanager
def runs(screen: Screen) -> Iterator[list[bool]]:
    """The runs for which the block is the reason: for each, whether the whole page was run."""
    found: list[bool] = []

    def note(frame: str | bytes) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        # A look that the page takes by itself is of another part.
        if message.WhichOneof("type") == "new_session" and not screen.only_looks(message):
            found.append(not message.metadata.run.fragment_ids)

    screen.socket.on("framereceived", note)
    yield found
    screen.socket.remove_listener("framereceived", note)


def test_clicks_on_and_in_a_chat_run_its_part_of_the_page(reading: App, screens: OpenScreen) -> None:
    screen = screens(reading).open_chats(category="completed")
    with runs(screen) as whole:
        screen.open_row(2)
        screen.address_has(category="completed")
        first = screen.query["chat"]
        screen.next_chat()
        expect(screen.page).not_to_have_url(first[0])
        screen.open_tab("Info")
        screen.address_has(tab="info")
        screen.press("close_chat")
        screen.address_has(chat=None)
        expect(screen.page.get_by_test_id("stVegaLiteChart")).to_have_count(1)
    assert whole == [False] * 4
    screen.page.go_back()
    screen.address_has(tab="info")
    screen.pane.wait_for()


def test_a_row_that_was_clicked_is_not_clicked_again_by_what_follows(reading: App, screens: OpenScreen) -> None:
    screen = screens(reading).open_chats(category="completed")
    for clicks in (1, 2, 1):
        for _click in range(clicks):
            screen.open_row(2)
        first = screen.query["chat"]
        screen.next_chat()
        second = screen.query["chat"]
        assert second != first
        screen.open_tab("Info")
        screen.address_has(tab="info")
        assert screen.query["chat"] == second
        screen.press("close_chat")
        screen.address_has(chat=None)
        screen.press("w_order")
        screen.address_has(chat=None)
    screen.page.go_back()
    screen.page.go_back()
    screen.address_has(tab="info")


def test_what_others_did_meanwhile_is_seen_at_the_next_click(
    writing: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    (chat,) = sample.unused("status = 'completed'")
    mine, others = screens(writing, language).open_chats(category="completed"), screens(writing).open_chat(chat["id"])
    before = mine.keyed("w_category").inner_text()
    others.delete_chat()
    with runs(mine) as whole:
        mine.open_row(1)
    assert any(whole)
    mine.until(lambda: mine.keyed("w_category").inner_text(), lambda text: text != before)


def test_words_typed_last_hold_where_a_row_is_clicked_at_once(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    screen = screens(reading, language).open_chats()
    name = sample.rows("visitor_name IS NOT NULL")[3]["visitor_name"]
    screen.type_into("words", name)
    # The row may have gone before the mouse button is up again: what was typed takes other rows into the list.
    screen.click_row(3)
    screen.until(lambda: screen.query, lambda query: query.keys() - {"chat"})
    screen.settled()
    expect(screen.keyed("words").locator("input")).to_have_value(name)
    screen.reload()
    expect(screen.keyed("words").locator("input")).to_have_value(name)
