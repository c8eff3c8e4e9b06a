"""Export: the dialog on Chats and Missed chats, its progress, and the file that comes of it."""

import io
import json
import time
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import duckdb
import pytest
import pyzipper
from starlette.applications import Starlette
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from lib.export.choice import Choice, Request
from lib.export.jobs import Job
from lib.export.writing import Progress
from lib.screen.export import dialog as export_dialog
from lib.screen.export import files as export_files
from lib.screen.frame import session
from lib.screen.parts.password import Lock
from lib.web.signed_in import BROWSER_COOKIE
from tests.pages.driving import CHATS, MISSED, body, captions, click, has, run, visit
from tests.web.asking import Answer, asked
from tests.worlds import TOKYO


def ended(person: str = "Tester", browser: str = ""):
    end = time.monotonic() + 20
    while (job := export_files.exports().of(person, browser)) and job.state == "running" and time.monotonic() < end:
        time.sleep(0.01)
    return job


def test_where_a_reason_is_asked_for_nobody_exports_without_one(world, set_up):
    set_up(EXPORT_REASON="yes")
    world("review")
    at = click(visit(CHATS), "export")
    at = click(at, "start_export")
    assert "Say why" in "".join(each.value for each in at.markdown)
    assert export_files.exports().of("Tester") is None
    at.text_input(key="export_reason").set_value("a report")
    click(at, "start_export")
    job = ended()
    assert json.loads(zipfile.ZipFile(job.path).read("manifest.json"))["reason"] == "a report"


def test_a_password_is_offered_and_one_that_does_not_fit_starts_nothing(world):
    world("review")
    at = click(visit(CHATS), "export")
    at.text_input(key="export_password").set_value("short")
    at = click(at, "start_export")
    assert "At least 12 letters" in "".join(each.value for each in at.markdown)
    assert export_files.exports().of("Tester") is None
    at = click(at, "export_password_made")
    password = at.text_input(key="export_password").value
    assert "kept nowhere" in captions(at)
    at = click(at, "start_export")
    job = ended()
    with pyzipper.AESZipFile(job.path) as archive:
        archive.setpassword(password.encode())
        assert json.loads(archive.read("manifest.json"))["chats"] == job.exported.chats
    at = run(at)
    assert password not in body(at) and "opens with the password" in captions(at)
    at = click(at, "new_export")
    assert at.text_input(key="export_password").value == ""


def test_where_a_password_is_asked_for_no_file_leaves_without_one(world, set_up):
    set_up(EXPORT_PASSWORD="yes")
    store = world("review")
    at = click(click(visit(CHATS), "export"), "start_export")
    assert "Give a password" in "".join(each.value for each in at.markdown)
    assert export_files.exports().of("Tester") is None
    chat = str(store.read("SELECT id FROM chats WHERE deleted_at IS NULL ORDER BY id LIMIT 1")[0]["id"])
    at = visit(CHATS, {"chat": chat})
    files = [node.proto for node in at.get("download_button") if "download_transcript" in node.proto.id]
    assert len(files) == 3 and all(each.disabled for each in files)
    at = click(at, "transcript_password_made")
    files = [node.proto for node in at.get("download_button") if "download_transcript" in node.proto.id]
    assert not any(each.disabled for each in files)


def test_a_file_is_locked_where_a_password_is_asked_for():
    make, password = (lambda: b"content"), "correct horse battery"
    assert Lock(None).around(make, "a.txt")() == b"content"
    assert Lock(None).named("a.txt", "text/plain") == {"file_name": "a.txt", "mime": "text/plain"}
    with pyzipper.AESZipFile(io.BytesIO(Lock(password).around(make, "a.txt")())) as archive:
        archive.setpassword(password.encode())
        assert archive.read("a.txt") == b"content"
    assert Lock("").named("a.txt", "text/plain")["disabled"]
    with pytest.raises(ValueError):
        Lock("").around(make, "a.txt")()


def test_what_is_on_the_screen_is_exported(world):
    store = world("review")
    at = click(visit(CHATS, {"category": "missed", "sort": "wait"}), "export")
    count = store.read("SELECT count(*) AS n FROM chats WHERE status = 'missed' AND deleted_at IS NULL")[0]["n"]
    assert f"{count} chats · Sorted by: Wait, descending" in captions(at)
    at.multiselect(key="export_masks").set_value(["names"])
    at = run(at)
    assert "nicknames" in captions(at)
    at.text_input(key="export_reason").set_value(" a   report ")
    at = click(at, "start_export")
    job = ended()
    assert job.state == "done"
    assert job.request.reason == "a report"
    (event,) = store.read("SELECT detail FROM events WHERE action = 'export'")
    assert json.loads(event["detail"])["reason"] == "a report"
    assert (job.request.choice.masks, job.request.sort.key) == (frozenset(["names"]), "wait")
    assert job.request.link.endswith("?category=missed&sort=wait")
    at = run(at)
    assert [link.proto.url for link in at.get("link_button")] == [f"/exports/{job.token}"]
    assert job.exported.sha256 in [code.value for code in at.code]
    assert job.exported.chats == count
    at = click(at, "new_export")
    assert has(at, "start_export") and not job.path.exists()


