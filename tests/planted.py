"""A process in which marked texts go everywhere where people's texts go, and much goes wrong; run by test_logs.py.

`python -m tests.planted FOLDER` logs as the app does, and leaves in the folder the marks, and what was answered; with
`plain` behind it, the log is as it would be otherwise.
"""

import asyncio
import gc
import io
import json
import logging
import os
import smtplib
import sys
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn
from unittest.mock import patch

import duckdb
import pyarrow as pa

FOLDER = Path(sys.argv[1])
SETTINGS = {"STORE": str(FOLDER / "history.duckdb"), "IMPORT_FOLDER": str(FOLDER), "PERSON": "Tester", "ZONE": "UTC"}
os.environ.update({f"CHAT_HISTORY_{name}": value for name, value in SETTINGS.items()})

from streamlit.web.server.starlette import starlette_auth_routes, starlette_websocket  # noqa: E402

from lib.background import Loop  # noqa: E402
from lib.chats.counts import category_counts  # noqa: E402
from lib.chats.filter.filter import ChatFilter, Condition  # noqa: E402
from lib.chats.notes import add_note  # noqa: E402
from lib.chats.persons import Wanted  # noqa: E402
from lib.erasure.erasing import erase  # noqa: E402
from lib.explore.checking import RefusedError, check  # noqa: E402
from lib.explore.running import run  # noqa: E402
from lib.export.choice import Request  # noqa: E402
from lib.export.jobs import Exports  # noqa: E402
from lib.importing import ImportRefused, Source, import_files  # noqa: E402
from lib.importing.inbox import folder as inbox_folder  # noqa: E402
from lib.importing.inbox import inbox as inbox_module  # noqa: E402
from lib.importing.inbox.inbox import Inbox  # noqa: E402
from lib.logs import keep_values_out  # noqa: E402
from lib.mail.smtp import deliver  # noqa: E402
from lib.screen.export import files as export_files  # noqa: E402
from lib.screen.frame import session  # noqa: E402
from lib.screen.frame.files import file_for  # noqa: E402
from lib.settings import Smtp  # noqa: E402
from lib.store.nightly import Nightly  # noqa: E402
from lib.web.headers import SafeAnswers  # noqa: E402
from tests.pages.driving import CHATS, DELETED, EXPLORE, IMPORT, TODAY, visit  # noqa: E402
from tests.web.asking import asked  # noqa: E402

MARKS: list[str] = []
ANSWERS: list[str] = []
_numbers = count(1)


def mark(what: str = "") -> str:
    """A text that is nowhere else."""
    MARKS.append(f"Zq{next(_numbers):05d}qZ")
    return f"{what}{MARKS[-1]}"


def address() -> str:
    return mark("someone.") + "@example.org"


def errors() -> Iterator[Exception]:
    """What may be raised with a text in it, by whatever works here."""
    yield ValueError(mark("invalid literal: "))
    yield KeyError(mark())
    yield OSError(2, "No such file", mark("/tmp/"))
    yield UnicodeDecodeError("utf-8", mark().encode(), 0, 1, mark("invalid start byte "))
    yield json.JSONDecodeError(mark("Expecting value "), mark(), 0)
    yield pa.ArrowInvalid(mark("Could not convert "))
    yield duckdb.ConversionException(mark("Could not convert string "))
    yield smtplib.SMTPDataError(554, mark("no ").encode())
    yield smtplib.SMTPRecipientsRefused({address(): (550, mark("unknown ").encode())})
    yield ExceptionGroup(mark("several "), [ValueError(mark()), TypeError(mark())])
    noted = RuntimeError(mark())
    noted.add_note(mark("a note "))
    yield noted
    try:
        try:
            raise LookupError(mark("before "))
        except LookupError as error:
            raise TypeError(mark("after ")) from error
    except TypeError as error:
        yield error
    with suppress(duckdb.Error):
        duckdb.sql(f"SELECT '{mark()}'::INTEGER")
    for sql in (f"SELECT '{mark()}'::INTEGER", f'SELECT "{mark()}"', f"SELECT {mark()} FROM"):
        try:
            duckdb.sql(sql).fetchall()
        except duckdb.Error as error:
            yield error


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def fail(*_given: Any, **_named: Any) -> NoReturn:
        raise error

    return fail


