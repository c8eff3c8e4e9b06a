"""Explore: a question in SQL, its link, and the way there from a list."""

from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App

EDITOR = ".query-editor .cm-content"
ENDLESS = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = -1"


def test_a_list_becomes_a_query_that_a_second_browser_sees_and_that_can_be_stopped(
    reading: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    missed = sample.rows("status = 'missed' AND deleted_at IS NULL")
    screen = screens(reading, language).open_chats(category="missed")
    screen.press("see_sql")
    rows = screen.counted("{n} row", "{n} rows", len(missed))
    screen.shows(rows)
    expect(screen.page.locator(EDITOR)).to_contain_text("status = 'missed'")

    other = screens(reading, language).open("explore", **screen.query)
    other.shows(rows, other.word("This query came with the link or the example, and was run: it can only read."))

    other.page.locator(EDITOR).fill(ENDLESS)
    other.page.keyboard.press("Control+Enter")
    expect(other.button("stop_query")).to_be_visible(timeout=15_000)
    other.button("stop_query").click()
    other.shows(other.word("Stopped. Run it again when you like."))

    screen.page.locator(EDITOR).fill("DELETE FROM chats")
    screen.press("run_query")
    screen.shows(screen.word("Only a SELECT can be run here: it reads, and changes nothing. Write a SELECT."))


def test_a_column_is_completed_and_the_query_runs_as_it_stands_on_the_screen(
    reading: App, screens: OpenScreen, language: str
) -> None:
    screen = screens(reading, language).open("explore")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    editor = screen.page.locator(EDITOR)
    editor.click()
    expect(editor).to_have_attribute("aria-label", screen.word("Query"))
    screen.page.keyboard.type("SELECT vendor_id, statu")
    expect(screen.page.get_by_role("option", name="status")).to_be_visible()
    # The editor takes no key for a list that came a moment ago: nobody could have read it.
    screen.page.wait_for_timeout(300)
    screen.page.keyboard.press("Enter")
    screen.page.keyboard.type(" FROM chats LIMIT 3")
    screen.page.keyboard.press("Control+Enter")
    screen.shows(screen.counted("{n} row", "{n} rows", 3))
    expect(editor).to_have_text("SELECT vendor_id, status FROM chats LIMIT 3")

    editor.press("Backspace")
    screen.page.keyboard.type("2")
    screen.button("run_query").click()
    screen.shows(screen.counted("{n} row", "{n} rows", 2))
    outside = [url for url in asked if not url.startswith((reading.url, "data:", f"blob:{reading.url}"))]
    assert not outside


def test_nothing_moves_when_the_editor_takes_the_place_of_the_text_box(reading: App, screens: OpenScreen) -> None:
    screen, held = screens(reading), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    screen.page.route("**/query-editor/**", hold)
    screen.open("explore")
    box, run = screen.page.locator(".st-key-w_sql textarea"), screen.button("run_query")
    expect(box).to_be_visible()
    before, below = box.bounding_box(), run.bounding_box()
    for route in held:
        route.continue_()
    screen.page.unroute("**/query-editor/**")
    expect(screen.page.locator(EDITOR)).to_be_visible()
    after = screen.page.locator(".query-editor").bounding_box()
    assert before and after
    # The text box has a border around it.
    assert abs(after["y"] - before["y"]) <= 1
    assert run.bounding_box() == below


def test_without_the_editor_the_text_box_is_there(reading: App, screens: OpenScreen, language: str) -> None:
    screen = screens(reading, language)
    screen.page.route("**/query-editor/**", lambda route: route.abort())
    screen.open("explore")
    box = screen.page.locator(".st-key-w_sql textarea")
    expect(box).to_be_visible()
    box.press_sequentially("SELECT 1 AS a")
    screen.button("run_query").click()
    screen.shows(screen.counted("{n} row", "{n} rows", 1))
    screen.page.unroute("**/query-editor/**")
