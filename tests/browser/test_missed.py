"""Missed chats: a morning of a team lead, and two leads who want the same chat."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from lib.chats.categories import CATEGORIES
from lib.chats.clock import Clock
from lib.chats.counts import category_counts
from lib.chats.filter.filter import EMPTY
from lib.importing import Source, import_files
from lib.language import plural
from lib.missed.news import NEWS_KINDS, news
from lib.missed.queue import QUEUE_TABS, queue_counts
from lib.screen.frame.labels import CATEGORIES as LOOKS
from lib.screen.missed.looks import TABS
from lib.store import Store, now
from tests.browser.conftest import IN_ONE, OpenScreen
from tests.browser.server import PERSON, ZONE, App, running
from tests.browser.verbs import Screen
from tests.mail.conftest import PASSWORD, USER, Certificate, Post
from tests.missed.replaying import replayed, stored

NAMES = ("Rin", "Mia", "Ken", "Tom", "Ada", "Uma")
TICK = 15


def missed(name: str, hours_ago: float, **fields: Any) -> dict[str, Any]:
    """A missed chat in the app's own format."""
    start = datetime.now(UTC) - timedelta(hours=hours_ago)
    visitor = {"name": name, "email": f"{name.lower()}@example.org"}
    question = f"Where is the order of {name}?"
    return {"id": name, "status": "missed", "started_at": start.isoformat(), "visitor": visitor} | {
        "messages": [{"sender_type": "visitor", "text": question, "at": start.isoformat()}],
        **fields,
    }


def served(name: str, identifier: str) -> dict[str, Any]:
    """A later chat of the same visitor, in which a person answered."""
    return missed(name, 0, id=identifier, status="completed", operator="Aoi")


def export(file: Path, *chats: dict[str, Any]) -> Path:
    file.write_text("\n".join(json.dumps(chat) for chat in chats), encoding="utf-8")
    return file


@pytest.fixture
def morning(tmp_path: Path, post: Post, certificate: Certificate) -> Iterator[App]:
    """An app with mail, on seven chats that were missed in the last hours; at last its ledger is checked."""
    file = tmp_path / "history.duckdb"
    store = Store(str(file))
    chats = [missed(name, 20 - hours) for hours, name in enumerate(NAMES)]
    mute = missed("Nobody", 2, visitor={"name": "Nobody"})
    first = export(tmp_path / "first.jsonl", *chats, mute)
    import_files(store, [Source(first.name, first)], zone=ZONE, actor=PERSON)
    store.close()
    mail = {
        "SMTP_HOST": post.smtp.host,
        "SMTP_PORT": str(post.smtp.port),
        "SMTP_USER": USER,
        "SMTP_PASSWORD": PASSWORD,
        "SMTP_SENDER": post.smtp.sender,
        "SMTP_CERTIFICATES": str(certificate.certificate),
    }
    with running(tmp_path, **mail) as app:
        yield app
    store = Store(str(file))
    assert stored(store) == replayed(store) != {}
    store.close()


def count(screen: Screen, tab: str, number: int) -> None:
    """Waits until a tab of the queue says that it has so many chats."""
    expect(screen.keyed("w_queue")).to_contain_text(f"{screen.word(tab)} {number}")


def tick(screen: Screen, *visitors: str) -> None:
    """Ticks the rows of visitors."""
    for visitor in visitors:
        screen.click_row(screen.row_with(visitor)[0], x=TICK)


def open_visitor(screen: Screen, visitor: str) -> None:
    """Opens the chat of a visitor."""
    screen.click_row(screen.row_with(visitor)[0], x=90)
    screen.pane.wait_for()


@contextmanager
def store_of(app: App) -> Iterator[Store]:
    """What the app's store holds at this moment, as a copy: the file itself is the app's alone."""
    copy = app.folder / "copy"
    copy.mkdir()
    for file in app.folder.glob("history.duckdb*"):
        if file.is_file():
            shutil.copy(file, copy / file.name)
    store = Store(str(copy / "history.duckdb"))
    try:
        yield store
    finally:
        store.close()
        shutil.rmtree(copy)


def all_numbers_are_those_of_the_store(screen: Screen, app: App) -> None:
    """Looks at Today, Chats and Missed chats, where it stays: each number is what the store answers."""
    with store_of(app) as store:
        clock = Clock(now(), ZONE)
        categories, queue = category_counts(store, EMPTY, clock), queue_counts(store, EMPTY, clock, PERSON)
        new = news(store, clock, PERSON).counts
    screen.go_to("Today")
    screen.figures(Overdue=queue["overdue"], Mine=queue["mine"], New=new["missed"])
    expect(screen.keyed("waiting").get_by_text(str(queue["open"]), exact=True)).to_be_visible()
    screen.go_to("Chats")
    screen.tab_counts(**{LOOKS[code].name: categories[code] for code in CATEGORIES})
    screen.counts(str(categories["all"]), str(categories["all"]))
    screen.go_to("Missed chats")
    for tab in QUEUE_TABS:
        count(screen, TABS[tab], queue[tab])
    screen.has_rows(queue["open"])
    for kind in NEWS_KINDS:
        expect(screen.button(f"news_{kind}")).to_have_count(1 if new[kind] else 0)
        if new[kind]:
            expect(screen.button(f"news_{kind}")).to_contain_text(str(new[kind]))


