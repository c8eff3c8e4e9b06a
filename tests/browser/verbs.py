"""What a person does in the app and sees there, in words, so that each test reads as a story."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from playwright.sync_api import Download, Locator, Page, Position, WebSocket, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lib.language import _, in_language, plural
from tests.browser.server import App

ROW_HEIGHT, HEADER_HEIGHT = 30, 30
PATIENCE_MS = 20_000
HERE = ("127.0.0.1", "localhost")
CALM = (
    "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
    " && !document.querySelector('[data-testid=stSkeleton]')"
)
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
RUN_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)

expect.set_options(timeout=PATIENCE_MS)


class Screen:
    """A browser tab on the app, in one language."""

    def __init__(self, page: Page, app: App, language: str) -> None:
        self.page, self.app, self.language = page, app, language
        self.strangers: list[str] = []
        self.surprises: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: self._note_request(request.url))
        page.on("websocket", self._note_socket)
        page.on("dialog", lambda dialog: (self.surprises.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.surprises.append(f"error in the page: {error}"))
        page.on("popup", lambda popup: self.surprises.append(f"new window: {popup.url}"))

    def _note_socket(self, socket: WebSocket) -> None:
        self.socket = socket
        self._note_request(socket.url)

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

    def open(self, path: str = "", **query: object) -> "Screen":
        """Opens a page by its address."""
        self.page.goto(f"{self.app.url}/{path}" + (f"?{urlencode(query, doseq=True)}" if query else ""))
        return self.settled()

    def settled(self) -> "Screen":
        """Waits until the script has run and all of its parts are painted."""
        self.page.wait_for_function(CALM)
        return self

    @contextmanager
    def rerun(self) -> Iterator[None]:
        """Waits, after what stands in the block, until the script has run anew and its end is painted."""
        self.page.bring_to_front()  # a tab in the background hardly paints
        with self.socket.expect_event("framereceived", _ends_a_run):
            yield
        self.page.evaluate(PAINTED)
        self.settled()

    def reload(self) -> None:
        """Loads the page anew."""
        self.page.reload()
        self.settled()

    def go_to(self, name: str) -> None:
        """Goes to a page by the menu."""
        with self.rerun():
            self.page.get_by_test_id("stPageLink").get_by_text(self.word(name), exact=True).click()

    def go_to_managed(self, name: str) -> None:
        """Goes to a page by the menu's "Manage"."""
        self.page.get_by_role("button", name=self.word("Manage"), exact=True).click()
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

    def choose(self, key: str, choice: str | re.Pattern[str]) -> None:
        """Chooses from a segmented control."""
        with self.rerun():
            self.keyed(key).get_by_role("radio", name=choice).or_(
                self.keyed(key).locator("button").filter(has_text=choice)
            ).first.click()

    def pick(self, key: str, option: str) -> None:
        """Picks an option of a list in the sidebar or above the table."""
        wanted = self.page.get_by_role("option", name=option, exact=True)
        self._unfold(key, wanted)
        with self.rerun():
            wanted.click()
        self.page.keyboard.press("Escape")

    def _unfold(self, key: str, wanted: Locator) -> None:
        """Opens a list; the first click may only close the list that was open before."""
        for patience_ms in (PATIENCE_MS // 10, PATIENCE_MS // 5, PATIENCE_MS):
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

    def column(self, column: int = 0, grid: Locator | None = None) -> list[str]:
        """The texts of a column, of as many rows as are on the screen."""
        self.cell(0, column, grid).wait_for(state="attached")
        return (grid or self.grid).locator(f"[data-testid^='glide-cell-{column}-']").all_text_contents()

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

    # The Chats page

    def open_chats(self, **query: object) -> "Screen":
        """Opens the Chats page by its address."""
        return self.open("chats", **query)

    def choose_category(self, name: str) -> None:
        """Chooses a category tab by its English name."""
        self.choose("w_category", re.compile(rf"{re.escape(self.word(name))}\s*[\d,]+$"))

    def tab_text(self, name: str) -> str:
        """What a category tab says, with its count."""
        return self.keyed("w_category").get_by_text(re.compile(rf"^{re.escape(self.word(name))}")).inner_text()

    def counts(self, count: str, total: str) -> None:
        """Waits until the line above the list says "n of N chats"."""
        self.shows(self.word("{n} of {total} chats", n=count, total=total))

    def open_row(self, row: int, *, x: float = 60) -> None:
        """Opens the chat of a row of the list."""
        self.click_row(row, x=x)
        self.pane.wait_for()

    def open_chat(self, chat: UUID, **query: object) -> "Screen":
        """Opens a chat by its link."""
        return self.open_chats(chat=chat, **query)

    @property
    def pane(self) -> Locator:
        """The open chat."""
        return self.keyed("chat_pane")

    def pane_shows(self, *texts: str) -> None:
        """Waits until the open chat shows each text."""
        for text in texts:
            expect(self.pane).to_contain_text(text)

    def transcript(self) -> list[str]:
        """The texts of the open chat as they are written, each of its parts apart."""
        return self.pane.get_by_test_id("stText").all_text_contents()

    def next_chat(self) -> None:
        """Presses the button to the next chat."""
        self.press("next_chat")

    def previous_chat(self) -> None:
        """Presses the button to the previous chat."""
        self.press("previous_chat")

    def type_key(self, key: str) -> None:
        """Presses a key of the keyboard, with nothing in focus."""
        self.page.evaluate("document.activeElement?.blur()")
        with self.rerun():
            self.page.keyboard.press(key)

    def open_tab(self, name: str) -> None:
        """Opens a tab of the chat by its English name."""
        self.choose("w_tab", self.word(name))

    def open_menu(self) -> None:
        """Opens the three-dot menu of the chat."""
        self.button("chat_menu").click()

    def ask_to_delete(self) -> Locator:
        """Chooses Delete… in the menu of the chat, and returns the question."""
        self.open_menu()
        self.press("delete_chat")
        question = self.page.get_by_role("dialog")
        question.wait_for()
        return question

    def delete_chat(self, reason: str = "") -> None:
        """Deletes the open chat."""
        self.ask_to_delete()
        if reason:
            self.keyed("deletion_reason").locator("input").fill(reason)
        self.press("confirm_deletion")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def undo(self) -> None:
        """Undoes the last deletion."""
        self.press("undo_deletion")

    def write_note(self, text: str) -> None:
        """Adds a note to the chat whose notes are open."""
        self.keyed("note_text").locator("textarea").fill(text)
        self.press("add_note")

    def reply(self, **fields: str) -> None:
        """Opens the form of the reply and fills fields of it: to, cc, subject, body."""
        self.press("reply_by_email")
        for name, value in fields.items():
            self.fill_mail(name, value)

    def mail_field(self, name: str) -> Locator:
        """A field of the reply."""
        return self.page.locator(f"[class*='st-key-mail_'][class*='_{name}']").locator("input, textarea").first

    def fill_mail(self, name: str, text: str) -> None:
        """Writes into a field of the reply."""
        with self.rerun():
            self.mail_field(name).fill(text)
            self.mail_field(name).press("Tab")

    def act_as(self, name: str) -> None:
        """Writes a name under "Acting as"."""
        you = self.page.get_by_role("button", name=self.word("You"), exact=True)
        you.click()
        box = self.keyed("acting_as").locator("input")
        box.fill(name)
        with self.rerun():
            box.press("Enter")
        self.page.keyboard.press("Escape")
        expect(you).to_have_attribute("aria-expanded", "false")

    def speak(self, language: str) -> None:
        """Switches the language."""
        self.page.get_by_role("button", name=self.word("You"), exact=True).click()
        self.choose("w_language", {"en": "English", "ja": "日本語"}[language])
        self.language = language

    # The Import page

    def import_files(self, *files: Path) -> None:
        """Drops files on the Import page and imports them."""
        # After an import the form is drawn anew, so wait until the old one has gone.
        expect(self.page.locator("input[type=file]")).to_have_count(1)
        expect(self.button("import")).to_be_disabled()
        self.page.locator("input[type=file]").set_input_files([str(file) for file in files])
        expect(self.button("import")).to_be_enabled()
        self.press("import")

    def import_by_name(self, name: str) -> None:
        """Imports a file of the server's import folder."""
        self.fill("import_path", name)
        self.press("import")

    def figure(self, name: str) -> str:
        """A figure of the last report."""
        metric = self.page.get_by_test_id("stMetric").filter(has_text=self.word(name)).first
        return metric.get_by_test_id("stMetricValue").inner_text()


def _ends_a_run(frame: str | bytes) -> bool:
    message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
    return message.WhichOneof("type") == "script_finished" and message.script_finished in RUN_DONE


def _content(download: Download) -> bytes:
    return Path(download.path()).read_bytes()
