"""A chat that must not go is not deleted; a rule says what it would do before it is saved, and what it leaves alone."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import App


def test_a_held_chat_stays_and_a_rule_tells_what_it_is_due_for(
    writing: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL AND started_at < now()::TIMESTAMP - INTERVAL 90 DAY")[0]
    screen = screens(writing, language).open_chat(chat["id"])
    screen.open_menu()
    screen.press("hold_chat")
    screen.type_into("hold_of_chat_reason", "Case 12/2026")
    screen.strike("put_hold")
    screen.shows(screen.word("The chat is under legal hold."))
    screen.delete_chat("over")
    screen.shows(
        screen.counted(
            "{n} chat of it is under legal hold. Nothing was done; lift the hold first.",
            "{n} chats of it are under legal hold. Nothing was done; lift the hold first.",
            1,
        )
    )
    screen.pane_shows(chat["visitor_email"])

    screen.open("retention").press("new_rule")
    question = screen.page.get_by_role("dialog")
    question.get_by_role("spinbutton").fill("2")
    screen.type_into("rule_name", "Old <b>*chats*</b>")
    expect(question).to_contain_text(screen.word("left alone under legal hold: {n}", n="1"))
    screen.press("open_due")
    screen.shows(screen.word("Chats"))
    expect(screen.page).to_have_url(re.compile("/chats\\?"))
    screen.page.go_back()
    screen.press("new_rule")
    expect(question.get_by_role("spinbutton")).to_have_value("2")
    # It is never carried out here: other stories need their chats.
    with screen.rerun():
        question.get_by_text(screen.word("On"), exact=True).click()
    screen.strike("save_rule")
    expect(question).to_have_count(0)
    screen.shows(screen.word("The rule “{name}” is saved.", name="Old <b>*chats*</b>"))
    screen.click_row(0, x=15, grid=screen.page.get_by_test_id("stDataFrame").first)
    expect(screen.button("ask_to_run")).to_be_disabled()
    screen.press("remove_rule")
    screen.shows(screen.word("There is no rule: chats are kept until somebody deletes them."))
