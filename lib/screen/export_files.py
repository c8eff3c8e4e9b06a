"""The exports of this process, and the route by which their files are downloaded."""

from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from lib.export.jobs import Exports, Job

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
    """The file of an export, read from the disk; whoever has the link may have it."""
    job = exports().file(str(request.path_params["token"]))
    if job is None or not job.path.is_file():
        return PlainTextResponse("This export is not there any more.", 404, {"Cache-Control": "no-store"})
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    return FileResponse(job.path, media_type="application/zip", filename=job.file_name, headers=headers)


def address_of(job: Job) -> str:
    """The address of the file, without the name of the host."""
    return f"{base_path()}/{FOLDER}/{job.token}"


def base_path() -> str:
    """What comes before all paths of the app, without a slash at its end."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