def imports() -> None:
    chats = [
        {
            "id": mark("id-"),
            "status": "missed",
            "started_at": "2026-03-01T09:00:00Z",
            "visitor": {"name": mark("Mr "), "email": address(), "phone": "+81 90-5550-0001", "id": mark()},
            "tags": [mark()],
            "comment": mark(),
            "page": {"url": mark("https://example.org/?token="), "title": mark()},
            "messages": [{"sender_type": "visitor", "text": mark("said ")} for _each in range(5)],
        }
        for _each in range(60)
    ]
    lines = "\n".join(map(json.dumps, chats)).encode()
    store = session.store()
    assert import_files(store, [Source(mark("chats-") + ".jsonl", data=lines)], zone="UTC", actor=mark()).new == 60
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(mark("in a zip ") + ".jsonl", lines)
    rejected = "\n".join(
        json.dumps({"id": "", "status": mark(), "started_at": mark(), "rating": mark(), "visitor": {"name": mark()}})
        for _each in range(60)
    )
    broken = {
        "csv": f'id,started_at,{mark()}\n1,"{mark()}\n2,{mark()},{mark()}\n',
        "json": '[{"id": "' + mark() + '", ',
        "jsonl": rejected,
        "zip": packed.getvalue()[: len(packed.getvalue()) // 2],
        "xlsx": b"PK\x03\x04[Content_Types].xml" + mark().encode(),
        "parquet": b"PAR1" + mark().encode() + b"\x00\x00\x00\x00PAR1",
        "txt": f"\xff\xfe{mark()}".encode("latin-1"),
        "gz": b"\x1f\x8b\x08" + mark().encode(),
    }
    for ending, content in broken.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        with suppress(ImportRefused):
            import_files(store, [Source(f"{mark('file-')}.{ending}", data=data)], zone="UTC", actor=mark())
    # In the inbox, with whatever goes wrong there.
    place = FOLDER / "inbox"
    place.mkdir()
    for ending, content in broken.items():
        (place / f"{mark('file-')}.{ending}").write_bytes(content if isinstance(content, bytes) else content.encode())
    with patch.object(inbox_folder, "time", SimpleNamespace(monotonic=count(0, 100_000).__next__, time=lambda: 2e9)):
        inbox = Inbox(store, place, "UTC")
        for _round in range(3):
            inbox.look()
        for error in errors():
            (place / f"{mark('odd-')}.jsonl").write_bytes(mark('{"id": "').encode())
            with patch.object(inbox_module, "prepare", raising(error)):
                inbox.look()
                inbox.look()


def chats() -> None:
    store, clock = session.store(), session.clock()
    found = store.read("SELECT id, visitor_email FROM chats ORDER BY id")
    for row in found[:20]:
        add_note(store, row["id"], mark("noted "), mark())
    for words in (mark(), f'"{mark()} {mark()}"', f'"{mark()}'):
        category_counts(store, ChatFilter(words=words), clock)
    for field in ("visitor_email", "visitor_name", "page_url"):
        category_counts(store, ChatFilter().also(Condition(field, "contains", (mark(),))), clock)
    erase(store, Wanted("email", value=found[0]["visitor_email"]), mark("because "), "Tester")
    for sql in (
        f"SELECT '{mark()}'::INTEGER",
        f"SELECT error('{mark()}')",
        f'SELECT "{mark()}" FROM chats',
        f"SELECT {mark()} FROM",
        f"SELECT regexp_matches('a', '({mark()}')",
        f"SELECT '{mark()}' FROM range(10)",
    ):
        with suppress(RefusedError):
            run(store, check(store, sql), {}, "UTC")


def background() -> None:
    store = session.store()
    for error in errors():
        ended = threading.Event()

        def job(_store: Any, error: Exception = error, ended: threading.Event = ended) -> bool:
            ended.set()
            raise error

        loop = Loop("loop", lambda: store, job, every_s=60)
        loop.start()
        ended.wait(10)
        loop.stop()
        exports = Exports(raising(error))
        job_of = exports.start(store, Request(session.clock(), mark(), reason=mark(), password=mark("pass word ")))
        while not isinstance(job_of, str) and job_of.state == "running":
            pass
        exports.close()
        thread = threading.Thread(target=raising(error))
        thread.start()
        thread.join()
    nightly = Nightly(FOLDER, 1, "UTC")
    with patch("lib.store.nightly.back_up", raising(OSError(5, mark(), mark()))):
        nightly.look(store)

    class Odd:
        def __del__(self) -> None:
            raise ValueError(mark("left "))

    Odd()

    async def lost() -> None:
        task = asyncio.get_running_loop().create_task(failing())
        await asyncio.sleep(0)
        del task
        gc.collect()
        asyncio.get_running_loop().call_exception_handler({"message": "odd", "exception": ValueError(mark())})

    async def failing() -> None:
        raise ValueError(mark("in a task "))

    asyncio.run(lost())


def mails() -> None:
    smtp = Smtp("mail.example.org", 25, "none", mark(), mark(), "us@example.org")
    for error in (*errors(), smtplib.SMTPAuthenticationError(535, mark().encode())):
        if isinstance(error, OSError | ValueError):
            with patch("smtplib.SMTP", raising(error)):
                deliver(mark().encode(), address(), [address()], smtp)


def pages() -> None:
    """Pages on which something goes wrong that nobody foresaw."""
    places = {
        TODAY: "lib.screen.today.today.freshness",
        CHATS: "lib.screen.chats.review.category_counts",
        IMPORT: "lib.screen.imports.past.past_imports",
        DELETED: "lib.screen.deleted.deleted.deleted_chats",
    }
    for (page, place), error in zip(places.items(), errors(), strict=False):
        with patch(place, raising(error)), patch("tests.pages.driving.run", lambda at: at.run()):
            at = visit(page)
        assert at.exception, page
        ANSWERS.extend(str(each.proto) for each in at.exception)
        assert mark("shown ") not in ANSWERS[-1]
    for page in (EXPLORE, IMPORT):
        visit(page)


def answers() -> None:
    """Requests that go wrong, and what is signed in with."""
    for error in errors():
        app = SafeAnswers(raising(error), page="<html></html>", kept=[])
        ANSWERS.append(asked(app, "/" + mark(), [("cookie", mark("_streamlit_user="))]).text)
    from starlette.applications import Starlette

    served = Starlette(routes=export_files.routes())
    ANSWERS.append(asked(served, "/exports/" + mark()).text)
    with suppress(ValueError):
        file_for("export", raising(ValueError(mark())))()
    request = SimpleNamespace(
        query_params={"state": mark(), "code": mark(), "error": mark(), "error_description": address()}, cookies={}
    )

    async def nowhere(*_given: Any) -> None:
        """What leads back to the page."""

    module = starlette_auth_routes
    with (
        patch.object(module, "_get_provider_by_state", lambda *_given: "oidc"),
        patch.object(module, "_get_origin_from_secrets", lambda: "https://x"),
        patch.object(module, "_redirect_to_base_clearing_invalid_cookies", nowhere),
        patch.object(module, "_redirect_to_base", nowhere),
        patch.object(module, "_clear_auth_cookie", lambda *_given: None),
    ):
        asyncio.run(module._auth_callback(request, "/"))
        del request.query_params["error"]
        for error in errors():
            client = SimpleNamespace(authorize_access_token=raising(error))
            with patch.object(module, "_create_oauth_client", lambda _provider, client=client: (client, "")):
                asyncio.run(module._auth_callback(request, "/"))
    starlette_websocket._parse_decoded_user_cookie(mark().encode(), "https://x")


@contextmanager
def logged() -> Iterator[None]:
    """Logs as the app does, and all that `lib` says."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("lib").setLevel(logging.DEBUG)
    warnings.simplefilter("ignore")
    if "plain" not in sys.argv:
        keep_values_out()
    try:
        yield
    finally:
        (FOLDER / "marks.json").write_text(json.dumps(MARKS))
        (FOLDER / "answers.json").write_text(json.dumps(ANSWERS))


if __name__ == "__main__":
    with logged():
        for part in (imports, chats, background, mails, pages, answers):
            part()
            print(f"{part.__name__} is done", flush=True)
        session.close_store()
    os._exit(0)
