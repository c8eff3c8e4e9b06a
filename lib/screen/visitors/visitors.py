"""The page Visitors: contacts and the others, their tabs with counts, the list, and the open person beside it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from lib.chats.channels import channel_name
from lib.language import _, country, joined, mark, moment_pattern, number, plural, zone_label
from lib.screen.chats.view import ChatView, to_address
from lib.screen.frame import session
from lib.screen.frame.accesses import note_access
from lib.screen.frame.answers import answer
from lib.screen.frame.page import CHATS, IMPORT, go, link
from lib.screen.parts.table import Ticks, height_of, pages, rounds, row_table, toolbar_room, with_open_row
from lib.screen.visitors.joining import join_bar
from lib.screen.visitors.person import OPEN_KEY, visitor_person
from lib.screen.visitors.view import WORDS_KEY, VisitorsView, read_visitors_view, show_person, show_visitors
from lib.visitors.listing import (
    COLD_D,
    KINDS,
    NEW_D,
    PAGE_SIZE,
    SORT_KEYS,
    TABS,
    Kind,
    SortKey,
    Tab,
    visitor_counts,
    visitor_page,
)

# Two columns of this width fit at 1024 pixels; below the list a person would open out of sight.
LEAST_WIDTH, HEIGHT = 400, 560
KIND_NAMES: dict[Kind, str] = {"contacts": mark("Contacts"), "unidentified": mark("Not identified")}
TAB_NAMES: dict[Tab, str] = {
    "all": mark("All visitors"),
    "returning": mark("Returning"),
    "today": mark("Today's"),
    "new": mark("New"),
    "cold": mark("Cold"),
}
SORT_NAMES: dict[SortKey, str] = {
    "last_at": mark("Last contact"),
    "first_at": mark("First contact"),
    "chats": mark("Most chats"),
    "missed": mark("Most missed chats"),
}
# What comes first while a person is open: on a small screen there is room for no more.
NARROW = ("name", "email", "last_at", "chats")


def visitors_page() -> None:
    """Draws the page."""
    if chat := st.session_state.pop(OPEN_KEY, None):
        go(CHATS, to_address(ChatView(chat=chat)))
    if session.sees():
        st.info(
            _("Whose a chat is may be known by chats that you do not see, so this page is for who sees all chats."),
            icon=":material/lock:",
        )
        return
    view = read_visitors_view()
    words = view.chosen.words
    counts = answer(visitor_counts, words)
    _head(view, counts)
    if not any(counts[kind]["all"] for kind in KINDS) and not words:
        st.info(
            _("Nobody has written yet. Visitors stand here as soon as chats are imported."), icon=":material/group:"
        )
        link(IMPORT)
        return
    bar = st.container()
    with st.grid(2 if view.person else 1, min_column_width=LEAST_WIDTH, gap="small", key="visitors_review") as grid:
        with grid.cell():
            ticks = _list(view, counts[view.kind][view.tab])
        if view.person:
            with grid.cell():
                visitor_person(view.person)
    with bar:
        join_bar(ticks)


def _head(view: VisitorsView, counts: dict[Kind, dict[Tab, int]]) -> None:
    st.session_state["w_kind"], st.session_state["w_tab"] = view.kind, view.tab
    st.session_state["w_visitor_sort"] = view.sort
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control(
            _("Kind of visitors"),
            KINDS,
            format_func=lambda kind: f"{_(KIND_NAMES[kind])} **{number(counts[kind]['all'])}**",
            key="w_kind",
            required=True,
            label_visibility="collapsed",
            on_change=_kind_changed,
        )
        st.space("stretch")
        st.text_input(
            _("Name, address or number"),
            key=WORDS_KEY,
            max_chars=200,
            width=240,
            icon=":material/search:",
            placeholder=_("Name, address or number"),
            label_visibility="collapsed",
            persist_state="session",
            on_change=_words_changed,
        )
        st.selectbox(
            _("Order"),
            SORT_KEYS,
            format_func=lambda key: _(SORT_NAMES[key]),
            key="w_visitor_sort",
            width=190,
            label_visibility="collapsed",
            on_change=_sort_changed,
        )
    st.segmented_control(
        _("Which visitors"),
        TABS,
        format_func=lambda tab: f"{_(TAB_NAMES[tab])} **{number(counts[view.kind][tab])}**",
        key="w_tab",
        required=True,
        wrap=True,
        label_visibility="collapsed",
        help=_(
            "A visit is a chat here. Returning: chats on different days. New: the first chat was in the last {new} "
            "days. Cold: no chat for {cold} days. Contacts gave an e-mail address or a phone number. Chats are one "
            "person's by the same address, number or id in the chat system.",
            new=number(NEW_D),
            cold=number(COLD_D),
        ),
        on_change=_tab_changed,
    )


def _list(view: VisitorsView, count: int) -> Ticks[UUID]:
    if not count:
        st.info(
            _("No visitor is meant by this. Choose another list, or take the words away."), icon=":material/search_off:"
        )
        return Ticks("nobody_ticked", ())
    last = (count - 1) // PAGE_SIZE + 1
    page = min(view.page, last)
    found: pd.DataFrame = answer(visitor_page, view.chosen, view.sort, page)
    ids: list[UUID] = list(found["chat"])
    key = f"visitors_{hash((tuple(ids), view.person))}_{rounds()}"
    shown = pd.DataFrame(
        {
            "name": [_name(*told) for told in zip(found["name"], found["email"], found["visitor_id"], strict=True)],
            "email": found["email"],
            "phone": found["phone"],
            "country": [country(code) if isinstance(code, str) else "" for code in found["country"]],
            "last_at": found["last_at"],
            "first_at": found["first_at"],
            "chats": found["chats"],
            "missed": found["missed"],
            "operator": found["operator"],
            "rating": found["rating"],
            "channels": [
                joined([channel_name(each) or each for each in told]) if len(told) else "" for told in _lists(found)
            ],
        }
    )
    filled = [str(name) for name in shown if shown[name].replace("", None).notna().any()]
    toolbar_room()
    row_table(
        with_open_row(shown, [chat_id == view.person for chat_id in ids]),
        ids,
        show_person,
        key=key,
        height=height_of(len(ids), HEIGHT),
        columns=_columns(),
        order=[name for name in NARROW if name in filled] if view.person else filled,
        with_ticks=session.may("note"),
        alt=_("List of visitors"),
    )
    st.caption(
        plural("{n} visitor", "{n} visitors", count)
        + " · "
        + _("Times in {zone}", zone=zone_label(session.settings().zone))
    )
    if last > 1:
        st.session_state["w_visitors_page"] = page
        pages(last, "w_visitors_page", _page_changed)
    return Ticks(key, ids)


def _name(name: object, email: object, visitor_id: object) -> str:
    """What somebody is called: never by the address of a machine."""
    told = next((each for each in (name, email, visitor_id) if isinstance(each, str) and each.strip()), None)
    return told or _("Unnamed visitor")


def _lists(found: pd.DataFrame) -> list[list[str]]:
    return [[str(each) for each in told] if hasattr(told, "__len__") else [] for told in found["channels"]]


def _columns() -> dict[str, Any]:
    column, zone = st.column_config, session.settings().zone
    return {
        "name": column.TextColumn(_("Visitor"), width=150),
        "email": column.TextColumn(_("E-mail"), width=190),
        "phone": column.TextColumn(_("Phone"), width=125),
        "country": column.TextColumn(_("Country"), width=100),
        "last_at": column.DatetimeColumn(_("Last contact"), format=moment_pattern(), timezone=zone, width=135),
        "first_at": column.DatetimeColumn(_("First contact"), format=moment_pattern(), timezone=zone, width=135),
        "chats": column.NumberColumn(_("Chats"), width=60),
        "missed": column.NumberColumn(_("Missed"), width=65),
        "operator": column.TextColumn(_("Last operator"), width=110),
        "rating": column.NumberColumn(_("Average rating"), format="%.1f", width=108),
        "channels": column.TextColumn(_("Channels"), width=130),
    }


def _kind_changed() -> None:
    show_visitors(VisitorsView(st.session_state["w_kind"], sort=read_visitors_view().sort))


def _tab_changed() -> None:
    show_visitors(replace(read_visitors_view(), tab=st.session_state["w_tab"], page=1, person=None))


def _sort_changed() -> None:
    show_visitors(replace(read_visitors_view(), sort=st.session_state["w_visitor_sort"], page=1))


def _words_changed() -> None:
    if st.session_state[WORDS_KEY]:
        note_access("search")
    show_visitors(replace(read_visitors_view(), page=1, person=None))


def _page_changed() -> None:
    show_visitors(replace(read_visitors_view(), page=st.session_state["w_visitors_page"]))