@IN_ONE
def test_a_morning(
    morning: App, screens: OpenScreen, language: str, post: Post, tmp_path: Path, thorough: bool
) -> None:
    screen = screens(morning, language, path="missed")
    expect(screen.button("news_missed")).to_contain_text("7")
    count(screen, "To do", 6)
    count(screen, "No contact data", 1)
    screen.has_rows(6)
    all_numbers_are_those_of_the_store(screen, morning)

    tick(screen, "Rin", "Mia", "Tom")
    screen.strike("several_take")
    screen.shows(screen.counted("You have taken {n} chat.", "You have taken {n} chats.", 3))
    count(screen, "Mine", 3)
    # These are looked at again after the next step; it takes as long as the step itself.
    if thorough:
        all_numbers_are_those_of_the_store(screen, morning)

    tick(screen, "Rin", "Mia")
    screen.strike("several_mail")
    before = len(post.envelopes)
    dialog = screen.page.get_by_role("dialog")
    expect(dialog).to_contain_text("rin@example.org")
    screen.strike("send_many")
    expect(screen.page.get_by_role("dialog")).to_have_count(0)
    # The page follows by itself.
    count(screen, "Contacted", 2)
    count(screen, "Mine", 1)
    arrived = {to for _sender, to_all in post.envelopes[before:] for to in to_all}
    assert arrived == {"rin@example.org", "mia@example.org"}
    all_numbers_are_those_of_the_store(screen, morning)

    open_visitor(screen, "Uma")
    screen.type_key("n")
    screen.strike("confirm_not_needed")
    count(screen, "Done", 1)
    screen.press_outcome("undo")
    count(screen, "Done", 0)
    open_visitor(screen, "Ken")
    screen.type_key("n")
    screen.strike("confirm_not_needed")
    count(screen, "Done", 1)
    if thorough:
        all_numbers_are_those_of_the_store(screen, morning)

    screen.open("imports")
    screen.import_files(export(tmp_path / "second.jsonl", served("Ada", "Ada 2"), served("Rin", "Rin 2")))
    screen.go_to("Missed chats")
    count(screen, "Came back", 1)
    count(screen, "Done", 2)
    all_numbers_are_those_of_the_store(screen, morning)
    screen.strike("news_came_back")
    screen.has_rows(1)
    assert screen.row_with("Ada")[0] == 0

    screen.strike("see_news")
    expect(screen.button("news_missed")).to_have_count(0)
    screen.open("missed")
    all_numbers_are_those_of_the_store(screen, morning)
    screen.strike("hand_over")
    text = screen.page.get_by_role("dialog").get_by_test_id("stCode")
    expect(text).to_contain_text("Tom")
    expect(text).to_contain_text("uma@example.org")
    expect(text).not_to_contain_text("mia@example.org")
    expect(text).not_to_contain_text("ken@example.org")


def test_two_leads_who_want_the_same_chat(morning: App, screens: OpenScreen) -> None:
    first, second = (screens(morning, language, path="missed") for language in ("en", "ja"))
    first.act_as("Ann")
    second.act_as("Ben")
    for screen in (first, second):
        open_visitor(screen, "Rin")
    first.type_key("t")
    first.shows(first.counted("You have taken {n} chat.", "You have taken {n} chats.", 1))
    second.type_key("t")
    one, many = "{n} chat was left alone, because {name} has it.", "{n} chats were left alone, because {name} has them."
    second.shows(second.say(lambda: plural(one, many, 1, name="Ann")))
    second.pane_shows("Ann")
    first.type_key("w")
    second.press("follow_assign")
    second.type_into("assign_to", "Ben")
    second.strike("confirm_assign")
    second.shows("Ann")
    first.reload()
    count(first, "Contacted", 1)
    count(second, "Contacted", 1)


def test_what_is_done_in_one_window_is_known_in_the_others(morning: App, screens: OpenScreen) -> None:
    first, second = (screens(morning, language, path="missed") for language in ("en", "ja"))
    today = screens(morning, "en", path="")
    first.act_as("Ann")
    # A new tab of the same browser knows who acts.
    expect(screens(morning, "en", path="chats").keyed("menu")).to_contain_text("Ann")
    open_visitor(second, "Rin")

    open_visitor(first, "Mia")
    first.type_key("n")
    first.strike("confirm_not_needed")
    count(first, "To do", 5)
    # Where somebody reads, nothing moves until it is asked for; Today follows by itself.
    second.page.bring_to_front()
    second.shows(second.word("Changed: refresh"))
    second.pane_shows("Rin")
    second.press("refresh_page")
    count(second, "To do", 5)
    second.has_rows(5)
    second.shows_not(second.word("Changed: refresh"))
    today.page.bring_to_front()
    expect(today.keyed("waiting").get_by_text("5", exact=True)).to_be_visible()
    all_numbers_are_those_of_the_store(second, morning)
