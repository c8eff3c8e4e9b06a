"""What every page needs to know: the settings, the store, the time and who acts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from threading import Lock
from typing import Any
from urllib.parse import unquote

import streamlit as st

from lib.access.accesses import note
from lib.access.guard import Guard
from lib.access.roles import policy_of
from lib.chats.clock import Clock
from lib.commands import Right
from lib.erasure.running import BY_ITSELF
from lib.importing import COMMAND_LINE
from lib.language import LANGUAGES, _, choose_with, mark, preferred
from lib.mail import AddressProblem, check_address
from lib.missed.settings import rules_of
from lib.settings import ADMINISTRATORS, ROLE_CLAIM, SettingError, Settings, load_settings
from lib.store import Confinement, Store, now
from lib.web.signed_in import BROWSER_COOKIE, Refusal, SignIns, name_of, refusal

LANGUAGE_KEY = "language"
LANGUAGE_PARAMETER = "lang"
ACTOR_KEY = "acting_as"
PERSON_COOKIE = "chat_history_person"
LONGEST_NAME = 100
A_YEAR_S = 365 * 24 * 3600
# Stands in the history for somebody who has not said who they are.
UNNAMED = "(unnamed)"
# Names in the history that are no person's, and how they are shown.
NO_PERSONS = {UNNAMED: mark("(unnamed)"), COMMAND_LINE: mark("command line"), BY_ITSELF: mark("retention rules")}
# The store of this process by its place. Streamlit's own cache takes longer to look it up than most of what is asked.
_opened: dict[str, Store] = {}
_opening = Lock()
# File of the page that was drawn last: callbacks run before the next page is.
PAGE_KEY = "page"
_sign_ins = SignIns()
_seen: ContextVar[Store | None] = ContextVar("seen", default=None)


@cache
def settings() -> Settings:
    """The settings of this installation; raises SettingError."""
    found = load_settings()
    if policy_of(found.roles).is_in_force and not found.has_sign_in:
        raise SettingError(ADMINISTRATORS if found.roles.administrators else ROLE_CLAIM, "set, but nobody signs in")
    if found.smtp and isinstance(check_address(found.smtp.sender), AddressProblem):
        raise SettingError("CHAT_HISTORY_SMTP_SENDER", found.smtp.sender)
    return found


def store() -> Store:
    """The store as whoever is here sees it, which may be only some of its chats; raises StoreError."""
    if known := _seen.get():
        return known
    opened = whole_store()
    found = guard()
    return opened.confined_to(found.confinement_of(actor())) if found else opened


@contextmanager
def seeing(store: Store) -> Iterator[None]:
    """Inside, what is asked is asked of this store: outside of a session nobody knows who is here."""
    token = _seen.set(store)
    try:
        yield
    finally:
        _seen.reset(token)


def whole_store() -> Store:
    """The store of this process, for what the app does by itself; raises StoreError."""
    location = settings().store
    found = _opened.get(location)
    if found is None:
        with _opening:
            found = _opened.get(location)
            if found is None:
                found = Store(location)
                if settings().has_sign_in:
                    found.guard = Guard(found, policy_of(settings().roles), _refused)
                _opened[location] = found
    return found


def is_opened() -> bool:
    """Whether the store has been opened, which takes minutes where an older version made it."""
    return settings().store in _opened


def sees() -> Confinement | None:
    """Which chats whoever is here sees: None for all."""
    return store().confinement


def close_store() -> None:
    """Closes the store of this process, where it was opened."""
    with _opening:
        while _opened:
            _opened.popitem()[1].close()


def clock() -> Clock:
    """The present moment in the workspace's zone, where the working hours say what a working day is."""
    opened = whole_store()

    # Read when they are asked for, which is seldom.
    return Clock(now(), settings().zone, lambda: rules_of(opened).hours)


def actor() -> str:
    """Name under which what is done now is recorded; never one that nobody chose, and where people sign in, theirs."""
    return person() or ("" if settings().has_sign_in else UNNAMED)