def test_an_export_goes_on_while_the_dialog_is_closed_and_can_be_stopped(world):
    world("review")

    def slowly(_store, _request, path, tell):
        path.touch()
        try:
            while True:
                tell(Progress(3, 12, 4_000))
                time.sleep(0.01)
        except BaseException:
            path.unlink()
            raise

    export_files.exports()._write = slowly
    at = click(click(visit(CHATS), "export"), "start_export")
    assert "Stop" in [button.label for button in at.button]
    again = click(visit(CHATS), "export")
    assert has(again, "stop_export")
    at = click(again, "stop_export")
    assert ended().state == "stopped"
    at = run(at)
    assert "Stopped. Nothing of it is left." in [info.value for info in at.info]


def test_nothing_to_export_is_said(world):
    world("review")
    at = click(visit(CHATS, {"tag": "nothing at all"}), "export")
    assert any("nothing to export" in info.value for info in at.info)
    assert not has(at, "start_export")


def test_missed_chats_can_be_exported_too(world):
    world("queue")
    click(click(visit(MISSED), "export"), "start_export")
    job = ended()
    assert job.state == "done" and job.request.chosen.category == "missed"


def test_while_words_are_searched_for_there_is_nothing_to_export_yet(world, monkeypatch):
    world("review")
    monkeypatch.setattr(export_dialog, "is_searching", lambda chosen: True)
    assert next(button for button in visit(CHATS).button if button.key == "export").disabled


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "no space"), "not enough room"),
        (duckdb.OutOfMemoryException("failed to allocate"), "not enough memory for this export"),
        (duckdb.IOException("Corrupt database file"), "Restore a backup"),
        (ValueError("odd"), "the program's log says why"),
    ],
)
def test_a_failure_is_told(world, error, told):
    world("review")

    def fail(*_given):
        raise error

    export_files.exports()._write = fail
    at = click(click(visit(CHATS), "export"), "start_export")
    ended()
    at = run(at)
    assert any(told in error.value for error in at.error)


@pytest.fixture
def made(world) -> tuple[Starlette, Job]:
    """A server, and an export that Tester made in the browser "mine"."""
    store = world("review")
    request = Request(TOKYO, "Tester", choice=Choice(), browser="mine")
    export_files.exports().start(store, request)
    return Starlette(routes=export_files.routes()), ended(browser="mine")


def got(made: tuple[Starlette, Job], cookies: Mapping[str, str]) -> Answer:
    app, job = made
    given = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return asked(app, f"/exports/{job.token}", [("cookie", given)])


MINE = {BROWSER_COOKIE: "mine"}


def test_the_file_is_for_the_browser_that_made_it(made):
    answer = got(made, MINE)
    assert answer.status == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="chats-')
    assert zipfile.ZipFile(io.BytesIO(answer.body)).testzip() is None
    export_files.exports().forget("Tester", "mine")
    assert got(made, MINE).status == 404


@pytest.mark.parametrize("cookies", [{}, {BROWSER_COOKIE: ""}, {BROWSER_COOKIE: "other"}, {BROWSER_COOKIE: "ü"}])
def test_whoever_else_has_the_link_is_told_what_to_do(made, cookies):
    answer = got(made, cookies)
    assert answer.status == 404
    assert "Export again" in answer.text


def test_an_export_of_a_browser_without_cookies_is_nobodys(world):
    store = world("review")
    export_files.exports().start(store, Request(TOKYO, "Tester", choice=Choice()))
    made = Starlette(routes=export_files.routes()), ended()
    assert got(made, {}).status == got(made, {BROWSER_COOKIE: ""}).status == 404


def test_the_same_name_in_another_browser_has_an_export_of_its_own(made):
    assert export_files.exports().of("Tester", "other") is None


@pytest.mark.parametrize(
    ("user", "status"),
    [
        ({"is_logged_in": True, "email": "Tester"}, 200),
        ({"is_logged_in": True, "email": "somebody@example.com"}, 404),
        ({"is_logged_in": False, "email": "Tester"}, 404),
        (None, 404),
    ],
)
def test_where_people_sign_in_the_file_is_for_who_made_it(made, monkeypatch, user, status):
    settings = replace(session.settings(), has_sign_in=True)
    monkeypatch.setattr(session, "settings", lambda: settings)
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: "s")
    signed = create_signed_value("s", USER_COOKIE_NAME, json.dumps(user)).decode() if user else "nonsense"
    assert got(made, MINE | {USER_COOKIE_NAME: signed}).status == status
