"""The exports of this process, and the route by which their files are downloaded."""

import json
from hmac import compare_digest
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

from lib.access.accesses import note
from lib.export.jobs import Exports, Job
from lib.language import _, in_language, preferred
from lib.screen.frame import session
from lib.web.signed_in import BROWSER_COOKIE, name_of

FOLDER = "exports"


@st.cache_resource(show_spinner=False, on_release=Exports.close)
def exports() -> Exports:
    """All exports of this process."""
    return Exports()


def routes() -> list[Any]:
    """The route for the app's server."""
    paths = {f"/{FOLDER}/{{token}}", f"{base_path()}/{FOLDER}/{{token}}"}
    return [Route(path, download, methods=["GET"]) for path in sorted(paths)]


async def download(request: Request) -> Response:
    """The file of an export, read from the disk, for the browser and the signed-in user that made it."""
    job = exports().file(str(request.path_params["token"]))
    if job is None or not job.path.is_file() or not _is_theirs(job, request):
        with in_language(preferred(request.headers.get("accept-language"))):
            told = _(
                "This export is not there any more, or was made in another browser or by somebody else. Export again."
            )
        return PlainTextResponse(told, 404)
    address = request.client.host if request.client else None
    note(session.whole_store(), "export_downloaded", job.request.person, address=address, file=job.file_name)
    return FileResponse(job.path, media_type="application/zip", filename=job.file_name)


def _is_theirs(job: Job, request: Request) -> bool:
    made_in, asked_in = job.request.browser, request.cookies.get(BROWSER_COOKIE, "")
    if not made_in or not compare_digest(made_in.encode(), asked_in.encode()):
        return False
    if not session.settings().has_sign_in:
        return True
    # What the provider says of the user is in the cookie by which Streamlit knows who is signed in.
    told = _get_signed_cookie_with_chunks(request.cookies, USER_COOKIE_NAME)
    user = dict(json.loads(told)) if told else {}
    guard, person = session.guard(), job.request.person
    may = guard is None or ("export" in guard.rights_of(person) and guard.confinement_of(person) == job.seen)
    return name_of(user) == person and may and not session.has_ended(user)


def address_of(job: Job) -> str:
    """The address of the file, without the name of the host."""
    return f"{base_path()}/{FOLDER}/{job.token}"


def base_path() -> str:
    """What comes before all paths of the app, without a slash at its end."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
