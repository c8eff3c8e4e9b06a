"""Export: the dialog on Chats and Missed chats, its progress, and the file that comes of it."""

import asyncio
import io
import time
import zipfile
from typing import Any

from starlette.applications import Starlette

from lib.export.choice import Choice, Request
from lib.export.writing import Progress
from lib.screen import export_dialog, export_files
from tests.pages.driving import CHATS, MISSED, captions, click, has, run, visit
from tests.worlds import TOKYO


def ended(person: str = "Tester"):
    end = time.monotonic() + 20
    while (job := export_files.exports().of(person)) and job.state == "running" and time.monotonic() < end:
        time.sleep(0.01)
    return job


def got(app: Starlette, path: str) -> tuple[int, dict[str, str], bytes]:
    """What the server answers: status, headers, content."""
    told: list[Any] = []

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in told[0]["headers"]}
    return told[0]["status"], headers, b"".join(message.get("body", b"") for message in told[1:])


def test_what_is_on_the_screen_is_exported(world):
    store = world("review")
    at = click(visit(CHATS, {"category": "missed", "sort": "wait"}), "export")
    count = store.read("SELECT count(*) AS n FROM chats WHERE status = 'missed' AND deleted_at IS NULL")[0]["n"]
    assert f"{count} chats · Sorted by: Wait, descending" in captions(at)
    at.multiselect(key="export_masks").set_value(["names"])
    at = run(at)
    assert "nicknames" in captions(at)
    at = click(at, "start_export")
    job = ended()
    assert job.state == "done"
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


def test_a_failure_is_told(world):
    world("review")

    def fail(*_given):
        raise OSError(28, "no space")

    export_files.exports()._write = fail
    at = click(click(visit(CHATS), "export"), "start_export")
    ended()
    at = run(at)
    assert any("not enough room" in error.value for error in at.error)


def test_the_route_gives_the_file_to_whoever_has_the_link(world):
    store = world("review")
    app = Starlette(routes=export_files.routes())
    job = export_files.exports().start(store, Request(TOKYO, "Tester", choice=Choice()))
    ended()
    status, headers, content = got(app, f"/exports/{job.token}")
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert headers["content-disposition"].startswith('attachment; filename="chats-')
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert got(app, "/exports/nonsense")[0] == 404
    export_files.exports().forget("Tester")
    assert got(app, f"/exports/{job.token}")[0] == 404
