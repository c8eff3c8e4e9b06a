"""The line above the list: what is shown, how many, in which order, which page; and the chips.

A chip is a filter that has no place in the sidebar or among the tabs, as of a link or a figure: it can be taken away.
"""

from dataclasses import replace

import streamlit as st

from lib.chats.categories import CATEGORIES
from lib.chats.counts import category_counts
from lib.chats.filter.filter import EMPTY, LIST_FIELDS, QUEUE_FIELDS, ChatFilter
from lib.chats.listing import SORT_KEYS, Sort
from lib.explore.from_filter import sql_of
from lib.language import _, number, zone_label
from lib.missed.queue import QUEUE_TABS, is_tab, tab_of
from lib.screen.chats.searching import is_searching
from lib.screen.chats.view import ChatView, in_queue, last_page, read_view, show, show_without
from lib.screen.explore.view import to_explore_address
from lib.screen.export.dialog import export_button, export_dialog
from lib.screen.frame import labels, session
from lib.screen.frame.answers import answer
from lib.screen.frame.page import EXPLORE, go
from lib.screen.missed.looks import TAB_MEANINGS, TABS
from lib.screen.parts.table import pages

# What cannot be read is told in place of the list.
EVERYWHERE = frozenset(
    [*LIST_FIELDS, "period", "words", "conditions", "waited_longer_than_s", "email", "reply", "unreadable"]
)
IN_QUEUE = frozenset([*QUEUE_FIELDS, "repeated"])


def filter_chips(chosen: ChatFilter) -> None:
    """Draws one for each such filter, in words, with a way to take away it alone."""
    placed = EVERYWHERE
    if in_queue():
        placed |= IN_QUEUE | ({"queue"} if tab_of(chosen, session.actor()) else set())
    found = {name: words for name, words in labels.filter_phrases(chosen).items() if name not in placed}
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="chips"):
        for name, words in found.items():
            with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
                st.text(words, width="content")
                st.button(
                    "",
                    key=f"chip_{name}",
                    icon=":material/close:",
                    type="tertiary",
                    help=_("Remove this filter"),
                    on_click=show_without,
                    args=(name,),
                )


def list_line(view: ChatView) -> None:
    """Draws the sentence with "n of N chats", then the sort and the pages."""
    filter_chips(view.chosen)
    if is_searching(view.chosen):
        st.text(labels.filter_words(view.chosen))
        return
    count = answer(category_counts, replace(view.chosen, category="all"))[view.chosen.category]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        # Where the tab or the number says it already, there is room for the pages in the same line.
        if view.chosen != EMPTY and not (in_queue() and is_tab(view.chosen, session.actor())):
            st.text(labels.filter_words(view.chosen))
        totals = answer(category_counts, EMPTY)
        if in_queue():
            counted = _("{n} of {total} missed chats", n=number(count), total=number(totals["missed"]))
            how = _("Each tab counts the missed chats that meet all filters.")
            meanings = {TABS[tab]: TAB_MEANINGS[tab] for tab in QUEUE_TABS}
        else:
            counted = _("{n} of {total} chats", n=number(count), total=number(totals["all"]))
            how = _("Each tab counts the chats that meet all filters. A chat has one status.")
            meanings = {labels.CATEGORIES[code].name: labels.CATEGORY_MEANINGS[code] for code in CATEGORIES}
        how_counted = "\n".join([how, "", *(f"- **{_(name)}**: {_(meaning)}" for name, meaning in meanings.items())])
        st.caption(counted, width="content", help=how_counted)
        st.space("stretch")
        export_button(view)
        see_sql(view)
        _sort(view.sort)
        last = last_page(count)
        st.session_state["w_page"] = min(view.page, last)
        pages(last, "w_page", _page_changed)
    export_dialog()


def _sort(sort: Sort) -> None:
    st.session_state["w_sort"] = sort.key
    st.selectbox(
        _("Sort by"),
        [key for key in SORT_KEYS if key != "due" or in_queue() or sort.key == "due"],
        format_func=lambda key: _("Sort by: {key}", key=_(labels.SORTS[key])),
        key="w_sort",
        on_change=_sort_changed,
        label_visibility="collapsed",
        width=150,
    )
    st.button(
        "",
        key="w_order",
        icon=":material/arrow_downward:" if sort.descending else ":material/arrow_upward:",
        type="tertiary",
        on_click=_turn,
        help=" ".join(
            [
                _("Descending; a click turns the order.")
                if sort.descending
                else _("Ascending; a click turns the order."),
                _("Times in {zone}. Chats with an unknown value come last.", zone=zone_label(session.settings().zone)),
            ]
        ),
    )


def _sort_changed() -> None:
    view = read_view()
    show(replace(view, sort=replace(view.sort, key=st.session_state["w_sort"]), page=1))


def _turn() -> None:
    view = read_view()
    show(replace(view, sort=replace(view.sort, descending=not view.sort.descending), page=1))


def _page_changed() -> None:
    show(replace(read_view(), page=st.session_state["w_page"]))


def see_sql(view: ChatView) -> None:
    """Draws the button that opens what is listed as a query, for whoever may ask it."""
    if not session.may("explore"):
        return
    if st.button("", key="see_sql", icon=":material/code:", type="tertiary", help=_("See the SQL")):
        sql, params = sql_of(view.chosen, view.sort, session.clock())
        go(EXPLORE, to_explore_address({"sql": sql, "params": params}))
