"""What is open on the screen when a right or a sign-in goes gives nothing more away."""

import ast
import json
from datetime import UTC, timedelta
from types import SimpleNamespace

import pytest

from lib import settings
from lib.access.accesses import flush
from lib.access.roles import give_role, policy_of
from lib.export.choice import Choice, Request
from lib.screen.export import files
from lib.screen.frame import files as frame_files
from lib.screen.frame import session
from tests.pages.driving import CHATS, TODAY, visit
from tests.pages.signing_in import ANN, BEN, give, store, user
from tests.worlds import NOW

__all__ = ["store"]


@pytest.mark.parametrize("role", ["viewer", "none"])
def test_an_export_is_no_longer_given_to_whose_right_to_export_is_gone(store, monkeypatch, role):
    give(store, "lead")
    told = user(BEN)
    request = Request(session.clock(), BEN, choice=Choice(), browser="b")
    job = files.exports().start(store, request)
    while job.state == "running":
        pass
    monkeypatch.setattr(files, "_get_signed_cookie_with_chunks", lambda _cookies, _name: json.dumps(told))
    asked = SimpleNamespace(cookies={files.BROWSER_COOKIE: "b"})
    assert files._is_theirs(job, asked)
    give(store, role)
    assert not files._is_theirs(job, asked)


def test_another_window_of_a_person_is_no_other_sign_in(store):
    give(store, "lead")
    told = user(BEN, iat=int((NOW - timedelta(minutes=5)).replace(tzinfo=UTC).timestamp()))
    for page in (CHATS, TODAY, CHATS):
        visit(page, user=told)
    flush(store)
    assert len(store.read("SELECT 1 FROM accesses WHERE action = 'signed_in' AND actor = $ben", {"ben": BEN})) == 1


@pytest.mark.parametrize("typed", ["@example.com", "ben @example.com", "Ben <ben@example.com>", "ben@", "a@b@c"])
def test_a_role_is_given_to_an_address_alone(store, typed):
    assert give_role(store, policy_of(session.settings().roles), typed, "lead", ANN) == "no_address"


def test_a_file_is_not_made_once_the_right_or_the_sign_in_has_gone(store, monkeypatch):
    give(store, "lead")
    told = user(BEN, iat=int((NOW - timedelta(minutes=5)).replace(tzinfo=UTC).timestamp()))
    monkeypatch.setattr(frame_files.st, "user", SimpleNamespace(to_dict=lambda: told, get=told.get))
    made = frame_files.file_for("export", lambda: b"chats")
    assert made() == b"chats"
    give(store, "viewer")
    assert b"You may not have this file any more" in made()
    give(store, "lead")
    assert made() == b"chats"
    monkeypatch.setattr(session, "now", lambda: NOW + timedelta(hours=13))
    assert b"You may not have this file any more" in made()


# Files that are not locked where a password is asked for, and why.
UNLOCKED = {
    "lib/screen/reports/document.py": "figures, which name nobody",
    "lib/screen/chat/reply.py": "a letter that its person is about to send",
    "lib/screen/deleted/erased.py": "the certificate, which names nobody",
}


def test_every_other_file_is_locked_where_a_password_is_asked_for():
    found = {
        path.relative_to(settings.ROOT).as_posix()
        for path in settings.ROOT.glob("lib/screen/**/*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "file_for"
        and not ast.unparse(call.args[1]).startswith("lock.around(")
    }
    assert found == set(UNLOCKED)


def test_every_file_that_a_button_gives_is_asked_for(store):
    """A window that was left open would otherwise give it to whoever comes by."""
    for path in settings.ROOT.glob("lib/screen/**/*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "st.download_button":
                given = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "data")]
                assert [ast.unparse(each).startswith("file_for(") for each in given] == [True], path
