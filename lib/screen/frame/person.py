"""Who acts here: asked once, and kept in the browser as a cookie that a route of the app sets."""

from collections import OrderedDict
from secrets import token_urlsafe
from typing import Any
from urllib.parse import quote

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from lib.language import _
from lib.screen.export.files import base_path
from lib.screen.frame import session

FOLDER = "person"
MOST_WAITING = 1000
OFFER_KEY = "offered_name"
_served = {"by_route": False}
# Names that browsers are about to fetch, by a token that nobody else can guess.
_waiting: OrderedDict[str, str] = OrderedDict()


def routes() -> list[Any]:
    """The route for the app's server; from now on, names are kept by it."""
    _served["by_route"] = True
    paths = {f"/{FOLDER}/{{token}}", f"{base_path()}/{FOLDER}/{{token}}"}
    return [Route(path, set_cookie, methods=["GET"]) for path in sorted(paths)]


async def set_cookie(request: Request) -> Response:
    """Sets the cookie of a name that was just typed in this browser."""
    name = _waiting.get(str(request.path_params["token"]))
    if name is None or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("No such name.", 404, {"Cache-Control": "no-store"})
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        session.PERSON_COOKIE,
        quote(name, safe=""),
        max_age=session.A_YEAR_S,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def keep_name() -> None:
    """Keeps in the browser who acts in this tab, for later visits and other tabs; for a field's callback."""
    name = session.tidy_name(str(st.session_state.get(session.ACTOR_KEY) or ""))
    if name:
        token = token_urlsafe(24)
        _waiting[token] = name
        while len(_waiting) > MOST_WAITING:
            _waiting.popitem(last=False)
        st.session_state[OFFER_KEY] = token


def cookie_address() -> str | None:
    """Where the browser is to fetch the cookie, once a name was typed in this tab."""
    token = st.session_state.get(OFFER_KEY)
    return f"{base_path()}/{FOLDER}/{token}" if token and _served["by_route"] else None


def ask_name(place: str) -> bool:
    """Asks who is there where nobody is known, and stands in nobody's way; whether somebody is known."""
    if session.person():
        return True
    with (
        st.form(f"who_{place}", border=False),
        st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"who_are_you_{place}"),
    ):
        st.badge(_("Who are you?"), icon=":material/waving_hand:", color="orange")
        st.text_input(
            _("Your name"),
            key=f"own_name_{place}",
            max_chars=session.LONGEST_NAME,
            placeholder=_("Your name"),
            label_visibility="collapsed",
            width=220,
        )
        st.form_submit_button(
            _("That is me"), key=f"name_me_{place}", icon=":material/check:", on_click=_named, args=(place,)
        )
        st.caption(_("It stands beside all that you do here, and under your e-mails."), width="content")
    return False


def _named(place: str) -> None:
    st.session_state[session.ACTOR_KEY] = session.tidy_name(str(st.session_state.get(f"own_name_{place}") or ""))
    keep_name()
