"""The page Activity: what is there, its filters, and the list, in which a click opens a chat."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Literal
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.access.actions import ACTIONS, GROUP_NAMES, GROUPS, actions_of
from lib.access.activity import MOST_ROWS, Activity, Chosen, Entry, activity, export, people
from lib.chats.clock import Clock
from lib.language import _, _p, current, date_pattern, in_language, moment_pattern, number, plural, zone_label
from lib.screen.activity.check import check_button, check_result
from lib.screen.activity.view import ActivityView, choose, read_activity_view, show_activity
from lib.screen.activity.wording import in_detail, what_was_done
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.files import file_for
from lib.screen.frame.page import CHATS, go
from lib.screen.parts.address import uuid_of
from lib.screen.parts.password import asked_lock
from lib.screen.parts.table import height_of, pages, row_table, with_open_row

HEIGHT = 640
OPEN_KEY = "activity_chat"
# Of what a click opens: the colours of links in .streamlit/config.toml.
LINK, LINK_ON_DARK = "color: #1f5fbf", "color: #7fb0ff"
CHAT_KEY = "w_chat"
# Whether what was typed last names no chat.
NO_CHAT_KEY = "activity_no_chat"
# An id, or a link to the chat.
CHAT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def activity_page() -> None:
    """Draws the page."""
    if chat := st.session_state.pop(OPEN_KEY, None):
        go(CHATS, to_address(ChatView(chat=chat)))
    view = read_activity_view()
    st.caption(_told())
    _filters(view.chosen)
    if view.is_unreadable:
        st.warning(_("This link asks for something that cannot be read. Nothing is shown."), icon=":material/link_off:")
        st.button(_("Show everything"), key="show_all_activity", on_click=_show_all)
        return
    found = activity(session.store(), view.chosen, session.clock(), view.page)
    # The field for a password has its label above.
    place: Literal["center", "bottom"] = "bottom" if session.settings().asks_export_password else "center"
    with st.container(horizontal=True, vertical_alignment=place, gap="small", key="activity_line"):
        st.text(plural("{n} entry", "{n} entries", found.count), width="content")
        st.caption(_("Times in {zone}", zone=zone_label(session.settings().zone)), width="content")
        st.space("stretch")
        is_wanted = check_button()
        _download(view.chosen, found)
    check_result(is_wanted=is_wanted)
    if found.entries:
        _list(found)
    elif view.chosen == Chosen():
        st.info(
            _("Nothing was done here yet. What everybody does and reads from now on is listed here."),
            icon=":material/history:",
        )
    else:
        st.info(_("No entry fits these filters. Take one away to see more."), icon=":material/filter_alt_off:")
        st.button(_("Show everything"), key="show_all_activity", on_click=_show_all)


def _told() -> str:
    days = session.settings().accesses_kept_days
    if not days:
        return _("What everybody did, the newest first. Who read which chat is not kept.")
    return plural(
        "What everybody did and read, the newest first. Who read which chat is kept for {n} day.",
        "What everybody did and read, the newest first. Who read which chat is kept for {n} days.",
        days,
    )


def _filters(chosen: Chosen) -> None:
    names = answer(people)
    if chosen.person and chosen.person not in names:
        names.append(chosen.person)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="activity_filters"):
        st.session_state["w_person"], st.session_state["w_what"] = chosen.person, chosen.what
        st.selectbox(
            _("Who"),
            names,
            format_func=session.shown_actor,
            key="w_person",
            index=None,
            placeholder=_("Everybody"),
            width=165,
            on_change=_choose,
            args=("person", "w_person"),
        )
        st.selectbox(
            _("What"),
            [each for group in GROUPS for each in (group, *actions_of(group))],
            format_func=_what,
            key="w_what",
            index=None,
            placeholder=_("Everything"),
            width=215,
            on_change=_choose,
            args=("what", "w_what"),
        )
        if not st.session_state.get(NO_CHAT_KEY):
            st.session_state[CHAT_KEY] = str(chosen.chat or "")
        st.text_input(
            _("Chat"), key=CHAT_KEY, placeholder=_("Id or link of a chat"), width=185, on_change=_chat_changed
        )
        _day(_p("days", "From"), "first_day", chosen.first_day)
        _day(_p("days", "To"), "last_day", chosen.last_day)
    if st.session_state.get(NO_CHAT_KEY):
        st.badge(_("This is neither the id of a chat nor a link to one."), icon=":material/error:", color="red")
    elif chosen.first_day and chosen.last_day and chosen.first_day > chosen.last_day:
        st.badge(_("The first day is after the last one."), icon=":material/error:", color="red")


def _choose(name: str, key: str) -> None:
    choose(**{name: st.session_state[key]})


def _what(code: str) -> str:
    return _("{group} (all)", group=_(GROUP_NAMES[code])) if code in GROUPS else _(ACTIONS[code].words)


def _day(label: str, name: str, chosen: date | None) -> None:
    key = f"w_{name}"
    st.session_state[key] = chosen
    st.date_input(label, value=None, key=key, format=date_pattern(), width=125, on_change=_choose, args=(name, key))


def _chat_changed() -> None:
    typed = str(st.session_state.get(CHAT_KEY) or "").strip()
    found = CHAT_ID.search(typed)
    st.session_state[NO_CHAT_KEY] = bool(typed and not found)
    if found or not typed:
        choose(chat=uuid_of(found[0]) if found else None)


def _show_all() -> None:
    st.session_state.pop(NO_CHAT_KEY, None)
    show_activity(ActivityView())


def _list(found: Activity) -> None:
    column, entries = st.column_config, found.entries
    shown = pd.DataFrame(
        {
            "time": pd.Series([entry.happened_at for entry in entries], dtype="datetime64[us]"),
            "person": [session.shown_actor(entry.actor) for entry in entries],
            "what": [what_was_done(entry) for entry in entries],
            "chat": [visitor_of(entry) for entry in entries],
            "detail": [in_detail(entry) for entry in entries],
            "address": [entry.address or "" for entry in entries],
        }
    )
    link = LINK_ON_DARK if labels.is_dark() else LINK
    has_address = any(entry.address for entry in entries)
    row_table(
        with_open_row(
            shown, [False] * len(entries), "chat", [link if entry.visitor is not None else "" for entry in entries]
        ),
        [entry.chat_id if entry.visitor is not None else None for entry in entries],
        _want,
        key=f"activity_{hash(tuple(entry.id for entry in entries))}",
        height=height_of(len(entries), HEIGHT),
        columns={
            "time": column.DatetimeColumn(
                _("Time"), format=moment_pattern(), timezone=session.settings().zone, width=135
            ),
            "person": column.TextColumn(_("Who"), width=140),
            "what": column.TextColumn(_("What"), width=208),
            "chat": column.TextColumn(_("Chat"), width=120),
            "detail": column.TextColumn(_("In detail"), width=260),
            "address": column.TextColumn(_("Network address"), width=115) if has_address else None,
        },
        alt=_("Activity"),
    )
    if found.pages > 1:
        st.session_state["w_activity_page"] = found.page
        pages(found.pages, "w_activity_page", _page_changed)


def visitor_of(entry: Entry) -> str:
    """What the chat of an entry is called; empty where it is about none."""
    if entry.visitor is None:
        return _("no longer there") if entry.chat_id else ""
    return entry.visitor or _("Unnamed visitor")


def _want(chat: UUID | None) -> None:
    if chat:
        st.session_state[OPEN_KEY] = chat


def _page_changed() -> None:
    show_activity(ActivityView(read_activity_view().chosen, st.session_state["w_activity_page"]))


def _download(chosen: Chosen, found: Activity) -> None:
    # The language and the person are bound: the file is made outside the session.
    lock = asked_lock("activity_password")
    make = partial(_file, chosen, session.clock(), current(), session.actor())
    how = lock.named("activity.csv", "text/csv")
    st.download_button(
        _("Download as CSV"),
        file_for("activity", lock.around(make, "activity.csv")),
        icon=":material/download:",
        on_click="ignore",
        key="download_activity",
        **how | {"disabled": not found.count or how.get("disabled", False)},
        help=_(
            "All entries that fit the filters, at most the newest {n}. The download is recorded.", n=number(MOST_ROWS)
        ),
    )


def _file(chosen: Chosen, clock: Clock, language: str, person: str) -> bytes:
    zone = session.settings().zone
    with in_language(language):
        columns: dict[str, Callable[[Entry], str]] = {
            _("Time"): lambda entry: f"{clock.local(entry.happened_at):%Y-%m-%d %H:%M:%S}",
            _("Time zone"): lambda _entry: zone,
            _("Who"): lambda entry: session.shown_actor(entry.actor),
            _("What"): what_was_done,
            _("Chat"): visitor_of,
            _("Id of the chat"): lambda entry: str(entry.chat_id or ""),
            _("In detail"): in_detail,
            _("Network address"): lambda entry: entry.address or "",
        }
        return export(session.store(), chosen, clock, columns, person)
