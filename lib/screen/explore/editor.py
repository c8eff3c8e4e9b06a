"""The editor of a query, and the views that it may read, with their columns.

It stands in for a text box, which stays the field that is sent and is there where it fails. CodeMirror, built into one
file (see lib/explore/editor/), is served by the app itself; nothing is asked outside. The packages for Streamlit that
wrap an editor send the text only some time after it was typed, and are not kept any more.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import pandas as pd
import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lib.explore.views import VIEWS
from lib.language import _
from lib.screen.export.files import base_path
from lib.screen.frame import session
from lib.settings import ROOT

FOLDER = "query-editor"
_FILE = ROOT / "lib" / "explore" / "editor" / "built.js"
_served = {"address": ""}
# Where the file cannot be loaded, the text box stays as it is.
_LOADER = """
export default function ({ parentElement, data }) {
  const place = parentElement.querySelector(".query-editor")
  const find = () => document.querySelector(`.st-key-${data.box} textarea`)
  if (!place) return () => {}
  if (place.box && place.box === find()) return place.end
  place.end?.()
  let stop = null
  let shell = null
  let ended = false
  const begin = () => {
    const box = find()
    if (ended) return
    if (!box) {
      // The text box may be painted after this place.
      requestAnimationFrame(begin)
      return
    }
    place.box = box
    shell = box.closest("[data-testid=stTextAreaRootElement]") ?? box
    import(new URL(data.address, document.baseURI).href).then(({ edit }) => {
      if (ended) return
      // Over the text box and the room below it, so that nothing moves.
      const { bottom, height } = shell.getBoundingClientRect()
      const gap = place.getBoundingClientRect().top - bottom
      place.style.height = `${height + gap}px`
      place.style.marginTop = `${-gap}px`
      shell.style.display = "none"
      stop = edit(box, place, data)
    }).catch(error => console.warn("The text box stays: the editor could not be loaded.", error))
  }
  place.end = () => {
    ended = true
    place.box = null
    place.style.height = place.style.marginTop = ""
    if (shell) shell.style.display = ""
    stop?.()
  }
  begin()
  return place.end
}
"""


def explore_schema() -> None:
    """Draws the choice of a view, and its columns with their types and meanings."""
    name = st.selectbox(_("Views that can be read"), list(VIEWS), key="w_schema", persist_state="session")
    view = VIEWS[name or "chats"]
    st.caption(_(view.meaning))
    column = st.column_config
    st.dataframe(
        pd.DataFrame([(each.name, each.type, _(each.meaning)) for each in view.columns], columns=["c", "t", "m"]),
        key=f"schema_{view.name}_{session.language_query()}",
        hide_index=True,
        row_height=28,
        height=270,
        column_config={
            "c": column.TextColumn(_("Column"), width=130),
            "t": column.TextColumn(_("Type"), width=85),
            "m": column.TextColumn(_("Meaning")),
        },
        alt=_("Columns of the view"),
    )


def editor_routes() -> list[Any]:
    """The route of the editor's file; from now on the editor is offered."""
    content = _FILE.read_bytes()
    path = f"/{FOLDER}/{sha256(content).hexdigest()[:16]}.js"
    _served["address"] = f"{base_path()}{path}"
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}

    async def serve(_request: Request) -> Response:
        return Response(content, media_type="text/javascript", headers=headers)

    return [Route(each, serve, methods=["GET"]) for each in sorted({path, f"{base_path()}{path}"})]


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    return st.components.v2.component(
        "query_editor", html='<div class="query-editor"></div>', js=_LOADER, isolate_styles=False
    )


def query_editor(key: str, views: Mapping[str, Sequence[str]]) -> None:
    """Puts the editor in the place of the text box with that key; it completes the views and their columns."""
    if not _served["address"]:
        return
    _component()(
        key=f"{key}_editor",
        data={
            "box": key,
            "address": _served["address"],
            "views": {name: list(columns) for name, columns in views.items()},
            "completionsLabel": _("Completions"),
        },
    )
