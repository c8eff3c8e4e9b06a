"""What a person does in the app and sees there, in words, so that each test reads as a story."""

import re
from pathlib import Path
from typing import Self
from uuid import UUID

from playwright.sync_api import Locator, expect

from lib.language import number
from tests.browser.tab import Tab


class Screen(Tab):
    """A browser tab with the verbs of the pages."""

    # The Chats page

    def open_chats(self, **query: object) -> Self:
        """Opens the Chats page by its address."""
        return self.open("chats", **query)

    def choose_category(self, name: str) -> None:
        """Chooses a category tab by its English name."""
        self.choose("w_category", re.compile(rf"{re.escape(self.word(name))}\s*[\d,]+$"))

    def tab_text(self, name: str) -> str:
        """What a category tab says, with its count."""
        return self.keyed("w_category").get_by_text(re.compile(rf"^{re.escape(self.word(name))}")).inner_text()

    def tab_counts(self, **counts: int) -> None:
        """Waits until the category tabs show these counts."""
        for name, count in counts.items():
            shown = re.compile(
                rf"{re.escape(self.word(name))}\s*{self.say(lambda count=count: number(count))}(?![\d,])"
            )
            expect(self.keyed("w_category")).to_contain_text(shown)

    def counts(self, count: str, total: str) -> None:
        """Waits until the line above the list says "n of N chats"."""
        self.shows(self.word("{n} of {total} chats", n=count, total=total))

    def shows_all(self) -> None:
        """Waits until the line above the list says that no filter leaves a chat out."""
        first, _number, rest = re.escape(self.word("{n} of {total} chats", n="N", total="N")).partition("N")
        pattern = re.compile(rf"{first}([\d,]+){rest}".replace("N", r"\1"))
        self.until(lambda: self.text, pattern.search)

    def drag_over_bars(self, first: float, last: float) -> None:
        """Draws a range over the bars above the list, from one part of their width to another."""
        chart = self.page.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg").first
        chart.wait_for()
        box = chart.bounding_box()
        assert box
        y = box["y"] + box["height"] / 3
        with self.rerun():
            self.page.mouse.move(box["x"] + first * box["width"], y)
            self.page.mouse.down()
            self.page.mouse.move(box["x"] + (first + last) / 2 * box["width"], y, steps=5)
            self.page.mouse.move(box["x"] + last * box["width"], y, steps=5)
            self.page.mouse.up()

    def open_row(self, row: int, *, x: float = 60) -> None:
        """Opens the chat of a row of the list."""
        self.click_row(row, x=x)
        self.pane.wait_for()

    def open_chat(self, chat: UUID, **query: object) -> Self:
        """Opens a chat by its link."""
        return self.open_chats(chat=chat, **query)

    @property
    def pane(self) -> Locator:
        """The open chat."""
        return self.keyed("chat_pane")

    @property
    def desk(self) -> Locator:
        """What is written about the open chat, in the place of the list."""
        return self.keyed("desk")

    def pane_shows(self, *texts: str) -> None:
        """Waits until the open chat shows each text, or what is written about it does."""
        for text in texts:
            expect(self.pane.or_(self.desk).filter(has_text=text)).not_to_have_count(0)

    def transcript(self) -> list[str]:
        """The texts of the open chat as they are written, each of its parts apart."""
        return self.pane.or_(self.desk).get_by_test_id("stText").all_text_contents()

    def says(self, *texts: str) -> None:
        """Waits until each text stands whole in a part of the open chat, as it is but for its line ends."""
        wanted = ["\n".join(text.splitlines()) for text in texts]

        def missing() -> list[str]:
            shown = ["\n".join(found.splitlines()) for found in self.transcript()]
            return [text for text in wanted if not any(text in found for found in shown)]

        self.until(missing, lambda texts: not texts)

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
        self.unfold(self.button("chat_menu"))

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
        self.press_outcome("undo")

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
        box = self.person()
        box.fill(name)
        with self.rerun():
            box.press("Enter")
        self.fold(self._you)

    def person(self) -> Locator:
        """Opens "You", and gives the field "Acting as"."""
        self.unfold(self._you)
        return self.keyed("acting_as").locator("input")

    @property
    def _you(self) -> Locator:
        return self.page.get_by_role("button", name=self.word("You"), exact=True)

    def speak(self, language: str) -> None:
        """Switches the language."""
        self.unfold(self._you)
        self.choose("person_language", {"en": "English", "ja": "日本語"}[language])
        self.language = language

    # The Import page

    def drop_files(self, *files: Path) -> None:
        """Drops files on the Import page."""
        # After an import the form is drawn anew, so wait until the old one has gone.
        expect(self.page.locator("input[type=file]")).to_have_count(1)
        expect(self.button("import")).to_have_count(0)
        with self.rerun():
            self.page.locator("input[type=file]").set_input_files([str(file) for file in files])

    def import_files(self, *files: Path) -> None:
        """Drops files on the Import page and imports them."""
        self.drop_files(*files)
        self.confirm_import()

    def confirm_import(self) -> None:
        """Presses Import below the preview, and waits for the report."""
        self.press("import")
        expect(self.button("import")).to_have_count(0)

    def name_file(self, name: str) -> None:
        """Names a file of the server's import folder."""
        self.fill(self.key_like("import_path"), name)

    def import_by_name(self, name: str) -> None:
        """Imports a file of the server's import folder."""
        self.name_file(name)
        self.confirm_import()

    def figures(self, **figures: int) -> None:
        """Waits until each figure (an underscore in its name is a space) shows its number."""
        for name, figure in figures.items():
            metric = self.page.get_by_test_id("stMetric").filter(has_text=self.word(name.replace("_", " "))).first
            shown = self.say(lambda figure=figure: number(figure))
            expect(metric.get_by_test_id("stMetricValue")).to_have_text(shown)