def shown_actor(name: str | None) -> str:
    """A name of the history as it is shown: in words of the language where it is no person's."""
    return _(NO_PERSONS[name]) if name in NO_PERSONS else name or ""


def person() -> str | None:
    """Who is there: the signed-in user, else the name under "Acting as", in this browser or the settings."""
    signed_in = signed_in_as()
    if signed_in or settings().has_sign_in:
        return signed_in
    typed = tidy_name(str(st.session_state.get(ACTOR_KEY) or ""))
    cookie = st.context.cookies.get(PERSON_COOKIE)
    kept = tidy_name(unquote(cookie)) if isinstance(cookie, str) else ""
    return typed or kept or settings().person


def tidy_name(text: str) -> str:
    """A name as it is taken: printable, in one line, not longer than LONGEST_NAME."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:LONGEST_NAME].strip()


def signed_in_as() -> str | None:
    """Name of the signed-in user; None where nobody is, not any more, or signing in is not set up."""
    # Asked once, since Streamlit looks for its secrets each time.
    user = st.user.to_dict()
    return None if has_ended(user) else name_of(user)


def is_over() -> bool:
    """Whether the user was signed in for too long, did nothing for too long, or has signed out elsewhere."""
    return has_ended(st.user.to_dict())


def has_ended(user: Mapping[str, Any]) -> bool:
    """As `is_over`, for what is known of a user otherwise."""
    return _sign_ins.is_over(user, now(), settings().signed_in_for, settings().idle_for)


def note_use() -> bool:
    """Takes down that whoever is signed in does something; whether it is the first that is seen of this sign-in."""
    return _sign_ins.use(st.user.to_dict(), now())


def sign_out() -> None:
    """Ends what the user is signed in by, in all windows of this browser."""
    _sign_ins.end(st.user.to_dict(), now(), settings().signed_in_for)
    st.logout()


def must_sign_in() -> bool:
    """Whether signing in is set up and nobody is signed in (any more)."""
    # Streamlit reads the secrets again when they change, and asks nobody any more where they cannot be read then.
    is_in = st.user.get("is_logged_in")
    return is_in is False or is_over() or (settings().has_sign_in and not is_in)


def browser() -> str:
    """What this browser is known by; empty where it takes no cookies."""
    known = st.context.cookies.get(BROWSER_COOKIE)
    return known if isinstance(known, str) else ""


def refused() -> Refusal | None:
    """Why the signed-in user may not come in; None: they may, or nobody is signed in."""
    return refusal(st.user.to_dict(), settings().allowed)


def guard() -> Guard | None:
    """Who may do what; None where nobody signs in, so that whoever is there may do everything."""
    found = whole_store().guard
    return found if isinstance(found, Guard) else None


def _refused(person: str, command: str) -> None:
    note(whole_store(), "refused", person, address=st.context.ip_address, command=command)


def may(right: Right) -> bool:
    """Whether who is there has this right: what they may not do is not offered. Commands ask for it again."""
    found = guard()
    return found is None or right in found.rights_of(actor())


def settle_language() -> None:
    """Fixes the language of this run: the link's, else the one chosen in this browser tab, else the browser's."""
    for candidate in (st.query_params.get(LANGUAGE_PARAMETER), st.session_state.get(LANGUAGE_KEY)):
        if candidate in LANGUAGES:
            st.session_state[LANGUAGE_KEY] = candidate
            return
    st.session_state[LANGUAGE_KEY] = preferred(st.context.locale)


def language_query() -> dict[str, str]:
    """The parameter that takes the language along to another page; empty where it is the browser's own."""
    language = st.session_state[LANGUAGE_KEY]
    return {} if language == preferred(st.context.locale) else {LANGUAGE_PARAMETER: language}


def page_address() -> str:
    """Address of the page in the browser, without parameters."""
    return (st.context.url or "").split("?")[0]


choose_with(lambda: st.session_state.get(LANGUAGE_KEY))
