"""Typing and clicking at full speed: no pause between the two, the cursor still in the field."""

from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect

from tests.browser.conftest import IN_ONE, OpenScreen, Sample, StartApp
from tests.browser.server import App
from tests.browser.test_explore import EDITOR
from tests.browser.test_reply import received, text_of
from tests.browser.test_saved_views import row, unfold_views
from tests.mail.conftest import Post


@IN_ONE
def test_a_mail_leaves_with_the_words_and_to_the_address_typed_last(
    writing: App, screens: OpenScreen, language: str, sample: Sample, post: Post
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL AND status = 'completed'")[0]
    said = sample.store.read(
        "FROM messages WHERE chat_id = $id AND kind = 'visitor' AND text IS NOT NULL", {"id": chat["id"]}
    )
    screen = screens(writing, language).open_chat(chat["id"], tab="reply")
    screen.mail_field("to").fill("nobody at all")
    screen.strike("send_mail")
    screen.pane_shows(screen.word("No e-mail was made: an address is wrong."))
    recipient = f"v{uuid4().hex[:8]}@example.org"
    screen.mail_field("body").fill("These words were typed last.")
    screen.mail_field("to").fill(recipient)
    screen.strike("send_mail")
    screen.pane_shows(screen.word("Sent"), recipient)
    (mail,) = received(post, recipient)
    assert text_of(mail).startswith("These words were typed last.")
    assert said[0]["text"].split("\n")[0][:30] in text_of(mail)
    assert not received(post, chat["visitor_email"])
    with screen.rerun():
        screen.button("write_another").click()
    screen.mail_field("to").fill(recipient)
    screen.mail_field("body").fill("And these, with the cursor in the text.")
    screen.strike("send_mail")
    screen.until(lambda: len(received(post, recipient)), lambda count: count == 2)
    assert text_of(received(post, recipient)[1]).startswith("And these, with the cursor in the text.")


def test_a_downloaded_mail_has_the_words_typed_last(reading: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.rows("status = 'completed' AND visitor_email IS NOT NULL")[9]
    screen = screens(reading, "ja").open_chat(chat["id"], tab="reply")
    screen.mail_field("subject").fill("Typed last")
    with screen.page.expect_download() as coming:
        screen.strike("download_eml")
    mail = message_from_bytes(Path(coming.value.path()).read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Typed last"


def test_whatever_is_typed_last_about_chats_counts(
    writing: App, screens: OpenScreen, language: str, sample: Sample
) -> None:
    chat = sample.unused("status = 'missed'")[0]
    screen = screens(writing, language).open_chat(chat["id"], tab="notes")
    screen.type_into("note_text", "A note typed last")
    screen.strike("add_note")
    screen.pane_shows("A note typed last")

    screen.open_chats(period="custom")
    screen.type_day("w_first_day", date(2026, 3, 1))
    screen.type_day("w_last_day", date(2026, 3, 31))
    screen.strike("open_conditions")
    screen.type_into("rule_2_wait_more_minutes_0", "7")
    screen.strike("apply_conditions")
    screen.address_has(**{"from": "2026-03-01", "to": "2026-03-31"})
    expect(screen.button("open_conditions")).to_contain_text("1")

    unfold_views(screen)
    name = f"View {uuid4().hex[:6]}"
    screen.type_into("new_view_name", name)
    screen.strike("save_view_button")
    expect(row(screen, name)).to_have_count(1)
    screen.page.keyboard.press("Escape")

    screen.open("missed", category="missed", chat=chat["id"])
    screen.press("follow_due")
    screen.type_day("due_day", date(2031, 5, 17))
    screen.strike("confirm_set_due")
    screen.shows(screen.counted("{n} chat has a new due time.", "{n} chats have a new due time.", 1))
    screen.pane_shows("2031")
    screen.press("follow_not_needed")
    screen.type_into("not_needed_text", "Reason typed last")
    screen.strike("confirm_not_needed")
    screen.pane_shows("Reason typed last")


def test_whatever_is_typed_last_under_manage_counts(
    start_app: StartApp, screens: OpenScreen, language: str, sample: Sample, tmp_path: Path
) -> None:
    screen = screens(start_app(copy_of=sample.file), language, path="templates")
    screen.page.locator("textarea").first.fill("A template typed last")
    screen.strike("save_template")
    screen.shows(screen.word("Changed by {name}, {moment}", name="akiko", moment="")[:8])
    screen.reload()
    expect(screen.page.locator("textarea").first).to_have_value("A template typed last")

    screen.open("team")
    screen.type_day("holiday_day", date(2031, 5, 17))
    screen.type_into("holiday_name", "Holiday typed last")
    screen.strike("add_holiday")
    table = screen.keyed(screen.key_like("holidays_"))
    expect(table.get_by_text("Holiday typed last", exact=True)).to_have_count(1)
    screen.type_into("threshold_due_after_h", "6.5")
    screen.strike("save_rules")
    screen.shows(screen.word("Saved."))
    screen.reload()
    expect(screen.keyed("threshold_due_after_h").locator("input")).to_have_value("6.5")
    expect(table.get_by_text("Holiday typed last", exact=True)).to_have_count(1)

    screen.open("outbox")
    screen.type_into("block_address_form", "last@example.com")
    screen.strike("block_add")
    screen.shows(f"{screen.word('Nothing is sent to this address any more:')} last@example.com")

    screen.open("explore")
    screen.page.locator(EDITOR).fill("SELECT 'typed last' AS words")
    screen.strike("run_query")
    screen.shows(screen.counted("{n} row", "{n} rows", 1))
    expect(screen.page.locator("td").get_by_text("typed last", exact=True)).to_have_count(1)

    file = tmp_path / "tickets.csv"
    file.write_text("Chat ID,Customer\nT-1,Rin\n")
    screen.open("imports").drop_files(file)
    screen.type_into(screen.key_like("columns_").rsplit("_", 1)[0] + "_name", "Name typed last")
    screen.strike("use_columns")
    screen.button("import").wait_for()
    expect(screen.page.get_by_text("Name typed last").first).to_be_attached()
