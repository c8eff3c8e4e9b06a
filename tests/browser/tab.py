"""A browser tab on the app: words, waiting, widgets and tables."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Download, Locator, Page, Position, WebSocket, expect
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lib.language import _, in_language, plural
from lib.screen.frame.watcher import KEY as WATCHER
from tests.browser.server import App

T = TypeVar("T")
ROW_HEIGHT, HEADER_HEIGHT = 30, 30
# Costs nothing but where something fails; a machine with much else to do may take ten times as long as a quiet one.
PATIENCE_MS = 60_000
SHORT_PATIENCES_MS = (3_000, 12_000, PATIENCE_MS)
HERE = ("127.0.0.1", "localhost")
CALM = (
    "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    " && !document.querySelector('[data-testid=stSkeleton]')"
)
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
RUN_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)

expect.set_options(timeout=PATIENCE_MS)


class Tab:
    """A browser tab on the app, in one language."""

    def __init__(self, page: Page, app: App, language: str) -> None:
        self.page, self.app, self.language, self.profile = page, app, language, language
        self.strangers: list[str] = []
        self.surprises: list[str] = []
        self._watchers, self._only_looks, self._ends_late = set[str](), False, False
        page.set_default_timeout(PATIENCE_MS)
        self._heard: dict[Any, Callable[..., object]] = {
            "request": lambda request: self._note_request(request.url),
            "websocket": self._note_socket,
            "dialog": lambda dialog: (self.surprises.append(f"dialog: {dialog.message}"), dialog.dismiss()),
            "console": lambda said: self._note_console(said.text),
            "pageerror": lambda error: self.surprises.append(f"error in the page: {error}"),
            "popup": lambda popup: self.surprises.append(f"new window: {popup.url}"),
        }
        for event, listener in self._heard.items():
            page.on(event, listener)

    def _note_console(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.surprises.append(f"kept from the page: {text}")

    def _note_socket(self, socket: WebSocket) -> None:
        self.socket = socket
        # Registered first, so that it has heard a frame before who waits for it.
        socket.on("framereceived", self._note_frame)
        self._note_request(socket.url)

    def _note_frame(self, frame: str | bytes) -> None:
        """Notes whether what runs is only the look that the page takes by itself every few seconds."""
        message = _message(frame)
        if message.WhichOneof("type") == "new_session":
            self._only_looks = self.only_looks(message) and not self._ends_late
        elif message.WhichOneof("type") == "script_finished":
            # Where a look follows before this was sent, the run's end is told as that of one that was cut short.
            self._ends_late = message.script_finished not in RUN_DONE and not self._only_looks
        elif message.WhichOneof("type") == "delta" and message.delta.add_block.id.endswith(WATCHER):
            self._watchers.add(message.delta.fragment_id)

    def only_looks(self, begins: ForwardMsg) -> bool:
        """Whether what begins with this message is only the look that the page takes by itself."""
        parts = set(begins.metadata.run.fragment_ids)
        return bool(parts) and parts <= self._watchers

    def _note_request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in HERE:
            self.strangers.append(url)

    def check(self) -> None:
        """What must hold after every story."""
        assert not self.strangers, f"requests left this machine: {self.strangers}"
        assert not self.surprises, self.surprises
        self.app.check()
        if self.page.url.startswith("http"):
            assert "Traceback" not in self.text
            assert not self.page.get_by_test_id("stException").count(), self.text

    def leave(self) -> Page:
        """Ends the session in this tab, and gives the empty tab for another one."""
        try:
            # Of the same site: for another one the browser would begin a new process, which has to learn the program of
            # the page anew, for longer than it takes to show it.
            self.page.goto(f"{self.app.url}/_stcore/health")
        except PlaywrightError:  # The app has ended.
            self.page.goto("about:blank")
        for event, listener in self._heard.items():
            self.page.remove_listener(event, listener)
        return self.page

    # Words

    def word(self, message: str, **fields: object) -> str:
        """The wording of an English message in the language of this screen."""
        with in_language(self.language):
            return _(message, **fields)

    def counted(self, one: str, many: str, n: int) -> str:
        """The wording for a number of things."""
        with in_language(self.language):
            return plural(one, many, n)

    def say(self, work: Callable[[], str]) -> str:
        """What `work` gives in the language of this screen."""
        with in_language(self.language):
            return work()

    @property
    def text(self) -> str:
        """Everything that can be read, but what lies in tables."""
        return self.page.locator("body").inner_text()

    def shows(self, *texts: str) -> None:
        """Waits until each text can be read somewhere outside tables."""
        for text in texts:
            expect(self.page.get_by_test_id("stApp")).to_contain_text(text)

    def shows_not(self, *texts: str) -> None:
        """Waits until none of the texts can be read."""
        for text in texts:
            expect(self.page.get_by_test_id("stApp")).not_to_contain_text(text)

    # Opening pages and waiting

    def open(self, path: str = "", **query: object) -> Self:
        """Opens a page by its address."""
        self.page.goto(f"{self.app.url}/{path}" + (f"?{urlencode(query, doseq=True)}" if query else ""))
        return self.settled()

    def settled(self) -> Self:
        """Waits until the script has run and all of its parts are painted."""
        self.page.wait_for_function(CALM)
        return self

    def until(self, read: Callable[[], T], holds: Callable[[T], object]) -> T:
        """What `read` gives as soon as it is as it should be; it is read again until then."""
        latest = time.monotonic() + PATIENCE_MS / 1000
        while not holds(found := read()):
            assert time.monotonic() < latest, f"it stayed {found!r}"
            self.page.wait_for_timeout(100)
        return found

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """Waits, after what stands in the block, until the script has run anew and its end is painted."""
        self.page.bring_to_front()  # a tab in the background hardly paints
        with self.socket.expect_event("framereceived", self._ends_a_run):
            yield
        self.page.evaluate(PAINTED)
        self.settled()

    def _ends_a_run(self, frame: str | bytes) -> bool:
        message = _message(frame)
        is_end = message.WhichOneof("type") == "script_finished" and message.script_finished in RUN_DONE
        return is_end and not self._only_looks

    def reload(self) -> None:
        """Loads the page anew."""
        self.page.reload()
        self.settled()

    def go_to(self, name: str) -> None:
        """Goes to a page by the menu."""
        with self.rerun():
            # The first one: pages without chats lead to Import too.
            self.page.get_by_test_id("stPageLink").get_by_text(self.word(name), exact=True).first.click()

    def go_to_managed(self, name: str) -> None:
        """Goes to a page by the menu's "Manage"."""
        self.unfold(self.page.get_by_role("button", name=self.word("Manage"), exact=True))
        self.go_to(name)

    @property
    def query(self) -> dict[str, list[str]]:
        """The parameters in the address."""
        return parse_qs(urlsplit(self.page.url).query)

    def address_has(self, **wanted: str | None) -> None:
        """Waits until parameters of the address have these values; None: is not there."""
        for name, value in wanted.items():
            pattern = re.compile(rf"[?&]{name}=" + (f"{re.escape(urlencode({'': value})[1:])}(&|$)" if value else ""))
            if value is None:
                expect(self.page).not_to_have_url(pattern)
            else:
                expect(self.page).to_have_url(pattern)

    # Widgets

    def keyed(self, key: str) -> Locator:
        """The part of the screen that has a key."""
        return self.page.locator(f".st-key-{key}")

    def key_like(self, beginning: str) -> str:
        """The whole key of the part of the screen whose key begins so."""
        classes = self.page.locator(f"[class*='st-key-{beginning}']").first.get_attribute("class") or ""
        return next(each for each in classes.split() if each.startswith(f"st-key-{beginning}")).removeprefix("st-key-")

    def button(self, key: str) -> Locator:
        """The button that has a key."""
        return self.keyed(key).locator("button").first

    def press(self, key: str) -> None:
        """Presses the button that has a key."""
        with self.rerun():
            self.button(key).click()

    def press_outcome(self, name: str, place: str = "page") -> None:
        """Presses a button beside what came of the last action: undo, stop, open or close."""
        with self.rerun():
            self.page.locator(f"[class*='st-key-{name}_outcome_{place}'] button").first.click()

    def strike(self, key: str) -> None:
        """Presses the button that has a key at full speed: mouse down and up at once, the cursor still in a field."""
        self.button(key).scroll_into_view_if_needed()
        box = self.button(key).bounding_box()
        assert box
        with self.rerun():
            self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            self.page.mouse.down()
            self.page.mouse.up()

    def type_into(self, key: str, text: str) -> None:
        """Writes into a field, and stays in it."""
        self.keyed(key).locator("input, textarea").first.fill(text)

    def type_day(self, key: str, day: date) -> None:
        """Types a day into a field, digit by digit, and stays in it."""
        parts = self.keyed(key).get_by_role("spinbutton")
        # Which part is which, its highest value tells: 12 months, at most 31 days.
        highest = [int(part.get_attribute("aria-valuemax") or 0) for part in parts.all()]
        parts.first.click()
        self.page.keyboard.type(
            "".join(f"{day:%m}" if n == 12 else f"{day:%d}" if n <= 31 else f"{day:%Y}" for n in highest)
        )

    def choose(self, key: str, choice: str | re.Pattern[str]) -> None:
        """Chooses from a segmented control."""
        with self.rerun():
            self.keyed(key).get_by_role("radio", name=choice).or_(
                self.keyed(key).locator("button").filter(has_text=choice)
            ).first.click()

    def unfold(self, button: Locator) -> None:
        """Opens what lies behind a button, if it is not open yet."""
        self.page.bring_to_front()
        self._press_until(button, "true", button.click)

    def fold(self, button: Locator) -> None:
        """Closes what lies behind a button, if it is open."""
        self._press_until(button, "false", lambda: self.page.keyboard.press("Escape"))

    def _press_until(self, button: Locator, expanded: str, act: Callable[[], None]) -> None:
        """Acts until the button tells the state; what is pressed while the page is drawn anew may be lost."""
        for patience_ms in SHORT_PATIENCES_MS:
            if button.get_attribute("aria-expanded") != expanded:
                act()
            try:
                expect(button).to_have_attribute("aria-expanded", expanded, timeout=patience_ms)
            except AssertionError:
                continue
            return
        raise AssertionError(f"it did not come to aria-expanded={expanded}")

    def pick(self, key: str, option: str) -> None:
        """Picks an option of a list in the sidebar or above the table."""
        # In the lists of the sidebar, the number of chats stands behind a value.
        wanted = self.page.get_by_role("option", name=re.compile(rf"^{re.escape(option)}(\s·\s[\d,]+)?$"))
        self._unfold(key, wanted)
        with self.rerun():
            wanted.click()
        self.page.keyboard.press("Escape")

    def _unfold(self, key: str, wanted: Locator) -> None:
        """Opens a list; the first click may only close the list that was open before."""
        for patience_ms in SHORT_PATIENCES_MS:
            # One that opened late may lie over its own field: a click there would take whatever option is in the place.
            if not wanted.is_visible():
                self.keyed(key).locator("input").first.click()
            try:
                return wanted.wait_for(timeout=patience_ms)
            except PlaywrightTimeoutError:
                self.page.keyboard.press("Escape")
        raise AssertionError(f"the list {key} did not offer what was wanted")

    def fill(self, key: str, text: str) -> None:
        """Writes into a field and leaves it."""
        box = self.keyed(key).locator("input, textarea").first
        if box.input_value() == text:
            return
        with self.rerun():
            box.fill(text)
            box.press("Tab")

    def download(self, key: str) -> bytes:
        """Presses a download button and returns the file."""
        with self.page.expect_download() as coming:
            self.button(key).click()
        return _content(coming.value)

    # The list

    @property
    def grid(self) -> Locator:
        """The first table of the page."""
        return self.page.get_by_test_id("stDataFrame").first

    def cell(self, row: int, column: int = 0, grid: Locator | None = None) -> Locator:
        """A cell of a table, as screen readers find it; rows and columns count from 0."""
        return (grid or self.grid).get_by_test_id(f"glide-cell-{column}-{row}")

    def column(self, column: int = 0, grid: Locator | None = None) -> Locator:
        """The cells of a column, of as many rows as are on the screen."""
        return (grid or self.grid).locator(f"[data-testid^='glide-cell-{column}-']")

    def row_with(self, text: str, grid: Locator | None = None) -> tuple[int, Locator]:
        """The row of a table that holds a text in one of its cells: its number and itself."""
        line = (grid or self.grid).locator("tbody tr").filter(has=self.page.get_by_text(text, exact=True))
        expect(line).to_have_count(1)
        # The heading is the first row for screen readers.
        return int(line.get_attribute("aria-rowindex") or 0) - 2, line

    def row_count(self, grid: Locator | None = None) -> int:
        """Number of rows of a table."""
        return int((grid or self.grid).locator("table").get_attribute("aria-rowcount") or 0) - 1

    def has_rows(self, count: int) -> None:
        """Waits until the first table has so many rows."""
        expect(self.grid.locator("table")).to_have_attribute("aria-rowcount", str(count + 1))

    def click_row(self, row: int, *, x: float = 60, grid: Locator | None = None) -> None:
        """Clicks on a row of a table."""
        self.cell(row, 1, grid).wait_for(state="attached")  # where rows can be ticked, there is no cell 0
        # A table that has just got more room is painted wider a little later.
        canvas = (grid or self.grid).get_by_test_id("data-grid-canvas").element_handle()
        self.page.wait_for_function("([table, x]) => table.getBoundingClientRect().width > x", arg=[canvas, x])
        # A table learns from a moving mouse where it lies; after a change of layout, a click out of nowhere is lost.
        place = Position(x=x, y=HEADER_HEIGHT + ROW_HEIGHT * row + ROW_HEIGHT / 2)
        (grid or self.grid).hover(position=Position(x=x, y=place["y"] - 4))
        self.page.evaluate(PAINTED)
        (grid or self.grid).hover(position=place)
        self.page.evaluate(PAINTED)
        with self.rerun():
            self.page.mouse.down()
            self.page.mouse.up()


def _message(frame: str | bytes) -> ForwardMsg:
    return ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()


def _content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()
