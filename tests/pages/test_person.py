"""Who acts: asked once where nobody is known, kept in the browser, and never the account that runs the program."""

import asyncio
import getpass
from urllib.parse import quote

import pytest
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response

from lib.chats.notes import add_note
from lib.mail import mails_of
from lib.screen.frame import person, session
from lib.screen.missed.mail_several import MAILING, Mailing
from tests.pages.driving import CHATS, MISSED, TODAY, body, click, has, open_chat, run, visit
from tests.worlds import id_of


@pytest.fixture
def store(world, set_up, monkeypatch):
    """A world that nobody is known in, on a machine whose account is root; mail is set up, and nothing is sent."""
    monkeypatch.delenv("CHAT_HISTORY_PERSON")
    monkeypatch.setattr(getpass, "getuser", lambda: "root")
    set_up(SMTP_HOST="127.0.0.1", SMTP_PORT="2525", SMTP_SECURITY="none", SMTP_SENDER="Help <help@example.com>")
    return world("review")


@pytest.fixture
def cookie(monkeypatch):
    """A function that puts a cookie into the browser, as it comes from there."""

    def put(value: str) -> None:
        monkeypatch.setattr(type(st.context), "cookies", {session.PERSON_COOKIE: value})

    return put


def actors(store) -> set[str]:
    return {row["actor"] for row in store.read("SELECT DISTINCT actor FROM events")}


@pytest.mark.parametrize("page", [TODAY, CHATS, MISSED])
def test_who_is_not_known_is_asked_and_can_read_on(store, page):
    at = visit(page)
    assert has(at, "own_name_page")
    assert "root" not in body(at)
    at.text_input(key="own_name_page").set_value(" 山田  花子 ")
    at = click(at, "name_me_page")
    assert "山田 花子" in body(at)
    assert not has(at, "own_name_page")


def test_nothing_is_written_under_the_name_of_the_account(store):
    at = click(visit(MISSED, {"chat": str(id_of("missed"))}), "follow_take")
    assert "Nothing was changed: say first who you are" in body(at)
    assert store.read("SELECT assignee FROM chats WHERE id = $id", {"id": id_of("missed")})[0]["assignee"] is None
    click(click(open_chat("done"), "delete_chat"), "confirm_deletion")
    assert actors(store) == {session.UNNAMED}


def test_no_mail_is_signed_by_somebody_unnamed(store):
    at = click(open_chat("missed"), "reply_by_email")
    assert has(at, "own_name_reply")
    assert not has(at, "send_reply")
    at = visit(MISSED, session={MAILING.key: Mailing((id_of("missed"),))})
    assert not has(at, "send_many")
    at.text_input(key="own_name_mails").set_value("Ann")
    at = click(at, "name_me_mails")
    click(at, "send_many")
    (mail,) = mails_of(store, id_of("missed"))
    assert mail.created_by == "Ann"
    assert "root" not in mail.body


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        (quote("山田 花子", safe=""), "山田 花子"),
        ("<b>x</b>%0A%00y", "<b>x</b> y"),
        ("a" * 5000, "a" * session.LONGEST_NAME),
        ("%FF%FE", "��"),
    ],
)
def test_the_name_in_the_browser_is_known_again(store, cookie, kept, shown):
    cookie(kept)
    at = visit(CHATS)
    assert shown in body(at).split("\n")
    assert not has(at, "own_name_page")


@pytest.mark.parametrize("kept", ["", "%20%0A", "%00"])
def test_a_cookie_without_a_name_is_none(store, cookie, kept):
    cookie(kept)
    assert has(visit(CHATS), "own_name_page")


def fetched(token: str, site: str = "same-origin") -> Response:
    """What a browser gets that fetches a name."""
    headers = [(b"sec-fetch-site", site.encode())]
    scope = {"type": "http", "method": "GET", "scheme": "http", "path": "/", "query_string": b"", "headers": headers}
    scope |= {"server": ("127.0.0.1", 80), "path_params": {"token": token}}
    return asyncio.run(person.set_cookie(Request(scope)))


def test_the_browser_gets_a_cookie_for_the_name_that_was_typed_in_it(store):
    at = visit(CHATS)
    at.text_input(key="own_name_page").set_value("山田; <b>")
    token = click(at, "name_me_page").session_state[person.OFFER_KEY]
    assert fetched(token, "cross-site").status_code == 404
    assert fetched("guessed").status_code == 404
    head = fetched(token).headers["set-cookie"]
    assert f"{session.PERSON_COOKIE}={quote('山田; <b>', safe='')};" in head
    assert all(part in head for part in ("Max-Age=31536000", "SameSite=lax", "HttpOnly", "Path=/"))


def test_the_sample_is_removed_only_after_a_question(set_up, installation):
    at = visit(TODAY)
    chats = "SELECT count(*) AS n FROM chats"
    before = session.store().read(chats)[0]["n"]
    assert before
    at = click(at, "remove_sample")
    assert f"{before:,} made-up chats" in body(at)
    at = click(at, "keep_sample")
    assert not at.get("dialog")
    assert session.store().read(chats)[0]["n"] == before
    click(run(click(at, "remove_sample")), "confirm_remove_sample")
    assert session.store().read(chats)[0]["n"] == 0


@pytest.mark.parametrize(("language", "shown"), [("en", "(unnamed)"), ("ja", "（名前なし）")])
def test_where_nobody_is_named_the_history_says_so_in_the_language(world, language, shown):
    store = world("review")
    add_note(store, id_of("done"), "Called back", session.UNNAMED)
    assert shown in body(open_chat("done", "notes", {"lang": language})).splitlines()
