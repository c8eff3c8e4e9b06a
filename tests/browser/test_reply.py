"""The reply by e-mail: written, sent once, received by a real server; or downloaded where none is set up."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Sample
from tests.browser.server import PERSON, App
from tests.mail.conftest import Post

NO_SERVER = "No mail server is set up, so nothing can be sent from here. Write the mail and download it instead."


def received(post: Post, recipient: str) -> list[EmailMessage]:
    """The mails that came for an address."""
    return [mail for mail in post.mails() if recipient in str(mail["To"])]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


@pytest.fixture
def recipient() -> str:
    """An address that no other story writes to."""
    return f"v{uuid4().hex[:8]}@example.org"


@pytest.fixture
def trouble(post: Post) -> Iterator[dict[str, str]]:
    """What the mail server answers instead, for this story."""
    yield post.answers
    post.answers.clear()


@pytest.mark.thorough
def test_a_reply_is_sent_received_and_shown(
    writing: App, screens: OpenScreen, language: str, sample: Sample, post: Post, recipient: str
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL AND language = '" + language + "' AND status = 'missed'")[0]
    screen = screens(writing, language).open_chat(chat["id"])
    screen.reply()
    expect(screen.mail_field("to")).to_have_value(chat["visitor_email"])
    screen.fill_mail("to", recipient)
    screen.fill_mail("cc", "Chef <boss@example.com>")
    screen.fill_mail("subject", "返信 Re: your chat")
    screen.fill_mail("body", "Hello,\nこんにちは。\n\nAkiko")
    screen.page.get_by_role("tab", name=screen.word("Preview")).click()
    screen.pane_shows("返信 Re: your chat", recipient, "Example Desk <desk@example.com>", "boss@example.com")
    screen.press("send_mail")
    screen.pane_shows(screen.word("Sent"), PERSON, recipient, "返信 Re: your chat")
    (mail,) = received(post, recipient)
    assert (mail["From"], mail["Subject"]) == ("Example Desk <desk@example.com>", "返信 Re: your chat")
    assert "boss@example.com" in mail["Cc"]
    assert mail.get_content_type() == "multipart/alternative"
    (first, *_) = sample.store.read(
        "FROM messages WHERE chat_id = $id AND kind = 'visitor' AND text IS NOT NULL", {"id": chat["id"]}
    )
    assert text_of(mail).replace("\r\n", "\n").startswith("Hello,\nこんにちは。\n\nAkiko")
    assert first["text"].split("\n")[0][:30] in text_of(mail)
    assert post.signed_in[-1]
    screen.open_chats(category="missed", reply="yes", chat=chat["id"])
    expect(screen.grid.get_by_text(chat["visitor_email"], exact=True)).to_have_count(1)


def test_a_double_click_sends_once(
    writing: App, screens: OpenScreen, sample: Sample, post: Post, recipient: str
) -> None:
    screen = screens(writing).open_chat(sample.unused("visitor_email IS NOT NULL")[0]["id"], tab="reply")
    screen.fill_mail("to", recipient)
    with screen.rerun():
        screen.button("send_mail").dblclick()
    screen.pane_shows("Sent", recipient)
    assert len(received(post, recipient)) == 1
    screen.reload()
    screen.pane_shows("Sent", recipient)
    assert len(received(post, recipient)) == 1


def test_a_second_tab_is_told_that_the_mail_has_gone(
    writing: App, screens: OpenScreen, sample: Sample, post: Post, recipient: str
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL")[0]
    first, second = (screens(writing, language).open_chat(chat["id"], tab="reply") for language in ("ja", "en"))
    for screen in (first, second):
        screen.fill_mail("to", recipient)
    first.press("send_mail")
    first.pane_shows(first.word("Sent"))
    second.press("send_mail")
    second.pane_shows(second.word("This mail was already on its way, so it was not sent a second time."), PERSON)
    assert len(received(post, recipient)) == 1


@pytest.mark.thorough
def test_a_failed_mail_says_why_and_can_be_tried_again(
    writing: App,
    screens: OpenScreen,
    sample: Sample,
    post: Post,
    recipient: str,
    trouble: dict[str, str],
) -> None:
    chat = sample.unused("visitor_email IS NOT NULL")[0]
    trouble[recipient] = "554 5.7.1 not wanted here"
    screen = screens(writing, "ja").open_chat(chat["id"], tab="reply")
    screen.fill_mail("to", recipient)
    screen.press("send_mail")
    screen.pane_shows(screen.word("Sending failed"), "not wanted here", screen.word("Try again"))
    assert received(post, recipient) == []
    trouble.clear()
    with screen.rerun():
        screen.desk.get_by_role("button", name=screen.word("Try again")).click()
    screen.pane_shows(screen.word("Sent"))
    assert len(received(post, recipient)) == 1


@pytest.mark.thorough
def test_a_wrong_address_cannot_be_sent_to(writing: App, screens: OpenScreen, sample: Sample) -> None:
    screen = screens(writing, "ja").open_chat(sample.unused()[0]["id"], tab="reply")
    screen.fill_mail("to", "not an address")
    screen.press("send_mail")
    screen.pane_shows(screen.word("Address"), screen.word("No e-mail was made: an address is wrong."))
    expect(screen.mail_field("to")).to_have_value("not an address")


@pytest.mark.thorough
def test_without_a_mail_server_the_reply_is_downloaded(reading: App, screens: OpenScreen, sample: Sample) -> None:
    chat = sample.rows("status = 'completed' AND visitor_email IS NOT NULL")[7]
    screen = screens(reading, "ja").open_chat(chat["id"], tab="reply")
    screen.pane_shows(screen.word(NO_SERVER))
    screen.fill_mail("subject", "Über 返信")
    mail = message_from_bytes(screen.download("download_eml"), policy=policy.default)
    assert mail["Subject"] == "Über 返信"
    assert chat["visitor_email"] in mail["To"]
    screen.reload()
    expect(screen.desk).not_to_contain_text(screen.word("Sent"))
