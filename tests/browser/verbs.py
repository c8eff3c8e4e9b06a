"""What a person does in the app and sees there, in words, so that each test reads as a story."""

import re
from pathlib import Path
from typing import Self
from uuid import UUID

from playwright.sync_api import Locator, expect

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

    def tab_count(self, name: str) -> int:
        """The count of a category tab."""
        text = self.keyed("w_category").inner_text()
        found = re.search(rf"{re.escape(self.word(name))}\s*([\d,]+)", text)
        assert found, text
        return int(found[1].replace(",", ""))

    def counts(self, count: str, total: str) -> None:
        """Waits until the line above the list says "n of N chats"."""
        self.shows(self.word("{n} of {total} chats", n=count, total=total))

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

    def figure(self, name: str) -> str:
        """A figure of the last report."""
        metric = self.page.get_by_test_id("stMetric").filter(has_text=self.word(name)).first
        return metric.get_by_test_id("stMetricValue").inner_text()
