"""The beginning of every page: set-up, who may see it, the store, the menu, and word of the sample.

One rule holds for every widget of every page: **a click acts on what is on the screen.** What was typed last arrives
together with the click, and callbacks run before the page is drawn anew. So a callback is handed what names a thing (an
id, a key) or what was read from the store (rows, the versions that were seen), and never what came of another widget;
what is typed, chosen or ticked it reads from the session when it runs, and checks there. No button waits for a text:
what is wrong is told at the click, below the button, which stays where it is while the last field is left.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Literal, NoReturn

import streamlit as st
from streamlit.delta_generator_singletons import context_dg_stack, get_default_dg_stack_value

from lib.commands import RIGHT_NAMES, Right
from lib.importing import has_sample, load_sample, remove_sample, sample_parts
from lib.language import LANGUAGES, _, current, in_language, mark, plural
from lib.missed.derive import derive_due, is_due
from lib.screen.chats.view import shows_chats
from lib.screen.frame import labels, session
from lib.screen.frame.accesses import note_access
from lib.screen.frame.answers import answer
from lib.screen.frame.browser import tell_browser
from lib.screen.frame.keys import ask_for_list, keys_dialog
from lib.screen.frame.person import ask_name, keep_name
from lib.screen.frame.storing import store_error, stores, with_failure
from lib.screen.frame.watcher import BY_ITSELF_KEY, note_end, watcher
from lib.screen.parts.address import ANEW, open_address, read_address, write_address
from lib.screen.parts.dialog import Dialog
from lib.screen.parts.outcome import outcome_line
from lib.screen.views.arranging import arranging_dialog
from lib.screen.views.menu import views_menu, wanted_view
from lib.screen.views.shown import address_of
from lib.settings import ALLOWED, SettingError
from lib.store import StoreError
from lib.views.content import ViewPage
from lib.web.signed_in import Refusal

# Narrow, so that list and transcript stand side by side on a small screen too.
SIDEBAR_WIDTH = 232
REMOVING = Dialog("removing_sample", bool)


@dataclass(frozen=True)
class Page:
    """An entry of the menu."""

    path: str
    name: str
    icon: str
    right: Right = "read"
    managing: bool = False


TODAY = Page("app.py", mark("Today"), "today")
CHATS = Page("pages/chats.py", mark("Chats"), "forum")
MISSED = Page("pages/missed.py", mark("Missed chats"), "phone_missed")
VISITORS = Page("pages/visitors.py", mark("Visitors"), "group", managing=True)
REPORTS = Page("pages/reports.py", mark("Reports"), "bar_chart")
IMPORT = Page("pages/imports.py", mark("Import"), "upload_file", "import", managing=True)
EXPLORE = Page("pages/explore.py", mark("Explore"), "database", "explore", managing=True)
TEMPLATES = Page("pages/templates.py", mark("Templates"), "stylus_note", "templates", managing=True)
OUTBOX = Page("pages/outbox.py", mark("Outbox"), "outbox", "mail", managing=True)
TEAM = Page("pages/team.py", mark("Team and hours"), "schedule", "team", managing=True)
DELETED = Page("pages/deleted.py", mark("Deleted chats"), "delete", "delete", managing=True)
ACTIVITY = Page("pages/activity.py", mark("Activity"), "history", "activity", managing=True)
RETENTION = Page("pages/retention.py", mark("Retention"), "auto_delete", "erase", managing=True)
ACCESS = Page("pages/access.py", mark("Access"), "admin_panel_settings", "access", managing=True)
PAGES = (
    TODAY, CHATS, MISSED, REPORTS, VISITORS, IMPORT, EXPLORE, TEMPLATES, OUTBOX, TEAM, DELETED, RETENTION, ACTIVITY,
    ACCESS,
)  # fmt: skip
VIEWS_ON: Mapping[ViewPage, Page] = {"chats": CHATS, "missed": MISSED, "explore": EXPLORE}


@contextmanager
def begin(page: Page) -> Iterator[None]:
    """Sets the page up and draws what is the same on all; stops here where the page cannot be shown.

    All that is drawn inside is of one moment of the store.
    """
    # A fragment that ran to its end leaves its place behind, and a run that waited for it would be drawn in there.
    context_dg_stack.set(get_default_dg_stack_value())
    st.session_state[session.PAGE_KEY] = page.path
    read_address()
    session.settle_language()
    title = _("{page} · Chat History", page=_(page.name))
    st.set_page_config(page_title=title, page_icon="💬", layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
    tell_browser(_(page.name))
    _require_settings()
    if session.must_sign_in():
        if session.is_over():
            st.info(_("You were signed out, since it was long ago that you signed in or did something. Sign in again."))
        else:
            st.info(_("Please sign in to see the chat history."))
        st.button(_("Sign in"), on_click=st.login, type="primary", icon=":material/login:")
        st.stop()
    refusal = session.refused()
    if refusal:
        _refuse(_(REFUSALS[refusal], setting=ALLOWED))
    is_new = not st.session_state.pop(BY_ITSELF_KEY, False) and session.note_use()
    _require_store()
    if guard := session.guard():
        guard.claim(session.actor(), st.user.to_dict())
        if is_new:
            note_access("signed_in")
    if not session.may("read"):
        _refuse(_("You have no role here yet. Ask an administrator of this program for one."))
    try:
        # The language is looked up once, and not for each of a thousand words.
        with session.store().snapshot(), in_language(current()):
            _menu(page)
            outcome_line()
            _sample_banner()
            if page.managing:
                st.title(_(page.name), anchor=False)
            if not session.may(page.right):
                st.info(
                    _("This page needs a right that you do not have: {right}", right=_(RIGHT_NAMES[page.right])),
                    icon=":material/lock:",
                )
                st.stop()
            try:
                yield
            finally:
                note_end()
    except StoreError as error:
        store_error(error)


def _refuse(why: str) -> NoReturn:
    st.error(why, icon=":material/block:")
    st.caption(_("Signed in as"))
    st.text(session.signed_in_as() or "")
    st.button(_("Sign out"), on_click=session.sign_out, icon=":material/logout:")
    st.stop()


def _require_settings() -> None:
    try:
        session.settings()
    except SettingError as error:
        st.error(_("A setting cannot be used. Correct it, then start the app again."))
        st.code(error.told, language=None)
        st.stop()


REFUSALS: dict[Refusal, str] = {
    "nobody_allowed": mark(
        "Nobody may see the chat history yet. Whoever runs this program names who may in the setting {setting}."
    ),
    "unverified": mark("Your address is not confirmed where you sign in. Confirm it there, then sign in again."),
    "not_allowed": mark(
        "You may not see the chat history under this address. Sign in with another one, or ask whoever runs this "
        "program to add it to the setting {setting}."
    ),
}


def _require_store() -> None:
    try:
        with nullcontext() if session.is_opened() else st.spinner(_("Opening the chat history…")):
            store = session.whole_store()
        if store.generation == 0:
            with st.spinner(_("Preparing the chat history…")):
                load_sample(store, session.settings().zone, session.clock().now)
        clock = session.clock()
        if is_due(store, clock.zone, clock.now):
            # What cannot be brought up to date can be read as it is; the keeper tries again.
            with st.spinner(_("Bringing the missed chats up to date…")), suppress(StoreError):
                derive_due(store, clock.zone, clock.now)
    except StoreError as error:
        store_error(error)
        st.stop()


def _menu(page: Page) -> None:
    view = wanted_view()
    if view:
        go(VIEWS_ON[view.page], address_of(view))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="menu"):
        for each in PAGES:
            if not each.managing:
                link(each)
        views_menu()
        # Lit as the links beside it are.
        lit: Literal["secondary", "tertiary"] = "secondary" if page.managing else "tertiary"
        if any(each.managing and session.may(each.right) for each in PAGES):
            with st.popover(_("Manage"), icon=":material/settings:", type=lit):
                for each in PAGES:
                    if each.managing:
                        link(each)
        if shows_chats() and answer(has_sample):
            # An icon, so that all fits into one line of a small window.
            with st.popover(":violet[:material/science:]", type="tertiary", help=_("Sample"), key="sample"):
                _sample()
        if confinement := session.sees():
            with st.popover(":orange[:material/filter_alt:]", type="tertiary", help=_("You see only some chats")):
                st.text(
                    _(
                        "You see only chats {which}. All numbers are of these.",
                        which=labels.seen_words(confinement.allowed),
                    )
                )
        st.space("stretch")
        # A fragment's own place would ask for room that a small window does not have.
        with st.container(width="content"):
            watcher(page.path)
        with st.popover("", icon=":material/person:", type="tertiary", help=_("You")):
            _person()
            st.session_state["person_language"] = current()
            st.segmented_control(
                _("Language"),
                list(LANGUAGES),
                format_func=LANGUAGES.__getitem__,
                key="person_language",
                required=True,
                on_change=_keep_language,
            )
            st.button(_("Keyboard"), key="keys", icon=":material/keyboard:", type="tertiary", on_click=ask_for_list)
    ask_name("page")
    arranging_dialog()
    keys_dialog()


def link(page: Page) -> None:
    """Draws a link to a page, for whom it is."""
    if not session.may(page.right):
        return
    is_shown = page.path == st.session_state.get(session.PAGE_KEY)
    query = session.language_query() | (ANEW if is_shown else {})
    st.page_link(page.path, label=_(page.name), icon=f":material/{page.icon}:", query_params=query)


def go(page: Page, query: Mapping[str, str | list[str]] | None = None) -> NoReturn:
    """Opens another page with the parameters of a link."""
    open_address(page.path, session.language_query() | dict(query or {}))


def _person() -> None:
    name = session.signed_in_as()
    if name is None:
        st.text_input(
            _("Acting as"),
            key=session.ACTOR_KEY,
            max_chars=session.LONGEST_NAME,
            placeholder=session.person() or "",
            persist_state="session",
            on_change=keep_name,
            help=_("Your name stands beside everything that you do here: notes, deletions, e-mails."),
        )
        return
    st.caption(_("Signed in as"))
    st.text(name)
    st.button(_("Sign out"), on_click=session.sign_out, icon=":material/logout:")


def _keep_language() -> None:
    st.session_state[session.LANGUAGE_KEY] = st.session_state["person_language"]
    write_address(read_address() | {session.LANGUAGE_PARAMETER: st.session_state["person_language"]})


def _sample_banner() -> None:
    if not answer(has_sample):
        return
    # Where chats are read the menu has it: there all room is for them.
    if not shows_chats():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(_("Sample"), icon=":material/science:", color="violet")
            _sample()
    if REMOVING.is_open:
        REMOVING.draw(_("Remove the sample?"), _removing_sample, icon=":material/delete:")


def _sample() -> None:
    st.text(_("There are made-up chats here, to try things on."))
    if not session.may("import"):
        return
    st.space("stretch")
    st.button(
        _("Remove the sample and import your chats"),
        icon=":material/upload_file:",
        key="remove_sample",
        on_click=REMOVING.open,
        args=(True,),
    )


@with_failure
def _removing_sample() -> None:
    parts = sample_parts(session.whole_store())
    st.text(_("This removes for everybody, for good:"))
    counted = [
        plural("{n} made-up chat", "{n} made-up chats", parts.chats),
        plural("{n} message in it", "{n} messages in them", parts.messages),
        plural("{n} note about it", "{n} notes about them", parts.notes),
        plural("{n} e-mail to its visitor", "{n} e-mails to their visitors", parts.mails),
    ]
    st.text("\n".join(f"• {each}" for each in counted))
    st.text(_("Chats that were imported stay, with all that was done about them."))
    with st.container(horizontal=True, horizontal_alignment="right"):
        REMOVING.cancel_button("keep_sample", is_usual=True)
        if st.button(_("Remove the sample"), icon=":material/delete:", key="confirm_remove_sample"):
            _remove_sample()


@stores
def _remove_sample() -> None:
    with st.spinner(_("Removing the sample…")):
        remove_sample(session.store(), session.actor())
    REMOVING.close()
    go(IMPORT)
