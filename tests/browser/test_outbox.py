"""The outbox of the running app: it is killed amid sending, goes on after the restart, and tells what became of all."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from lib.mail import MailAddress, compose, draft_for, facts_of, queue
from lib.store import Store, now
from tests.browser.conftest import IN_ONE, OpenScreen
from tests.browser.server import App, running
from tests.browser.verbs import Screen
from tests.mail.conftest import PASSWORD, USER, Certificate, Post, add_chat

TICK = 15
VISITORS = ("ada", "bad", "ken", "mia")


@pytest.fixture
def outbox(tmp_path: Path, post: Post, certificate: Certificate) -> Iterator[tuple[Path, dict[str, str]]]:
    """A store with four queued mails, of which the server refuses one, and the settings of that server."""
    file = tmp_path / "history.duckdb"
    store = Store(str(file))
    for minute, name in enumerate(VISITORS):
        chat = add_chat(
            store, vendor_id=name, ordinal=minute, visitor_name=name, visitor_email=f"{name}@outbox.example"
        )
        facts = facts_of(store, chat)
        assert facts
        draft = draft_for(facts, "Akiko", "UTC")
        message = compose(draft, None, MailAddress("desk@example.com"), now())
        queue(store, draft, message, "Akiko", now() - timedelta(minutes=9 - minute))
    store.close()
    post.answers["bad@outbox.example"] = "554 5.7.1 not wanted here"
    settings = {
        "SMTP_HOST": post.smtp.host,
        "SMTP_PORT": str(post.smtp.port),
        "SMTP_USER": USER,
        "SMTP_PASSWORD": PASSWORD,
        "SMTP_SENDER": post.smtp.sender,
        "SMTP_CERTIFICATES": str(certificate.certificate),
    }
    yield file, settings
    post.answers.clear()
    post.hold = None


def die_amid_sending(folder: Path, settings: dict[str, str], post: Post) -> None:
    """Runs the app until the server has the first mail, and kills it before that has answered."""
    post.hold = threading.Event()
    post.in_data.clear()
    with running(folder, **settings) as app:
        assert post.in_data.wait(60)
        app.process.kill()
    post.hold.set()


def put_back(file: Path, minutes: int) -> None:
    """Lets time pass for what is being sent."""
    store = Store(str(file))
    since: datetime = now() - timedelta(minutes=minutes)
    store.write(
        lambda cursor: (
            cursor.execute("UPDATE mails SET state_since = $since WHERE state = 'sending'", {"since": since}) and None
        )
    )
    store.close()


@pytest.fixture
def restarted(outbox: tuple[Path, dict[str, str]], post: Post) -> Iterator[App]:
    """The app after it was killed amid sending and started again."""
    post.envelopes.clear()
    file, settings = outbox
    die_amid_sending(file.parent, settings, post)
    put_back(file, minutes=3)
    with running(file.parent, **settings) as app:
        yield app


def count(screen: Screen, tab: str, number: int) -> None:
    """Waits until a tab says that it has so many mails."""
    expect(screen.keyed("w_box")).to_contain_text(f"{screen.word(tab)} {number}")


def row(screen: Screen, visitor: str) -> int:
    return screen.row_with(f"{visitor}@outbox.example")[0]


def arrived(post: Post) -> Counter[str]:
    return Counter(to for _sender, everybody in post.envelopes for to in everybody if to.endswith("@outbox.example"))


def test_the_outbox_after_a_crash(restarted: App, screens: OpenScreen, language: str, post: Post) -> None:
    screen = screens(restarted, language, path="outbox")
    for tab, number in {"Sent": 2, "Failed": 1, "Unclear if sent": 1, "Queued": 0}.items():
        count(screen, tab, number)
    assert arrived(post) == Counter(f"{name}@outbox.example" for name in ("ada", "ken", "mia"))

    screen.click_row(row(screen, "ada"), x=300)
    mail = screen.keyed("outbox_mail")
    expect(mail).to_contain_text(screen.word("The program stopped while it was sending. The mail may have been sent."))
    with screen.rerun():
        mail.get_by_role("button", name=screen.word("It was sent")).click()
    count(screen, "Sent", 3)
    screen.press("close_mail")

    post.answers.clear()
    screen.click_row(row(screen, "bad"), x=TICK)
    screen.press("retry_several")
    count(screen, "Sent", 4)
    screen.shows(screen.counted("{n} e-mail is sent.", "{n} e-mails are sent.", 1))
    assert arrived(post) == Counter(f"{name}@outbox.example" for name in VISITORS)


@pytest.fixture
def expired(outbox: tuple[Path, dict[str, str]]) -> Iterator[App]:
    """The app with a password that the mail server does not take any more."""
    file, settings = outbox
    with running(file.parent, **settings | {"SMTP_PASSWORD": "expired"}) as app:
        yield app


@pytest.fixture
def mias_chat(outbox: tuple[Path, dict[str, str]]) -> str:
    """Id of the chat of one of the visitors."""
    store = Store(str(outbox[0]))
    found = store.read("SELECT id FROM chats WHERE visitor_name = 'mia'")[0]["id"]
    store.close()
    return str(found)


@pytest.mark.thorough
@IN_ONE
def test_while_the_password_is_refused_all_mails_wait_and_that_of_a_deleted_chat_is_cancelled(
    mias_chat: str, expired: App, screens: OpenScreen, language: str
) -> None:
    screen = screens(expired, language, path="outbox")
    told = screen.keyed("outbox_pause")
    expect(told).to_contain_text(screen.word("The mail server refused the user or the password in the settings."))
    expect(told).to_contain_text("535 5.7.8")
    count(screen, "Queued", 4)
    screen.press("try_now")
    expect(told).to_contain_text(screen.counted("{n} attempt", "{n} attempts", 2))
    screen.open_chat(mias_chat)
    waits, waited = "{n} e-mail that waits will not be sent.", "{n} e-mail that waited will not be sent."
    expect(screen.ask_to_delete()).to_contain_text(screen.counted(waits, waits, 1))
    screen.press("confirm_deletion")
    screen.shows(screen.counted(waited, waited, 1))
    screen.open("outbox")
    count(screen, "Queued", 3)
    count(screen, "Cancelled", 1)
